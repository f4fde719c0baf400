//! The tables, and every step by which they came to be what they are: expand first, contract in a later release.
//!
//! A released migration is never edited. One set of definitions serves SQLite, PostgreSQL and MariaDB; `column`
//! holds what they call the same thing. Indexes exist only for queries that there are: each one is paid for with
//! every insert.

mod column;
mod m20261101_000001_directory;
mod m20261101_000002_conversations;
mod m20261101_000003_operation;
mod m20261122_000004_files;
mod m20261122_000005_amendments;
mod m20261122_000006_search;
mod m20261122_000007_accounts;
mod m20261123_000008_service;
mod m20261123_000009_reactions;
mod m20261123_000010_knowledge;
mod m20261123_000015_skins;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{MigrationTrait, async_trait};

/// All migrations, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261101_000001_directory::Migration),
            Box::new(m20261101_000002_conversations::Migration),
            Box::new(m20261101_000003_operation::Migration),
            Box::new(m20261122_000004_files::Migration),
            Box::new(m20261122_000005_amendments::Migration),
            Box::new(m20261122_000006_search::Migration),
            Box::new(m20261122_000007_accounts::Migration),
            Box::new(m20261123_000008_service::Migration),
            Box::new(m20261123_000009_reactions::Migration),
            Box::new(m20261123_000010_knowledge::Migration),
            Box::new(m20261123_000015_skins::Migration),
        ]
    }
}
