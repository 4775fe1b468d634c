//! Addresses, networks and strings of bits in queries.

use super::check;
use bit_vec::BitVec;
use cidr::{IpCidr, IpInet};
use expect_test::expect;
use orm::{Result, prelude::*};
use std::net::IpAddr;

#[derive(Model, Debug, Clone, PartialEq)]
struct Host {
    id: i64,
    ip: IpAddr,
    inet: Option<IpInet>,
    net: IpCidr,
    bits: BitVec,
    few: Option<BitVec>,
}

fn bits(text: &str) -> BitVec {
    text.chars().map(|bit| bit == '1').collect()
}

fn cidr(text: &str) -> IpCidr {
    text.parse().unwrap()
}

async fn filled() -> Result<()> {
    for (id, ip, inet, net, set) in [
        (1, "10.0.0.1", Some("10.0.0.1/8"), "10.0.0.0/8", "10110"),
        (2, "192.168.1.5", None, "10.1.0.0/16", "00000"),
        (3, "2001:db8::7", Some("2001:db8::7/64"), "2001:db8::/32", "11111"),
    ] {
        let (ip, inet): (IpAddr, Option<IpInet>) =
            (ip.parse().unwrap(), inet.map(|inet| inet.parse().unwrap()));
        let host = Host::objects().create().id(id).ip(ip).inet(inet).net(cidr(net));
        host.bits(bits(set)).await?;
    }
    Ok(())
}

#[orm::test(models(Host), transaction)]
async fn addresses_lie_in_networks() -> Result<()> {
    filled().await?;
    let all = Host::objects;
    check(
        all().filter(|h| h.ip.net_contained("10.0.0.0/8")),
        expect![[r#""host"."ip" << CAST($1 AS inet)"#]],
        &[1],
    )
    .await;
    check(
        all().filter(|h| h.ip.net_contained(cidr("192.168.0.0/16"))),
        expect![[r#""host"."ip" << $1"#]],
        &[2],
    )
    .await;
    check(
        all().filter(|h| h.net.net_contained_or_equal("10.0.0.0/8")),
        expect![[r#""host"."net" <<= CAST($1 AS inet)"#]],
        &[1, 2],
    )
    .await;
    check(
        all().filter(|h| h.net.net_contained("10.0.0.0/8")),
        expect![[r#""host"."net" << CAST($1 AS inet)"#]],
        &[2],
    )
    .await;
    check(
        all().filter(|h| h.net.net_contains_or_equals(h.ip)),
        expect![[r#""host"."net" >>= "host"."ip""#]],
        &[1, 3],
    )
    .await;
    check(
        all().filter(|h| h.net.net_contains("10.1.2.3")),
        expect![[r#""host"."net" >> CAST($1 AS inet)"#]],
        &[1, 2],
    )
    .await;
    check(
        all().exclude(|h| h.inet.net_overlaps("10.0.0.0/7")),
        expect![[r#"("host"."inet" && CAST($1 AS inet)) IS NOT TRUE"#]],
        &[2, 3],
    )
    .await;
    let error = atomic(async { all().filter(|h| h.ip.net_contained("ten")).await }).await.unwrap_err();
    assert!(error.is_invalid_value() && !error.to_string().contains("ten"), "{error}");
    Ok(())
}

#[orm::test(models(Host), transaction)]
async fn addresses_have_families_prefixes_and_texts() -> Result<()> {
    filled().await?;
    let rows: Vec<(i32, Option<i32>, String, Option<String>, Option<IpCidr>)> = Host::objects()
        .order_by(|h| h.id)
        .values(|h| (h.ip.family(), h.inet.masklen(), h.net.abbrev(), h.inet.host(), h.inet.network()))
        .await?;
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        rows,
        [
            (4, Some(8), "10/8".to_owned(), text("10.0.0.1"), Some(cidr("10.0.0.0/8"))),
            (4, None, "10.1/16".to_owned(), None, None),
            (6, Some(64), "2001:db8/32".to_owned(), text("2001:db8::7"), Some(cidr("2001:db8::/64"))),
        ]
    );
    check(Host::objects().filter(|h| h.ip.family().eq(6)), expect![[r#"FAMILY("host"."ip") = $1"#]], &[3])
        .await;
    Ok(())
}

#[orm::test(models(Host), transaction)]
async fn bits_are_combined_counted_and_set() -> Result<()> {
    filled().await?;
    let one = Host::objects().filter(|h| h.id.eq(1));
    let other = bits("01100");
    let (and, or, xor, not): (BitVec, BitVec, BitVec, BitVec) = one
        .clone()
        .values(|h| {
            (h.bits.bits_and(&other), h.bits.bits_or(&other), h.bits.bits_xor(&other), h.bits.bits_not())
        })
        .one()
        .await?;
    assert_eq!([and, or, xor, not], ["00100", "11110", "11010", "01001"].map(bits));
    let counts: (i32, i64, i32, Option<i64>) = one
        .clone()
        .values(|h| (h.bits.bit_length(), h.bits.bit_count(), h.bits.get_bit(1), h.few.bit_count()))
        .one()
        .await?;
    assert_eq!(counts, (5, 3, 0, None));
    one.clone().update(|h| h.bits.set(h.bits.set_bit(1, true))).await?;
    assert_eq!(one.values(|h| h.bits).one().await?, bits("11110"));
    check(
        Host::objects().filter(|h| h.bits.bits_and(&other).bit_count().gt(1)),
        expect![[r#"BIT_COUNT(CAST(("host"."bits" & $1) AS bit varying)) > $2"#]],
        &[1, 3],
    )
    .await;
    let error =
        atomic(async { Host::objects().filter(|h| h.bits.bits_and(bits("1")).eq(bits("1"))).await }).await;
    assert!(error.unwrap_err().to_string().contains("different sizes"));
    Ok(())
}
