//! Where the database is, and how long anything may take.

#[cfg(test)]
mod tests;

use orm_core::{Error, ErrorKind, Result};
use std::{error::Error as _, fmt, path::PathBuf, str::FromStr, time::Duration};
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

/// Where the database is, how many connections to hold, and how long anything may take.
///
/// ```
/// use orm::Config;
/// use std::time::Duration;
///
/// let config = Config::from_url("postgres://alice:secret@localhost/blog")?
///     .application_name("blog")
///     .pool_size(20)
///     .connect_timeout(Duration::from_secs(2))
///     .acquire_timeout(Duration::from_secs(2))
///     .statement_timeout(Duration::from_secs(60))
///     .turn_timeout(Duration::from_secs(1))
///     .slow_query(Duration::from_millis(200));
/// let shown = format!("{config:?}");
/// assert!(shown.contains("pool_size: 20") && !shown.contains("secret"));
///
/// async fn start(config: Config) -> orm::Result<orm::Db> {
///     orm::connect(config).await
/// }
/// # Ok::<_, orm::Error>(())
/// ```
#[derive(Clone)]
pub struct Config {
    pub(crate) server: tokio_postgres::Config,
    pub(crate) pool_size: usize,
    pub(crate) acquire_timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) statement_timeout: Duration,
    pub(crate) turn_timeout: Duration,
    pub(crate) slow_query: Option<Duration>,
}

/// One place a server may be at; a name is resolved each time a connection is made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    Tcp(String, u16),
    Unix(PathBuf),
}

impl Config {
    /// Reads a URL, `postgres://user:password@host:5432/database?application_name=blog`, or libpq's
    /// `host=… user=… dbname=…` ([Connection Strings](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING)).
    /// Several hosts are tried in order.
    ///
    /// ```
    /// use orm::Config;
    ///
    /// assert!(Config::from_url("postgres://alice@db1:5433,db2/blog?application_name=blog").is_ok());
    /// assert!(Config::from_url("postgres:///blog?host=/run/postgresql").is_ok()); // a unix socket
    /// assert!(Config::from_url("host=/run/postgresql dbname=blog").is_ok());
    /// let error = Config::from_url("postgres://localhost/blog?sslmode=require").unwrap_err();
    /// assert_eq!(error.kind(), orm::ErrorKind::Unsupported);
    /// ```
    ///
    /// # Errors
    /// [`Usage`](ErrorKind::Usage) if it cannot be read, and [`Unsupported`](ErrorKind::Unsupported) if it asks for
    /// TLS or for a server that is not in recovery, which are not offered yet.
    pub fn from_url(url: &str) -> Result<Self> {
        let mut server = tokio_postgres::Config::from_str(url).map_err(|error| unreadable(&blame(&error)))?;
        // A host with an `@` is the end of a password with one.
        if server.get_hosts().iter().any(|host| matches!(host, Host::Tcp(name) if name.contains('@'))) {
            return Err(unreadable(""));
        }
        if server.get_ssl_mode() == SslMode::Require {
            return Err(unsupported(
                "`sslmode=require`: TLS is not offered yet; use a unix socket, a tunnel, or `sslmode=disable`",
            ));
        }
        if server.get_target_session_attrs() != TargetSessionAttrs::Any {
            return Err(unsupported(
                "`target_session_attrs` is not offered yet; name the server that you mean",
            ));
        }
        let connect_timeout = server.get_connect_timeout().copied().unwrap_or(Duration::from_secs(5));
        // Nothing of ours is shown in the server's time zone; casts of timestamps to dates are, and must not depend on it.
        let options = [server.get_options().unwrap_or_default(), "-c TimeZone=UTC"].join(" ");
        server.ssl_mode(SslMode::Disable).options(options.trim());
        Ok(Config {
            server,
            pool_size: 10,
            acquire_timeout: Duration::from_secs(5),
            connect_timeout,
            statement_timeout: Duration::from_secs(30),
            turn_timeout: Duration::from_secs(5),
            slow_query: Some(Duration::from_secs(1)),
        })
    }

    /// The most connections held at a time: 10, so that ten processes fit into a server's default of 100.
    #[must_use]
    pub fn pool_size(mut self, connections: usize) -> Self {
        self.pool_size = connections.max(1);
        self
    }

    /// How long a query waits for a free connection: 5 s.
    #[must_use]
    pub fn acquire_timeout(mut self, timeout: Duration) -> Self {
        self.acquire_timeout = timeout;
        self
    }

    /// How long making a connection may take, log-in included: 5 s, or the URL's `connect_timeout`.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long a statement may take before it is cancelled: 30 s. Cursors and table definitions are exempt.
    #[must_use]
    pub fn statement_timeout(mut self, timeout: Duration) -> Self {
        self.statement_timeout = timeout;
        self
    }

    /// How long a statement of a transaction waits for its turn while an inner `atomic` is open: 5 s.
    #[must_use]
    pub fn turn_timeout(mut self, timeout: Duration) -> Self {
        self.turn_timeout = timeout;
        self
    }

    /// How long a statement may take, from sending it to its last row, before a warning names it: 1 s. `None` is never.
    ///
    /// The warning is an event of `tracing` with the target `orm::slow`: the SQL, the model, the number of rows and the
    /// time, never a parameter. A wait for a connection that takes as long is one with the target `orm::pool`. Streams
    /// are exempt.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let config = orm::Config::from_url("postgres://localhost/blog")?;
    /// let strict = config.clone().slow_query(Duration::from_millis(100));
    /// let silent = config.slow_query(None);
    /// # Ok::<_, orm::Error>(())
    /// ```
    #[must_use]
    pub fn slow_query(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.slow_query = limit.into();
        self
    }

    /// The name shown in `pg_stat_activity`.
    #[must_use]
    pub fn application_name(mut self, name: &str) -> Self {
        self.server.application_name(name);
        self
    }

    /// The database's name; the server takes the user's where none is given.
    pub(crate) fn namespace(&self) -> Option<&str> {
        self.server.get_dbname().or(self.server.get_user())
    }

    /// The places to try, in order.
    pub(crate) fn places(&self) -> Vec<Place> {
        let (hosts, addresses) = (self.server.get_hosts(), self.server.get_hostaddrs());
        let ports = self.server.get_ports();
        let port = |at: usize| ports.get(at).or(ports.first()).copied().unwrap_or(5432);
        let count = hosts.len().max(addresses.len());
        if count == 0 {
            return vec![Place::Tcp("localhost".into(), port(0))];
        }
        let place = |at: usize| match (addresses.get(at), hosts.get(at)) {
            (Some(address), _) => Place::Tcp(address.to_string(), port(at)),
            (None, Some(Host::Unix(folder))) => Place::Unix(folder.join(format!(".s.PGSQL.{}", port(at)))),
            (None, Some(Host::Tcp(name))) => Place::Tcp(name.clone(), port(at)),
            (None, None) => Place::Tcp("localhost".into(), port(at)),
        };
        (0..count).map(place).collect()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Tcp(host, port) => write!(f, "{host}:{port}"),
            Place::Unix(path) => write!(f, "{}", path.display()),
        }
    }
}

impl TryFrom<&str> for Config {
    type Error = Error;

    fn try_from(url: &str) -> Result<Self> {
        Config::from_url(url)
    }
}

impl TryFrom<String> for Config {
    type Error = Error;

    fn try_from(url: String) -> Result<Self> {
        Config::from_url(&url)
    }
}

impl TryFrom<&String> for Config {
    type Error = Error;

    fn try_from(url: &String) -> Result<Self> {
        Config::from_url(url)
    }
}

/// Without the password.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places: Vec<_> = self.places().iter().map(ToString::to_string).collect();
        f.debug_struct("Config")
            .field("servers", &places)
            .field("user", &self.server.get_user())
            .field("database", &self.server.get_dbname())
            .field("pool_size", &self.pool_size)
            .field("acquire_timeout", &self.acquire_timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("statement_timeout", &self.statement_timeout)
            .field("turn_timeout", &self.turn_timeout)
            .field("slow_query", &self.slow_query)
            .finish_non_exhaustive()
    }
}

/// What is wrong with a URL as far as that cannot be a piece of its password.
fn blame(error: &tokio_postgres::Error) -> String {
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    match cause.starts_with("invalid value for option") || cause.starts_with("unknown option") {
        true => format!("{cause}: "),
        false => String::new(),
    }
}

fn unreadable(cause: &str) -> Error {
    Error::usage(format!(
        "the database's URL cannot be read: {cause}it looks like postgres://user:password@host:5432/database, \
         where special characters of the password are percent-encoded"
    ))
}

fn unsupported(message: &'static str) -> Error {
    Error::new(ErrorKind::Unsupported, message)
}
