//! The words of documents.

use super::{through_bytes, with_tables};
use orm::{FieldType, TsVector, prelude::*, types::Weight};

#[derive(Model, Debug, Clone, PartialEq)]
struct Page {
    id: i64,
    #[orm(db_default = "setweight('a:1 fat:2 cat:3,16383', 'B') || 'it''s:9A \\b:2C x'::tsvector")]
    words: TsVector,
    other: Option<TsVector>,
    all: Vec<TsVector>,
}

#[tokio::test]
async fn the_words_of_a_page_are_read_and_written_back() {
    with_tables(orm::models![Page], async {
        let page = Page::objects().create().all([]).await?;
        let text: Vec<String> = Page::objects().values(|p| p.words.cast::<String>()).await?;
        assert_eq!([page.words.to_string()], text[..], "as the server writes it");
        let cat = page.words.lexemes().find(|(lexeme, _)| *lexeme == "cat").unwrap().1;
        assert_eq!((cat[0].place, cat[1].place, cat[0].weight), (3, 16_383, Weight::B));
        let words = page.words.clone();
        let draft = Page::draft().words(&words).other(TsVector::default()).all([words.clone()]).build();
        let copy = Page::objects().bulk_create([draft]).await?.remove(0);
        assert_eq!(
            (&copy.words, copy.other, &copy.all),
            (&words, Some(TsVector::default()), &vec![words.clone()])
        );
        assert_eq!(Page::objects().filter(|p| p.words.eq(&words)).count().await?, 2);
        assert_eq!(Page::objects().filter(|p| p.other.is_null()).one().await?, page);
        assert_eq!(through_bytes(&words)?, words);
        Ok(())
    })
    .await;
}

#[test]
fn words_twice_or_out_of_order_are_an_error() {
    let word = |positions: [u8; 4]| [&b"a\0\0\x02"[..], &positions].concat();
    let vector =
        |words: &[Vec<u8>]| [&[0, 0, 0, u8::try_from(words.len()).unwrap()][..], &words.concat()].concat();
    let right = vector(&[word([0, 1, 0, 2])]);
    assert_eq!(TsVector::decode(&right).unwrap().to_string(), "'a':1,2");
    assert!(TsVector::decode(&vector(&[word([0, 2, 0, 1])])).is_err());
    assert!(TsVector::decode(&vector(&[word([0, 1, 0, 2]), word([0, 1, 0, 2])])).is_err());
}
