//! The client's certificate.

use super::ground::{Authority, Ground, Signed};
use orm::ErrorKind;
use std::{fs, os::unix::fs::PermissionsExt};

/// Connects by a certificate whose files have these names.
fn shown(ground: &Ground, name: &str, certificate: &Signed) -> String {
    let (sslcert, sslkey) =
        (ground.cluster.path(&format!("{name}.crt")), ground.cluster.path(&format!("{name}.key")));
    fs::write(&sslcert, &certificate.certificate).unwrap();
    fs::write(&sslkey, &certificate.key).unwrap();
    fs::set_permissions(&sslkey, fs::Permissions::from_mode(0o600)).unwrap();
    format!("sslmode=verify-full sslcert={} sslkey={}", sslcert.display(), sslkey.display())
}

#[tokio::test]
async fn a_certificate_stands_for_its_user() {
    let ground = Ground::shared().await;
    let carol = ground.authority.sign("carol", &[], (2020, 2090));
    let more = shown(&ground, "carol", &carol);
    assert!(ground.connects("carol", &more).await.unwrap());
    let error = ground.refuses("carol", "sslmode=verify-full").await;
    assert_eq!(error.kind(), ErrorKind::Authentication, "{error:?}");
    for part in ["localhost:", "client certificate", "sslcert"] {
        assert!(error.to_string().contains(part), "{error}");
    }
    let dave = ground.authority.sign("dave", &[], (2020, 2090));
    let error = ground.refuses("carol", &shown(&ground, "dave", &dave)).await;
    assert_eq!(error.kind(), ErrorKind::Authentication, "{error:?}");
}

#[tokio::test]
async fn a_certificate_that_the_server_does_not_accept_says_so() {
    let ground = Ground::shared().await;
    let foreign = Authority::new("somebody else").sign("carol", &[], (2020, 2090));
    let expired = ground.authority.sign("carol", &[], (2010, 2011));
    for (name, certificate) in [("foreign", foreign), ("expired", expired)] {
        let error = ground.refuses("carol", &shown(&ground, name, &certificate)).await;
        assert_eq!(error.kind(), ErrorKind::Authentication, "{name}: {error:?}");
        for part in ["localhost:", "client's certificate", "sslcert", "ssl_ca_file"] {
            assert!(error.to_string().contains(part), "{name}: {error}");
        }
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_used_says_why() {
    let ground = Ground::shared().await;
    let carol = ground.authority.sign("carol", &[], (2020, 2090));
    let more = shown(&ground, "keys", &carol);
    let key = ground.cluster.path("keys.key");
    let error = async |says: &str| {
        let error = ground.refuses("carol", &more).await;
        assert_eq!(error.kind(), ErrorKind::Usage, "{error:?}");
        assert!(error.to_string().contains("keys.") && error.to_string().contains(says), "{error}");
    };
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    error("chmod 600").await;
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&key, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")
        .unwrap();
    error("openssl pkey").await;
    fs::write(&key, "nothing").unwrap();
    error("no private key").await;
    fs::remove_file(&key).unwrap();
    error("No such file").await;
    fs::remove_file(ground.cluster.path("keys.crt")).unwrap();
    error("sslcert").await;
    let other = ground.authority.sign("carol", &[], (2020, 2090));
    let mixed = Signed { certificate: carol.certificate, key: other.key };
    let refused = ground.refuses("carol", &shown(&ground, "mixed", &mixed)).await;
    assert!(refused.to_string().contains("do not belong together"), "{refused}");
}
