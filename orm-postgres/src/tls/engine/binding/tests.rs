//! Which hash belongs to which signature.

use super::*;

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    match content.len() {
        ..0x80 => [&[tag, length[1]], &content[..]].concat(),
        _ => [&[tag, 0x82], &length[..], &content].concat(),
    }
}

/// As much of a certificate as is looked at.
fn certificate(name: &[u8], parameters: &[u8]) -> Vec<u8> {
    let signed = der(SEQUENCE, &[&[7; 300]]);
    let algorithm = der(SEQUENCE, &[&der(OBJECT, &[name]), parameters]);
    der(SEQUENCE, &[&signed, &algorithm, &[3, 1, 0]])
}

fn length(certificate: &[u8]) -> Option<usize> {
    end_point(certificate).map(|hash| hash.len())
}

#[test]
fn the_hash_is_that_of_the_signature_and_at_least_sha_256() {
    for (kind, bytes) in
        [(4, Some(32)), (5, Some(32)), (11, Some(32)), (12, Some(48)), (13, Some(64)), (14, None)]
    {
        assert_eq!(length(&certificate(&[&RSA[..], &[kind]].concat(), &[5, 0])), bytes, "RSA {kind}");
    }
    for (kind, bytes) in [(&[1][..], Some(32)), (&[3, 2], Some(32)), (&[3, 3], Some(48)), (&[3, 4], Some(64))]
    {
        assert_eq!(length(&certificate(&[&ECDSA[..], kind].concat(), &[])), bytes, "ECDSA {kind:?}");
    }
    let ed25519 = [0x2b, 0x65, 0x70];
    assert_eq!(length(&certificate(&ed25519, &[])), None);
}

#[test]
fn the_hash_of_a_pss_signature_is_in_its_parameters() {
    let pss = [&RSA[..], &[10]].concat();
    for (kind, bytes) in [(1, 32), (2, 48), (3, 64)] {
        let hash = der(SEQUENCE, &[&der(OBJECT, &[&SHA2, &[kind]]), &[5, 0]]);
        assert_eq!(length(&certificate(&pss, &der(SEQUENCE, &[&der(0xa0, &[&hash])]))), Some(bytes));
    }
    assert_eq!(length(&certificate(&pss, &der(SEQUENCE, &[]))), Some(32));
}

#[test]
fn what_is_no_certificate_has_none() {
    let whole = certificate(&[&RSA[..], &[11]].concat(), &[5, 0]);
    for end in 0..whole.len() {
        assert_eq!(end_point(&whole[..end]), None, "{end}");
    }
    assert_eq!(end_point(&[SEQUENCE, 0x84, 0xff, 0xff, 0xff, 0xff, 0]), None);
    assert_eq!(end_point(&[SEQUENCE, 0x80]), None);
}
