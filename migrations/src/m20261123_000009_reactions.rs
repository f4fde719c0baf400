//! Which entry is a person's last word with a sign at a message: the one before it is not read any more.

use sea_orm_migration::prelude::*;

use crate::column::{Dialect, drop_tables, number, primary};

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
            .keyed_table("reactions")
            .col(dialect.id("conversation_id").not_null())
            // The message that has the sign.
            .col(number("seq"))
            // A hash of the person and the sign: erasure leaves no word here.
            .col(dialect.bytes("slot", 16).not_null())
            // The entry that put it there or took it away.
            .col(number("by_seq"))
            .primary_key(&mut primary(&["conversation_id", "seq", "slot"]))
            .take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["reactions"]).await
    }
}
