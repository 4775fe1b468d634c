//! The files of certificates and keys, read once when the configuration is made.

use crate::tls::{Files, Named};
use orm_core::{Error, Result};
use std::{
    fs, io,
    os::unix::fs::{MetadataExt, PermissionsExt},
};
use tokio_rustls::rustls::{
    RootCertStore,
    pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer, pem::PemObject},
};

/// The trusted certificates and where they are from; `None` if there is no file.
pub(super) fn roots(files: &Files) -> Result<Option<(RootCertStore, String)>> {
    let Some(file) = &files.root else { return Ok(None) };
    let mut store = RootCertStore::empty();
    if file.path == "system" && file.must_exist {
        let loaded = rustls_native_certs::load_native_certs();
        store.add_parsable_certificates(loaded.certs);
        return match store.is_empty() {
            true => Err(Error::usage(
                "`sslrootcert=system`: the system has no CA certificates; install them (`ca-certificates`), or \
                 name a file",
            )),
            false => Ok(Some((store, "the system's CA certificates".into()))),
        };
    }
    for certificate in objects::<CertificateDer<'_>>("sslrootcert", file)? {
        let added = store.add(certificate);
        added.map_err(|error| Error::usage(format!("`sslrootcert`, {}: {error}", file.path)))?;
    }
    Ok((!store.is_empty()).then(|| (store, file.path.clone())))
}

pub(super) fn revoked(files: &Files) -> Result<Vec<CertificateRevocationListDer<'static>>> {
    files.revoked.as_ref().map_or(Ok(Vec::new()), |file| objects("sslcrl", file))
}

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// The certificate that says who we are, with those that lead to its CA, and its key.
pub(super) fn client_certificate(files: &Files) -> Result<Option<Identity>> {
    let Some(certificate) = &files.certificate else { return Ok(None) };
    let chain = objects("sslcert", certificate)?;
    if chain.is_empty() {
        return Ok(None);
    }
    let Some(key) = &files.key else {
        return Err(Error::usage("`sslcert` needs its key: name it in `sslkey`"));
    };
    let wrong = |why: &str| Error::usage(format!("`sslkey`, {}: {why}", key.path));
    let about = fs::metadata(&key.path).map_err(|error| wrong(&error.to_string()))?;
    // Root's may be read by a group.
    let others = if about.uid() == 0 { 0o037 } else { 0o077 };
    if about.permissions().mode() & others != 0 {
        return Err(wrong("others may read it; `chmod 600` it"));
    }
    let text = fs::read(&key.path).map_err(|error| wrong(&error.to_string()))?;
    match PrivateKeyDer::from_pem_slice(&text) {
        Ok(key) => Ok(Some((chain, key))),
        Err(_) if text.windows(9).any(|word| word == b"ENCRYPTED") => {
            Err(wrong("it is encrypted; decrypt it with `openssl pkey`, and let nobody else read it"))
        }
        Err(_) => Err(wrong("it holds no private key in PEM")),
    }
}

/// The objects of a PEM file; none if it is not there and need not be.
fn objects<T: PemObject>(keyword: &str, file: &Named) -> Result<Vec<T>> {
    let wrong = |why: &str| Error::usage(format!("`{keyword}`, {}: {why}", file.path));
    let text = match fs::read(&file.path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !file.must_exist => return Ok(Vec::new()),
        text => text.map_err(|error| wrong(&error.to_string()))?,
    };
    let read: Result<Vec<T>, _> = T::pem_slice_iter(&text).collect();
    match read {
        Ok(objects) if !objects.is_empty() => Ok(objects),
        _ => Err(wrong("it holds nothing of the kind in PEM")),
    }
}
