//! People and the organisation they are in.

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
        people(manager, dialect).await?;
        units(manager, dialect).await?;
        unit_members(manager, dialect).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["unit_members", "units", "people"]).await
    }
}

async fn people(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("people")
        .col(dialect.id("id").not_null())
        .col(string("kind", 16))
        .col(ColumnDef::new("login").string_len(190))
        .col(ColumnDef::new("password_hash").string_len(255))
        .col(string("name", 190))
        .col(string("avatar", 1_000))
        .col(string("sign", 255))
        .col(small("roles"))
        .col(flag("active"))
        .col(string("status", 16))
        .col(number("version"))
        .col(number("created_at"))
        .primary_key(&mut primary(&["id"]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(unique("people", &["login"])).await
}

async fn units(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    // No foreign key on the parent: an import may name a unit before the one that it is in.
    let table = dialect
        .keyed_table("units")
        .col(dialect.id("id").not_null())
        .col(string("code", 190))
        .col(dialect.id("parent_id"))
        .col(string("name", 190))
        .col(small("position"))
        .col(flag("active"))
        .primary_key(&mut primary(&["id"]))
        .take();
    manager.create_table(table).await?;
    manager.create_index(unique("units", &["code"])).await
}

async fn unit_members(manager: &SchemaManager<'_>, dialect: Dialect) -> Result<(), DbErr> {
    let table = dialect
        .keyed_table("unit_members")
        .col(dialect.id("unit_id").not_null())
        .col(dialect.id("person_id").not_null())
        .primary_key(&mut primary(&["unit_id", "person_id"]))
        .foreign_key(&mut reference("unit_members", "unit_id", "units"))
        .foreign_key(&mut reference("unit_members", "person_id", "people"))
        .take();
    manager.create_table(table).await?;
    manager
        .create_index(index("unit_members", &["person_id"]))
        .await
}
