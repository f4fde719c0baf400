//! Where a run lives: a folder and a database of its own, both removed afterwards.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sea_orm::{ConnectionTrait, Database as SeaOrm};
use webim_model::Sources;
use webim_store::{Store, StoreConfig};

use crate::cli::{Common, Database};

/// A run's folder and database.
pub struct Place {
    /// The folder.
    pub folder: PathBuf,
    /// The database's address.
    pub url: String,
    /// The server's address and the database's name there, where it is not a file.
    made: Option<(String, String)>,
    keep: bool,
}

impl Place {
    /// Makes both; `name` says what for.
    pub async fn new(common: &Common, name: &str) -> Result<Self> {
        let id = Sources::system().uuid().simple().to_string();
        let folder = common.folder.join(format!("{name}-{id}"));
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let folder = folder.canonicalize()?;
        let (url, made) = match common.database {
            Database::Sqlite => (sqlite(&folder), None),
            Database::Postgres => {
                let server = variable(
                    "WEBIM_TEST_POSTGRES",
                    "postgres://postgres@127.0.0.1:5432/postgres",
                );
                create(server, &format!("webim_load_{id}")).await?
            }
            Database::Mariadb => {
                let server = variable("WEBIM_TEST_MARIADB", "mysql://root@127.0.0.1:3306/mysql");
                create(server, &format!("webim_load_{id}")).await?
            }
        };
        Ok(Self {
            folder,
            url,
            made,
            keep: common.keep,
        })
    }

    /// Opens the database, brought up to date. Close it before the server starts.
    pub async fn open(&self) -> Result<Store> {
        let config = StoreConfig {
            url: self.url.clone(),
            readers: 4,
        };
        let store = Store::open(&config, Sources::system()).await?;
        store.migrate().await?;
        Ok(store)
    }

    /// Removes folder and database unless they are to be kept.
    pub async fn remove(self) -> Result<()> {
        if self.keep {
            return Ok(());
        }
        if let Some((server, name)) = self.made {
            let connection = SeaOrm::connect(&server).await?;
            connection
                .execute_unprepared(&format!("DROP DATABASE {name}"))
                .await?;
            connection.close().await?;
        }
        Ok(fs::remove_dir_all(self.folder)?)
    }
}

fn sqlite(folder: &Path) -> String {
    format!("sqlite://{}/webim.db?mode=rwc", folder.display())
}

fn variable(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.into())
}

/// Makes a database on a server, and says its address.
async fn create(server: String, name: &str) -> Result<(String, Option<(String, String)>)> {
    let connection = SeaOrm::connect(&server)
        .await
        .context("the database server")?;
    connection
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await?;
    connection.close().await?;
    let (head, _) = server
        .rsplit_once('/')
        .context("an address ends with /database")?;
    Ok((format!("{head}/{name}"), Some((server, name.to_owned()))))
}
