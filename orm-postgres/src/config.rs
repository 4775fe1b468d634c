//! Where the database is, and how long anything may take.

mod encryption;
mod passfile;
mod place;
mod settings;
#[cfg(test)]
mod tests;
mod text;

use crate::{auth::Accepted, target::Target, tls::Tls};
use orm_core::{Error, Result};
use passfile::Passfile;
pub(crate) use place::Place;
use settings::{Env, Settings};
use std::{env, error::Error as _, fmt, time::Duration};
use tokio_postgres::config::{ChannelBinding, Host, SslMode};

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
    server: tokio_postgres::Config,
    passwords: Passfile,
    pub(crate) tls: Tls,
    pub(crate) accepted: Accepted,
    pub(crate) target: Target,
    pub(crate) pool_size: usize,
    pub(crate) acquire_timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) statement_timeout: Duration,
    pub(crate) turn_timeout: Duration,
    pub(crate) slow_query: Option<Duration>,
}

impl Config {
    /// Reads a URL, `postgres://user:password@host:5432/database?application_name=blog`, or libpq's
    /// `host=… user=… dbname=…` ([Connection Strings](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING)).
    /// Several hosts are tried in order.
    ///
    /// What it does not say is taken from where libpq takes it: the section of `service` in `~/.pg_service.conf`, the
    /// [environment](https://www.postgresql.org/docs/current/libpq-envars.html) (`PGHOST`, `PGUSER`, `PGPASSWORD`,
    /// `PGSSLMODE`, …), and for passwords `~/.pgpass`. Where a host is named, `PGHOST` and `PGHOSTADDR` are not looked
    /// at; an empty value, `?options=`, keeps a variable or a usual file out. Files are read now, once.
    ///
    /// | keyword | |
    /// |---|---|
    /// | `sslmode` | over TCP: `disable`, `allow`, `prefer` (default), `require`, `verify-ca`, `verify-full` ([what they guard against](https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION)); `verify-full` is the one to use across a network |
    /// | `sslrootcert` | the CAs to trust: a PEM file (`~/.postgresql/root.crt` if there is one), or `system`, which means `verify-full`. With a file, `require` is `verify-ca` |
    /// | `sslcert`, `sslkey` | the client's certificate and its key (`~/.postgresql/postgresql.crt` and `.key` if there); PEM, the key readable by you alone |
    /// | `sslcrl` | revoked certificates: a PEM file (`~/.postgresql/root.crl` if there) |
    /// | `sslnegotiation` | `postgres`, or `direct` without asking first (PostgreSQL 17) |
    /// | `channel_binding` | `disable`, `prefer`, `require`: the log-in is tied to the encrypted connection |
    /// | `require_auth` | the ways to log in that the server may ask for, see [`require_auth`](Config::require_auth) |
    /// | `target_session_attrs` | which of the hosts: `any`, `read-write`, `read-only`, `primary`, `standby`, `prefer-standby` |
    /// | `connect_timeout`, `application_name`, `options`, `hostaddr`, `passfile`, … | as in libpq |
    ///
    /// ```
    /// use orm::Config;
    ///
    /// assert!(Config::from_url("postgres://alice@db1:5433,db2/blog?application_name=blog").is_ok());
    /// assert!(Config::from_url("postgres:///blog?host=/run/postgresql").is_ok()); // a unix socket
    /// assert!(Config::from_url("host=/run/postgresql dbname=blog").is_ok());
    /// let error = Config::from_url("postgres://db1/blog?sslmode=verify-full&sslrootcert=/no/such/file").unwrap_err();
    /// assert!(error.to_string().contains("/no/such/file"));
    /// ```
    ///
    /// # Errors
    /// [`Usage`](orm_core::ErrorKind::Usage) if it, or a file that it names, cannot be read, and
    /// [`Unsupported`](orm_core::ErrorKind::Unsupported) if it asks for TLS, which is the feature `tls`.
    pub fn from_url(url: &str) -> Result<Self> {
        Config::read(url, &|name| env::var(name).ok())
    }

    /// [`from_url`](Config::from_url) in a given environment.
    pub(crate) fn read(text: &str, env: Env<'_>) -> Result<Self> {
        let mut settings = Settings::read(text, env)?.ok_or_else(|| unreadable(""))?;
        let tls = settings.tls(env)?;
        let channel_binding = match settings.take("channel_binding").as_deref() {
            None | Some("prefer") => ChannelBinding::Prefer,
            Some("disable") => ChannelBinding::Disable,
            Some("require") => ChannelBinding::Require,
            Some(_) => return Err(unknown("channel_binding", "disable, prefer or require")),
        };
        let accepted =
            settings.take("require_auth").map_or(Ok(Accepted::DEFAULT), |list| Accepted::read(&list))?;
        let target = settings.take("target_session_attrs").map_or(Ok(Target::Any), |name| {
            let names = "any, read-write, read-only, primary, standby or prefer-standby";
            Target::read(&name).ok_or_else(|| unknown("target_session_attrs", names))
        })?;
        let usual = env("HOME").map(|home| format!("{home}/.pgpass"));
        let passfile = settings.take("passfile").or(usual);
        let mut server: tokio_postgres::Config =
            settings.rest().parse().map_err(|error| unreadable(&blame(&error)))?;
        // A host with an `@` is the end of a password with one.
        if server.get_hosts().iter().any(|host| matches!(host, Host::Tcp(name) if name.contains('@'))) {
            return Err(unreadable(""));
        }
        let connect_timeout = server.get_connect_timeout().copied().unwrap_or(Duration::from_secs(5));
        // Nothing of ours is shown in the server's time zone; casts of timestamps to dates are, and must not depend on it.
        let options = [server.get_options().unwrap_or_default(), "-c TimeZone=UTC"].join(" ");
        server.ssl_mode(SslMode::Disable).channel_binding(channel_binding).options(options.trim());
        let passwords = match (server.get_password(), passfile) {
            (None, Some(file)) => Passfile::read(&file),
            _ => Passfile::default(),
        };
        let mut config = Config {
            server,
            passwords,
            tls: Tls::none(),
            accepted,
            target,
            pool_size: 10,
            acquire_timeout: Duration::from_secs(5),
            connect_timeout,
            statement_timeout: Duration::from_secs(30),
            turn_timeout: Duration::from_secs(5),
            slow_query: Some(Duration::from_secs(1)),
        };
        // Unix sockets are not encrypted, whatever is said.
        if config.places().iter().any(|place| matches!(place, Place::Tcp { .. })) {
            config.tls = Tls::new(tls.0, tls.1, &tls.2)?;
        }
        Ok(config)
    }

    /// The ways to log in that the server may ask for, as libpq's
    /// [`require_auth`](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-REQUIRE-AUTH): a list of
    /// `password`, `md5`, `scram-sha-256`, `none`, `gss`, `sspi`, `oauth`, or of what is not accepted, each with a `!`.
    ///
    /// Without it a server may ask for anything over TLS and unix sockets. Over TCP without TLS, this machine's own
    /// address included, it is never sent the password in clear or as MD5: that has to be accepted by name.
    ///
    /// ```
    /// # fn main() -> orm::Result<()> {
    /// use orm::Config;
    ///
    /// let careful = Config::from_url("postgres://alice@db/blog")?.require_auth("scram-sha-256")?;
    /// let in_clear = Config::from_url("postgres://alice@db/blog?sslmode=disable&require_auth=password")?;
    /// assert!(Config::from_url("postgres://alice@db/blog")?.require_auth("face").is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Usage`](orm_core::ErrorKind::Usage) if it is no such list.
    pub fn require_auth(mut self, list: &str) -> Result<Self> {
        self.accepted = Accepted::read(list)?;
        Ok(self)
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
        let tcp = |host: String, address, at| Place::Tcp { host, address, port: port(at) };
        if count == 0 {
            return vec![tcp("localhost".into(), None, 0)];
        }
        let place = |at: usize| match (addresses.get(at).copied(), hosts.get(at)) {
            (Some(address), Some(Host::Tcp(name))) => tcp(name.clone(), Some(address), at),
            (Some(address), _) => tcp(address.to_string(), Some(address), at),
            (None, Some(Host::Unix(folder))) => Place::Unix(folder.join(format!(".s.PGSQL.{}", port(at)))),
            (None, Some(Host::Tcp(name))) => tcp(name.clone(), None, at),
            (None, None) => tcp("localhost".into(), None, at),
        };
        (0..count).map(place).collect()
    }

    /// What to say to the server at a place.
    pub(crate) fn server_at(&self, place: &Place) -> tokio_postgres::Config {
        let mut server = self.server.clone();
        if server.get_password().is_none() {
            let user =
                server.get_user().map_or_else(|| whoami::username().unwrap_or_default(), str::to_owned);
            let database = server.get_dbname().unwrap_or(&user).to_owned();
            if let Some(password) = self.passwords.password(place, &database, &user) {
                server.password(password);
            }
        }
        server
    }

    /// The database's name, if it is said.
    #[cfg(feature = "testing")]
    pub(crate) fn database(&self) -> Option<&str> {
        self.server.get_dbname()
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
            .field("sslmode", &self.tls.mode)
            .field("target_session_attrs", &self.target)
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

fn unknown(keyword: &str, values: &str) -> Error {
    unreadable(&format!("`{keyword}` is {values}: "))
}
