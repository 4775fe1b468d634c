//! Strings of bits.

use super::{by_hand, through_bytes, with_tables};
use bit_vec::BitVec;
use orm::{FieldType, prelude::*, testing::TestDb};

#[derive(Model, Debug, Clone, PartialEq)]
struct Flags {
    id: i64,
    bits: BitVec,
    #[orm(max_length = 9)]
    few: Option<BitVec>,
    sets: Vec<BitVec>,
}

fn bits(length: usize) -> BitVec {
    (0..length).map(|bit| bit % 3 == 0).collect()
}

#[tokio::test]
async fn bits_come_back_as_they_went_in() {
    with_tables(orm::models![Flags], async {
        let lengths = [0, 1, 7, 8, 9, 31, 32, 33, 1000];
        let drafts = lengths
            .map(|n| Flags::draft().bits(bits(n)).few(bits(n.min(9))).sets([bits(n), bits(3)]).build());
        for (row, n) in Flags::objects().bulk_create(drafts).await?.iter().zip(lengths) {
            assert_eq!((&row.bits, &row.sets), (&bits(n), &vec![bits(n), bits(3)]));
            let copy = Flags::objects().create().bits(&row.bits).sets(&row.sets).await?;
            assert_eq!((copy.bits, copy.few), (bits(n), None));
            assert_eq!(
                Flags::objects().filter(|f| f.bits.eq(bits(n)) & f.sets.eq(&row.sets)).count().await?,
                2
            );
        }
        let error = Flags::objects().update(|f| f.few.set(bits(10))).await.unwrap_err();
        assert!(error.is_invalid_value(), "{error}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_column_of_a_fixed_number_of_bits_is_read_and_written() {
    let test = TestDb::create().await.unwrap();
    test.db().create_tables(orm::models![Flags]).await.unwrap();
    let client = by_hand(&test).await;
    client
        .batch_execute("ALTER TABLE flags ALTER bits TYPE bit(12), ALTER sets TYPE bit(3)[]")
        .await
        .unwrap();
    test.db()
        .scope(async {
            let row = Flags::objects().create().bits(bits(12)).sets([bits(3)]).await?;
            assert_eq!((&row.bits, &row.sets), (&bits(12), &vec![bits(3)]));
            assert_eq!(Flags::objects().filter(|f| f.bits.eq(bits(12))).one().await?, row);
            let error = Flags::objects().update(|f| f.bits.set(bits(11))).await.unwrap_err();
            assert!(error.is_invalid_value(), "{error}");
            Ok::<_, orm::Error>(())
        })
        .await
        .unwrap();
}

#[test]
fn bits_beyond_the_last_are_an_error() {
    assert_eq!(BitVec::decode(&[0, 0, 0, 9, 0b1010_0000, 0b1000_0000]).unwrap().len(), 9);
    assert!(BitVec::decode(&[0, 0, 0, 9, 0b1010_0000, 0b1100_0000]).is_err());
    assert!(BitVec::decode(&[0, 0, 0, 9, 0]).is_err() && BitVec::decode(&[0, 0, 0, 8, 0, 0]).is_err());
    assert_eq!(through_bytes(&bits(77)).unwrap(), bits(77));
}
