//! Servers that are not what they say.

use super::ground::{Authority, Signed, connect, listener, message, startup};
use orm::{Config, Error, ErrorKind};
use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
    server::TlsStream,
};

async fn refused(to: &str, more: &str) -> Error {
    connect(Config::from_url(&format!("{to} {more}")).unwrap()).await.unwrap_err()
}

#[tokio::test]
async fn words_put_in_before_the_handshake_are_refused() {
    // What a man in the middle adds to the server's `S` is in clear, and must not be taken for the server's.
    let ready = [message(b'R', &[0; 4]), message(b'Z', b"I")].concat();
    for (answer, says) in [
        ([b"S", &ready[..]].concat(), "more than was asked"),
        ([b"N", &ready[..]].concat(), "more than was asked"),
        (b"E\0\0\0\x05x".to_vec(), "not PostgreSQL's protocol"),
        (b"H".to_vec(), "not PostgreSQL's protocol"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), "not PostgreSQL's protocol"),
        (b"".to_vec(), "closed the connection"),
    ] {
        for mode in ["prefer", "require"] {
            let (listener, to) = listener().await;
            let answer = answer.clone();
            let serving = tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                startup(&mut stream).await.unwrap();
                stream.write_all(&answer).await.unwrap();
                listener
            });
            let error = refused(&to, &format!("sslmode={mode}")).await;
            assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
            assert!(error.to_string().contains(says) && error.to_string().contains("localhost:"), "{error}");
            drop(serving.await.unwrap());
        }
    }
}

#[tokio::test]
async fn garbage_after_the_server_agreed_is_a_failed_handshake() {
    for garbage in [&b"Z\0\0\0\x05I"[..], &[0x16, 3, 3, 0xff, 0xff, 1, 2, 3], &[0; 64]] {
        let (listener, to) = listener().await;
        let serving = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            startup(&mut stream).await.unwrap();
            stream.write_all(b"S").await.unwrap();
            let _ = stream.read(&mut [0; 1024]).await;
            stream.write_all(garbage).await.unwrap();
        });
        let error = refused(&to, "sslmode=require").await;
        assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
        assert!(error.to_string().contains("localhost:") && error.to_string().contains("TLS"), "{error}");
        serving.await.unwrap();
    }
}

/// Speaks TLS as a server.
async fn encrypt(
    stream: TcpStream,
    signed: &Signed,
    protocol: Option<&[u8]>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let certificate = CertificateDer::from_pem_slice(signed.certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(signed.key.as_bytes()).unwrap();
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let mut config = builder.with_single_cert(vec![certificate], key).unwrap();
    config.alpn_protocols.extend(protocol.map(<[u8]>::to_vec));
    TlsAcceptor::from(Arc::new(config)).accept(stream).await
}

/// A server that encrypts and asks for a log-in in these ways; the way it was answered in.
async fn offers(mechanisms: &'static [u8], more: &str) -> (Error, Vec<u8>) {
    let (listener, to) = listener().await;
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        startup(&mut stream).await.unwrap();
        stream.write_all(b"S").await.unwrap();
        let mut stream = encrypt(stream, &Authority::new("nobody").good(), None).await.unwrap();
        startup(&mut stream).await.unwrap();
        stream.write_all(&message(b'R', &[b"\0\0\0\x0a", mechanisms].concat())).await.unwrap();
        let mut sent = vec![0; 256];
        let length = stream.read(&mut sent).await.unwrap_or(0);
        sent.truncate(length);
        sent
    });
    let error = refused(&to, &format!("sslmode=require sslrootcert='' {more}")).await;
    (error, serving.await.unwrap())
}

#[tokio::test]
async fn a_server_that_hides_channel_binding_is_told_that_it_was_expected_or_refused() {
    let (error, sent) = offers(b"SCRAM-SHA-256\0\0", "channel_binding=require").await;
    assert_eq!(error.kind(), ErrorKind::Authentication, "{error:?}");
    assert!(error.to_string().contains("channel_binding=require"), "{error}");
    assert!(sent.is_empty(), "{sent:?}");
    // `y`: the client could have. A server that could, too, then knows that its offer was taken out.
    let (_, sent) = offers(b"SCRAM-SHA-256\0\0", "").await;
    assert!(sent.windows(3).any(|part| part == b"y,,"), "{sent:?}");
    let (_, sent) = offers(b"SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0", "").await;
    assert!(sent.windows(24).any(|part| part == b"p=tls-server-end-point,,"), "{sent:?}");
}

#[tokio::test]
async fn tls_without_asking_first_needs_a_server_that_speaks_the_protocol_over_it() {
    for (protocol, says) in
        [(Some(&b"postgresql"[..]), "the server's words"), (None, "PostgreSQL's protocol over it")]
    {
        let (listener, to) = listener().await;
        let serving = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = encrypt(stream, &Authority::new("nobody").good(), protocol).await.unwrap();
            if startup(&mut stream).await.is_ok() {
                let words = message(b'E', b"SFATAL\0VFATAL\0C28000\0Mthe server's words\0\0");
                stream.write_all(&words).await.unwrap();
            }
        });
        let error = refused(&to, "sslmode=require sslrootcert='' sslnegotiation=direct").await;
        assert!(error.to_string().contains(says), "{error}");
        serving.await.unwrap();
    }
}
