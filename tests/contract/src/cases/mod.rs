//! The cases, by what they try.

use std::panic::resume_unwind;
use std::sync::Arc;

use crate::database::{Kind, TestDatabase};
use crate::world::World;

/// Makes of each function three tests, one for each database.
macro_rules! on_all {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                crate::cases::on(crate::database::Kind::Sqlite, super::$case).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                crate::cases::on(crate::database::Kind::Postgres, super::$case).await;
            })*
        }
        mod mariadb {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                crate::cases::on(crate::database::Kind::MariaDb, super::$case).await;
            })*
        }
    };
}

mod accounts;
mod amendments;
mod committer;
mod directory;
mod erase;
mod erase_account;
mod files;
mod history;
mod knowledge;
mod lease;
mod lists;
mod marks;
mod migrations;
mod notices;
mod outage;
mod outbox;
mod people;
mod plans;
mod rules;
mod search;
mod sessions;
mod verify;

/// What a case gets.
pub(crate) struct Case {
    pub database: TestDatabase,
    pub world: World,
}

/// Runs a case in a new, migrated database.
pub(crate) async fn on<F>(kind: Kind, case: impl FnOnce(Arc<Case>) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Some(database) = database(kind).await else {
        return;
    };
    let store = database.store().await;
    let world = World::new(store, database.sources.clone());
    let shared = Arc::new(Case { database, world });
    let ended = tokio::spawn(case(shared.clone())).await;
    // A case that failed may have left something running that still holds it; then its database stays behind.
    if let Some(case) = Arc::into_inner(shared) {
        case.world.store.close().await;
        drop(case.world);
        case.database.drop_database().await;
    }
    if let Err(error) = ended {
        resume_unwind(error.into_panic());
    }
}

#[expect(clippy::print_stderr, reason = "what is left out must be seen")]
pub(crate) async fn database(kind: Kind) -> Option<TestDatabase> {
    let database = TestDatabase::create(kind).await;
    if database.is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "{kind:?} cannot be reached, and CI leaves nothing out"
        );
        eprintln!("LEFT OUT: {kind:?} cannot be reached");
    }
    database
}
