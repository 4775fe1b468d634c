//! `Uuid` of uuid 1; as a primary key it is a version 7 made by the client.

use super::{Element, FieldType, malformed};
use crate::{Result, SqlType};
use uuid::Uuid;

#[diagnostic::do_not_recommend]
impl FieldType for Uuid {
    const TYPE: SqlType = SqlType::Uuid;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(self.as_bytes());
        Ok(())
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        Uuid::from_slice(bytes).map_err(|_| malformed(Self::TYPE, bytes))
    }

    fn generate() -> Option<Self> {
        Some(Uuid::now_v7())
    }
}

#[diagnostic::do_not_recommend]
impl Element for Uuid {}
