//! What stands for rustls when the feature `tls` is off: nothing is encrypted.

use super::{Files, Mode};
use crate::config::Place;
use orm_core::{Error, ErrorKind, Result};
use std::io;
use tokio::net::TcpStream;
use tokio_postgres::tls::{ChannelBinding, NoTlsStream, TlsStream};

pub(crate) type Encrypted = NoTlsStream;

/// There is none.
#[derive(Clone, Debug)]
pub(super) enum Client {}

impl Client {
    pub(super) fn new(mode: Mode, _: &Files) -> Result<Option<Client>> {
        match mode >= Mode::Require {
            true => Err(Error::new(
                ErrorKind::Unsupported,
                "`sslmode` asks for encryption, which was left out: build `orm` with its feature `tls`",
            )),
            false => Ok(None),
        }
    }

    pub(super) async fn shake_hands(&self, _: TcpStream, _: &Place, _: bool) -> Result<Encrypted> {
        match *self {}
    }
}

pub(super) fn channel_binding(stream: &Encrypted) -> ChannelBinding {
    stream.channel_binding()
}

pub(crate) fn refused_certificate(_: &io::Error) -> bool {
    false
}
