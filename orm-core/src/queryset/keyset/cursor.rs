//! Cursors: the values of a row's order, signed with the process's key.

use crate::{Error, ErrorKind, Result};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::sync::OnceLock;

/// How many bytes of the signature a cursor has.
const TAG: usize = 16;

static KEY: OnceLock<Vec<u8>> = OnceLock::new();

/// Sets the key that cursors are signed with: Django's `SECRET_KEY`. All processes that serve one client need the same one;
/// without it, each has a random one, whose cursors end with the process.
///
/// ```
/// # let key_from_the_environment = "correct horse battery staple, and more";
/// orm::secret_key(key_from_the_environment)?;
/// # Ok::<(), orm::Error>(())
/// ```
///
/// # Errors
/// If it has fewer than 16 bytes, or if there is a key already: set it before the first cursor is made.
pub fn secret_key(key: impl AsRef<[u8]>) -> Result<()> {
    let key = key.as_ref();
    if key.len() < 16 {
        return Err(Error::usage("a secret key has at least 16 bytes"));
    }
    let error = || Error::usage("the secret key is set already; set it before the first cursor is made");
    KEY.set(key.to_vec()).map_err(|_| error())
}

fn key() -> Result<&'static [u8]> {
    if let Some(key) = KEY.get() {
        return Ok(key);
    }
    let mut random = vec![0; 32];
    getrandom::fill(&mut random).map_err(|error| {
        let message =
            format!("no random key for cursors could be made ({error}); set one by `orm::secret_key`");
        Error::new(ErrorKind::Usage, message)
    })?;
    Ok(KEY.get_or_init(|| random))
}

fn mac(context: &str, payload: &[u8]) -> Result<Hmac<Sha256>> {
    let wrong = |_| Error::usage("a secret key of this length cannot sign");
    let mut mac = Hmac::<Sha256>::new_from_slice(key()?).map_err(wrong)?;
    mac.update(context.as_bytes());
    mac.update(&[0]);
    mac.update(payload);
    Ok(mac)
}

/// The cursor of a row.
pub(super) fn seal(values: &[Option<Vec<u8>>], context: &str) -> Result<String> {
    let mut cursor = vec![0; TAG];
    for value in values {
        let length = value.as_ref().map_or(-1, |value| i32::try_from(value.len()).unwrap_or(i32::MAX));
        cursor.extend(length.to_be_bytes());
        cursor.extend(value.as_deref().unwrap_or_default());
    }
    let tag = mac(context, &cursor[TAG..])?.finalize().into_bytes();
    cursor[..TAG].copy_from_slice(&tag[..TAG]);
    Ok(BASE64.encode(cursor))
}

/// The values in a cursor.
pub(super) fn open(cursor: &str, context: &str, parts: usize) -> Result<Vec<Option<Vec<u8>>>> {
    let not_ours = || {
        let message = "the cursor is not one of this query and its order, or it was changed";
        Error::new(ErrorKind::InvalidInput, message)
    };
    let bytes = BASE64.decode(cursor).map_err(|_| not_ours())?;
    let (tag, mut payload) = bytes.split_at_checked(TAG).ok_or_else(not_ours)?;
    mac(context, payload)?.verify_truncated_left(tag).map_err(|_| not_ours())?;
    let mut values = Vec::with_capacity(parts);
    while let Some((length, rest)) = payload.split_first_chunk::<4>() {
        let (value, rest) = match usize::try_from(i32::from_be_bytes(*length)) {
            Ok(length) => rest.split_at_checked(length).map(|(value, rest)| (Some(value.to_vec()), rest)),
            Err(_) => Some((None, rest)),
        }
        .ok_or_else(not_ours)?;
        values.push(value);
        payload = rest;
    }
    if values.len() == parts && payload.is_empty() { Ok(values) } else { Err(not_ours()) }
}
