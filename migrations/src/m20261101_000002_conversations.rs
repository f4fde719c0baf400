//! Conversations of all kinds, their members, their messages, and the side streams that customers never see.

use sea_orm_migration::prelude::*;

use crate::column::{Dialect, drop_tables, index, number, primary, reference, string, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let dialect = Dialect::of(manager);
        conversations(manager, dialect).await?;
        members(manager, dialect).await?;
        messages(manager, dialect).await?;
        side_entries(manager, dialect).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["side_entries", "messages", "members", "conversations"],
        )
        .await
    }
}

async fn conversations(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("conversations")
        .col(dialect.id("id").not_null())
        .col(string("kind", 16))
        .col(string("state", 16))
        .col(string("title", 190))
        .col(number("created_at"))
        // The two people of a direct conversation, the smaller id first: makes a second one impossible.
        .col(dialect.bytes("direct_key", 32))
        .col(dialect.id("unit_id"))
        // What a service conversation has besides.
        .col(dialect.id("channel_id"))
        .col(dialect.id("topic_id"))
        .col(dialect.id("customer_id"))
        .col(ColumnDef::new("holder").string_len(16))
        .col(dialect.id("holder_id"))
        .col(number("lease"))
        .col(number("version"))
        .col(number("member_version"))
        // The head: what the committer reads and writes with every batch.
        .col(number("last_seq"))
        .col(number("last_counted"))
        .col(dialect.id("last_message_id"))
        .col(number("last_time"))
        .col(dialect.bytes("last_hash", 32).not_null())
        .col(number("side_last_seq"))
        .primary_key(&mut primary(&["id"]))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique("conversations", &["direct_key"]))
        .await?;
    manager
        .create_index(unique("conversations", &["unit_id"]))
        .await
}

async fn members(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("members")
        .col(dialect.id("conversation_id").not_null())
        .col(dialect.id("person_id").not_null())
        .col(number("from_seq"))
        .col(number("read_seq"))
        .col(number("read_counted"))
        .primary_key(&mut primary(&["conversation_id", "person_id"]))
        .foreign_key(&mut reference(
            "members",
            "conversation_id",
            "conversations",
        ))
        .foreign_key(&mut reference("members", "person_id", "people"))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("members", &["person_id"])).await
}

async fn messages(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    // No foreign keys: the committer holds the conversation's row anyway, and a check for each message is dear. No
    // index over the id: messages are addressed by conversation and number. Not kept in the order of its key: in the
    // order of arrival, what a batch brings lies together, and the index alone is touched once for each conversation.
    let table = dialect
        .table("messages")
        .col(dialect.id("conversation_id").not_null())
        .col(number("seq"))
        .col(dialect.id("id").not_null())
        .col(dialect.id("sender_id"))
        .col(dialect.id("client_id"))
        .col(string("kind", 16))
        .col(dialect.text("body").not_null())
        .col(number("sent_at"))
        .col(number("counted"))
        // For an edit or a recall: the message that it speaks of.
        .col(ColumnDef::new("refers_seq").big_integer())
        // Of what the client sent, before hooks changed it: tells a repeat from another message of the same name.
        .col(dialect.bytes("fingerprint", 16))
        // Blanked with the body and the fingerprint at erasure: the digest stays, so the chain holds, and says nothing.
        .col(dialect.bytes("salt", 16))
        .col(dialect.bytes("digest", 32).not_null())
        .col(dialect.bytes("hash", 32).not_null())
        .primary_key(&mut primary(&["conversation_id", "seq"]))
        .take();
    manager.create_table(table).await?;
    // The sender's own name for it comes first: such ids begin with the time, so that new ones lie together here, too.
    manager
        .create_index(unique(
            "messages",
            &["client_id", "conversation_id", "sender_id"],
        ))
        .await
}

async fn side_entries(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("side_entries")
        .col(dialect.id("conversation_id").not_null())
        .col(number("seq"))
        .col(dialect.id("id").not_null())
        .col(dialect.id("author_id"))
        .col(dialect.id("client_id"))
        .col(string("kind", 16))
        .col(dialect.text("body").not_null())
        .col(number("sent_at"))
        // The newest message when it was written: where it stands between the messages.
        .col(number("beside_seq"))
        .primary_key(&mut primary(&["conversation_id", "seq"]))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique(
            "side_entries",
            &["conversation_id", "author_id", "client_id"],
        ))
        .await
}
