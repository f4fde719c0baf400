//! Questions and answers.

use sea_orm_migration::prelude::*;

use crate::column::{Dialect, drop_tables, flag, number, primary, string, unique};

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
            .keyed_table("kb_entries")
            .col(dialect.id("id").not_null())
            // What it is called where it came from.
            .col(string("code", 200))
            .col(dialect.text("title").not_null())
            .col(dialect.text("keywords").not_null())
            .col(dialect.text("answer").not_null())
            // Empty: none.
            .col(dialect.text("link").not_null())
            // Empty: for every topic, for every channel.
            .col(string("topic", 200))
            .col(string("channel", 200))
            // Null: from the beginning, for ever.
            .col(ColumnDef::new("valid_from").big_integer())
            .col(ColumnDef::new("valid_until").big_integer())
            // Grows with each change.
            .col(number("version"))
            .col(number("created_at"))
            .col(number("updated_at"))
            .col(flag("active"))
            .primary_key(&mut primary(&["id"]))
            .take();
        manager.create_table(table).await?;
        manager.create_index(unique("kb_entries", &["code"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["kb_entries"]).await
    }
}
