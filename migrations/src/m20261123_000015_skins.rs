//! The background that somebody has chosen for their chats.

use sea_orm_migration::prelude::*;

use crate::column::{Dialect, drop_tables, index, primary, reference, string};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let dialect = Dialect::of(manager);
        let table = dialect
            .keyed_table("person_skins")
            .col(dialect.id("person_id").not_null())
            // LayIM's name of it; empty where it has none.
            .col(string("name", 100))
            // Its address, where the name is not enough.
            .col(string("src", 500))
            // The file of one's own that it is.
            .col(dialect.id("file_id"))
            .primary_key(&mut primary(&["person_id"]))
            .foreign_key(&mut reference("person_skins", "person_id", "people"))
            .foreign_key(&mut reference("person_skins", "file_id", "files"))
            .take();
        manager.create_table(table).await?;
        manager
            .create_index(index("person_skins", &["file_id"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["person_skins"]).await
    }
}
