//! Customer service: channels and who serves them, customers, visits, and the reasons of what was decided.

use sea_orm_migration::prelude::*;

use crate::column::{
    Dialect, drop_tables, flag, index, number, primary, reference, small, string, unique,
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
        channels(manager, dialect).await?;
        teams(manager, dialect).await?;
        topics(manager, dialect).await?;
        agents(manager, dialect).await?;
        customers(manager, dialect).await?;
        services(manager, dialect).await?;
        visits(manager, dialect).await?;
        assignments(manager, dialect).await?;
        transfers(manager, dialect).await?;
        canned(manager, dialect).await?;
        audit(manager, dialect).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "audit",
                "canned",
                "transfers",
                "assignments",
                "visits",
                "services",
                "customers",
                "agents",
                "topic_experts",
                "topics",
                "team_members",
                "teams",
                "channels",
            ],
        )
        .await
    }
}

async fn channels(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    // What only the server's own code looks into lies in `config`, one JSON object.
    let table = dialect
        .keyed_table("channels")
        .col(dialect.id("id").not_null())
        .col(string("code", 64))
        .col(string("name", 190))
        .col(string("mode", 16))
        .col(string("audience", 16))
        .col(flag("active"))
        .col(dialect.text("config").not_null())
        // Sealed with the master key; null where nobody signs for this channel.
        .col(dialect.text("secret"))
        // Whom the round robin came to last.
        .col(dialect.id("cursor_id"))
        .col(number("version"))
        .col(number("created_at"))
        .primary_key(&mut primary(&["id"]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(unique("channels", &["code"])).await
}

async fn teams(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("teams")
        .col(dialect.id("id").not_null())
        .col(string("name", 190))
        .primary_key(&mut primary(&["id"]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(unique("teams", &["name"])).await?;
    pairs(manager, dialect, ("team_members", "team_id", "person_id")).await
}

/// A table that says which two belong together.
async fn pairs(
    manager: &SchemaManager<'_>,
    dialect: Dialect,
    (name, one, other): (&'static str, &'static str, &'static str),
) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table(name)
        .col(dialect.id(one).not_null())
        .col(dialect.id(other).not_null())
        .primary_key(&mut primary(&[one, other]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index(name, &[other])).await
}

async fn topics(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("topics")
        .col(dialect.id("id").not_null())
        .col(dialect.id("channel_id").not_null())
        .col(string("code", 64))
        .col(string("name", 190))
        .col(small("position"))
        .col(flag("active"))
        .primary_key(&mut primary(&["id"]))
        .foreign_key(&mut reference("topics", "channel_id", "channels"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique("topics", &["channel_id", "code"]))
        .await?;
    pairs(manager, dialect, ("topic_experts", "topic_id", "person_id")).await
}

async fn agents(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("agents")
        .col(dialect.id("person_id").not_null())
        .col(small("capacity"))
        .col(small("weight"))
        // Words, one a line.
        .col(dialect.text("skills").not_null())
        .col(dialect.text("languages").not_null())
        .col(string("work_state", 16))
        // When finishing up ends by itself.
        .col(ColumnDef::new("wrap_up_until").big_integer())
        // How often in a row they did not answer.
        .col(small("silences"))
        // When their last connection ended.
        .col(ColumnDef::new("gone_at").big_integer())
        // Null: nobody was given to them yet.
        .col(ColumnDef::new("assigned_at").big_integer())
        .primary_key(&mut primary(&["person_id"]))
        .foreign_key(&mut reference("agents", "person_id", "people"))
        .take();
    manager.create_table(table).await
}

async fn customers(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("customers")
        .col(dialect.id("person_id").not_null())
        .col(dialect.id("channel_id").not_null())
        // What the host system calls them; null for visitors.
        .col(ColumnDef::new("external_id").string_len(190))
        .col(number("came_at"))
        .col(number("seen_at"))
        .col(string("language", 35))
        .col(string("device", 255))
        // The page they were on last, where they came from: JSON.
        .col(dialect.text("page").not_null())
        // JSON: an array of words, and an object of texts.
        .col(dialect.text("tags").not_null())
        .col(dialect.text("attributes").not_null())
        .col(flag("blocked"))
        .col(dialect.id("merged_into"))
        .primary_key(&mut primary(&["person_id"]))
        .foreign_key(&mut reference("customers", "person_id", "people"))
        .foreign_key(&mut reference("customers", "channel_id", "channels"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique("customers", &["channel_id", "external_id"]))
        .await
}

async fn services(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    // What the allocator knows of a conversation beyond holder and lease, which are the conversation's own.
    let table = dialect
        .keyed_table("services")
        .col(dialect.id("conversation_id").not_null())
        .col(dialect.id("channel_id").not_null())
        .col(dialect.id("customer_id").not_null())
        // Null while no visit is open.
        .col(dialect.id("visit_id"))
        .col(dialect.id("owner_id"))
        .col(dialect.text("state").not_null())
        .primary_key(&mut primary(&["conversation_id"]))
        .foreign_key(&mut reference(
            "services",
            "conversation_id",
            "conversations",
        ))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index("services", &["visit_id"]))
        .await?;
    manager
        .create_index(index("services", &["customer_id"]))
        .await
}

async fn visits(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let when = |name: &'static str| ColumnDef::new(name).big_integer().take();
    let table = dialect
        .keyed_table("visits")
        .col(dialect.id("id").not_null())
        .col(dialect.id("conversation_id").not_null())
        .col(dialect.id("channel_id").not_null())
        .col(dialect.id("topic_id"))
        .col(dialect.id("customer_id").not_null())
        // Who served it last.
        .col(dialect.id("agent_id"))
        .col(number("opened_at"))
        .col(when("queued_at"))
        .col(when("assigned_at"))
        .col(when("responded_at"))
        .col(when("closed_at"))
        .col(ColumnDef::new("closed_by").string_len(16))
        // Milliseconds in queues, and milliseconds with agents.
        .col(number("queued_ms"))
        .col(number("handled_ms"))
        .col(small("assignments"))
        .col(small("transfers"))
        .col(small("asked"))
        .col(flag("unanswered"))
        .col(flag("abandoned"))
        .col(ColumnDef::new("rating").integer().take())
        .primary_key(&mut primary(&["id"]))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index("visits", &["conversation_id", "opened_at"]))
        .await?;
    manager.create_index(index("visits", &["opened_at"])).await
}

async fn assignments(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("assignments")
        .col(dialect.id("id").not_null())
        .col(dialect.id("conversation_id").not_null())
        .col(dialect.id("visit_id"))
        .col(dialect.id("agent_id"))
        .col(number("decided_at"))
        .col(string("reason", 16))
        .col(ColumnDef::new("answered_at").big_integer())
        // Milliseconds that the customer waited for that answer.
        .col(ColumnDef::new("answered_ms").big_integer())
        .col(ColumnDef::new("ended_at").big_integer())
        .col(ColumnDef::new("ended").string_len(16))
        // Inputs and each candidate's verdict: JSON.
        .col(dialect.text("receipt").not_null())
        .primary_key(&mut primary(&["id"]))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index("assignments", &["conversation_id", "decided_at"]))
        .await
}

async fn transfers(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("transfers")
        .col(dialect.id("id").not_null())
        .col(dialect.id("conversation_id").not_null())
        .col(dialect.id("visit_id"))
        .col(dialect.id("from_id"))
        .col(string("to_kind", 16))
        .col(dialect.id("to_id"))
        .col(dialect.text("note").not_null())
        .col(string("history", 16))
        .col(string("state", 16))
        .col(string("reason", 255))
        .col(number("offered_at"))
        .col(ColumnDef::new("ended_at").big_integer())
        .primary_key(&mut primary(&["id"]))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index("transfers", &["conversation_id", "offered_at"]))
        .await
}

async fn canned(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("canned")
        .col(dialect.id("id").not_null())
        // Null: everybody's.
        .col(dialect.id("owner_id"))
        .col(string("shortcut", 64))
        .col(string("title", 190))
        .col(dialect.text("body").not_null())
        .primary_key(&mut primary(&["id"]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("canned", &["owner_id"])).await
}

async fn audit(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("audit")
        .col(dialect.id("id").not_null())
        .col(number("done_at"))
        .col(dialect.id("person_id"))
        .col(string("action", 64))
        .col(string("object", 190))
        .col(dialect.text("detail").not_null())
        .primary_key(&mut primary(&["id"]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(index("audit", &["done_at"])).await
}
