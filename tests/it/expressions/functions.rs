//! Functions of texts and numbers.

use super::{Post, User, World, world};
use orm::{Expr, prelude::*, value};

/// What an expression of a user is for ann.
async fn of<T: orm::types::Value + orm::types::Row>(w: &World, expr: Expr<T, orm::types::kind::Free>) -> T {
    User::objects().using(w.db()).filter(|u| u.id.eq(1)).values(move |_| expr).one().await.unwrap()
}

#[tokio::test]
async fn functions_of_texts_are_postgres() {
    let w = world().await;
    let text = || value(" Ärger\u{e9} ");
    assert_eq!(of(&w, text().lower()).await, " ärgeré ");
    assert_eq!(of(&w, text().upper()).await, " ÄRGERÉ ");
    assert_eq!(of(&w, value("ab cd").initcap()).await, "Ab Cd");
    assert_eq!(of(&w, text().length()).await, 8);
    assert_eq!(of(&w, text().octet_length()).await, 10);
    assert_eq!(of(&w, text().trim()).await, "Ärgeré");
    assert_eq!(of(&w, text().ltrim()).await, "Ärgeré ");
    assert_eq!(of(&w, text().rtrim()).await, " Ärgeré");
    assert_eq!(of(&w, value("abc").reverse()).await, "cba");
    assert_eq!(of(&w, value("é").ord()).await, 233);
    assert_eq!(of(&w, value(233).chr()).await, "é");
    assert_eq!(of(&w, value(233i64).chr()).await, "é");
    assert_eq!(of(&w, value("abcd").left(2)).await, "ab");
    assert_eq!(of(&w, value("abcd").right(-1)).await, "bcd");
    assert_eq!(of(&w, value("ab").repeat(3)).await, "ababab");
    assert_eq!(of(&w, value("abcd").substr_from(3)).await, "cd");
    assert_eq!(of(&w, value("abcd").substr(2, 2)).await, "bc");
    assert_eq!(of(&w, value("abcd").strpos("c")).await, 3);
    assert_eq!(of(&w, value("abcd").strpos("x")).await, 0);
    assert_eq!(of(&w, value("a-b-c").replace("-", "+")).await, "a+b+c");
    assert_eq!(of(&w, value("7").lpad(3, "0")).await, "007");
    assert_eq!(of(&w, value("7").rpad(3, "0")).await, "700");
    assert_eq!(of(&w, value("a1b22").regexp_replace("([0-9]+)", "<\\1>")).await, "a<1>b<22>");
}

#[tokio::test]
async fn hashes_are_hexadecimal() {
    let w = world().await;
    assert_eq!(of(&w, value("abc").md5()).await, "900150983cd24fb0d6963f7d28e17f72");
    assert_eq!(
        of(&w, value("abc").sha224()).await,
        "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"
    );
    assert_eq!(
        of(&w, value("abc").sha256()).await,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert!(of(&w, value("abc").sha384()).await.starts_with("cb00753f45a35e8b"));
    assert!(of(&w, value("abc").sha512()).await.starts_with("ddaf35a193617aba"));
}

#[tokio::test]
async fn a_function_of_null_is_null_and_a_lookup_as_any_other() {
    let w = world().await;
    let lengths: Vec<Option<i32>> =
        User::objects().using(w.db()).order_by(|u| u.id).values(|u| u.email.length()).await.unwrap();
    assert_eq!(lengths, [Some(5), None, Some(5), None]);
    let found = |query: QuerySet<User>| async {
        query.using(w.db()).order_by(|u| u.id).values(|u| u.id).await.unwrap()
    };
    assert_eq!(found(User::objects().filter(|u| u.email.upper().eq("ANN@X"))).await, [1]);
    assert_eq!(found(User::objects().exclude(|u| u.email.upper().eq("ANN@X"))).await, [2, 3, 4]);
    assert_eq!(found(User::objects().filter(|u| u.email.upper().ne("ANN@X"))).await, [2, 3, 4]);
    assert_eq!(found(User::objects().filter(|u| u.company.name.left(1).eq("z"))).await, [4]);
    // Across a to-many relation, both conditions are of one post.
    let query =
        |title: &str| User::objects().filter(|u| u.posts.title.upper().eq(title) & u.posts.views.lt(10));
    assert_eq!(found(query("RUST")).await, [2]);
    assert_eq!(found(query("GO")).await, [1]);
}

#[tokio::test]
async fn a_collation_says_what_comes_first() {
    let w = world().await;
    let first = |collation| {
        let users = User::objects().using(w.db());
        users.order_by(move |u| orm::case().when(u.id.eq(1), "B").otherwise("a").collate(collation)).first()
    };
    assert_eq!(first("C").await.unwrap().unwrap().id, 1);
    assert_ne!(first("en-x-icu").await.unwrap().unwrap().id, 1);
}

#[tokio::test]
async fn functions_of_numbers_keep_the_type_or_give_floats() {
    let w = world().await;
    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    assert_eq!(of(&w, value(-3).abs()).await, 3);
    assert_eq!(of(&w, value(-3i16).sign()).await, -1);
    assert_eq!(of(&w, value(-2.5).abs()).await, 2.5);
    assert_eq!(of(&w, value(2.1f32).ceil()).await, 3.0);
    assert_eq!(of(&w, value(-2.1).floor()).await, -3.0);
    assert_eq!(of(&w, value(decimal("2.1")).ceil()).await, decimal("3"));
    assert_eq!(of(&w, value(2.345).round(2)).await, 2.35);
    assert_eq!(of(&w, value(1250).round(-2)).await, 1300);
    assert_eq!(of(&w, value(decimal("2.349")).truncate(2)).await, decimal("2.34"));
    assert_eq!(of(&w, value(9).sqrt()).await, 3.0);
    assert_eq!(of(&w, value(decimal("6.25")).sqrt()).await, 2.5);
    assert_eq!(of(&w, value(0.0).cbrt()).await, 0.0);
    assert_eq!(of(&w, value(2).power(10.0)).await, 1024.0);
    assert_eq!(of(&w, value(8).log(2.0)).await, 3.0);
    assert_eq!(of(&w, value(1000.0).log10()).await, 3.0);
    assert_eq!(of(&w, value(0).exp()).await, 1.0);
    assert_eq!(of(&w, value(1).ln()).await, 0.0);
    assert_eq!(of(&w, value(0.0).sin() + value(0.0).cos() + value(0.0).tan()).await, 1.0);
    assert_eq!(of(&w, value(1.0).asin() - value(0.0).acos() + value(0.0).atan()).await, 0.0);
    assert_eq!(of(&w, value(0.0).atan2(1.0)).await, 0.0);
    assert!((of(&w, (orm::pi() / 4.0).cot()).await - 1.0).abs() < 1e-9);
    assert_eq!(of(&w, orm::pi().degrees()).await, 180.0);
    assert_eq!(of(&w, value(180).radians()).await, std::f64::consts::PI);
    assert_eq!(of(&w, value(6).bitand(3)).await, 2);
    assert_eq!(of(&w, value(6).bitor(3)).await, 7);
    assert_eq!(of(&w, value(6).bitxor(3)).await, 5);
    assert_eq!(of(&w, value(6i64).bitleftshift(2) + 0).await, 24);
    assert_eq!(of(&w, value(6i16).bitrightshift(1)).await, 3);
}

#[tokio::test]
async fn what_the_server_makes_itself_is_of_its_type() {
    let w = world().await;
    let random = of(&w, orm::random()).await;
    assert!((0.0..1.0).contains(&random));
    assert_eq!(of(&w, orm::uuid4()).await.get_version_num(), 4);
    let rows: Vec<Uuid> = Post::objects().using(w.db()).values(|_| orm::uuid4()).await.unwrap();
    assert!(rows.iter().all(|uuid| rows.iter().filter(|other| *other == uuid).count() == 1));
}

#[tokio::test]
async fn functions_of_angles_are_those_of_floats() {
    let w = world().await;
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} is not {b}");
    near(of(&w, value(0.5).sin()).await, 0.5_f64.sin());
    near(of(&w, value(0.5).cos()).await, 0.5_f64.cos());
    near(of(&w, value(0.5).tan()).await, 0.5_f64.tan());
    near(of(&w, value(0.5).asin()).await, 0.5_f64.asin());
    near(of(&w, value(0.5).acos()).await, 0.5_f64.acos());
    near(of(&w, value(0.5).atan()).await, 0.5_f64.atan());
    near(of(&w, value(1.0).atan2(2.0)).await, 1_f64.atan2(2.0));
    near(of(&w, value(2.0).exp()).await, 2_f64.exp());
    near(of(&w, value(2.0).ln()).await, 2_f64.ln());
}

#[tokio::test]
async fn numbers_and_texts_are_cast_and_json_is_made_of_values() {
    let w = world().await;
    assert_eq!(of(&w, value(7).cast::<String>()).await, "7");
    assert_eq!(of(&w, value("42").cast::<i64>()).await, 42);
    assert_eq!(of(&w, orm::least((value(3), 2, 5))).await, 2);
    assert_eq!(of(&w, orm::greatest((value(3), 2, 5))).await, 5);
    let array = orm::func::<serde_json::Value, _>("jsonb_build_array", (value("a"), value(1)));
    assert_eq!(of(&w, array).await, serde_json::json!(["a", 1]));
    let object = orm::func::<serde_json::Value, _>("jsonb_build_object", (value("a"), value(1)));
    assert_eq!(of(&w, object).await, serde_json::json!({"a": 1}));
}

#[tokio::test]
async fn sha1_is_that_of_pgcrypto() {
    let test = orm::testing::TestDb::create().await.unwrap();
    test.db().create_extension("pgcrypto").await.unwrap();
    test.db().create_tables(crate::models::all()).await.unwrap();
    User::objects().using(test.db()).create().username("ann").await.unwrap();
    let hash = User::objects().using(test.db()).values(|_| value("abc").sha1()).one().await.unwrap();
    assert_eq!(hash, "a9993e364706816aba3e25717850c26c9cd0d89d");
}

#[tokio::test]
async fn uuid7_is_a_version_7_or_an_error_where_the_server_has_none() {
    let w = world().await;
    match User::objects().using(w.db()).values(|_| orm::uuid7()).first().await {
        Ok(uuid) => assert_eq!(uuid.unwrap().get_version_num(), 7),
        Err(error) => assert!(error.is_schema(), "{error:?}"),
    }
}
