//! The keys by which related rows are found, of one column or of several.

use super::Instance;
use crate::{Column, KeyColumns, ModelMeta, Param, Result, model::position};
use std::{borrow::Cow, collections::HashMap};

/// Keys that are all different, and the place of each.
pub(super) struct Keys {
    of: KeyColumns,
    keys: Vec<Vec<Param>>,
    places: HashMap<Vec<u8>, usize>,
}

impl Keys {
    pub(super) fn new(of: KeyColumns, capacity: usize) -> Self {
        Keys { of, keys: Vec::new(), places: HashMap::with_capacity(capacity) }
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The place of an instance's key, which is added if it is new; `None` for one that is NULL.
    pub(super) fn add(
        &mut self,
        model: &'static ModelMeta,
        instance: &dyn Instance,
    ) -> Result<Option<usize>> {
        let params = self.params(model, instance)?;
        let bytes = params.iter().map(Param::bytes).collect::<Result<Vec<_>>>()?;
        let Some(key) = key_of(bytes.into_iter()) else { return Ok(None) };
        if let Some(place) = self.places.get(&*key) {
            return Ok(Some(*place));
        }
        let place = self.keys.len();
        self.places.insert(key.into_owned(), place);
        self.keys.push(params);
        Ok(Some(place))
    }

    /// The values of an instance's key, column by column.
    fn params(&self, model: &'static ModelMeta, instance: &dyn Instance) -> Result<Vec<Param>> {
        let one = |field: usize| instance.param(field).parts().to_vec();
        Ok(match self.of {
            KeyColumns::Primary(_) => model.key.iter().flat_map(|field| one(*field)).collect(),
            KeyColumns::Field(column) => one(position(model, column)?),
        })
    }

    /// The place of a key.
    pub(super) fn place(&self, key: &[u8]) -> Option<usize> {
        self.places.get(key).copied()
    }

    /// An array for each column.
    pub(super) fn arrays(&self) -> Vec<Param> {
        let array =
            |(at, column): (usize, Column)| Param::array(column.ty, self.keys.iter().map(|key| &key[at]));
        self.of.iter().enumerate().map(array).collect()
    }
}

/// The bytes by which a key is known; `None` if one of its columns is NULL. Those of a single column are its own.
pub(super) fn key_of<'a>(
    mut cells: impl ExactSizeIterator<Item = Option<&'a [u8]>>,
) -> Option<Cow<'a, [u8]>> {
    if cells.len() == 1 {
        return cells.next().flatten().map(Cow::Borrowed);
    }
    let mut bytes = Vec::new();
    for cell in cells {
        let cell = cell?;
        bytes.extend(cell.len().to_le_bytes());
        bytes.extend(cell);
    }
    Some(Cow::Owned(bytes))
}
