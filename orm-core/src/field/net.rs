//! `IpAddr` as `inet`, and `MacAddr`.

use super::{Element, FieldType, malformed, reader::Reader};
use crate::{Error, ErrorKind, Result, SqlType};
use core::net::IpAddr;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

// PostgreSQL's numbers for the two families, which are the same on all platforms.
const V4: u8 = 2;
const V6: u8 = 3;

/// Appends an address and its prefix in the format of `inet_send` and `cidr_send`.
pub(super) fn write(address: IpAddr, prefix: u8, is_cidr: bool, out: &mut Vec<u8>) {
    match address {
        IpAddr::V4(address) => {
            out.extend_from_slice(&[V4, prefix, u8::from(is_cidr), 4]);
            out.extend_from_slice(&address.octets());
        }
        IpAddr::V6(address) => {
            out.extend_from_slice(&[V6, prefix, u8::from(is_cidr), 16]);
            out.extend_from_slice(&address.octets());
        }
    }
}

/// Reads an address and its prefix.
pub(super) fn read(ty: SqlType, bytes: &[u8]) -> Result<(IpAddr, u8)> {
    let mut reader = Reader::new(ty, bytes);
    let [family, prefix, is_cidr, length] = reader.array()?;
    let address = match (family, length) {
        (V4, 4) => IpAddr::from(reader.array::<4>()?),
        (V6, 16) => IpAddr::from(reader.array::<16>()?),
        _ => return Err(malformed(ty, bytes)),
    };
    reader.expect(prefix <= length * 8 && is_cidr == u8::from(ty == SqlType::Cidr))?;
    reader.end()?;
    Ok((address, prefix))
}

/// An `inet` without a prefix: a host, not a network.
#[diagnostic::do_not_recommend]
impl FieldType for IpAddr {
    const TYPE: SqlType = SqlType::Inet;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        write(*self, if self.is_ipv4() { 32 } else { 128 }, false, out);
        Ok(())
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let (address, prefix) = read(Self::TYPE, bytes)?;
        if prefix < if address.is_ipv4() { 32 } else { 128 } {
            let message = format!(
                "the `inet` has the prefix /{prefix}, which `IpAddr` cannot hold; take `cidr::IpInet` (feature `cidr-03`)"
            );
            return Err(Error::new(ErrorKind::Decode, message));
        }
        Ok(address)
    }
}

impl Element for IpAddr {}

/// The address of a network card, in a column of type `macaddr`; for serde its text.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// use orm::MacAddr;
///
/// #[derive(Model)]
/// struct Device {
///     id: i64,
///     #[orm(unique)]
///     mac: MacAddr,
/// }
///
/// # run(async |db| {
/// db.create_tables(orm::models![Device]).await?;
/// let mac: MacAddr = "08:00:2B:01:02:03".parse()?;
/// let device = Device::objects().create().mac(mac).await?;
/// assert_eq!(device.mac, MacAddr([0x08, 0x00, 0x2b, 0x01, 0x02, 0x03]));
/// assert_eq!(device.mac.to_string(), "08:00:2b:01:02:03");
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddr(pub [u8; 6]);

#[diagnostic::do_not_recommend]
impl FieldType for MacAddr {
    const TYPE: SqlType = SqlType::Macaddr;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(&self.0);
        Ok(())
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(Self::TYPE, bytes);
        let address = MacAddr(reader.array()?);
        reader.end()?;
        Ok(address)
    }
}

impl Element for MacAddr {}

impl From<[u8; 6]> for MacAddr {
    fn from(bytes: [u8; 6]) -> Self {
        MacAddr(bytes)
    }
}

/// As PostgreSQL writes it: `08:00:2b:01:02:03`.
impl fmt::Display for MacAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

/// Six bytes in hexadecimal with `:` or `-` between them.
impl FromStr for MacAddr {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let byte = |part: &str| {
            let is_byte = part.len() == 2 && part.bytes().all(|digit| digit.is_ascii_hexdigit());
            u8::from_str_radix(part, 16).ok().filter(|_| is_byte)
        };
        let bytes: Option<Vec<u8>> = text.split([':', '-']).map(byte).collect();
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map(MacAddr).ok_or_else(|| {
            Error::new(ErrorKind::InvalidValue, "the text is no MAC address; write it as `08:00:2b:01:02:03`")
        })
    }
}

impl Serialize for MacAddr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MacAddr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
