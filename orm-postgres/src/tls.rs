//! Encryption: what is asked of it, and how a stream becomes encrypted before tokio-postgres has it.
//!
//! We negotiate and shake hands ourselves and hand tokio-postgres the result, so that the [`Wire`] lies above TLS.

#[cfg_attr(not(feature = "tls"), path = "tls/without.rs")]
mod engine;

use crate::{config::Place, wire::Wire};
pub(crate) use engine::{Encrypted, refused_certificate};
use orm_core::{Error, ErrorKind, Result};
use std::{
    convert::Infallible,
    future::{Ready, ready},
    io,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};

/// `sslmode`, from the weakest to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(crate) enum Mode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// The files of certificates and keys.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "nothing is read"))]
pub(crate) struct Files {
    pub(crate) root: Option<Named>,
    pub(crate) revoked: Option<Named>,
    pub(crate) certificate: Option<Named>,
    pub(crate) key: Option<Named>,
}

/// A file; one that was named must be there.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) path: String,
    pub(crate) must_exist: bool,
}

/// How connections over TCP are encrypted.
#[derive(Clone, Debug)]
pub(crate) struct Tls {
    pub(crate) mode: Mode,
    /// Without asking the server first (`sslnegotiation=direct`).
    direct: bool,
    /// None if nothing is ever encrypted.
    client: Option<engine::Client>,
}

/// What the server made of it.
pub(crate) enum Started {
    Encrypted(Box<Encrypted>),
    /// It does not encrypt; nothing else was said yet.
    Refused(TcpStream),
    /// It does, and the handshake failed.
    Failed(Error),
}

impl Tls {
    pub(crate) fn none() -> Self {
        Tls { mode: Mode::Disable, direct: false, client: None }
    }

    pub(crate) fn new(mode: Mode, direct: bool, files: &Files) -> Result<Self> {
        if direct && mode < Mode::Require {
            return Err(Error::usage(
                "`sslnegotiation=direct` cannot do without TLS: use it with `sslmode=require` or stronger",
            ));
        }
        Ok(Tls { mode, direct, client: engine::Client::new(mode, files)? })
    }

    /// Encrypts a stream that has just been opened, if the server agrees.
    pub(crate) async fn start(&self, mut stream: TcpStream, place: &Place) -> Result<Started> {
        let Some(client) = &self.client else { return Ok(Started::Refused(stream)) };
        if !self.direct && !agreed(&mut stream).await.map_err(|error| no_answer(error, place))? {
            return Ok(Started::Refused(stream));
        }
        match client.shake_hands(stream, place, self.direct).await {
            Ok(encrypted) => Ok(Started::Encrypted(Box::new(encrypted))),
            Err(error) => Ok(Started::Failed(error)),
        }
    }
}

/// Asks whether the server encrypts.
async fn agreed(stream: &mut TcpStream) -> io::Result<bool> {
    const REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
    stream.write_all(&REQUEST).await?;
    let mut answer = [0; 2];
    // More than the one byte would be words put into the server's mouth, before the handshake tells who speaks.
    match (stream.read(&mut answer).await?, answer[0]) {
        (1, b'S') => Ok(true),
        (1, b'N') => Ok(false),
        (0, _) => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it closed the connection")),
        (2, b'S' | b'N') => Err(io::Error::other("it said more than was asked, unencrypted")),
        _ => Err(io::Error::other("what it says is not PostgreSQL's protocol")),
    }
}

fn no_answer(error: io::Error, place: &Place) -> Error {
    let message = format!("{place} was asked whether it encrypts: {error}; is that a PostgreSQL server?");
    Error::new(ErrorKind::Connection, message).with_source(error)
}

/// The error of a server that does not encrypt where it must.
pub(crate) fn not_offered(place: &Place) -> Error {
    let message = format!(
        "the server at {place} does not encrypt, and `sslmode` requires it: turn on `ssl` in its configuration, or \
         use `sslmode=prefer` where the network is trusted"
    );
    Error::new(ErrorKind::Connection, message)
}

/// What a server does that does not accept the client's certificate, or that there is none.
pub(crate) fn not_accepted(error: &io::Error) -> String {
    format!(
        "did not accept the client's certificate ({error}): it must be named in `sslcert`, in force, and signed by a \
         CA in the server's `ssl_ca_file`"
    )
}

/// Gives tokio-postgres a stream that is encrypted already.
pub(crate) struct Done<T>(pub(crate) T);

impl<S, T: TlsStream + Unpin> TlsConnect<S> for Done<T> {
    type Stream = T;
    type Error = Infallible;
    type Future = Ready<Result<T, Infallible>>;

    fn connect(self, _: S) -> Self::Future {
        ready(Ok(self.0))
    }
}

impl TlsStream for Wire<Encrypted> {
    fn channel_binding(&self) -> ChannelBinding {
        engine::channel_binding(self.get_ref())
    }
}

impl TlsStream for &mut Wire<Encrypted> {
    fn channel_binding(&self) -> ChannelBinding {
        engine::channel_binding(self.get_ref())
    }
}
