//! A server that encrypts, certificates of all kinds, and servers that only pretend.

use crate::{cluster::Cluster, wait::until};
use orm::{Config, Error, prelude::*};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, Issuer, KeyPair, SerialNumber,
    date_time_ymd,
};
use std::{
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Mutex,
    time::timeout,
};

/// What must be in no text.
pub(super) const PASSWORD: &str = "canary-2b91";

/// A certificate and its key, in PEM.
pub(super) struct Signed {
    pub(super) certificate: String,
    pub(super) key: String,
}

/// A CA, and what it signs.
pub(super) struct Authority(pub(super) CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        Authority::with(name, KeyPair::generate().unwrap())
    }

    pub(super) fn with(name: &str, key: KeyPair) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Authority(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    /// A certificate for these names of hosts, in force in these years.
    pub(super) fn sign(&self, common_name: &str, hosts: &[&str], years: (i32, i32)) -> Signed {
        signed(common_name, hosts, years, Some(&self.0))
    }

    /// For the server of the tests.
    pub(super) fn good(&self) -> Signed {
        self.sign("server", &["localhost"], (2020, 2090))
    }
}

pub(super) const SERIAL: u64 = 4711;

/// A certificate, signed by itself if by nobody else.
pub(super) fn signed(
    common_name: &str,
    hosts: &[&str],
    years: (i32, i32),
    by: Option<&Issuer<'_, KeyPair>>,
) -> Signed {
    let hosts: Vec<_> = hosts.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(hosts).unwrap();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.serial_number = Some(SerialNumber::from(SERIAL));
    (params.not_before, params.not_after) = (date_time_ymd(years.0, 1, 1), date_time_ymd(years.1, 1, 1));
    let key = KeyPair::generate().unwrap();
    let certificate = match by {
        Some(issuer) => params.signed_by(&key, issuer),
        None => params.self_signed(&key),
    };
    Signed { certificate: certificate.unwrap().pem(), key: key.serialize_pem() }
}

/// A server with TLS, whose users are let in as their names say.
pub(super) struct Ground {
    pub(super) cluster: Cluster,
    pub(super) authority: Authority,
    pub(super) client: tokio_postgres::Client,
}

/// Over TCP. `alice` is let in everywhere by scram-sha-256.
const HBA: &str = "
local all all trust
host all inclear all password
host all bymd5 all md5
hostssl all carol all cert
hostssl all secret all scram-sha-256
hostnossl all open all scram-sha-256
host all alice all scram-sha-256
";

impl Ground {
    pub(super) async fn new(name: &str) -> Self {
        let mut cluster = Cluster::new(name, PASSWORD).await;
        let authority = Authority::new("the authority of the tests");
        cluster.write("ca.crt", &authority.0.pem());
        let good = authority.good();
        cluster.write("data/server.crt", &good.certificate);
        cluster.write("data/server.key", &good.key);
        cluster.write("data/pg_hba.conf", HBA);
        let ca = format!("ssl_ca_file={}", cluster.path("ca.crt").display());
        cluster.start(&["ssl=on", "listen_addresses=127.0.0.1", &ca]).await;
        let client = cluster.connect().await.unwrap();
        for user in ["inclear", "carol", "secret", "open"] {
            client.batch_execute(&format!("CREATE USER {user} PASSWORD '{PASSWORD}'")).await.unwrap();
        }
        let md5 = format!("SET password_encryption = md5; CREATE USER bymd5 PASSWORD '{PASSWORD}'");
        client.batch_execute(&md5).await.unwrap();
        Ground { cluster, authority, client }
    }

    /// One server for all tests that leave it as it is; it ends with the last of them.
    pub(super) async fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Ground>> = Mutex::const_new(Weak::new());
        let mut shared = SHARED.lock().await;
        if let Some(ground) = shared.upgrade() {
            return ground;
        }
        let ground = Arc::new(Ground::new("tls").await);
        *shared = Arc::downgrade(&ground);
        ground
    }

    /// A connection string to `localhost`, whose address is known.
    pub(super) fn to(&self, user: &str, more: &str) -> String {
        let ca = self.cluster.path("ca.crt");
        format!(
            "host=localhost hostaddr=127.0.0.1 port={} dbname=postgres user={user} password={PASSWORD} \
             sslrootcert={} {more}",
            self.cluster.port,
            ca.display(),
        )
    }

    /// Connects; whether the connection is encrypted.
    pub(super) async fn connects(&self, user: &str, more: &str) -> Result<bool, Error> {
        connects(&self.to(user, more)).await
    }

    /// Why it does not connect.
    #[track_caller]
    pub(super) fn refuses(&self, user: &str, more: &str) -> impl Future<Output = Error> {
        let to = self.to(user, more);
        async move {
            let error = connects(&to).await.map(|ssl| panic!("connected with {to}, ssl {ssl}")).unwrap_err();
            assert!(!format!("{error} {error:?}").contains(PASSWORD), "{error:?}");
            error
        }
    }

    /// Gives the server another certificate.
    pub(super) async fn show(&self, certificate: &Signed) {
        self.cluster.write("data/server.crt", &certificate.certificate);
        self.cluster.write("data/server.key", &certificate.key);
        let read = async || {
            self.client.query_one("SELECT pg_conf_load_time()::text", &[]).await.unwrap().get::<_, String>(0)
        };
        let before = read().await;
        self.client.batch_execute("SELECT pg_reload_conf()").await.unwrap();
        // The server tells its processes in between; who connects now is served after it.
        until("the certificate is read", async || read().await != before).await;
    }
}

/// The connections of the server.
#[derive(Model, Debug)]
#[orm(table = "pg_stat_ssl")]
pub(super) struct Ssl {
    #[orm(primary_key)]
    pid: i32,
    ssl: bool,
}

/// Connects, asks, and says whether that was encrypted.
pub(super) async fn connects(text: &str) -> Result<bool, Error> {
    let name = format!("tls {:016x}", rand());
    let db = connect(Config::from_url(text)?.application_name(&name).pool_size(1)).await?;
    #[derive(Model)]
    #[orm(table = "pg_stat_activity")]
    struct Activity {
        #[orm(primary_key)]
        pid: i32,
        application_name: String,
    }
    let me = Activity::objects()
        .using(&db)
        .filter(|a| a.application_name.eq(name))
        .values(|a| a.pid)
        .one()
        .await?;
    Ok(Ssl::objects().using(&db).get(me).await?.ssl)
}

fn rand() -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    RandomState::new().build_hasher().finish()
}

pub(super) async fn connect(config: Config) -> Result<Db, Error> {
    timeout(Duration::from_secs(10), Db::connect(config)).await.expect("connecting ends")
}

/// A message of the protocol.
pub(super) fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
    [&[kind], &length[..], body].concat()
}

/// A listener that plays a server, and where it is.
pub(super) async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (
        listener,
        format!(
            "host=localhost hostaddr=127.0.0.1 port={port} user=alice password={PASSWORD} connect_timeout=5"
        ),
    )
}

/// The client's first message, which has no type.
pub(super) async fn startup(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Vec<u8>> {
    let length = stream.read_u32().await?;
    let mut body = vec![0; length as usize - 4];
    stream.read_exact(&mut body).await?;
    Ok(body)
}

/// Accepts, answers what is asked about TLS, and reads on to the log-in. It may be that nobody comes again.
pub(super) async fn without_tls(listener: &TcpListener) -> TcpStream {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        match startup(&mut stream).await {
            Ok(body) if body == [0x04, 0xd2, 0x16, 0x2f] => {
                stream.write_all(b"N").await.unwrap();
                if startup(&mut stream).await.is_ok() {
                    return stream;
                }
            }
            Ok(_) => return stream,
            Err(_) => {}
        }
    }
}
