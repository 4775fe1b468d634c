//! Reading a draft's values: what a model's own validation looks at.

use super::Draft;
use crate::{Columns, Field, FieldType, Model, Null, One, Own, Param, Rel, Value, path::enter};

/// A column of the model whose value a draft can give: a field, or a foreign key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of the model",
    label = "expected one of the model's own columns"
)]
pub trait Stored: Columns {
    /// The value, without NULL; of a foreign key the key.
    type Value: FieldType;
}
impl<T: Value> Stored for Field<T, Own> {
    type Value = T::Base;
}
impl<M: Model<Key: FieldType>> Stored for Rel<M, One> {
    type Value = M::Key;
}
impl<M: Model<Key: FieldType>> Stored for Rel<M, Null> {
    type Value = M::Key;
}

impl<M: Model> Draft<M> {
    /// The value of a column; `None` if it was not given, is NULL, or is not a value of its type.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let draft = Post::draft().title("Hi").author(7).build();
    /// assert_eq!(draft.get(|p| p.title), Some("Hi".to_owned()));
    /// assert_eq!(draft.get(|p| p.author), Some(7));
    /// assert_eq!(draft.get(|p| p.published_at), None);
    /// ```
    pub fn get<S: Stored>(&self, f: impl FnOnce(&'static M::Fields<Own>) -> S) -> Option<S::Value> {
        let mut columns = Vec::new();
        enter::<M, _>(f).1.columns(&mut columns);
        let place = crate::model::position(M::meta(), *columns.first()?).ok()?;
        let bytes = self.0.of.get(place)?.as_ref().map(Param::bytes)?.ok()??;
        S::Value::decode(bytes).ok()
    }
}
