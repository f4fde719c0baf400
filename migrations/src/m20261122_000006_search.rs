//! The index of the search: segments of postings as bytes, and how far each conversation was taken in.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::column::{Dialect, drop_tables, number, primary, small};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let dialect = Dialect::of(manager);
        heads(manager, dialect).await?;
        segments(manager, dialect).await?;
        pages(manager, dialect).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["search_pages", "search_segments", "search_heads"],
        )
        .await
    }
}

async fn heads(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("search_heads")
        .col(dialect.id("conversation_id").not_null())
        // The last message that was taken in.
        .col(number("seq"))
        .primary_key(&mut primary(&["conversation_id"]))
        .take();
    manager.create_table(table).await
}

async fn segments(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .table("search_segments")
        // Whose it is: a person, for all their direct conversations, or one conversation of another kind.
        .col(dialect.id("scope_id").not_null())
        .col(dialect.id("id").not_null())
        .col(small("level"))
        .col(number("docs"))
        .col(number("newest"))
        .col(blob(manager, "directory"))
        // Postings and texts of a small one, which then has no pages.
        .col(blob(manager, "whole"))
        .primary_key(&mut primary(&["scope_id", "id"]))
        .take();
    manager.create_table(table).await
}

async fn pages(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .table("search_pages")
        .col(dialect.id("segment_id").not_null())
        // Postings from 0, lists of texts from 1,000,000.
        .col(number("page"))
        .col(blob(manager, "data"))
        .primary_key(&mut primary(&["segment_id", "page"]))
        .take();
    manager.create_table(table).await?;
    if manager.get_database_backend() == DbBackend::Postgres {
        // It is dense already: trying to compress it would be work for nothing.
        let sql = "ALTER TABLE search_pages ALTER COLUMN data SET STORAGE EXTERNAL";
        manager.get_connection().execute_unprepared(sql).await?;
    }
    Ok(())
}

/// Bytes, as many as there are.
fn blob(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.custom(match manager.get_database_backend() {
        DbBackend::Postgres => "bytea",
        DbBackend::Sqlite => "blob",
        _ => "mediumblob",
    });
    column.not_null().take()
}
