//! Opening the database, and what concerns all of it.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ConnectOptions, Database};
use uuid::Uuid;
use webim_migrations::{Migrator, MigratorTrait};
use webim_model::Sources;

use crate::StoreError;
use crate::error::classify;
use crate::link::{Link, Links};
use crate::sql;

/// Where the database is.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// `sqlite://path?mode=rwc`, `postgres://user@host/database` or `mysql://user@host/database` (MariaDB).
    pub url: String,
    /// Connections that read; at least 1. Writing has its own: one on SQLite, one for each shard of the committer and
    /// two more elsewhere.
    pub readers: u32,
}

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// Inside this process, one file.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MariaDB; MySQL itself is not claimed.
    MariaDb,
}

/// A database; clones share its connections. Drop the last one inside the runtime that opened it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Backend,
    options: ConnectOptions,
    sources: Sources,
    writers: Links,
    readers: Links,
}

/// How long it may take until a connection stands.
const CONNECT: Duration = Duration::from_secs(3);

/// How long SQLite waits for another process to let go of the file.
const BUSY: Duration = Duration::from_secs(5);

const EPOCH: &str = "epoch";

impl Store {
    /// Connects. Creates nothing but the file of an SQLite database whose address says so.
    pub async fn open(config: &StoreConfig, sources: Sources) -> Result<Self, StoreError> {
        let backend = backend(&config.url)?;
        let options = options(backend, &config.url);
        let readers = usize::try_from(config.readers.max(1)).unwrap_or(1);
        let (write, read, writers): (&[&str], &[&str], _) = match backend {
            Backend::Sqlite => (&[], &["PRAGMA query_only = ON"], 1),
            Backend::Postgres => (PLAN_ANEW, PLAN_ANEW, 2),
            Backend::MariaDb => (&[READ_COMMITTED], &[READ_COMMITTED], 2),
        };
        let store = Self {
            inner: Arc::new(Inner {
                backend,
                options: options.clone(),
                sources,
                writers: Links::new(backend, options.clone(), write, writers),
                readers: Links::new(backend, options, read, readers),
            }),
        };
        // The writer comes first: it makes an SQLite file and its journal, which a reader cannot.
        store.write().await?;
        store.read().await?;
        Ok(store)
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        self.inner.backend
    }

    /// Brings the tables up to this version and, in a new database, makes its epoch.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let database = self.database().await?;
        Migrator::up(&database, None)
            .await
            .map_err(|error| classify(&error))?;
        let (insert, keep) = self.backend().insert_or_keep();
        let sql = format!("{insert} INTO settings (name, value) VALUES (?, ?), (?, ?){keep}");
        let values = vec![
            sql::text(EPOCH),
            sql::text(self.sources().uuid().to_string()),
            sql::text(crate::directory::VERSION),
            sql::text("0"),
        ];
        self.write().await?.execute(&sql, values).await.map(drop)
    }

    /// Names of the migrations that [`Store::migrate`] would run, oldest first. Changes nothing.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        let database = self.database().await?;
        let pending = Migrator::get_pending_migrations_read_only(&database)
            .await
            .map_err(|error| classify(&error))?;
        Ok(pending
            .iter()
            .map(|migration| migration.name().to_owned())
            .collect())
    }

    /// Whether the database answers and can be written: it rewrites one small row.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let sql = "UPDATE settings SET value = value WHERE name = ?";
        let changed = self
            .write()
            .await?
            .execute(sql, vec![sql::text(EPOCH)])
            .await?;
        if changed == 0 {
            return Err(StoreError::Corrupt("the epoch is missing".into()));
        }
        Ok(())
    }

    /// What this database was named when it was made: positions collected under another epoch mean nothing here.
    pub async fn epoch(&self) -> Result<Uuid, StoreError> {
        self.setting(EPOCH)
            .await?
            .and_then(|epoch| Uuid::parse_str(&epoch).ok())
            .ok_or_else(|| StoreError::Corrupt("the epoch is missing".into()))
    }

    /// Closes all connections, those in use as soon as they are not; later calls are refused as unavailable.
    pub async fn close(&self) {
        self.inner.readers.close().await;
        self.inner.writers.close().await;
    }

    pub(crate) fn sources(&self) -> &Sources {
        &self.inner.sources
    }

    pub(crate) async fn write(&self) -> Result<Link<'_>, StoreError> {
        self.inner.writers.link().await
    }

    pub(crate) async fn read(&self) -> Result<Link<'_>, StoreError> {
        self.inner.readers.link().await
    }

    /// Room for writers that come on top.
    pub(crate) fn grow_writers(&self, count: usize) {
        self.inner.writers.grow(count);
    }

    async fn database(&self) -> Result<sea_orm::DatabaseConnection, StoreError> {
        Database::connect(self.inner.options.clone())
            .await
            .map_err(|error| classify(&error))
    }
}

/// A prepared statement otherwise keeps a plan of its first calls. One that was made for a table of ten rows goes on
/// when it has a million, until somebody analyses the table. Planned anew, the table is as large as it is.
const PLAN_ANEW: &[&str] = &["SET plan_cache_mode = force_custom_plan"];

/// What MariaDB does otherwise hides a twin that was inserted meanwhile.
const READ_COMMITTED: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

fn backend(url: &str) -> Result<Backend, StoreError> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") if url.contains(":memory:") => Err(StoreError::Address(
            "each connection would have a memory of its own".into(),
        )),
        Some("sqlite") => Ok(Backend::Sqlite),
        Some("postgres" | "postgresql") => Ok(Backend::Postgres),
        Some("mysql" | "mariadb") => Ok(Backend::MariaDb),
        _ => Err(StoreError::Address("unknown kind".into())),
    }
}

fn options(backend: Backend, url: &str) -> ConnectOptions {
    let url = match url.strip_prefix("mariadb:") {
        Some(rest) => format!("mysql:{rest}"),
        None => url.to_owned(),
    };
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .connect_timeout(CONNECT)
        .acquire_timeout(CONNECT)
        .test_before_acquire(false)
        // Statements are logged nowhere: where they are slow, the caller's span says what took long.
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    if backend == Backend::Sqlite {
        options.map_sqlx_sqlite_opts(|options| {
            options
                .busy_timeout(BUSY)
                .foreign_keys(true)
                // A message touches a page of its conversation and one of the index, whole: smaller ones are less to
                // check, write and write again. Only new files take it.
                .page_size(2048)
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("cache_size", "-32768")
                .pragma("wal_autocheckpoint", "8000")
                .pragma("temp_store", "MEMORY")
                .statement_cache_capacity(256)
                .row_buffer_size(1_024)
        });
    }
    options
}
