//! What the database's constraints refuse.

use super::{CANARY, in_a_lab, says, shows_no_value};
use crate::models::{Comment, Company, Post, Tag, User};
use orm::{ErrorKind, prelude::*};

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "shelf")]
struct Shelf {
    id: i64,
    name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "book")]
struct Book {
    id: i64,
    #[orm(on_delete = "restrict")]
    shelf: ForeignKey<Shelf>,
}

in_a_lab! {
    async fn a_duplicate_names_the_constraint_and_shows_the_value_only_in_its_detail(_lab) {
        Tag::objects().create().slug("a").name(CANARY).await?;
        let mut other = Tag::objects().create().slug("b").name("b").await?;
        other.name = CANARY.into();
        for error in [
            Tag::objects().create().slug("c").name(CANARY).await.unwrap_err(),
            other.save().await.unwrap_err(),
            Tag::objects().filter(|t| t.slug.eq("b")).update(|t| t.name.set(CANARY)).await.unwrap_err(),
            Tag::objects().bulk_create(["c", "d"].map(|s| Tag::draft().slug(s).name(CANARY).build())).await.unwrap_err(),
            Tag::objects().get_or_create(|t| t.slug.eq("c"), |new| new.slug("c").name(CANARY)).await.unwrap_err(),
        ] {
            says(&error, ErrorKind::UniqueViolation, &["\"tag_name_key\"", "23505"]);
            assert!(error.is_unique_violation() && error.is_constraint_violation());
            assert_eq!((error.constraint(), error.table(), error.code()), (Some("tag_name_key"), Some("tag"), Some("23505")));
            assert!(error.detail().unwrap().contains(CANARY), "the detail is had by its method");
        }
        let error = Tag::objects().create().slug("a").name("new").await.unwrap_err();
        assert_eq!(error.constraint(), Some("tag_pkey"));
        assert_eq!(Tag::objects().order_by(|t| t.slug).values(|t| t.name).await?, [CANARY, "b"], "nothing was changed");
    }

    async fn a_key_to_no_row_names_the_constraint(_lab) {
        let alice = User::objects().create().username("alice").await?;
        let mut post = Post::objects().create().title("x").author(&alice).await?;
        let stored = post.clone();
        post.author = ForeignKey::to(404);
        for error in [
            Post::objects().create().title(CANARY).author(404).await.unwrap_err(),
            post.save().await.unwrap_err(),
            post.save_fields(|p| p.author).await.unwrap_err(),
            Post::objects().update(|p| p.author.set(404)).await.unwrap_err(),
            Post::objects().bulk_create([Post::draft().title(CANARY).author(404).build()]).await.unwrap_err(),
        ] {
            says(&error, ErrorKind::ForeignKeyViolation, &["\"blog_post_author_id_fkey\"", "23503"]);
            assert!(error.is_foreign_key_violation() && error.is_constraint_violation());
            assert_eq!(error.constraint(), Some("blog_post_author_id_fkey"));
            assert!(!error.to_string().contains("404") && error.detail().unwrap().contains("404"), "{error}");
        }
        assert_eq!(Post::objects().all().await?, [stored]);
    }

    async fn a_null_in_a_column_that_holds_none_names_the_column(lab) {
        let alice = User::objects().create().username("alice").email("a").await?;
        lab.sql("ALTER TABLE \"user\" ALTER email SET DEFAULT 'x', ALTER email SET NOT NULL").await;
        let mut changed = alice.clone();
        changed.email = None;
        for error in [
            changed.save().await.unwrap_err(),
            User::objects().update(|u| u.email.set(None)).await.unwrap_err(),
            User::objects().create().username("bob").email(None::<String>).await.unwrap_err(),
        ] {
            says(&error, ErrorKind::NotNullViolation, &["\"email\"", "\"user\"", "23502"]);
            assert!(error.is_not_null_violation() && error.is_constraint_violation());
            assert_eq!((error.table(), error.column()), (Some("user"), Some("email")));
        }
        assert_eq!(User::objects().create().username("bob").await?.email.as_deref(), Some("x"), "what is not given is the column's default");
    }

    async fn a_failed_check_names_the_constraint(lab) {
        lab.sql("ALTER TABLE tag ADD CONSTRAINT no_canary CHECK (name NOT LIKE 'canary%')").await;
        let mut tag = Tag::objects().create().slug("a").name("a").await?;
        tag.name = CANARY.into();
        for error in [
            tag.save().await.unwrap_err(),
            Tag::objects().create().slug("b").name(CANARY).await.unwrap_err(),
            Tag::objects().update(|t| t.name.set(CANARY)).await.unwrap_err(),
        ] {
            says(&error, ErrorKind::CheckViolation, &["\"no_canary\"", "23514"]);
            assert!(error.is_check_violation() && error.is_constraint_violation());
            assert_eq!(error.constraint(), Some("no_canary"));
        }
        assert_eq!(Tag::objects().values(|t| t.name).await?, ["a"]);
    }

    async fn an_exclusion_constraint_is_a_unique_violation(lab) {
        lab.sql("ALTER TABLE tag ADD CONSTRAINT one_name EXCLUDE USING btree (name WITH =)").await;
        lab.sql("ALTER TABLE tag DROP CONSTRAINT tag_name_key").await;
        Tag::objects().create().slug("a").name(CANARY).await?;
        let error = Tag::objects().create().slug("b").name(CANARY).await.unwrap_err();
        says(&error, ErrorKind::UniqueViolation, &["\"one_name\"", "23P01"]);
    }

    async fn a_deferred_constraint_fails_the_commit_and_nothing_is_stored(lab) {
        lab.sql("ALTER TABLE comment ALTER CONSTRAINT comment_post_id_fkey DEFERRABLE INITIALLY DEFERRED").await;
        lab.sql("ALTER TABLE tag DROP CONSTRAINT tag_name_key").await;
        lab.sql("ALTER TABLE tag ADD CONSTRAINT tag_name_key UNIQUE (name) DEFERRABLE INITIALLY DEFERRED").await;
        let alice = User::objects().create().username("alice").await?;
        let error = atomic(async { Comment::objects().create().text(CANARY).post(404).author(&alice).await }).await.unwrap_err();
        says(&error, ErrorKind::ForeignKeyViolation, &["\"comment_post_id_fkey\"", "23503"]);
        let error = atomic(async {
            for slug in ["a", "b"] {
                Tag::objects().create().slug(slug).name(CANARY).await?;
            }
            assert_eq!(Tag::objects().count().await?, 2, "so far all is well");
            Ok(())
        }).await.unwrap_err();
        says(&error, ErrorKind::UniqueViolation, &["\"tag_name_key\"", "23505"]);
        let error = Tag::objects().bulk_create(["a", "b"].map(|s| Tag::draft().slug(s).name(CANARY).build())).await.unwrap_err();
        says(&error, ErrorKind::UniqueViolation, &["\"tag_name_key\""]);
        assert_eq!((Comment::objects().count().await?, Tag::objects().count().await?), (0, 0));
        // put right before the end, it commits
        atomic(async {
            for slug in ["a", "b"] {
                Tag::objects().create().slug(slug).name(CANARY).await?;
            }
            Tag::objects().filter(|t| t.slug.eq("b")).update(|t| t.name.set("b")).await
        }).await?;
        assert_eq!(Tag::objects().count().await?, 2);
    }

    async fn on_delete_restrict_keeps_both_rows(lab) {
        lab.db.create_tables(orm::models![Shelf, Book]).await?;
        let shelf = Shelf::objects().create().name(CANARY).await?;
        let book = Book::objects().create().shelf(&shelf).await?;
        for error in [shelf.delete().await.unwrap_err(), Shelf::objects().delete().await.unwrap_err()] {
            says(&error, ErrorKind::ForeignKeyViolation, &["\"book_shelf_id_fkey\"", "\"book\""]);
            assert_eq!(error.constraint(), Some("book_shelf_id_fkey"));
        }
        assert_eq!((Shelf::objects().count().await?, Book::objects().all().await?), (1, vec![book.clone()]));
        book.delete().await?;
        shelf.delete().await?;
    }

    async fn an_error_of_a_trigger_is_the_servers_own_with_its_code(lab) {
        lab.sql(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'no more companies' USING ERRCODE = 'ZZ001', HINT = 'ask the boss'; END $$;
             CREATE TRIGGER refuse BEFORE INSERT ON company FOR EACH ROW EXECUTE FUNCTION refuse()",
        ).await;
        let error = Company::objects().create().name(CANARY).await.unwrap_err();
        says(&error, ErrorKind::Database, &["no more companies", "ZZ001"]);
        assert!(format!("{error:?}").contains("ask the boss"), "{error:?}");
        shows_no_value(&error);
        lab.sql("CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$").await;
        let error = Company::objects().create().name(CANARY).await.unwrap_err();
        says(&error, ErrorKind::Database, &["the row was not inserted: a trigger or a rule"]);
        let error = Company::objects().bulk_create([Company::draft().name(CANARY).build()]).await.unwrap_err();
        says(&error, ErrorKind::Database, &["0 of 1 rows were inserted: a trigger or a rule"]);
    }
}
