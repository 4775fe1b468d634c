//! Tables that change, or are not what the models say.

use super::ground::{Ground, Item};
use orm::{ErrorKind, prelude::*};

#[tokio::test]
async fn a_table_changed_under_a_prepared_statement_is_asked_again_unseen() {
    let ground = Ground::with(|config| config.pool_size(2)).await;
    ground.add("a").await.unwrap();
    for ty in ["varchar(50)", "text", "varchar(60)"] {
        let _ = tokio::join!(ground.names(), ground.names());
        ground.observer.batch_execute(&format!("ALTER TABLE item ALTER name TYPE {ty}")).await.unwrap();
        let (one, two) = tokio::join!(ground.names(), ground.names());
        assert_eq!((one.unwrap(), two.unwrap()), (vec!["a".to_owned()], vec!["a".to_owned()]));
    }
}

#[tokio::test]
async fn a_table_changed_before_a_transaction_makes_it_retryable() {
    let ground = Ground::new().await;
    ground.add("a").await.unwrap();
    ground.names().await.unwrap();
    ground.observer.batch_execute("ALTER TABLE item ALTER name TYPE varchar(50)").await.unwrap();
    let names = Transaction::new().retries(1).run(|| async {
        let names: Vec<String> =
            Item::objects().order_by(|item| item.name.asc()).values(|item| item.name).await?;
        Ok(names)
    });
    assert_eq!(ground.db.scope(names).await.unwrap(), ["a"]);
}

#[tokio::test]
async fn a_column_of_another_type_is_one_clear_error() {
    let ground = Ground::new().await;
    ground.observer.batch_execute("ALTER TABLE item ALTER name TYPE bytea USING name::bytea").await.unwrap();
    let error = ground.names().await.unwrap_err();
    assert!(error.is_schema());
    assert!(error.to_string().contains("`bytea` in the database"), "{error}");
}

#[tokio::test]
async fn a_missing_table_or_column_says_what_to_do() {
    let ground = Ground::new().await;
    ground.observer.batch_execute("ALTER TABLE item RENAME name TO title").await.unwrap();
    assert_eq!(ground.names().await.unwrap_err().kind(), ErrorKind::Schema);
    ground.db.drop_tables(orm::models![Item]).await.unwrap();
    let error = ground.names().await.unwrap_err();
    assert!(error.is_schema() && error.to_string().contains("create_tables"), "{error}");
    ground.db.create_tables(orm::models![Item]).await.unwrap();
    ground.db.create_tables(orm::models![Item]).await.unwrap();
    ground.add("a").await.unwrap();
}

#[tokio::test]
async fn deallocated_statements_are_prepared_again() {
    let ground = Ground::new().await;
    ground.names().await.unwrap();
    ground
        .observer
        .batch_execute("CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DEALLOCATE ALL; RETURN NULL; END';
                        CREATE TRIGGER forget AFTER INSERT ON item EXECUTE FUNCTION forget()")
        .await
        .unwrap();
    let _ = ground.add("a").await;
    assert_eq!(ground.names().await.unwrap(), ["a"]);
}

#[tokio::test]
async fn no_error_shows_a_value() {
    let ground = Ground::new().await;
    ground.add("a secret").await.unwrap();
    let error = ground.add("a secret").await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    assert_eq!(error.constraint(), Some("item_name_key"));
}
