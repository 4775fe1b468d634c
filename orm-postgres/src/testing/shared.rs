//! Databases for tests in transactions: the tables are made once, and one test after the other uses them.
//!
//! Tests that run at the same time have one each: in one database two that store the same unique value would wait for
//! each other.

use std::{
    fs::{self, File},
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::connect;
use orm_core::{ModelMeta, Result};

use super::{TestDb, admin::ours, failed};

/// A database that no test uses at the moment.
struct Free {
    models: Vec<&'static ModelMeta>,
    test: TestDb,
    /// The note that it is to be dropped, locked for as long as this process lives.
    _note: File,
}

static FREE: Mutex<Vec<Free>> = Mutex::new(Vec::new());

fn free() -> MutexGuard<'static, Vec<Free>> {
    FREE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A database that a test uses, with the tables of the models; it is free again when this is dropped.
pub(super) struct Shared(Option<Free>);

impl Shared {
    pub(super) async fn get(models: &[&'static ModelMeta]) -> Result<Self> {
        let same = |free: &Free| {
            free.models.len() == models.len()
                && free.models.iter().zip(models).all(|(a, b)| std::ptr::eq(*a, *b))
        };
        let found = {
            let mut free = free();
            let place = free.iter().position(same);
            place.map(|place| free.swap_remove(place))
        };
        let mut shared = match found {
            Some(free) => free,
            None => create(models).await?,
        };
        // The connections of the test before are gone with its runtime.
        shared.test.db = connect(ours(&shared.test.url)?).await?;
        Ok(Shared(Some(shared)))
    }

    pub(super) fn test(&mut self) -> &mut TestDb {
        &mut self.0.as_mut().expect("it is there until it is dropped").test
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(mut shared) = self.0.take() {
            if mem::take(&mut shared.test.failed).unwrap_or_else(std::thread::panicking) {
                eprintln!("the test failed, and is rolled back; without `transaction` its database is kept");
            }
            free().push(shared);
        }
    }
}

async fn create(models: &[&'static ModelMeta]) -> Result<Free> {
    let mut test = TestDb::create().await?;
    test.db.create_tables(models).await?;
    // Locked before it has the name by which others find it.
    let (hidden, path) = (test.finished.join(format!(".{}", test.name)), test.finished.join(&test.name));
    let note = File::create(&hidden).and_then(|note| {
        note.lock()?;
        fs::rename(&hidden, &path)?;
        Ok(note)
    });
    let note = note.map_err(|error| failed(format!("cannot write {}", path.display()), error))?;
    test.shared = true;
    Ok(Free { models: models.to_vec(), test, _note: note })
}
