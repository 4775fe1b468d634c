//! TLS by rustls, with ring's cryptography: it needs a C compiler and nothing else. No provider is made the process's.

mod binding;
mod explain;
mod files;
mod verify;

use super::{Files, Mode};
use crate::config::Place;
use orm_core::{Error, ErrorKind, Result};
use std::{net::IpAddr, sync::Arc};
use tokio::net::TcpStream;
use tokio_postgres::tls::ChannelBinding;
use tokio_rustls::{
    TlsConnector, client,
    rustls::{
        ClientConfig,
        client::Resumption,
        crypto::ring,
        pki_types::{DnsName, ServerName},
    },
};
use verify::Verifier;

pub(crate) use explain::refused_certificate;

pub(crate) type Encrypted = client::TlsStream<TcpStream>;

/// The protocol's name in the handshake; servers look at it since PostgreSQL 17.
const PROTOCOL: &[u8] = b"postgresql";

/// What is the same for all connections.
#[derive(Clone, Debug)]
pub(super) struct Client {
    config: Arc<ClientConfig>,
    mode: Mode,
    /// Who is trusted, for errors.
    trusted: Arc<str>,
}

impl Client {
    pub(super) fn new(mode: Mode, files: &Files) -> Result<Option<Client>> {
        if mode == Mode::Disable {
            return Ok(None);
        }
        let provider = Arc::new(ring::default_provider());
        let (verifier, trusted) = Verifier::new(mode, files, &provider)?;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::usage(format!("TLS cannot be set up: {error}")))?
            .dangerous() // what `require` means: encrypted for whoever is there
            .with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = match files::client_certificate(files)? {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => builder.with_client_auth_cert(chain, key).map_err(|error| {
                Error::usage(format!("`sslcert` and `sslkey` do not belong together: {error}"))
            })?,
        };
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        config.resumption = Resumption::disabled(); // PostgreSQL resumes no sessions
        Ok(Some(Client { config: Arc::new(config), mode, trusted: trusted.into() }))
    }

    pub(super) async fn shake_hands(
        &self,
        stream: TcpStream,
        place: &Place,
        direct: bool,
    ) -> Result<Encrypted> {
        let name = self.name(&stream, place)?;
        let connecting = TlsConnector::from(Arc::clone(&self.config)).connect(name, stream);
        let stream =
            connecting.await.map_err(|error| explain::failed(error, place, &self.trusted, direct))?;
        if direct && stream.get_ref().1.alpn_protocol() != Some(PROTOCOL) {
            let message =
                format!("{place} encrypts, but does not say that it speaks PostgreSQL's protocol over it");
            return Err(Error::new(ErrorKind::Connection, message));
        }
        Ok(stream)
    }

    /// What the certificate must be for.
    fn name(&self, stream: &TcpStream, place: &Place) -> Result<ServerName<'static>> {
        let host = place.host();
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(address.into());
        }
        match DnsName::try_from(host.to_owned()) {
            Ok(name) => Ok(name.into()),
            // Nobody compares it.
            Err(_) if self.mode < Mode::VerifyFull => match stream.peer_addr() {
                Ok(peer) => Ok(peer.ip().into()),
                Err(error) => Err(explain::failed(error, place, &self.trusted, false)),
            },
            Err(_) => Err(Error::usage(format!(
                "no certificate can be for a host called `{host}`: use another of its names, or `sslmode=verify-ca`"
            ))),
        }
    }
}

/// What ties the log-in to this connection (SCRAM-SHA-256-PLUS): a log-in passed on by somebody in between fails.
pub(super) fn channel_binding(stream: &Encrypted) -> ChannelBinding {
    let certificate = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
    let end_point = certificate.and_then(|certificate| binding::end_point(certificate));
    end_point.map_or_else(ChannelBinding::none, ChannelBinding::tls_server_end_point)
}
