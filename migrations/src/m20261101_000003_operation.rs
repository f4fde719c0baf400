//! What a running server keeps: the outbox, sessions, settings, and which process serves.

use sea_orm_migration::prelude::*;

use crate::column::{
    Dialect, drop_tables, index, number, primary, reference, small, string, unique,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let dialect = Dialect::of(manager);
        outbox(manager, dialect).await?;
        sessions(manager, dialect).await?;
        settings(manager, dialect).await?;
        instance(manager, dialect).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["instance", "settings", "sessions", "outbox"]).await
    }
}

async fn outbox(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("outbox")
        .col(string("topic", 100))
        .col(dialect.id("conversation_id").not_null())
        .col(number("seq"))
        // What the message itself does not say; usually nothing.
        .col(dialect.text("payload"))
        .col(small("depth"))
        .col(string("state", 16))
        .col(small("attempts"))
        .col(number("due_at"))
        .col(dialect.id("claimed_by"))
        .col(number("claimed_until"))
        .primary_key(&mut primary(&["topic", "conversation_id", "seq"]))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index("outbox", &["topic", "state", "due_at"]))
        .await
}

async fn sessions(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("sessions")
        .col(dialect.id("id").not_null())
        .col(dialect.id("person_id").not_null())
        .col(dialect.bytes("token_hash", 32).not_null())
        .col(number("created_at"))
        .col(number("expires_at"))
        .col(number("seen_at"))
        .col(string("device", 100))
        .primary_key(&mut primary(&["id"]))
        .foreign_key(&mut reference("sessions", "person_id", "people"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique("sessions", &["token_hash"]))
        .await?;
    manager
        .create_index(index("sessions", &["person_id"]))
        .await?;
    manager
        .create_index(index("sessions", &["expires_at"]))
        .await
}

async fn settings(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("settings")
        .col(string("name", 100))
        .col(dialect.text("value").not_null())
        .primary_key(&mut primary(&["name"]))
        .take();
    manager.create_table(table).await
}

async fn instance(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    // One row at most.
    let table = dialect
        .keyed_table("instance")
        .col(small("id"))
        .col(dialect.id("holder_id").not_null())
        .col(string("host", 255))
        .col(number("pid"))
        .col(number("until_at"))
        .primary_key(&mut primary(&["id"]))
        .take();
    manager.create_table(table).await
}
