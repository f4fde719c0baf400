//! Tokens of programs, and what people set for themselves.

use sea_orm_migration::prelude::*;

use crate::column::{
    Dialect, drop_tables, flag, number, primary, reference, small, string, unique,
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
        api_tokens(manager, dialect).await?;
        person_settings(manager, dialect).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["person_settings", "api_tokens"]).await
    }
}

async fn api_tokens(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("api_tokens")
        .col(dialect.id("id").not_null())
        .col(string("name", 100))
        .col(dialect.bytes("token_hash", 32).not_null())
        .col(small("scopes"))
        .col(dialect.id("created_by").not_null())
        .col(number("created_at"))
        // Null: until it is revoked.
        .col(ColumnDef::new("expires_at").big_integer())
        // Null: never used.
        .col(ColumnDef::new("used_at").big_integer())
        .primary_key(&mut primary(&["id"]))
        .foreign_key(&mut reference("api_tokens", "created_by", "people"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(unique("api_tokens", &["token_hash"]))
        .await
}

async fn person_settings(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("person_settings")
        .col(dialect.id("person_id").not_null())
        .col(flag("show_last_seen"))
        // Kept only while it may be shown; 0 otherwise.
        .col(number("seen_at"))
        .primary_key(&mut primary(&["person_id"]))
        .foreign_key(&mut reference("person_settings", "person_id", "people"))
        .take();
    manager.create_table(table).await
}
