//! Addresses of networks and of hosts.

use super::{by_hand, through_bytes, with_tables};
use cidr::{IpCidr, IpInet};
use orm::{ErrorKind, FieldType, MacAddr, prelude::*, testing::TestDb};
use std::net::IpAddr;

#[derive(Model, Debug, Clone, PartialEq)]
struct Host {
    id: i64,
    ip: IpAddr,
    via: Option<IpAddr>,
    inet: IpInet,
    net: IpCidr,
    mac: Option<MacAddr>,
    ips: Vec<IpAddr>,
    nets: Vec<IpCidr>,
    macs: Vec<MacAddr>,
}

fn host(ip: &str, inet: &str, net: &str) -> orm::Draft<Host> {
    let (ip, net): (IpAddr, IpCidr) = (ip.parse().unwrap(), net.parse().unwrap());
    let draft = Host::draft().ip(ip).inet(inet.parse::<IpInet>().unwrap()).net(net);
    let draft = draft.ips([ip, [0; 16].into()]).nets([net]);
    match ip {
        IpAddr::V4(_) => draft.macs([]).build(),
        IpAddr::V6(_) => draft.via(ip).mac(MacAddr([1, 2, 3, 4, 5, 255])).macs([MacAddr([0; 6])]).build(),
    }
}

#[tokio::test]
async fn addresses_come_back_as_they_went_in() {
    with_tables(orm::models![Host], async {
        let hosts = [
            ("10.0.0.1", "10.0.0.1/8", "10.0.0.0/8"),
            ("255.255.255.255", "10.0.0.1", "0.0.0.0/0"),
            ("::1", "2001:db8::7/64", "2001:db8::/32"),
            ("2001:db8::ff00:42:8329", "::1", "::/0"),
        ];
        let many = Host::objects().bulk_create(hosts.map(|(ip, inet, net)| host(ip, inet, net))).await?;
        for (row, (ip, inet, net)) in many.iter().zip(hosts) {
            assert_eq!(
                (row.ip.to_string(), row.inet.to_string(), row.net.to_string()),
                (ip.into(), inet.into(), net.into())
            );
            assert_eq!(
                (row.via.is_some(), row.mac.is_some(), row.macs.len()),
                match row.ip.is_ipv6() {
                    true => (true, true, 1),
                    false => (false, false, 0),
                }
            );
            let copy = Host::objects().create().ip(row.ip).via(row.via).inet(row.inet).net(row.net);
            let copy = copy.mac(row.mac).ips(&row.ips).nets(&row.nets).macs(&row.macs).await?;
            assert_eq!(Host { id: row.id, ..copy }, *row);
            let equal = Host::objects().filter(|h| {
                h.ip.eq(row.ip)
                    & h.inet.eq(row.inet)
                    & h.net.eq(row.net)
                    & h.mac.eq(row.mac)
                    & h.nets.eq(&row.nets)
            });
            assert_eq!(equal.count().await?, 2);
        }
        let ips: Vec<IpAddr> =
            Host::objects().filter(|h| h.ip.lt(many[1].ip)).values(|h| h.ip).distinct().await?;
        assert_eq!(ips, [many[0].ip]);
        assert_eq!(Host::objects().filter(|h| h.mac.in_([MacAddr([1, 2, 3, 4, 5, 255])])).count().await?, 4);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_network_is_no_host_and_says_so() {
    let test = TestDb::create().await.unwrap();
    test.db().create_tables(orm::models![Host]).await.unwrap();
    let client = by_hand(&test).await;
    let row = "'10.1.2.0/24', '10.1.2.3/24', '10.1.2.0/24', '{}', '{}', '{}'";
    client
        .batch_execute(&format!("INSERT INTO host (ip, inet, net, ips, nets, macs) VALUES ({row})"))
        .await
        .unwrap();
    test.db()
        .scope(async {
            let error = Host::objects().one().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode);
            let text = error.to_string();
            assert!(
                text.contains("Host.ip: ") && text.contains("/24") && text.contains("`cidr::IpInet`"),
                "{text}"
            );
            let inet = Host::objects().values(|h| h.inet).one().await?;
            assert_eq!(inet, "10.1.2.3/24".parse().unwrap());
            Ok::<_, orm::Error>(())
        })
        .await
        .unwrap();
}

#[test]
fn a_mac_address_is_read_from_its_text_and_nothing_else() {
    let mac = MacAddr([0x08, 0, 0x2b, 0xff, 2, 3]);
    for text in ["08:00:2b:ff:02:03", "08-00-2B-FF-02-03"] {
        assert_eq!(text.parse::<MacAddr>().unwrap(), mac);
    }
    for text in [
        "",
        "08:00:2b:ff:02",
        "08:00:2b:ff:02:03:04",
        "8:0:2b:ff:2:3",
        "+8:00:2b:ff:02:03",
        "08:00:2b:fg:02:03",
    ] {
        assert!(text.parse::<MacAddr>().is_err(), "{text}");
    }
    assert_eq!(serde_json::to_string(&mac).unwrap(), "\"08:00:2b:ff:02:03\"");
    assert_eq!(serde_json::from_str::<MacAddr>("\"08:00:2b:ff:02:03\"").unwrap(), mac);
    assert_eq!(through_bytes(&mac).unwrap(), mac);
    assert!(MacAddr::decode(&[0; 8]).is_err());
}
