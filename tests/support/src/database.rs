//! Databases of one test each: made for it, and dropped after it.

use std::net::{TcpStream, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sea_orm::{ConnectionTrait, Database as SeaOrm, DatabaseConnection};
use tempfile::TempDir;
use webim_model::Sources;
use webim_store::{Store, StoreConfig};

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file, always there.
    Sqlite,
    /// A server: `WEBIM_TEST_POSTGRES`, or on this machine.
    Postgres,
    /// A server: `WEBIM_TEST_MARIADB`, or on this machine.
    MariaDb,
}

impl Database {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::MariaDb => "MariaDB",
        }
    }

    /// The server's address, with a database that is always there.
    fn server(self) -> Option<String> {
        let (variable, default) = match self {
            Self::Sqlite => return None,
            Self::Postgres => (
                "WEBIM_TEST_POSTGRES",
                "postgres://postgres@127.0.0.1:5432/postgres",
            ),
            Self::MariaDb => ("WEBIM_TEST_MARIADB", "mysql://root@127.0.0.1:3306/mysql"),
        };
        Some(std::env::var(variable).unwrap_or_else(|_| default.to_owned()))
    }
}

/// Whether this is the run in which nothing may be left out.
pub(crate) fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(&*value, "" | "0" | "false"))
}

/// A database of one test.
pub struct TestDatabase {
    /// Which.
    pub kind: Database,
    /// Its address, as `webim.toml` has it.
    pub url: String,
    /// Where SQLite's file lies.
    folder: Option<TempDir>,
    /// Where the others' server is, and what the database is called there.
    made: Option<(String, String)>,
}

impl TestDatabase {
    /// An empty one. `None` if its server does not answer, which is said aloud; with `CI=true` that is an error.
    pub async fn new(kind: Database) -> Result<Option<Self>> {
        let Some(server) = kind.server() else {
            return Self::file().map(Some);
        };
        if !answers(&server) {
            let sentence = format!("{} does not answer at {}", kind.name(), authority(&server));
            if is_ci() {
                bail!(sentence);
            }
            left_out(&sentence);
            return Ok(None);
        }
        let name = format!("webim_test_{}", Sources::system().uuid().simple());
        run(&server, &format!("CREATE DATABASE {name}")).await?;
        let (head, _) = server
            .rsplit_once('/')
            .context("an address ends with /database")?;
        Ok(Some(Self {
            kind,
            url: format!("{head}/{name}"),
            folder: None,
            made: Some((server, name)),
        }))
    }

    /// An empty SQLite database.
    pub fn file() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("webim-db-").tempdir()?;
        Ok(Self {
            kind: Database::Sqlite,
            url: format!(
                "sqlite://{}?mode=rwc",
                folder.path().join("webim.db").display()
            ),
            folder: Some(folder),
            made: None,
        })
    }

    /// SQLite's file.
    pub fn path(&self) -> Result<PathBuf> {
        let folder = self.folder.as_ref().context("only SQLite has a file")?;
        Ok(folder.path().join("webim.db"))
    }

    /// A store on it, its tables made.
    pub async fn open(&self, sources: Sources) -> Result<Store> {
        let config = StoreConfig {
            url: self.url.clone(),
            readers: 2,
        };
        let store = Store::open(&config, sources).await?;
        store.migrate().await?;
        Ok(store)
    }

    /// A statement of the test's own, said by an administrator who is not the server.
    pub async fn say(&self, sql: &str) -> Result<()> {
        run(&self.url, sql).await
    }

    /// A statement said beside this database, where its own settings do not count.
    pub async fn administer(&self, sql: &str) -> Result<()> {
        let (server, _) = self.made.as_ref().context("SQLite has no server")?;
        run(server, sql).await
    }

    /// The database's name on its server.
    pub fn name(&self) -> Result<&str> {
        let (_, name) = self.made.as_ref().context("SQLite has no server")?;
        Ok(name)
    }

    /// Where its server listens, as `host:port`.
    pub fn authority(&self) -> &str {
        authority(&self.url)
    }

    /// SQLite: keeps a copy of the file; the server must be stopped.
    pub fn back_up(&self) -> Result<Backup> {
        let copy = tempfile::NamedTempFile::new()?;
        std::fs::copy(self.path()?, copy.path())?;
        Ok(Backup(copy))
    }

    /// SQLite: puts a copy in the place of the file; the server must be stopped.
    pub fn restore(&self, backup: &Backup) -> Result<()> {
        let path = self.path()?;
        for side in ["-wal", "-shm"] {
            let side = PathBuf::from(format!("{}{side}", path.display()));
            if side.exists() {
                std::fs::remove_file(side)?;
            }
        }
        std::fs::copy(backup.0.path(), path)?;
        Ok(())
    }
}

/// A copy of an SQLite database.
pub struct Backup(tempfile::NamedTempFile);

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some((server, name)) = self.made.take() else {
            return;
        };
        let force = if self.kind == Database::Postgres {
            " WITH (FORCE)"
        } else {
            ""
        };
        let sql = format!("DROP DATABASE IF EXISTS {name}{force}");
        // A drop cannot wait, and the test's own runtime may be at its end: a short one on a thread of its own.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(run(&server, &sql))
        });
        let dropped = dropping.join();
        debug_assert!(
            matches!(dropped, Ok(Ok(()))),
            "{name} was not dropped: {dropped:?}"
        );
    }
}

async fn run(url: &str, sql: &str) -> Result<()> {
    let connection: DatabaseConnection = SeaOrm::connect(url)
        .await
        .context("an administrator's connection")?;
    let done = connection.execute_unprepared(sql).await;
    connection.close().await?;
    done.with_context(|| sql.to_owned())?;
    Ok(())
}

fn answers(url: &str) -> bool {
    let addresses = authority(url).to_socket_addrs().into_iter().flatten();
    let mut addresses = addresses
        .filter(|address| TcpStream::connect_timeout(address, Duration::from_secs(2)).is_ok());
    addresses.next().is_some()
}

/// `host:port` of an address; never what stands before an `@`.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['/', '?']).next().unwrap_or(rest);
    rest.rsplit_once('@').map_or(rest, |(_, host)| host)
}

#[expect(
    clippy::print_stderr,
    reason = "what is left out must be said where the test's reader looks"
)]
pub(crate) fn left_out(sentence: &str) {
    eprintln!("left out: {sentence}");
}
