//! Where loaded rows go: into a relation's field.

use super::{ForeignKey, HasMany, HasOne, KeyBy, ManyToMany};
use crate::{
    Model, Result, RowRef,
    load::{Batch, Instance, Loaded, Peers, Slot},
};
use std::sync::Arc;

impl<M: Model, K: KeyBy<M>> Slot for ForeignKey<M, K> {
    fn read(&mut self, row: &mut RowRef<'_>) -> Result<()> {
        self.loaded = Some(Arc::new(M::read_row(row)?));
        Ok(())
    }
    fn put(&mut self, row: Option<Loaded>) {
        self.loaded = row;
    }
    fn rows<'a>(&'a mut self, out: &mut Vec<&'a mut dyn Instance>) -> bool {
        self.loaded.as_mut().is_some_and(|row| own::<M>(row).map(|row| out.push(row)).is_some())
    }
    fn tie(&mut self, peers: &Arc<Peers>) {
        if self.loaded.is_none() {
            self.loaded = Some(Arc::clone(peers) as Loaded);
        }
    }
    fn batch(&self) -> fn(usize) -> Box<dyn Batch> {
        OneEach::<M>::of
    }
}

impl<M: Model> Slot for HasOne<M> {
    fn read(&mut self, row: &mut RowRef<'_>) -> Result<()> {
        self.loaded = Some(Some(Arc::new(M::read_row(row)?)));
        Ok(())
    }
    fn put(&mut self, row: Option<Loaded>) {
        self.loaded = Some(row);
    }
    fn rows<'a>(&'a mut self, out: &mut Vec<&'a mut dyn Instance>) -> bool {
        match &mut self.loaded {
            Some(Some(row)) => own::<M>(row).map(|row| out.push(row)).is_some(),
            loaded => loaded.is_some(),
        }
    }
    fn tie(&mut self, peers: &Arc<Peers>) {
        if self.loaded.is_none() {
            self.loaded = Some(Some(Arc::clone(peers) as Loaded));
        }
    }
    fn batch(&self) -> fn(usize) -> Box<dyn Batch> {
        OneEach::<M>::of
    }
}

/// What is loaded, if nobody else holds it.
fn own<T: 'static>(loaded: &mut Loaded) -> Option<&mut T> {
    Arc::get_mut(loaded)?.downcast_mut()
}

macro_rules! many { ($($name:ident)*) => {$(
    impl<M: Model> Slot for $name<M> {
        fn put(&mut self, rows: Option<Loaded>) {
            self.loaded = rows;
        }
        fn rows<'a>(&'a mut self, out: &mut Vec<&'a mut dyn Instance>) -> bool {
            let rows = self.loaded.as_mut().and_then(own::<Vec<M>>);
            rows.map(|rows| out.extend(rows.iter_mut().map(|row| row as _))).is_some()
        }
        fn batch(&self) -> fn(usize) -> Box<dyn Batch> {
            ManyEach::<M>::of
        }
    }
)*}}
many!(HasMany ManyToMany);

/// At most one row for each key.
struct OneEach<M>(Vec<Option<M>>);

impl<M: Model> OneEach<M> {
    fn of(keys: usize) -> Box<dyn Batch> {
        Box::new(OneEach::<M>(std::iter::repeat_with(|| None).take(keys).collect()))
    }
}

impl<M: Model> Batch for OneEach<M> {
    fn row(&mut self, key: usize, row: &mut RowRef<'_>) -> Result<()> {
        self.0[key] = Some(M::read_row(row)?);
        Ok(())
    }
    fn instances(&mut self) -> Vec<&mut dyn Instance> {
        self.0.iter_mut().flatten().map(|row| row as _).collect()
    }
    fn into_rows(self: Box<Self>) -> Vec<Option<Loaded>> {
        self.0.into_iter().map(|row| row.map(|row| Arc::new(row) as _)).collect()
    }
}

/// Any number of rows for each key.
struct ManyEach<M>(Vec<Vec<M>>);

impl<M: Model> ManyEach<M> {
    fn of(keys: usize) -> Box<dyn Batch> {
        Box::new(ManyEach::<M>(std::iter::repeat_with(Vec::new).take(keys).collect()))
    }
}

impl<M: Model> Batch for ManyEach<M> {
    fn row(&mut self, key: usize, row: &mut RowRef<'_>) -> Result<()> {
        self.0[key].push(M::read_row(row)?);
        Ok(())
    }
    fn instances(&mut self) -> Vec<&mut dyn Instance> {
        self.0.iter_mut().flatten().map(|row| row as _).collect()
    }
    fn into_rows(self: Box<Self>) -> Vec<Option<Loaded>> {
        self.0.into_iter().map(|rows| Some(Arc::new(rows) as _)).collect()
    }
}
