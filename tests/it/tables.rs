//! What `create_tables` makes.

use orm::{Result, prelude::*};

#[derive(Model, Debug)]
#[orm(table = "drawer")]
struct Drawer {
    id: i16,
    #[orm(index)]
    label: String,
    #[orm(unique)]
    code: i32,
}

#[derive(Model, Debug)]
#[orm(table = "folder")]
struct Folder {
    id: i32,
    drawer: ForeignKey<Drawer>,
}

#[derive(Model, Debug)]
#[orm(table = "pg_indexes")]
struct Index {
    #[orm(primary_key, column = "indexname")]
    name: String,
    #[orm(column = "tablename")]
    table: String,
}

#[orm::test(models(Drawer, Folder))]
async fn keys_of_every_integer_are_numbered_by_the_database() -> Result<()> {
    let drawer = Drawer::objects().create().label("a").code(1).await?;
    let folder = Folder::objects().create().drawer(&drawer).await?;
    assert_eq!((drawer.id, folder.id), (1, 1));
    assert_eq!(Folder::objects().filter(|f| f.drawer.eq(1)).one().await?.drawer.id(), 1);
    Ok(())
}

#[orm::test(models(Drawer, Folder))]
async fn an_index_stands_where_it_is_asked_for_and_on_foreign_keys() -> Result<()> {
    let made = Index::objects().filter(|i| i.table.in_(["drawer", "folder"])).order_by(|i| i.name);
    let names = ["drawer_code_key", "drawer_label_idx", "drawer_pkey", "folder_drawer_id_idx", "folder_pkey"];
    assert_eq!(made.values(|i| i.name).await?, names);
    Ok(())
}

#[orm::test]
async fn tables_are_not_made_inside_of_a_transaction(db: Db) -> Result<()> {
    let error = atomic(async { db.create_tables(orm::models![Drawer]).await }).await.unwrap_err();
    assert!(error.to_string().contains("`create_tables` inside `atomic`"), "{error}");
    let error = atomic(async { db.drop_tables(orm::models![Drawer]).await }).await.unwrap_err();
    assert!(error.to_string().contains("`drop_tables` inside `atomic`"), "{error}");
    Ok(())
}

#[orm::test]
async fn tables_are_made_once_whoever_asks(db: Db) -> Result<()> {
    let made =
        futures_util::future::join_all((0..4).map(|_| db.create_tables(orm::models![Folder, Drawer]))).await;
    made.into_iter().collect::<Result<()>>()
}
