//! How a connection is made: which server, encrypted or not, and the log-in. And how to reach the same server again,
//! to cancel.

use super::Connection;
use crate::{
    auth::Methods,
    config::{Config, Place},
    connection::Statements,
    error,
    metrics::Counted,
    target::Target,
    tls::{self, Done, Mode, Started, Tls},
    wire::{Line, Wire},
};
use orm_core::{Error, ErrorKind, Result};
use std::{
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, OnceLock, atomic::AtomicBool},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite},
    net::{TcpStream, UnixStream},
    runtime::Handle,
    time::timeout,
};
use tokio_postgres::{
    Client, NoTls,
    config::{SslMode, SslNegotiation},
    tls::TlsConnect,
};

/// Where a connection leads, exactly: another one to there finds the same server.
#[derive(Clone, Debug)]
pub(super) enum Address {
    Tcp(SocketAddr),
    /// And how to encrypt, for a server of this name.
    Tls(SocketAddr, Tls, Place),
    Unix(PathBuf),
}

/// Why one way into a server failed, and whether the other one, encrypted or not, may do.
struct Failed {
    error: Error,
    other_way: bool,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        // It refuses this user, or connections made like this (`pg_hba.conf`); not a wrong password.
        let other_way =
            error.kind() == ErrorKind::Authentication && matches!(error.code(), None | Some("28000"));
        Failed { error, other_way }
    }
}

impl Connection {
    /// Connects to the first place that accepts and is what was asked for, within the deadline.
    pub(crate) async fn open(config: &Config) -> Result<Connection> {
        timeout(config.connect_timeout, Connection::open_one(config)).await.unwrap_or_else(|_| {
            let places: Vec<_> = config.places().iter().map(ToString::to_string).collect();
            let message =
                format!("no connection to {} within {:?}", places.join(", "), config.connect_timeout);
            Err(Error::new(ErrorKind::Timeout, message))
        })
    }

    async fn open_one(config: &Config) -> Result<Connection> {
        let (mut failure, mut second_best) = (None, None);
        for place in config.places() {
            let (connection, error) = match Connection::open_at(config, &place).await {
                Ok(connection) => match config.target.check(&connection, &place).await {
                    Ok(()) => return Ok(connection),
                    Err(error) => (Some(connection), error),
                },
                Err(error) => (None, error),
            };
            second_best = second_best.or(connection);
            failure.get_or_insert(error);
        }
        match second_best {
            Some(connection) if config.target == Target::PreferStandby => Ok(connection),
            _ => Err(failure.unwrap_or_else(|| Error::usage("the database's URL names no server"))),
        }
    }

    async fn open_at(config: &Config, place: &Place) -> Result<Connection> {
        let Place::Unix(path) = place else { return Connection::open_tcp(config, place).await };
        let stream = UnixStream::connect(path).await.map_err(|error| unreachable(error, place))?;
        let line = Arc::new(Line::new());
        let wire = Wire::new(stream, Arc::clone(&line), config.accepted.private);
        Connection::log_in(config, wire, NoTls, line, place, Address::Unix(path.clone())).await
    }

    /// `allow` and `prefer` have a second way; if that fails too, the first error tells more.
    async fn open_tcp(config: &Config, place: &Place) -> Result<Connection> {
        let first = match config.tls.mode {
            Mode::Disable | Mode::Allow => Connection::open_plain(config, place, None).await,
            _ => Connection::open_encrypted(config, place).await,
        };
        match (first, config.tls.mode) {
            (Ok(connection), _) => Ok(connection),
            (Err(Failed { error, other_way: true }), Mode::Allow) => {
                Connection::open_encrypted(config, place).await.map_err(|_| error)
            }
            (Err(Failed { error, other_way: true }), Mode::Prefer) => {
                Connection::open_plain(config, place, None).await.map_err(|_| error)
            }
            (Err(Failed { error, .. }), _) => Err(error),
        }
    }

    async fn open_plain(
        config: &Config,
        place: &Place,
        stream: Option<TcpStream>,
    ) -> Result<Connection, Failed> {
        let stream = match stream {
            Some(stream) => stream,
            None => reach(place).await?,
        };
        let address = Address::Tcp(stream.peer_addr().map_err(|error| unreachable(error, place))?);
        let line = Arc::new(Line::new());
        let wire = Wire::new(stream, Arc::clone(&line), config.accepted.public);
        Ok(Connection::log_in(config, wire, NoTls, line, place, address).await?)
    }

    async fn open_encrypted(config: &Config, place: &Place) -> Result<Connection, Failed> {
        let stream = reach(place).await?;
        let peer = stream.peer_addr().map_err(|error| unreachable(error, place))?;
        let stream = match config.tls.start(stream, place).await? {
            Started::Encrypted(stream) => *stream,
            Started::Refused(stream) if config.tls.mode == Mode::Prefer => {
                return Connection::open_plain(config, place, Some(stream)).await;
            }
            Started::Refused(_) => return Err(tls::not_offered(place).into()),
            Started::Failed(error) => return Err(Failed { error, other_way: true }),
        };
        let line = Arc::new(Line::new());
        let wire = Wire::new(stream, Arc::clone(&line), config.accepted.private);
        let address = Address::Tls(peer, config.tls.clone(), place.clone());
        // tokio-postgres wants a stream to encrypt, and never touches it.
        Ok(Connection::log_in(config, tokio::io::empty(), Done(wire), line, place, address).await?)
    }

    async fn log_in<S, T>(
        config: &Config,
        stream: S,
        tls: T,
        line: Arc<Line>,
        place: &Place,
        address: Address,
    ) -> Result<Connection>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        T: TlsConnect<S, Stream: Send + 'static>,
    {
        let mut server = config.server_at(place);
        if let Address::Tls(..) = address {
            server.ssl_mode(SslMode::Require).ssl_negotiation(SslNegotiation::Direct);
        }
        let connected = server.connect_raw(stream, tls).await;
        let (client, mut driver) = connected.map_err(|error| error::refused(error, place))?;
        let reason = Arc::new(OnceLock::new());
        let told = Arc::clone(&reason);
        let task = tokio::spawn(async move {
            // While `driver` lives, what waits for it waits: it reads the reason before it hears of the end.
            if let Err(error) = (&mut driver).await
                && let Some(db) = error.as_db_error()
            {
                let _ = told.set(error::describe(db));
            }
        });
        Ok(Connection {
            client,
            statements: Statements::default(),
            line,
            place: place.clone(),
            counted: Counted::new(config),
            address,
            task: task.abort_handle(),
            runtime: Handle::current().id(),
            broken: AtomicBool::new(false),
            reason,
        })
    }
}

impl Address {
    /// Cancels what the server is doing for a connection, and waits until the server has seen to it: a request still
    /// on its way would hit the statement of somebody else. Encrypted if the connection is.
    pub(super) async fn cancel(&self, client: &Client) -> io::Result<()> {
        match self {
            Address::Tcp(peer) => cancel(client, TcpStream::connect(peer).await?).await,
            Address::Unix(path) => cancel(client, UnixStream::connect(path).await?).await,
            Address::Tls(peer, tls, place) => {
                let started = tls.start(TcpStream::connect(peer).await?, place).await;
                let Started::Encrypted(stream) = started.map_err(io::Error::other)? else {
                    return Err(io::Error::other("it encrypts no more"));
                };
                let mut wire = Wire::new(*stream, Arc::new(Line::new()), Methods::NONE); // nobody logs in
                let sent = client.cancel_token().cancel_query_raw(tokio::io::empty(), Done(&mut wire)).await;
                sent.map_err(io::Error::other)?;
                let _ = wire.read(&mut [0]).await; // the server ends without the words that end TLS
                Ok(())
            }
        }
    }
}

async fn cancel(client: &Client, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    let sent = client.cancel_token().cancel_query_raw(&mut stream, NoTls).await;
    sent.map_err(io::Error::other)?;
    stream.read(&mut [0]).await.map(drop)
}

async fn reach(place: &Place) -> Result<TcpStream> {
    let connected = async {
        let stream = match place {
            Place::Tcp { host, address: None, port } => TcpStream::connect((host.as_str(), *port)).await,
            Place::Tcp { address: Some(address), port, .. } => TcpStream::connect((*address, *port)).await,
            Place::Unix(_) => Err(io::ErrorKind::InvalidInput.into()),
        }?;
        tune(&stream)?;
        Ok(stream)
    };
    connected.await.map_err(|error| unreachable(error, place))
}

fn unreachable(error: io::Error, place: &Place) -> Error {
    let message = format!("cannot reach {place}: {error}; is PostgreSQL running there?");
    Error::new(ErrorKind::Connection, message).with_source(error)
}

/// No delay of small messages; a dead peer is noticed within a minute.
fn tune(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let keepalive = socket2::TcpKeepalive::new()
        .with_time(Duration::from_secs(30))
        .with_interval(Duration::from_secs(10));
    socket2::SockRef::from(stream).set_tcp_keepalive(&keepalive)
}
