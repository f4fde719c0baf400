//! Columns as each database spells them, and tables whose keys and names compare byte by byte.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// What one database calls things.
#[derive(Clone, Copy)]
pub struct Dialect(DbBackend);

impl Dialect {
    /// That of the database being migrated.
    pub fn of(manager: &SchemaManager<'_>) -> Self {
        Self(manager.get_database_backend())
    }

    /// A new table.
    pub fn table(self, name: &'static str) -> TableCreateStatement {
        let mut table = Table::create();
        table.table(name);
        if self.0 == DbBackend::MySql {
            // The default collation takes `Li` for `li`, and most others take `li` for `li ` with a space.
            table
                .engine("InnoDB")
                .character_set("utf8mb4")
                .collate("utf8mb4_nopad_bin");
        }
        table
    }

    /// A new table whose rows are found by their primary key, and kept in its order where the database can choose.
    pub fn keyed_table(self, name: &'static str) -> TableCreateStatement {
        let mut table = self.table(name);
        if self.0 == DbBackend::Sqlite {
            table.extra("WITHOUT ROWID");
        }
        table
    }

    /// A UUID, nullable.
    pub fn id(self, name: &'static str) -> ColumnDef {
        let mut column = ColumnDef::new(name);
        match self.0 {
            DbBackend::Sqlite => column.custom("blob"),
            _ => column.uuid(),
        };
        column
    }

    /// Exactly so many bytes, nullable.
    pub fn bytes(self, name: &'static str, length: u32) -> ColumnDef {
        let mut column = ColumnDef::new(name);
        match self.0 {
            DbBackend::Sqlite => column.custom("blob"),
            _ => column.binary_len(length),
        };
        column
    }

    /// A text that may be longer than 64 KiB.
    pub fn text(self, name: &'static str) -> ColumnDef {
        let mut column = ColumnDef::new(name);
        match self.0 {
            DbBackend::MySql => column.custom("mediumtext"),
            _ => column.text(),
        };
        column
    }
}

/// At most so many characters.
pub fn string(name: &'static str, length: u32) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.string_len(length).not_null();
    column
}

/// A count, a version, a number in a sequence, or milliseconds since 1970.
pub fn number(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.big_integer().not_null();
    column
}

/// A small number or a set of bits.
pub fn small(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.integer().not_null();
    column
}

/// Yes or no.
pub fn flag(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.boolean().not_null();
    column
}

/// The primary key over `columns`.
pub fn primary(columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    for column in columns {
        index.col(*column);
    }
    index.primary().take()
}

/// An index over `columns` of `table`, named after both.
pub fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_")));
    index.table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// A unique index over `columns` of `table`, named after both.
pub fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(table, columns).unique().take()
}

/// `table.column` names a row of `to` by its `id`.
pub fn reference(
    table: &'static str,
    column: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}_fk"))
        .from(table, column)
        .to(to, "id")
        .take()
}

/// Drops `tables` in this order.
pub async fn drop_tables(
    manager: &SchemaManager<'_>,
    tables: &[&'static str],
) -> Result<(), DbErr> {
    for table in tables {
        manager
            .drop_table(Table::drop().table(*table).take())
            .await?;
    }
    Ok(())
}
