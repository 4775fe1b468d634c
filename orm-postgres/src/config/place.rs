//! Where a server may be.

use std::{fmt, net::IpAddr, path::PathBuf};

/// One place a server may be at; a name is resolved each time a connection is made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    Tcp { host: String, address: Option<IpAddr>, port: u16 },
    Unix(PathBuf),
}

#[cfg(feature = "tls")]
impl Place {
    /// The server's name, for its certificate.
    pub(crate) fn host(&self) -> &str {
        match self {
            Place::Tcp { host, .. } => host,
            Place::Unix(_) => "localhost",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Tcp { address: Some(address), host, port } if address.to_string() != *host => {
                write!(f, "{host}:{port} ({address})")
            }
            Place::Tcp { host, port, .. } => write!(f, "{host}:{port}"),
            Place::Unix(path) => write!(f, "{}", path.display()),
        }
    }
}
