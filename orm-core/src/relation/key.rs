//! The key of any model, without its type.

use crate::{Key, Param};
use std::{any::Any, fmt, sync::Arc};

/// The key of a row: the common types by value, so that reading a foreign key allocates nothing.
#[derive(Clone)]
pub(crate) enum RawKey {
    Int4(i32),
    Int8(i64),
    Other(Arc<dyn AnyKey>),
}

/// A key of any type.
pub(crate) trait AnyKey: Send + Sync {
    fn as_any(&self) -> &dyn Any;
    fn equals(&self, other: &dyn Any) -> bool;
    fn debug(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
    fn param(&self) -> Param;
}

impl<K: Key> AnyKey for K {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn equals(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<K>().is_some_and(|other| self == other)
    }
    fn debug(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
    fn param(&self) -> Param {
        Key::param(self)
    }
}

impl RawKey {
    pub(crate) fn new<K: Key>(key: K) -> Self {
        let any: &dyn Any = &key;
        if let Some(key) = any.downcast_ref() {
            RawKey::Int8(*key)
        } else if let Some(key) = any.downcast_ref() {
            RawKey::Int4(*key)
        } else {
            RawKey::Other(Arc::new(key))
        }
    }

    fn inner(&self) -> &dyn AnyKey {
        match self {
            RawKey::Int4(key) => key,
            RawKey::Int8(key) => key,
            RawKey::Other(key) => &**key,
        }
    }

    /// The key by its type, if that is the one it was made of.
    pub(crate) fn get<K: Key>(&self) -> Option<&K> {
        self.inner().as_any().downcast_ref()
    }

    pub(crate) fn param(&self) -> Param {
        self.inner().param()
    }
}

impl PartialEq for RawKey {
    fn eq(&self, other: &Self) -> bool {
        self.inner().equals(other.inner().as_any())
    }
}

impl fmt::Debug for RawKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner().debug(f)
    }
}
