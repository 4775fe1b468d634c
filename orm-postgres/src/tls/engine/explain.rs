//! What went wrong with TLS, in words that say what to do.

use crate::{config::Place, tls::not_accepted};
use orm_core::{Error, ErrorKind};
use std::io;
use tokio_rustls::rustls::{AlertDescription, CertificateError, Error as TlsError};

/// The error of a handshake.
pub(super) fn failed(error: io::Error, place: &Place, trusted: &str, direct: bool) -> Error {
    let (kind, cause) = match cause(&error) {
        _ if refused_certificate(&error) => (ErrorKind::Authentication, not_accepted(&error)),
        Some(TlsError::InvalidCertificate(why)) => (ErrorKind::Connection, certificate(why, place, trusted)),
        _ if direct => (
            ErrorKind::Connection,
            format!(
                "cannot be reached by TLS directly: {error}; `sslnegotiation=direct` needs PostgreSQL 17"
            ),
        ),
        _ => (ErrorKind::Connection, format!("and we do not agree on TLS: {error}")),
    };
    Error::new(kind, format!("the server at {place} {cause}")).with_source(error)
}

fn certificate(why: &CertificateError, place: &Place, trusted: &str) -> String {
    use CertificateError::*;
    let host = place.host();
    match why {
        NotValidForNameContext { presented, .. } if presented.is_empty() => format!(
            "shows a certificate without any name of a host (subjectAltName; the common name does not count): have \
             one made for `{host}`, or use `sslmode=verify-ca`"
        ),
        NotValidForNameContext { presented, .. } => format!(
            "shows a certificate for {}, not for `{host}`: connect by a name that it has, or use \
             `sslmode=verify-ca` if any server of the CA will do",
            presented.join(", ")
        ),
        UnknownIssuer | BadSignature => format!(
            "shows a certificate that is signed by none of {trusted}: is that the server you mean? then add its \
             CA's certificate there"
        ),
        Expired | ExpiredContext { .. } => {
            "shows a certificate that has expired: renew it on the server, and reload it".into()
        }
        NotValidYet | NotValidYetContext { .. } => {
            "shows a certificate that is not valid yet: look at the clocks of both machines".into()
        }
        Revoked => "shows a certificate that was revoked (`sslcrl`): is that the server you mean?".into(),
        UnknownRevocationStatus | ExpiredRevocationList | ExpiredRevocationListContext { .. } => {
            "shows a certificate of which `sslcrl` says nothing, or no longer: the file needs a list in force of \
             each CA up to the root"
                .into()
        }
        Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "shows the certificate of a CA, which is not for a server: have that CA sign one for the server".into()
        }
        other => format!("shows a certificate that cannot be used: {other}"),
    }
}

/// Whether the server says that it does not want the certificate we show, or wants one. With TLS 1.3 it says so only
/// after the handshake.
pub(crate) fn refused_certificate(error: &io::Error) -> bool {
    use AlertDescription::*;
    let ours = [
        BadCertificate,
        UnsupportedCertificate,
        CertificateRevoked,
        CertificateExpired,
        CertificateUnknown,
        UnknownCA,
        AccessDenied,
        DecryptError,
        CertificateRequired,
    ];
    matches!(cause(error), Some(TlsError::AlertReceived(alert)) if ours.contains(alert))
}

fn cause(error: &io::Error) -> Option<&TlsError> {
    error.get_ref()?.downcast_ref()
}
