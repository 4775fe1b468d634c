//! What the database does with a row when the one that it refers to is deleted.

use orm::{Result, prelude::*};

#[derive(Model, Debug)]
struct Shelf {
    id: i64,
}

/// One key of each kind; the defaults of tests are that a shelf is 1.
#[derive(Model, Debug)]
struct Vase {
    id: i64,
    #[orm(on_delete = "cascade")]
    cascade: Option<ForeignKey<Shelf>>,
    #[orm(on_delete = "set_null")]
    set_null: Option<ForeignKey<Shelf>>,
    #[orm(on_delete = "set_default", db_default = "1")]
    set_default: ForeignKey<Shelf>,
    #[orm(on_delete = "restrict")]
    restrict: Option<ForeignKey<Shelf>>,
    #[orm(on_delete = "no_action")]
    no_action: Option<ForeignKey<Shelf>>,
    unsaid: Option<ForeignKey<Shelf>>,
    beside: ManyToMany<Shelf>,
}

fn all() -> [&'static orm::types::ModelMeta; 2] {
    orm::models![Shelf, Vase]
}

/// Shelves 1 to 3.
async fn shelves() -> Result<()> {
    Shelf::objects().bulk_create((1..=3).map(|id| Shelf::draft().id(id).build())).await?;
    Ok(())
}

async fn delete(shelf: i64) -> Result<u64> {
    atomic(async { Shelf::objects().filter(|s| s.id.eq(shelf)).delete().await }).await
}

#[orm::test(models = all(), transaction)]
async fn cascade_deletes_the_row_and_its_pairs() -> Result<()> {
    shelves().await?;
    let vase = Vase::objects().create().cascade(ForeignKey::to(2)).await?;
    vase.beside.add([1, 3]).await?;
    assert_eq!(delete(2).await?, 1);
    assert_eq!(Vase::objects().count().await?, 0);
    assert_eq!(Vase::objects().filter(|v| v.beside.eq(1)).count().await?, 0);
    assert_eq!(delete(3).await?, 1, "no pair holds it");
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn set_null_and_set_default_change_the_key() -> Result<()> {
    shelves().await?;
    let mut vase = Vase::objects().create().set_null(ForeignKey::to(2)).set_default(2).await?;
    assert_eq!(delete(2).await?, 1);
    vase.refresh().await?;
    assert_eq!((vase.set_null, vase.set_default.id()), (None, 1));
    let error = delete(1).await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "the default is not there any more");
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn restrict_no_action_and_nothing_refuse() -> Result<()> {
    shelves().await?;
    for key in ["restrict", "no_action", "unsaid"] {
        let vase = Vase::objects().create();
        let vase = match key {
            "restrict" => vase.restrict(ForeignKey::to(3)),
            "no_action" => vase.no_action(ForeignKey::to(3)),
            _ => vase.unsaid(ForeignKey::to(3)),
        };
        let vase = vase.await?;
        let error = delete(3).await.unwrap_err();
        assert!(error.is_foreign_key_violation());
        assert!(error.constraint().is_some_and(|name| name.contains(key)), "{error}");
        vase.delete().await?;
    }
    assert_eq!(delete(3).await?, 1);
    Ok(())
}

/// Two keys to one row: what is restricted may be gone by the other.
#[derive(Model, Debug)]
struct Cup {
    id: i64,
    #[orm(on_delete = "cascade")]
    shelf: ForeignKey<Shelf>,
    #[orm(on_delete = "no_action")]
    also: ForeignKey<Shelf>,
}

#[orm::test(models(Shelf, Cup), transaction)]
async fn no_action_lets_a_row_go_that_another_key_takes_with_it() -> Result<()> {
    shelves().await?;
    Cup::objects().create().shelf(2).also(2).await?;
    assert_eq!(delete(2).await?, 1);
    assert_eq!(Cup::objects().count().await?, 0);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_pair_goes_with_either_row() -> Result<()> {
    shelves().await?;
    let vases: Vec<Vase> =
        Vase::objects().bulk_create([Vase::draft().build(), Vase::draft().build()]).await?;
    vases[0].beside.add([2, 3]).await?;
    vases[1].beside.add([2]).await?;
    assert_eq!(delete(2).await?, 1);
    assert_eq!(vases[0].beside.query().values(|s| s.id).await?, [3]);
    assert_eq!(vases[1].beside.query().count().await?, 0);
    vases[0].delete().await?;
    assert_eq!(Shelf::objects().count().await?, 2);
    Ok(())
}
