//! Why a change of instances did not find their rows: they have vanished, or are of another version.

use crate::{
    BinaryOp, Column, Error, ErrorKind, ForeignKey, IntoList, IntoValue, Model, Node, Path, QuerySet, Result,
    SqlType, db::Target, lower, node::Output,
};

impl<M: Model> QuerySet<M> {
    /// The rows of the version of an instance, if they have versions.
    pub(crate) fn of_version(self, row: &M) -> Self {
        let Some((place, column)) = M::meta().version.zip(version::<M>()) else { return self };
        self.with(Node::binary(column, BinaryOp::Eq, Node::Param(row.param(place))))
    }
}

fn version<M: Model>() -> Option<Node> {
    Some(Node::Column(Path::root(M::meta(), 0), Column(M::meta().version()?)))
}

/// What is to be said where a statement did not find the row of an instance; of a model with versions one query tells.
pub(crate) async fn missed<M: Model>(row: &M, target: &Target) -> Error {
    match present(row, target).await {
        Err(error) => error,
        Ok(Some(is)) if read(row) != Some(is) => {
            let was = read(row).map_or_else(String::new, |was| format!("was read as version {was} and "));
            let name = M::meta().name;
            let message = format!(
                "the `{name}` {:?} is stale: it {was}is version {is} now; `refresh` it and repeat the change",
                row.key()
            );
            Error::new(ErrorKind::Stale, message)
        }
        Ok(_) => {
            let name = M::meta().name;
            let message = match M::meta().soft_delete {
                None => format!("the `{name}` has vanished: no row has its key any more"),
                Some(_) => format!("the `{name}` is deleted already, or has vanished"),
            };
            Error::new(ErrorKind::NotFound, message)
        }
    }
}

/// The version that an instance's row has now.
async fn present<M: Model>(row: &M, target: &Target) -> Result<Option<i64>> {
    let Some(version) = version::<M>() else { return Ok(None) };
    let mut query = M::objects().shown().by_key(row).into_query();
    query.order = Some(Vec::new());
    query.output = vec![(0, Output::Value(Node::Cast(Box::new(version), SqlType::Int8), SqlType::Int8))];
    Ok(target.rows(&lower::rows(&query)?).await?.pop())
}

/// The version of an instance.
fn read<M: Model>(row: &M) -> Option<i64> {
    let version = row.param(M::meta().version?);
    match version.bytes().ok()?? {
        [a, b] => Some(i16::from_be_bytes([*a, *b]).into()),
        [a, b, c, d] => Some(i32::from_be_bytes([*a, *b, *c, *d]).into()),
        bytes => Some(i64::from_be_bytes(bytes.try_into().ok()?)),
    }
}

/// What is to be said where a statement found `changed` of the rows of some instances.
pub(crate) async fn missed_some<M: Model>(instances: &[M], changed: u64, target: &Target) -> Error {
    let (name, wanted) = (M::meta().name, instances.len());
    let there = match M::meta().version {
        None => Ok(changed),
        Some(_) => count(instances, target).await,
    };
    match there {
        Err(error) => error,
        Ok(there) if there > changed => {
            let message = format!(
                "`bulk_update` found {changed} of {wanted} rows of `{name}`: {} are stale, their versions are others now; read them again and repeat the change",
                there - changed
            );
            Error::new(ErrorKind::Stale, message)
        }
        Ok(_) => {
            let message = format!(
                "`bulk_update` found {changed} of {wanted} rows of `{name}`: the others have vanished, or stand twice in the list"
            );
            Error::new(ErrorKind::NotFound, message)
        }
    }
}

/// How many of the rows of some instances are there.
async fn count<M: Model>(instances: &[M], target: &Target) -> Result<u64> {
    let keys: Vec<ForeignKey<M>> = instances.iter().map(IntoValue::into_value).collect();
    let column = Node::primary(Path::root(M::meta(), 0));
    let query = M::objects().shown().with(IntoList::<ForeignKey<M>>::contains(keys, column)).into_query();
    let count: Vec<i64> = target.rows(&lower::count(&query)?).await?;
    Ok(count.first().map_or(0, |count| count.unsigned_abs()))
}
