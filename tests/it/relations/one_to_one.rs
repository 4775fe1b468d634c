//! One-to-one relations: a unique foreign key, and `HasOne` on the other side.

use expect_test::expect;
use orm::{FetchMode, Result, prelude::*, testing::count_queries};

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(ordering = ["id"])]
struct Account {
    id: i64,
    email: String,
    profile: HasOne<Profile>,
    badge: HasOne<Badge>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Profile {
    id: i64,
    city: String,
    #[orm(unique, on_delete = "cascade")]
    account: ForeignKey<Account>,
    likes: HasMany<Like>,
}

/// Its primary key is its relation.
#[derive(Model, Debug, Clone, PartialEq)]
struct Badge {
    #[orm(primary_key)]
    account: ForeignKey<Account>,
    color: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Like {
    id: i64,
    profile: ForeignKey<Profile>,
    by: ForeignKey<Account>,
}

fn all() -> [&'static orm::types::ModelMeta; 4] {
    orm::models![Account, Profile, Badge, Like]
}

/// Accounts 1 ann (Rome, red), 2 bob (Oslo), 3 cyd (blue). Ann's profile is liked by bob and cyd, bob's by ann.
async fn accounts() -> Result<()> {
    let accounts = [(1, "ann"), (2, "bob"), (3, "cyd")];
    let accounts = accounts.map(|(id, email)| Account::draft().id(id).email(email).build());
    Account::objects().bulk_create(accounts).await?;
    Profile::objects().create().id(11).city("Rome").account(1).await?;
    Profile::objects().create().id(12).city("Oslo").account(2).await?;
    Badge::objects().create().account(1).color("red").await?;
    Badge::objects().create().account(3).color("blue").await?;
    let likes = [(11, 2), (11, 3), (12, 1)];
    Like::objects().bulk_create(likes.map(|(to, by)| Like::draft().profile(to).by(by).build())).await?;
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn the_other_side_is_a_left_join_and_no_exists() -> Result<()> {
    accounts().await?;
    let query = Account::objects().filter(|a| a.profile.city.eq("Rome")).values(|a| a.id);
    expect![[r#"SELECT "account"."id" FROM "account" LEFT JOIN "profile" ON "profile"."account_id" = "account"."id" WHERE "profile"."city" = $1 ORDER BY "account"."id" ASC"#]].assert_eq(&query.to_sql());
    assert_eq!(query.await?, [1]);
    let query = Account::objects().filter(|a| a.profile.is_null()).values(|a| (a.id, a.badge.color));
    expect![[r#"SELECT "account"."id", "badge"."color" FROM "account" LEFT JOIN "badge" ON "badge"."account_id" = "account"."id" LEFT JOIN "profile" ON "profile"."account_id" = "account"."id" WHERE "profile"."id" IS NULL ORDER BY "account"."id" ASC"#]].assert_eq(&query.to_sql());
    assert_eq!(query.await?, [(3, Some("blue".to_owned()))]);
    let query = Account::objects().exclude(|a| a.badge.color.eq("red")).values(|a| a.id);
    assert_eq!(query.await?, [2, 3], "bob has no badge, so it is not red");
    let query = Account::objects().order_by(|a| a.profile.city).values(|a| (a.profile.id, a.id));
    assert_eq!(query.await?, [(Some(12), 2), (Some(11), 1), (None, 3)]);
    let query = Account::objects().values(|a| a.profile);
    let cities: Vec<_> =
        query.await?.into_iter().map(|profile| profile.map(|profile| profile.city)).collect();
    assert_eq!(cities, [Some("Rome".to_owned()), Some("Oslo".to_owned()), None]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn paths_go_on_behind_the_other_side() -> Result<()> {
    accounts().await?;
    let query = Account::objects().filter(|a| a.profile.likes.by.eq(3)).values(|a| a.id);
    expect![[r#"SELECT "account"."id" FROM "account" LEFT JOIN "profile" ON "profile"."account_id" = "account"."id" WHERE EXISTS(SELECT 1 FROM "like" WHERE "like"."profile_id" = "profile"."id" AND "like"."by_id" = $1) ORDER BY "account"."id" ASC"#]].assert_eq(&query.to_sql());
    assert_eq!(query.await?, [1]);
    let query = Account::objects().values(|a| (a.id, a.profile.likes.count()));
    assert_eq!(query.await?, [(1, 2), (2, 1), (3, 0)]);
    let query =
        Like::objects().filter(|l| l.by.badge.color.eq("blue") & l.profile.account.badge.color.eq("red"));
    assert_eq!(query.count().await?, 1);
    let rome = Profile::objects().get(11).await?;
    assert_eq!(Account::objects().filter(|a| a.profile.eq(&rome)).values(|a| a.id).await?, [1]);
    assert_eq!(Account::objects().filter(|a| a.profile.in_([12, 13])).values(|a| a.id).await?, [2]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn an_instance_asks_for_its_row_when_it_is_told_to() -> Result<()> {
    accounts().await?;
    let (ann, cyd) = (Account::objects().get(1).await?, Account::objects().get(3).await?);
    assert!(ann.profile.get().unwrap_err().is_not_loaded());
    let (profile, queries) = count_queries(ann.profile.fetch()).await;
    assert_eq!(queries.sql().len(), 1);
    assert_eq!(profile?.map(|profile| profile.city), Some("Rome".to_owned()));
    assert_eq!(cyd.profile.fetch().await?, None);
    assert_eq!(cyd.badge.fetch().await?.map(|badge| badge.color), Some("blue".to_owned()));
    let new = Account { profile: HasOne::default(), ..ann };
    assert!(new.profile.fetch().await.unwrap_err().to_string().contains("was not read from the database"));
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn there_is_one_row_at_most() -> Result<()> {
    accounts().await?;
    let second = atomic(async { Profile::objects().create().city("Bonn").account(1).await });
    assert!(second.await.unwrap_err().is_unique_violation());
    let second = atomic(async { Badge::objects().create().color("green").account(1).await });
    assert!(second.await.unwrap_err().is_unique_violation());
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_row_is_deleted_without_the_one_whose_key_it_has() -> Result<()> {
    accounts().await?;
    Badge::objects().get(1).await?.delete().await?;
    assert_eq!(Badge::objects().values(|b| b.account.id).await?, [3]);
    assert_eq!(Account::objects().get(1).await?.email, "ann");
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn the_other_side_is_set_over_there() -> Result<()> {
    accounts().await?;
    let message = "`Account.profile` has no column; set the key of `Profile`, which leads here";
    let update = Account::objects().update(|a| a.profile.set(None)).await;
    assert_eq!(update.unwrap_err().to_string(), message);
    let mut ann = Account::objects().get(1).await?;
    assert_eq!(ann.save_fields(|a| a.profile).await.unwrap_err().to_string(), message);
    let draft = Account::draft().email("x").build().with(|a| a.profile.set(None));
    assert!(draft.save().await.unwrap_err().to_string().contains("has no column"));
    Ok(())
}

#[derive(Model, Debug)]
struct Drawer {
    id: i64,
    sock: HasOne<Sock>,
}

#[derive(Model, Debug)]
struct Sock {
    id: i64,
    drawer: ForeignKey<Drawer>,
}

#[orm::test]
async fn a_key_that_is_not_unique_is_no_one_to_one(db: Db) -> Result<()> {
    let made = db.create_tables(orm::models![Drawer, Sock]).await;
    expect!["`Drawer.sock`: `Sock.drawer` is not unique, so there may be several rows; add `#[orm(unique)]` to it, or make this a `HasMany`"].assert_eq(&made.unwrap_err().to_string());
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn the_other_side_is_loaded_by_a_join_or_by_a_query_and_may_be_none() -> Result<()> {
    accounts().await?;
    let joined = Account::objects().select_related(|a| (a.profile, a.badge));
    expect![[r#"SELECT "account"."id", "account"."email", "profile"."id", "profile"."city", "profile"."account_id", "badge"."account_id", "badge"."color" FROM "account" LEFT JOIN "profile" ON "profile"."account_id" = "account"."id" LEFT JOIN "badge" ON "badge"."account_id" = "account"."id" ORDER BY "account"."id" ASC"#]].assert_eq(&joined.to_sql());
    let asked = Account::objects().prefetch_related(|a| (a.profile, a.badge));
    for (query, number) in [(joined, 1), (asked, 3)] {
        let (accounts, queries) = count_queries(query).await;
        assert_eq!(queries, number);
        let of = |account: &Account| {
            let city = account.profile.get().unwrap().map(|profile| profile.city.clone());
            let color = account.badge.get().unwrap().map(|badge| badge.color.clone());
            (account.id, city, color)
        };
        let some = |text: &str| Some(text.to_owned());
        let all: Vec<_> = accounts?.iter().map(of).collect();
        assert_eq!(all, [(1, some("Rome"), some("red")), (2, some("Oslo"), None), (3, None, some("blue"))]);
    }
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn what_lies_behind_the_other_side_is_loaded_with_it() -> Result<()> {
    accounts().await?;
    let likes = |account: &Account| {
        let profile = account.profile.get().unwrap();
        profile
            .map(|profile| profile.likes.get().unwrap().iter().map(|like| like.by.id()).collect::<Vec<_>>())
    };
    let query = Account::objects().prefetch_related(|a| a.profile.likes);
    let (accounts, queries) = count_queries(query.clone()).await;
    assert_eq!(queries, 3);
    assert_eq!(accounts?.iter().map(likes).collect::<Vec<_>>(), [Some(vec![2, 3]), Some(vec![1]), None]);
    let (accounts, queries) = count_queries(query.select_related(|a| a.profile)).await;
    assert_eq!(queries, 2);
    assert_eq!(accounts?.iter().map(likes).collect::<Vec<_>>(), [Some(vec![2, 3]), Some(vec![1]), None]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn fetch_modes_hold_for_the_other_side() -> Result<()> {
    accounts().await?;
    let accounts = Account::objects().fetch_mode(FetchMode::Peers).await?;
    assert!(accounts[0].profile.get().unwrap_err().is_not_loaded());
    let (cities, queries) = count_queries(async {
        let mut cities = Vec::new();
        for account in &accounts {
            cities.push(account.profile.fetch().await?.map(|profile| profile.city));
        }
        Ok::<_, orm::Error>(cities)
    })
    .await;
    assert_eq!(cities?, [Some("Rome".into()), Some("Oslo".into()), None]);
    assert_eq!(queries, 1, "that there is none is known too");
    assert_eq!(accounts[0].profile.get()?.map(|profile| &*profile.city), Some("Rome"));
    assert!(accounts[2].profile.get()?.is_none());
    assert_eq!(accounts[0].badge.fetch().await?.map(|badge| badge.color), Some("red".into()));

    let account = Account::objects().fetch_mode(FetchMode::Raise).get(1).await?;
    let (error, queries) = count_queries(account.profile.fetch()).await;
    let error = error.unwrap_err();
    assert!(error.is_not_loaded(), "{error}");
    assert_eq!(queries, 0);
    assert!(
        error.to_string().contains("`Account.profile` is fetched at tests/it/relations/one_to_one.rs"),
        "{error}"
    );
    Ok(())
}
