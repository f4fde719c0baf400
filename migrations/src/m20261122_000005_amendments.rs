//! What later entries made of a message, whom messages mention, and what people began to write.

use sea_orm_migration::prelude::*;

use crate::column::{Dialect, drop_tables, index, number, primary, reference, string};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let dialect = Dialect::of(manager);
        amendments(manager, dialect).await?;
        mentions(manager, dialect).await?;
        drafts(manager, dialect).await?;
        // What a message shows: for whoever takes it back, and for finding files by their names.
        manager
            .create_index(index("file_uses", &["conversation_id", "seq"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut index = Index::drop();
        index
            .name("file_uses_conversation_id_seq")
            .table("file_uses");
        manager.drop_index(index).await?;
        drop_tables(manager, &["drafts", "mentions", "amendments"]).await
    }
}

async fn amendments(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    // An index over what few messages have: the edits, recalls and reactions themselves are messages like all others.
    let table = dialect
        .keyed_table("amendments")
        .col(dialect.id("conversation_id").not_null())
        .col(number("seq"))
        // The entry that changes it.
        .col(number("by_seq"))
        .col(string("kind", 16))
        .primary_key(&mut primary(&["conversation_id", "seq", "by_seq"]))
        .take();
    manager.create_table(table).await
}

async fn mentions(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    // Everyone is the person whose id is all zeros; so there is no key to people.
    let table = dialect
        .keyed_table("mentions")
        .col(dialect.id("conversation_id").not_null())
        .col(dialect.id("person_id").not_null())
        .col(number("seq"))
        .primary_key(&mut primary(&["conversation_id", "person_id", "seq"]))
        .take();
    manager.create_table(table).await
}

async fn drafts(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("drafts")
        .col(dialect.id("person_id").not_null())
        // `conversation`, `person` or `unit`, and which.
        .col(string("target_kind", 16))
        .col(dialect.id("target_id").not_null())
        .col(dialect.text("body").not_null())
        .col(number("updated_at"))
        .primary_key(&mut primary(&["person_id", "target_kind", "target_id"]))
        .foreign_key(&mut reference("drafts", "person_id", "people"))
        .take();
    manager.create_table(table).await
}
