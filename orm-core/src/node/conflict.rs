//! What happens to a new row where one is there already.

use super::Node;
use crate::{Assign, Column};

/// What an `INSERT` does about a row that would violate a unique constraint.
#[derive(Clone, Debug)]
pub(crate) enum Conflict {
    /// It fails.
    Fail,
    /// The row is left out.
    Nothing,
    /// The row that is there is changed.
    Update(Box<ConflictUpdate>),
}

/// A change of the row that is there. Closures receive its fields, and one level deeper those of the new one.
#[derive(Clone, Debug)]
pub(crate) struct ConflictUpdate {
    /// The fields that are unique.
    pub(crate) target: Vec<Column>,
    /// The condition of their index.
    pub(crate) target_filter: Option<(u8, Node)>,
    /// The depth of the closure that gave the assignments.
    pub(crate) depth: u8,
    pub(crate) set: Vec<Assign>,
    pub(crate) filter: Option<(u8, Node)>,
}
