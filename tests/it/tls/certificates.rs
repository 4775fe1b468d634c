//! Each `sslmode` against each kind of certificate.

use super::ground::{Authority, Ground, SERIAL, Signed, connects, signed};
use orm::ErrorKind;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, IsCa, KeyIdMethod, KeyPair,
    PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, RevokedCertParams, SerialNumber, date_time_ymd,
};
use std::fs;

#[tokio::test]
async fn each_sslmode_accepts_what_it_says() {
    let ground = Ground::new("certificates").await;
    let modes = ["require", "verify-ca", "verify-full"];
    let other = Authority::new("somebody else");
    let wrong_host = ground.authority.sign("server", &["db.example", "db2.example"], (2020, 2090));
    let expired = ground.authority.sign("server", &["localhost"], (2010, 2011));
    let early = ground.authority.sign("server", &["localhost"], (2080, 2090));
    let nameless = ground.authority.sign("localhost", &[], (2020, 2090));
    let expired_wrong_host = ground.authority.sign("server", &["db.example"], (2010, 2011));
    let own = signed("server", &["localhost"], (2020, 2090), None);
    let foreign = other.good();
    // What the modes say of each; with a file of CAs `require` is `verify-ca`.
    let cases = [
        ("good", ground.authority.good(), ["", "", ""]),
        (
            "wrong host",
            wrong_host,
            ["", "", "\"db.example\"), DnsName(\"db2.example\")|not for `localhost`|verify-ca"],
        ),
        ("no name", nameless, ["", "", "subjectAltName|`localhost`"]),
        ("expired", expired, ["has expired"; 3]),
        ("early", early, ["not valid yet|clocks"; 3]),
        ("expired, of another host", expired_wrong_host, ["has expired"; 3]),
        ("its own", own, ["signed by none of|ca.crt"; 3]),
        ("another's", foreign, ["signed by none of|ca.crt"; 3]),
    ];
    for (name, certificate, expected) in &cases {
        ground.show(certificate).await;
        for (mode, says) in modes.iter().zip(expected) {
            let more = format!("sslmode={mode}");
            if says.is_empty() {
                assert!(ground.connects("alice", &more).await.unwrap(), "{name}, {mode}: not encrypted");
                continue;
            }
            let error = ground.refuses("alice", &more).await;
            assert_eq!(error.kind(), ErrorKind::Connection, "{name}, {mode}: {error:?}");
            let text = error.to_string();
            for part in says.split('|').chain(["localhost:"]) {
                assert!(text.contains(part), "{name}, {mode}: `{part}` is not in: {text}");
            }
        }
        let blind = ground.connects("alice", "sslmode=require sslrootcert=''").await;
        assert!(blind.unwrap(), "{name}: `require` without CAs takes it");
    }
}

#[tokio::test]
async fn a_name_is_compared_with_what_was_asked_for_and_an_address_with_addresses() {
    let ground = Ground::new("names").await;
    ground.show(&ground.authority.sign("server", &["db.example", "127.0.0.1"], (2020, 2090))).await;
    let to = ground.to("alice", "sslmode=verify-full");
    let at = async |place: &str| connects(&format!("{to} {place}")).await;
    assert!(at("host=db.example hostaddr=127.0.0.1").await.unwrap());
    assert!(at("host=127.0.0.1 hostaddr=''").await.unwrap());
    assert!(at("host='' hostaddr=127.0.0.1").await.unwrap());
    assert!(at("host=localhost").await.unwrap_err().to_string().contains("not for `localhost`"));
    let no_name = at("host='no name'").await.unwrap_err();
    assert!(no_name.to_string().contains("`no name`"), "{no_name}");
}

#[tokio::test]
async fn a_revoked_certificate_is_refused() {
    let ground = Ground::shared().await;
    let list = |serials: &[u64]| {
        let revoked = |serial: &u64| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: date_time_ymd(2021, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let params = CertificateRevocationListParams {
            this_update: date_time_ymd(2021, 1, 1),
            next_update: date_time_ymd(2090, 1, 1),
            crl_number: SerialNumber::from(1u64),
            issuing_distribution_point: None,
            revoked_certs: serials.iter().map(revoked).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(&ground.authority.0).unwrap().pem().unwrap()
    };
    let file = ground.cluster.path("list.crl");
    let more = format!("sslmode=verify-ca sslcrl={}", file.display());
    fs::write(&file, list(&[1])).unwrap();
    assert!(ground.connects("alice", &more).await.unwrap());
    fs::write(&file, list(&[1, SERIAL])).unwrap();
    let error = ground.refuses("alice", &more).await;
    assert!(error.to_string().contains("was revoked"), "{error}");
}

#[tokio::test]
async fn the_certificate_of_a_ca_is_not_one_of_a_server() {
    let ground = Ground::new("ca-as-server").await;
    let mut params = CertificateParams::new(vec!["localhost".into()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let own = Signed { certificate: params.self_signed(&key).unwrap().pem(), key: key.serialize_pem() };
    ground.show(&own).await;
    ground.cluster.write("own.crt", &own.certificate);
    let more = format!("sslmode=verify-full sslrootcert={}", ground.cluster.path("own.crt").display());
    let error = ground.refuses("alice", &more).await;
    assert!(error.to_string().contains("certificate of a CA"), "{error}");
}

#[tokio::test]
async fn a_log_in_is_bound_to_certificates_of_each_kind_of_signature() {
    let ground = Ground::new("signatures").await;
    for kind in [&PKCS_ECDSA_P256_SHA256, &PKCS_ECDSA_P384_SHA384] {
        let authority = Authority::with("of this kind", KeyPair::generate_for(kind).unwrap());
        ground.show(&authority.good()).await;
        ground.cluster.write("kind.crt", &authority.0.pem());
        let more =
            format!("channel_binding=require sslrootcert={}", ground.cluster.path("kind.crt").display());
        assert!(ground.connects("alice", &more).await.unwrap(), "{kind:?}");
    }
}
