//! `IpInet` and `IpCidr` of cidr 0.3, as `inet` and `cidr`.

use super::{Element, FieldType, malformed, net};
use crate::{Result, SqlType};
use cidr::{IpCidr, IpInet};

/// A host with the network it is in.
#[diagnostic::do_not_recommend]
impl FieldType for IpInet {
    const TYPE: SqlType = SqlType::Inet;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        net::write(self.address(), self.network_length(), false, out);
        Ok(())
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let (address, prefix) = net::read(Self::TYPE, bytes)?;
        IpInet::new(address, prefix).map_err(|_| malformed(Self::TYPE, bytes))
    }
}

impl Element for IpInet {}

/// A network.
#[diagnostic::do_not_recommend]
impl FieldType for IpCidr {
    const TYPE: SqlType = SqlType::Cidr;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        net::write(self.first_address(), self.network_length(), true, out);
        Ok(())
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let (address, prefix) = net::read(Self::TYPE, bytes)?;
        IpCidr::new(address, prefix).map_err(|_| malformed(Self::TYPE, bytes))
    }
}

impl Element for IpCidr {}
