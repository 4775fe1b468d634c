//! `#[orm(hooks = …)]` and `Signals`: who is told of the rows that were written, whatever wrote them.

use orm::{ErrorKind, Hooks, Result, Signals, atomic, on_commit, prelude::*, testing::count_queries};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering::SeqCst},
};

/// Writes down what happens to notes.
#[derive(Model, Debug, Clone, PartialEq)]
#[orm(hooks = Audit)]
struct Note {
    id: i64,
    #[orm(unique)]
    name: String,
    #[orm(default = 0)]
    size: i32,
    #[orm(through = Tagging)]
    tags: ManyToMany<Tag>,
    shelf: Option<ForeignKey<Shelf>>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Tag {
    id: i64,
    name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(hooks = Audit)]
struct Tagging {
    id: i64,
    note: ForeignKey<Note>,
    tag: ForeignKey<Tag>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Shelf {
    id: i64,
    name: String,
    notes: HasMany<Note>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Entry {
    id: i64,
    text: String,
}

struct Audit;

async fn log(what: &str, rows: &[Note]) -> Result<()> {
    let rows: Vec<_> = rows.iter().map(|row| format!("{}={}", row.name, row.size)).collect();
    Entry::objects().create().text(format!("{what} {}", rows.join(" "))).await?;
    Ok(())
}

impl Hooks<Note> for Audit {
    async fn after_create(&self, rows: &[Note]) -> Result<()> {
        log("+", rows).await
    }

    async fn after_update(&self, rows: &[Note]) -> Result<()> {
        if rows.iter().any(|row| row.size < 0) {
            return Err(orm::Error::new(ErrorKind::InvalidValue, "a note of a negative size"));
        }
        log("~", rows).await
    }

    async fn after_delete(&self, rows: &[Note]) -> Result<()> {
        log("-", rows).await
    }
}

impl Hooks<Tagging> for Audit {
    async fn after_create(&self, rows: &[Tagging]) -> Result<()> {
        Entry::objects().create().text(format!("+ pairs {}", rows.len())).await.map(drop)
    }

    async fn after_delete(&self, rows: &[Tagging]) -> Result<()> {
        Entry::objects().create().text(format!("- pairs {}", rows.len())).await.map(drop)
    }
}

/// What was written down since it was asked for last.
async fn entries() -> Result<Vec<String>> {
    let mut entries = Entry::objects().delete().returning(|e| (e.id, e.text)).await?;
    entries.sort();
    Ok(entries.into_iter().map(|(_, text)| text).collect())
}

async fn note(name: &str) -> Result<Note> {
    Note::objects().create().name(name).await
}

#[orm::test(models(Note, Tag, Tagging, Shelf, Entry), transaction)]
async fn what_an_instance_does_is_told_with_its_row_as_the_database_holds_it() -> Result<()> {
    let mut one = note("one").await?;
    assert_eq!(entries().await?, ["+ one=0"]);
    one.size = 1;
    one.save().await?;
    one.size = 2;
    one.save_fields(|n| n.size).await?;
    one.update(orm::Changes::<Note>::default().with(|n| n.size.set(3))).await?;
    assert_eq!(entries().await?, ["~ one=1", "~ one=2", "~ one=3"]);
    one.delete().await?;
    assert_eq!(entries().await?, ["- one=3"]);
    Note::draft().name("two").size(7).build().save().await?;
    assert_eq!(entries().await?, ["+ two=7"]);
    Ok(())
}

#[orm::test(models(Note, Tag, Tagging, Shelf, Entry), transaction)]
async fn bulk_operations_are_told_once_with_all_their_rows() -> Result<()> {
    let drafts = ["a", "b", "c"].map(|name| Note::draft().name(name).build());
    let mut notes = Note::objects().bulk_create(drafts).await?;
    assert_eq!(entries().await?, ["+ a=0 b=0 c=0"]);
    for (size, note) in notes.iter_mut().enumerate() {
        note.size = i32::try_from(size).unwrap();
    }
    assert_eq!(Note::objects().bulk_update(&notes, |n| n.size).await?, 3);
    assert_eq!(entries().await?, ["~ a=0 b=1 c=2"]);
    let changed = Note::objects().filter(|n| n.size.gt(0)).update(|n| n.size.set(n.size * 10)).await?;
    assert_eq!((changed, entries().await?), (2, vec!["~ b=10 c=20".to_owned()]));
    let deleted = Note::objects().filter(|n| n.size.lt(15)).delete().await?;
    assert_eq!((deleted, entries().await?), (2, vec!["- a=0 b=10".to_owned()]));
    let copied = Note::objects()
        .insert_from(Note::objects(), |new, n| {
            (new.name.set(orm::concat((n.name, "!"))), new.size.set(n.size))
        })
        .await?;
    assert_eq!((copied, entries().await?), (1, vec!["+ c!=20".to_owned()]));
    Ok(())
}

#[orm::test(models(Note, Tag, Tagging, Shelf, Entry), transaction)]
async fn upserts_tell_new_rows_from_changed_ones() -> Result<()> {
    note("old").await?;
    entries().await?;
    let drafts = ["old", "new"].map(|name| Note::draft().name(name).size(5).build());
    let rows = Note::objects()
        .bulk_create(drafts)
        .update_conflicts(|n| n.name, |n, new| n.size.set(new.size))
        .await?;
    assert_eq!(rows.len(), 2);
    assert_eq!(entries().await?, ["+ new=5", "~ old=5"]);
    let again = Note::objects().create().name("old").ignore_conflicts().await?;
    assert_eq!((again, entries().await?), (None, Vec::new()));
    let (_, created) = Note::objects().get_or_create(|n| n.name.eq("old"), |new| new.name("old")).await?;
    assert_eq!((created, entries().await?), (false, Vec::new()));
    let change = |name: &'static str| {
        Note::objects().update_or_create(
            move |n| n.name.eq(name),
            |n| n.size.set(n.size + 1),
            move |new| new.name(name),
        )
    };
    change("old").await?;
    change("newest").await?;
    assert_eq!(entries().await?, ["~ old=6", "+ newest=0"]);
    Ok(())
}

#[orm::test(models(Note, Tag, Tagging, Shelf, Entry), transaction)]
async fn managers_tell_what_they_write() -> Result<()> {
    let (shelf, one) = (Shelf::objects().create().name("top").await?, note("one").await?);
    entries().await?;
    shelf.notes.add([&one]).await?;
    assert_eq!(entries().await?, ["~ one=0"]);
    shelf.notes.create().name("two").await?;
    assert_eq!(entries().await?, ["+ two=0"]);
    shelf.notes.clear().await?;
    assert_eq!(entries().await?, ["~ one=0 two=0"]);
    let tags = Tag::objects().bulk_create(["x", "y"].map(|name| Tag::draft().name(name).build())).await?;
    one.tags.add(&tags).await?;
    one.tags.add([&tags[0]]).await?;
    one.tags.remove([&tags[0]]).await?;
    assert_eq!(entries().await?, ["+ pairs 2", "- pairs 1"]);
    Ok(())
}

#[orm::test(models(Note, Tag, Tagging, Shelf, Entry), transaction)]
async fn what_is_read_of_a_change_is_what_it_would_be_without_hooks() -> Result<()> {
    let drafts = ["a", "b"].map(|name| Note::draft().name(name).build());
    Note::objects().bulk_create(drafts).await?;
    let names = Note::objects().update(|n| n.size.set(1)).returning(|n| (n.name, n.size)).await?;
    assert_eq!(names, [("a".to_owned(), 1), ("b".to_owned(), 1)]);
    let notes = Note::objects().update(|n| n.size.set(2)).returning_all();
    assert!(notes.to_sql().ends_with(r#"RETURNING "id", "name", "size", "shelf_id""#), "each column once");
    assert_eq!(notes.await?.len(), 2);
    let delete = Note::objects().delete().returning(|n| n.name);
    assert_eq!(
        delete.to_sql(),
        r#"DELETE FROM "note" RETURNING "note"."name", "note"."id", "note"."name", "note"."size", "note"."shelf_id""#
    );
    assert_eq!(delete.await?, ["a", "b"]);
    assert_eq!(entries().await?, ["+ a=0 b=0", "~ a=1 b=1", "~ a=2 b=2", "- a=2 b=2"]);
    Ok(())
}

#[orm::test(models(Note, Tag, Tagging, Shelf, Entry))]
async fn an_error_of_a_hook_undoes_the_write_and_is_its_error() -> Result<()> {
    let mut one = note("one").await?;
    let error = Note::objects().update(|n| n.size.set(-1)).await.unwrap_err();
    assert_eq!((error.kind(), error.to_string().contains("negative")), (ErrorKind::InvalidValue, true));
    one.refresh().await?;
    assert_eq!(one.size, 0);
    atomic(async {
        one.size = -2;
        assert!(one.save().await.is_err());
        Note::objects().create().name("two").await // the transaction goes on
    })
    .await?;
    let sizes = Note::objects().order_by(|n| n.name).values(|n| n.size).await?;
    assert_eq!((sizes, entries().await?), (vec![0, 0], vec!["+ one=0".to_owned(), "+ two=0".to_owned()]));
    Ok(())
}

/// Two hooks, one after the other.
#[derive(Model, Debug, Clone, PartialEq)]
#[orm(hooks = (Addressed, Mail))]
struct Letter {
    id: i64,
    #[orm(unique)]
    to: String,
}

struct Addressed;

impl Hooks<Letter> for Addressed {
    async fn after_create(&self, rows: &[Letter]) -> Result<()> {
        let blank = rows.iter().any(|row| row.to.is_empty());
        if blank { Err(orm::Error::new(ErrorKind::InvalidValue, "a letter to nobody")) } else { Ok(()) }
    }
}

struct Mail;
static ASKED: AtomicU32 = AtomicU32::new(0);
static SENT: AtomicU32 = AtomicU32::new(0);

impl Hooks<Letter> for Mail {
    async fn after_create(&self, rows: &[Letter]) -> Result<()> {
        let number = u32::try_from(rows.len()).unwrap();
        ASKED.fetch_add(number, SeqCst);
        on_commit(move || async move {
            SENT.fetch_add(number, SeqCst);
        })
    }
}

#[orm::test(models(Letter))]
async fn what_a_hook_leaves_to_the_commit_runs_after_it_and_a_hook_that_fails_stops_the_next() -> Result<()> {
    let send = |to: &str| Letter::objects().create().to(to);
    let happened = || (ASKED.load(SeqCst), SENT.load(SeqCst));
    send("alice").await?;
    assert_eq!(happened(), (1, 1), "a write outside of `atomic` is committed at once");
    let failed = atomic(async {
        send("bob").await?;
        send("alice").await
    });
    assert!(failed.await.unwrap_err().is_unique_violation());
    assert_eq!(happened(), (2, 1));
    atomic(async {
        send("carol").await?;
        assert_eq!(happened(), (3, 1));
        Ok(())
    })
    .await?;
    assert_eq!(happened(), (3, 2));
    assert!(send("").await.is_err());
    assert_eq!(happened(), (3, 2));
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(hooks = &PINGS)]
struct Ping {
    id: i64,
}

static PINGS: Signals<Ping> = Signals::new();

#[orm::test(models(Ping), transaction)]
async fn signals_call_who_is_connected_until_he_is_not() -> Result<()> {
    struct Count(Arc<AtomicU32>);
    impl Hooks<Ping> for Count {
        async fn after_create(&self, rows: &[Ping]) -> Result<()> {
            self.0.fetch_add(u32::try_from(rows.len()).unwrap(), SeqCst);
            Ok(())
        }
    }
    let ping = || Ping::objects().create();
    let (one, other) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let [first, second] = [&one, &other].map(|count| PINGS.connect(Count(count.clone())));
    ping().await?;
    first.disconnect();
    ping().await?;
    second.clone().disconnect();
    second.disconnect();
    let (_, queries) = count_queries(ping()).await;
    assert_eq!((one.load(SeqCst), other.load(SeqCst), queries == 1), (1, 2, true));
    Ok(())
}

/// A hook that writes what it is called for.
#[derive(Model, Debug, Clone, PartialEq)]
#[orm(hooks = Endless)]
struct Echo {
    id: i64,
    number: i32,
}

struct Endless;

impl Hooks<Echo> for Endless {
    async fn after_create(&self, rows: &[Echo]) -> Result<()> {
        for row in rows {
            if row.number != 3 {
                Echo::objects().create().number(row.number + 1).await?;
            }
        }
        Ok(())
    }
}

#[orm::test(models(Echo))]
async fn hooks_that_call_themselves_without_an_end_are_an_error_and_nothing_is_written() -> Result<()> {
    let error = Echo::objects().create().number(10).await.unwrap_err();
    let said = error.to_string();
    assert!(said.contains("the hooks of Echo are called for what they write themselves, 16 deep"), "{said}");
    assert_eq!(Echo::objects().count().await?, 0);
    Echo::objects().create().number(0).await?;
    assert_eq!(Echo::objects().order_by(|e| e.id).values(|e| e.number).await?, [0, 1, 2, 3]);
    Ok(())
}

/// Hidden rows.
#[derive(Model, Debug, Clone, PartialEq)]
#[orm(hooks = &DRAWERS)]
struct Drawer {
    id: i64,
    #[orm(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

static DRAWERS: Signals<Drawer> = Signals::new();

#[orm::test(models(Drawer), transaction)]
async fn a_delete_that_hides_is_a_delete_and_a_restore_an_update() -> Result<()> {
    #[derive(Default)]
    struct Log(std::sync::Mutex<String>);
    static LOG: Log = Log(std::sync::Mutex::new(String::new()));
    impl Hooks<Drawer> for &'static Log {
        async fn after_update(&self, _: &[Drawer]) -> Result<()> {
            self.0.lock().unwrap().push('~');
            Ok(())
        }
        async fn after_delete(&self, _: &[Drawer]) -> Result<()> {
            self.0.lock().unwrap().push('-');
            Ok(())
        }
    }
    let (_, silent) = count_queries(Drawer::objects().create()).await;
    assert_eq!(silent, 1);
    let connection = DRAWERS.connect(&LOG);
    let mut drawer = Drawer::objects().create().await?;
    drawer.delete().await?;
    drawer.restore().await?;
    Drawer::objects().delete().await?;
    drawer.hard_delete().await?;
    assert_eq!(*LOG.0.lock().unwrap(), "-~--");
    connection.disconnect();
    Ok(())
}
