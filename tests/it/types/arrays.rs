//! Arrays, and the unsigned integers.

use orm::{ErrorKind, Result, SqlType, prelude::*, testing::TestDb};

#[derive(Model, Debug, Clone, PartialEq)]
struct Shelf {
    id: u32,
    small: u8,
    medium: u16,
    large: u64,
    tags: Vec<String>,
    sizes: Option<Vec<i32>>,
    gaps: Vec<Option<f64>>,
    blobs: Vec<Vec<u8>>,
    days: Vec<NaiveDate>,
}

fn shelf(n: u8) -> orm::Draft<Shelf> {
    let tags = (0..n % 4).map(|tag| format!("tag {tag}, \"{n}\"")).collect::<Vec<_>>();
    let draft = Shelf::draft()
        .small(n)
        .medium(u16::from(n))
        .large(u64::from(n))
        .tags(tags)
        .gaps(vec![None, Some(f64::from(n))]);
    let draft = draft.blobs(vec![vec![0, n], Vec::new()]).days([NaiveDate::MIN; 0]);
    if n.is_multiple_of(3) {
        draft.build()
    } else {
        draft.sizes(vec![i32::from(n); usize::from(n % 3)]).build()
    }
}

async fn on_shelves(body: impl Future<Output = Result<()>>) {
    let test = TestDb::create().await.unwrap();
    test.db().create_tables(orm::models![Shelf]).await.unwrap();
    test.db().scope(body).await.unwrap();
}

#[tokio::test]
async fn arrays_come_back_as_they_went_in_one_by_one_and_in_bulk() {
    on_shelves(async {
        let one = Shelf::objects().bulk_create([shelf(7)]).await?.remove(0);
        assert_eq!(
            (&one.tags[..], one.sizes.as_deref()),
            (&["tag 0, \"7\"", "tag 1, \"7\"", "tag 2, \"7\""].map(String::from)[..], Some(&[7][..]))
        );
        assert_eq!(
            (one.gaps, one.blobs, one.days),
            (vec![None, Some(7.0)], vec![vec![0, 7], vec![]], vec![])
        );
        let many = Shelf::objects().bulk_create((0..200).map(shelf)).await?;
        assert_eq!(many.len(), 200);
        for (n, row) in (0u8..).zip(&many) {
            assert_eq!((row.small, row.medium, row.large), (n, n.into(), n.into()));
            assert_eq!(row.tags.len(), usize::from(n % 4), "row {n}");
            assert!(row.tags.iter().all(|tag| tag.ends_with(&format!("\"{n}\""))), "{:?}", row.tags);
            assert_eq!(row.sizes, (n % 3 > 0).then(|| vec![i32::from(n); usize::from(n % 3)]), "row {n}");
            assert_eq!((&row.gaps[..], &row.blobs[0][..]), (&[None, Some(f64::from(n))][..], &[0, n][..]));
        }
        assert_eq!(Shelf::objects().filter(|s| s.id.gte(many[0].id)).order_by(|s| s.id).await?, many);
        let mut row = many[5].clone();
        row.tags.push("new".into());
        row.days.push(NaiveDate::from_ymd_opt(2024, 2, 29).unwrap());
        row.save().await?;
        assert_eq!(Shelf::objects().filter(|s| s.tags.eq(&row.tags)).one().await?, row);
        assert_eq!(Shelf::objects().filter(|s| s.sizes.eq([7])).count().await?, 2);
        assert_eq!(Shelf::objects().get(row.id).await?, row);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_array_of_several_dimensions_or_with_a_null_where_none_is_expected_is_an_error() {
    on_shelves(async {
        use orm::FieldType;
        assert_eq!(<Vec<String> as FieldType>::TYPE, SqlType::Array(&SqlType::Text));
        let mut bytes = Vec::new();
        vec![Some(1), None].encode(&mut bytes)?;
        let error = Vec::<i32>::decode(&bytes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains("`Vec<Option<_>>`"), "{error}");
        bytes[3] = 2;
        assert!(Vec::<i32>::decode(&bytes).unwrap_err().to_string().contains("several dimensions"));
        for end in 0..bytes.len() {
            assert!(Vec::<Option<i32>>::decode(&bytes[..end]).is_err(), "cut after {end} bytes");
        }
        let error = Shelf::objects().filter(|s| s.tags.in_([["a"]])).count().await.unwrap_err();
        assert!(
            error.to_string().contains("Shelf.tags") && error.to_string().contains("arrays of arrays"),
            "{error}"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn unsigned_integers_are_checked_by_us_and_by_the_database() {
    on_shelves(async {
        let row = Shelf::objects().bulk_create([shelf(1)]).await?.remove(0);
        let error = Shelf::objects().update(|s| s.large.set(u64::MAX)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue);
        assert!(error.to_string().contains("Shelf.large"), "{error}");
        Shelf::objects()
            .update(|s| (s.small.set(u8::MAX), s.medium.set(u16::MAX), s.large.set(i64::MAX as u64)))
            .await?;
        let row = Shelf::objects().get(row.id).await?;
        assert_eq!((row.small, row.medium, row.large), (u8::MAX, u16::MAX, i64::MAX as u64));
        for error in [
            Shelf::objects().update(|s| s.small.set(s.small + 1)).await.unwrap_err(),
            Shelf::objects().update(|s| s.medium.set(s.medium + 1)).await.unwrap_err(),
            Shelf::objects().update(|s| s.large.set(s.large - s.large - 1)).await.unwrap_err(),
        ] {
            assert!(error.is_check_violation(), "{error}");
        }
        Ok(())
    })
    .await;
}
