//! A database of its own for each case.

use std::env;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DbBackend, QueryResult, Statement, Value,
};
use tempfile::TempDir;
use webim_model::Sources;
use webim_store::{Store, StoreConfig};

use crate::sources::sources;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file in a temporary folder.
    Sqlite,
    /// A database on a server.
    Postgres,
    /// A database on a server.
    MariaDb,
}

impl Kind {
    fn server(self) -> Option<String> {
        let (name, otherwise) = match self {
            Self::Sqlite => return None,
            Self::Postgres => ("WEBIM_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432"),
            Self::MariaDb => ("WEBIM_TEST_MARIADB", "mysql://root@127.0.0.1:3306"),
        };
        let mut base = env::var(name).unwrap_or_else(|_| otherwise.into());
        // It may name a database that is always there, as other users of the variable want it.
        let host = base.find("://").map_or(0, |at| at + 3);
        base.truncate(base[host..].find('/').map_or(base.len(), |at| host + at));
        Some(base)
    }

    fn maintenance(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Sqlite | Self::MariaDb => "mysql",
        }
    }
}

/// A database that is dropped with [`TestDatabase::drop_database`].
pub struct TestDatabase {
    /// Which.
    pub kind: Kind,
    /// Its address.
    pub url: String,
    /// What a store in it is opened with.
    pub sources: Sources,
    name: String,
    folder: TempDir,
}

impl TestDatabase {
    /// A new, empty database; none if its server cannot be reached.
    pub async fn create(kind: Kind) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("webim_test_{}_{number}", std::process::id());
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let url = match kind.server() {
            None => format!(
                "sqlite://{}?mode=rwc",
                folder.path().join("webim.db").display()
            ),
            Some(server) => {
                let database = maintain(kind, &server).await?;
                database
                    .execute_unprepared(&format!("CREATE DATABASE {name}"))
                    .await
                    .expect("the server lets its tester make databases");
                format!("{server}/{name}")
            }
        };
        Some(Self {
            kind,
            url,
            sources: sources(),
            name,
            folder,
        })
    }

    /// Where an SQLite database's file is.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("webim.db")
    }

    /// A store in it, whose tables are up to date.
    pub async fn store(&self) -> Store {
        let store = self.open(&self.url).await;
        store
            .migrate()
            .await
            .expect("an empty database can be migrated");
        store
    }

    /// A store at another address, say through a proxy.
    pub async fn open(&self, url: &str) -> Store {
        let config = StoreConfig {
            url: url.into(),
            readers: 2,
        };
        Store::open(&config, self.sources.clone())
            .await
            .expect("the database is there")
    }

    /// A connection beside the store, for what the store would never do.
    pub async fn beside(&self) -> Beside {
        let database = Database::connect(&self.url)
            .await
            .expect("the database is there");
        Beside { database }
    }

    /// Drops it.
    pub async fn drop_database(self) {
        let Some(server) = self.kind.server() else {
            return;
        };
        let force = if self.kind == Kind::Postgres {
            " WITH (FORCE)"
        } else {
            ""
        };
        let sql = format!("DROP DATABASE {}{force}", self.name);
        if let Some(database) = maintain(self.kind, &server).await {
            database
                .execute_unprepared(&sql)
                .await
                .expect("who made a database can drop it");
        }
    }
}

async fn maintain(kind: Kind, server: &str) -> Option<DatabaseConnection> {
    Database::connect(format!("{server}/{}", kind.maintenance()))
        .await
        .ok()
}

/// A connection of the tester's own.
pub struct Beside {
    /// The connection.
    pub database: DatabaseConnection,
}

impl Beside {
    /// A statement with `?` for each value.
    pub fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        let backend = self.database.get_database_backend();
        let mut text = sql.to_owned();
        if backend == DbBackend::Postgres {
            for number in 1..=values.len() {
                text = text.replacen('?', &format!("${number}"), 1);
            }
        }
        Statement::from_sql_and_values(backend, text, values)
    }

    /// Runs a statement, and says how many rows it changed.
    pub async fn run(&self, sql: &str, values: Vec<Value>) -> u64 {
        self.database
            .execute_raw(self.statement(sql, values))
            .await
            .expect("the statement is right")
            .rows_affected()
    }

    /// Rows of a statement.
    pub async fn rows(&self, sql: &str, values: Vec<Value>) -> Vec<QueryResult> {
        self.database
            .query_all_raw(self.statement(sql, values))
            .await
            .expect("the statement is right")
    }

    /// The first column of the only row, a number.
    pub async fn number(&self, sql: &str) -> i64 {
        let rows = self.rows(sql, Vec::new()).await;
        rows[0].try_get_by_index(0).expect("it is a number")
    }
}
