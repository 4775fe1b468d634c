//! What is asked of the server's certificate: nothing, who signed it, or that and its names.

use super::files;
use crate::tls::{Files, Mode};
use orm_core::{Error, Result};
use std::sync::Arc;
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, Error as TlsError, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};

#[derive(Debug)]
pub(super) struct Verifier {
    /// None: whoever is there.
    chain: Option<Arc<WebPkiServerVerifier>>,
    names: bool,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Verifier {
    /// With where the trusted certificates are from.
    pub(super) fn new(mode: Mode, files: &Files, provider: &Arc<CryptoProvider>) -> Result<(Self, String)> {
        let mut verifier = Verifier {
            chain: None,
            names: mode == Mode::VerifyFull,
            algorithms: provider.signature_verification_algorithms,
        };
        let Some((roots, trusted)) = files::roots(files)? else {
            return match mode >= Mode::VerifyCa {
                true => Err(Error::usage(
                    "`sslmode=verify-ca` and `verify-full` need to know whom to trust: name a file of CA \
                     certificates in `sslrootcert`, put it at ~/.postgresql/root.crt, or use the system's with \
                     `sslrootcert=system`",
                )),
                false => Ok((verifier, String::new())),
            };
        };
        let builder = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider));
        let built = builder.with_crls(files::revoked(files)?).build();
        let unusable = |error| Error::usage(format!("{trusted} and `sslcrl` cannot be used: {error}"));
        verifier.chain = Some(built.map_err(unusable)?);
        Ok((verifier, trusted))
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        use CertificateError::{NotValidForName, NotValidForNameContext};
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match chain.verify_server_cert(certificate, intermediates, name, ocsp, now) {
            // The name is compared last, when all else is well.
            Err(TlsError::InvalidCertificate(NotValidForName | NotValidForNameContext { .. }))
                if !self.names =>
            {
                Ok(ServerCertVerified::assertion())
            }
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
