//! `tls-server-end-point` ([RFC 5929](https://www.rfc-editor.org/rfc/rfc5929#section-4)): the server's certificate,
//! hashed as its own signature hashes it.

#[cfg(test)]
mod tests;

use ring::digest::{Algorithm, SHA256, SHA384, SHA512, digest};

/// `None` for a certificate whose signature has no hash of its own (Ed25519).
pub(super) fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    let hash = hash(certificate)?;
    Some(digest(hash, certificate).as_ref().to_vec())
}

const SEQUENCE: u8 = 0x30;
const OBJECT: u8 = 0x06;
/// 1.2.840.113549.1.1
const RSA: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
/// 1.2.840.10045.4
const ECDSA: [u8; 6] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04];
/// 2.16.840.1.101.3.4.2
const SHA2: [u8; 8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];

/// MD5 and SHA-1 are replaced by SHA-256.
fn hash(certificate: &[u8]) -> Option<&'static Algorithm> {
    let (certificate, _) = element(SEQUENCE, certificate)?;
    let (_, signature) = element(SEQUENCE, certificate)?; // after what is signed
    let (algorithm, _) = element(SEQUENCE, signature)?;
    let (name, parameters) = element(OBJECT, algorithm)?;
    if let Some(kind) = name.strip_prefix(&RSA) {
        return match kind {
            [4 | 5 | 11] => Some(&SHA256),
            [12] => Some(&SHA384),
            [13] => Some(&SHA512),
            [10] => pss(parameters),
            _ => None,
        };
    }
    match name.strip_prefix(&ECDSA)? {
        [1] | [3, 2] => Some(&SHA256),
        [3, 3] => Some(&SHA384),
        [3, 4] => Some(&SHA512),
        _ => None,
    }
}

/// The hash in the parameters of RSASSA-PSS; SHA-1 if they name none.
fn pss(parameters: &[u8]) -> Option<&'static Algorithm> {
    let (parameters, _) = element(SEQUENCE, parameters)?;
    let Some((hash, _)) = element(0xa0, parameters) else { return Some(&SHA256) };
    let (hash, _) = element(SEQUENCE, hash)?;
    let (name, _) = element(OBJECT, hash)?;
    match name.strip_prefix(&SHA2)? {
        [1] => Some(&SHA256),
        [2] => Some(&SHA384),
        [3] => Some(&SHA512),
        _ => None,
    }
}

/// The content of the DER element that bytes begin with, if it is of this type, and what follows it.
fn element(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&length, rest) = bytes.strip_prefix(&[tag])?.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (length.into(), rest),
        0x81..=0x84 => {
            let (length, rest) = rest.split_at_checked(usize::from(length - 0x80))?;
            (length.iter().fold(0usize, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}
