//! Files that people uploaded, and the conversations in which they were shown.

use sea_orm_migration::prelude::*;

use crate::column::{Dialect, drop_tables, flag, index, number, primary, reference, string};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let dialect = Dialect::of(manager);
        files(manager, dialect).await?;
        file_uses(manager, dialect).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["file_uses", "files"]).await
    }
}

async fn files(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("files")
        .col(dialect.id("id").not_null())
        .col(dialect.id("owner_id").not_null())
        .col(string("name", 240))
        // What the content says it is, never what its sender said.
        .col(string("kind", 16))
        .col(string("media_type", 100))
        .col(number("bytes"))
        .col(dialect.bytes("digest", 32).not_null())
        // Of a picture, in pixels; 0 for others.
        .col(number("width"))
        .col(number("height"))
        .col(flag("thumbnail"))
        .col(number("created_at"))
        .primary_key(&mut primary(&["id"]))
        .foreign_key(&mut reference("files", "owner_id", "people"))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("files", &["owner_id"])).await
}

async fn file_uses(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("file_uses")
        .col(dialect.id("file_id").not_null())
        .col(dialect.id("conversation_id").not_null())
        // The message that shows it; whoever may read that one may have the file.
        .col(number("seq"))
        .primary_key(&mut primary(&["file_id", "conversation_id", "seq"]))
        .foreign_key(&mut reference("file_uses", "file_id", "files"))
        .take();
    manager.create_table(table).await
}
