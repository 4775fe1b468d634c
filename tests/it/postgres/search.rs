//! Full text search: what is found, in what order, and how it is shown.

use super::check;
use expect_test::expect;
use orm::{
    Result, TsVector,
    prelude::*,
    search::{self, Headline, Rank, Weight, lexeme, phrase, plain, raw, websearch},
};

#[derive(Model, Debug, Clone, PartialEq)]
struct Page {
    id: i64,
    title: String,
    body: Option<String>,
    #[orm(default = "english")]
    language: String,
    #[orm(
        generated = "setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', coalesce(body, '')), 'B')"
    )]
    words: TsVector,
    notes: HasMany<Note>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Note {
    id: i64,
    text: String,
    #[orm(on_delete = "cascade")]
    page: ForeignKey<Page>,
}

async fn filled() -> Result<()> {
    let pages = [
        (1, "Cats", Some("Two small cats sat on a mat, far from all dogs."), "english"),
        (2, "Dogs", Some("A dog is no cat."), "english"),
        (3, "Häuser", None, "german"),
    ];
    for (id, title, body, language) in pages {
        let page = Page::objects().create().id(id).title(title).language(language);
        page.body(body.map(String::from)).await?;
    }
    Note::objects().create().text("O'Neil's cat \\ mouse").page(ForeignKey::to(2)).await?;
    orm::execute("SET LOCAL default_text_search_config = 'pg_catalog.english'").await?;
    Ok(())
}

#[orm::test(models(Page, Note), transaction)]
async fn texts_and_vectors_are_searched_for_all_words_of_a_text() -> Result<()> {
    filled().await?;
    let pages = Page::objects;
    check(
        pages().filter(|p| p.title.search("cat")),
        expect![[r#"TO_TSVECTOR("page"."title") @@ PLAINTO_TSQUERY($1)"#]],
        &[1],
    )
    .await;
    check(
        pages().filter(|p| p.words.search("dogs cat")),
        expect![[r#""page"."words" @@ PLAINTO_TSQUERY($1)"#]],
        &[1, 2],
    )
    .await;
    // NULL is not searched, and stays under `!`; several texts are one, NULL empty.
    check(
        pages().exclude(|p| p.body.search("mat")),
        expect![[r#"(TO_TSVECTOR("page"."body") @@ PLAINTO_TSQUERY($1)) IS NOT TRUE"#]],
        &[2, 3],
    )
    .await;
    let both = pages().filter(|p| search::vector((p.title, p.body)).search("dogs cat"));
    check(both, expect![[r#"TO_TSVECTOR(COALESCE("page"."title", '') || (' ' || COALESCE("page"."body", ''))) @@ PLAINTO_TSQUERY($1)"#]], &[1, 2]).await;
    // Of related rows, and for what stands in a column.
    assert_eq!(pages().filter(|p| p.notes.text.search("mouse")).count().await?, 1);
    assert_eq!(pages().filter(|p| p.words.search(plain(p.title))).count().await?, 3);
    Ok(())
}

#[orm::test(models(Page, Note), transaction)]
async fn a_search_can_be_for_phrases_alternatives_and_what_users_type() -> Result<()> {
    filled().await?;
    let found = async |query: search::SearchQuery| {
        Page::objects().filter(|p| p.words.search(query)).order_by(|p| p.id).values(|p| p.id).await.unwrap()
    };
    assert_eq!(found(phrase("small cats")).await, [1]);
    assert_eq!(found(phrase("cats small")).await, [0; 0]);
    assert_eq!(found(raw("mat | dog:*")).await, [1, 2]);
    assert_eq!(found(websearch("cat -mat")).await, [2]);
    assert_eq!(found(websearch("((' & | !")).await, [0; 0]);
    assert_eq!(found(plain("mat") & "cats").await, [1]);
    assert_eq!(found(!plain("mat") & plain("cat") | phrase("never there")).await, [2]);
    assert_eq!(found(plain("small").then("cats")).await, [1]);
    let error =
        atomic(async { Page::objects().filter(|p| p.words.search(raw("a &"))).await }).await.unwrap_err();
    assert!(error.to_string().contains("tsquery"), "{error}");
    Ok(())
}

#[orm::test(models(Page, Note), transaction)]
async fn a_lexeme_is_one_word_whatever_is_in_it() -> Result<()> {
    filled().await?;
    let pages = Page::objects;
    let cats = pages().filter(|p| p.words.search(lexeme("ca").prefix().weight(Weight::A)));
    check(cats, expect![[r#""page"."words" @@ TO_TSQUERY($1)"#]], &[1]).await;
    let heavy = pages().filter(|p| p.words.search(lexeme("dog").weight(Weight::A).weight(Weight::C)));
    assert_eq!(heavy.values(|p| p.id).await?, [2]);
    assert_eq!(
        pages().filter(|p| p.words.search(!lexeme("dog") & lexeme("haus").prefix())).count().await?,
        0
    );
    for text in ["O'Neil", "\\", "a & b", "'", "x:*", "", "' | 'dog"] {
        let found = Note::objects().filter(|n| n.text.search(lexeme(text))).count().await?;
        assert_eq!(found, i64::from(text == "O'Neil"), "{text}");
    }
    Ok(())
}

#[orm::test(models(Page, Note), transaction)]
async fn a_configuration_is_a_name_or_a_field() -> Result<()> {
    filled().await?;
    let german = search::config("german");
    let query = Page::objects().filter(|p| p.title.search(german.plain("Haus")));
    check(
        query,
        expect![[
            r#"TO_TSVECTOR('german'::regconfig, "page"."title") @@ PLAINTO_TSQUERY('german'::regconfig, $1)"#
        ]],
        &[3],
    )
    .await;
    let query = Page::objects().filter(|p| {
        let language = search::config(p.language);
        language.vector((p.title, p.body)).search(language.plain("Haus") | language.lexeme("mats"))
    });
    check(query, expect![[r#"TO_TSVECTOR(CAST("page"."language" AS regconfig), COALESCE("page"."title", '') || (' ' || COALESCE("page"."body", ''))) @@ (PLAINTO_TSQUERY(CAST("page"."language" AS regconfig), $1) || TO_TSQUERY(CAST("page"."language" AS regconfig), $2))"#]], &[1, 3])
        .await;
    let unknown = search::config("quechua'");
    let error = atomic(async { Page::objects().filter(|p| p.title.search(unknown.plain("x"))).await }).await;
    assert!(error.unwrap_err().to_string().contains("quechua'"));
    Ok(())
}

#[orm::test(models(Page, Note), transaction)]
async fn what_fits_best_comes_first() -> Result<()> {
    filled().await?;
    let ranked = |how: Option<Rank>| {
        Page::objects().filter(|p| p.words.search("cat")).order_by(|p| p.id).values(move |p| match how {
            None => p.words.rank("cat"),
            Some(how) => p.words.rank_with("cat", how),
        })
    };
    let plain: Vec<f32> = ranked(None).await?;
    assert!(plain[0] > plain[1]);
    // Only what has the weight B counts.
    let bodies: Vec<f32> = ranked(Some(Rank::default().weights([0.0, 0.0, 1.0, 0.0]))).await?;
    assert!(bodies[0] > 0.0 && (bodies[0] - bodies[1]).abs() < 1e-6, "{bodies:?}");
    let scaled: Vec<f32> = ranked(Some(Rank::default().normalization(32))).await?;
    assert!(scaled[0] < plain[0] && scaled[0] < 1.0);
    let dense: Vec<f32> = ranked(Some(Rank::default().cover_density())).await?;
    assert_ne!(dense, plain);
    // Weights said in the query, and of a text that may be NULL.
    let order = Page::objects()
        .order_by(|p| {
            let words =
                search::vector(p.title).weight(Weight::D).with(search::vector((p.body,)).weight(Weight::A));
            words.rank("mat").desc()
        })
        .values(|p| (p.id, p.body.rank("mat")));
    let rows: Vec<(i64, Option<f32>)> = order.await?;
    assert!(rows[0].0 == 1 && rows[0].1 > Some(0.0));
    assert!(rows.contains(&(3, None)));
    Ok(())
}

#[orm::test(models(Page, Note), transaction)]
async fn a_headline_shows_where_the_words_are() -> Result<()> {
    filled().await?;
    let cats = || Page::objects().filter(|p| p.id.eq(1));
    let (plain, none): (Option<String>, Option<String>) = cats()
        .values(|p| {
            (
                p.body.headline("cats"),
                p.body.headline_with("cats", Headline::default().start_sel("[").stop_sel("]")),
            )
        })
        .one()
        .await?;
    assert_eq!(plain.as_deref(), Some("Two small <b>cats</b> sat on a mat, far from all dogs."));
    assert_eq!(none.as_deref(), Some("Two small [cats] sat on a mat, far from all dogs."));
    let quoted = Headline::default()
        .start_sel("<i class=\"a, b\\\">")
        .stop_sel("\"")
        .min_words(1)
        .max_words(3)
        .short_word(0);
    let line: Option<String> =
        cats().values(|p| p.body.headline_with(search::config("english").plain("mat"), quoted)).one().await?;
    assert!(line.as_deref().is_some_and(|line| line.contains("<i class=\"a, b\\\">mat\"")), "{line:?}");
    let parts = Headline::default()
        .max_fragments(2)
        .fragment_delimiter(" # ")
        .max_words(2)
        .min_words(1)
        .highlight_all(false);
    let line: Option<String> =
        cats().values(|p| p.body.headline_with(plain_or("two", "dogs"), parts)).one().await?;
    assert!(line.as_deref().is_some_and(|line| line.contains(" # ")), "{line:?}");
    Ok(())
}

fn plain_or(a: &str, b: &str) -> search::SearchQuery {
    plain(a) | b
}

#[orm::test(models(Page, Note))]
async fn a_generated_vector_with_an_index_is_searched_by_it() -> Result<()> {
    orm::execute("CREATE INDEX page_words ON page USING gin (words)").await?;
    orm::execute("CREATE INDEX page_title ON page USING gin (to_tsvector('english', title))").await?;
    filled_outside().await?;
    orm::execute("ANALYZE page").await?;
    let by_column = Page::objects().filter(|p| p.words.search("zebra")).explain().await?;
    assert!(by_column.contains("page_words"), "{by_column}");
    let english = search::config("english");
    let by_expression = Page::objects().filter(|p| p.title.search(english.plain("zebra"))).explain().await?;
    assert!(by_expression.contains("page_title"), "{by_expression}");
    Ok(())
}

async fn filled_outside() -> Result<()> {
    let drafts = (0..5000).map(|n| Page::draft().title(format!("word{n} number{}", n % 7)).build());
    Page::objects().bulk_create(drafts).await?;
    Ok(())
}
