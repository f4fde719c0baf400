//! How a statement is said to each database: placeholders, values and rows.
//!
//! Statements are written once, with `?` for a value and in the SQL that all three share; the few places where they
//! part ask [`Backend`].

use std::fmt::Write;

use sea_orm::{DbBackend, QueryResult, Statement, TryGetable, Value};
use uuid::Uuid;

use crate::{Backend, StoreError};

impl Backend {
    pub(crate) fn sea(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
            Self::MariaDb => DbBackend::MySql,
        }
    }

    /// The SQL text as this database takes it.
    pub(crate) fn text(self, sql: &str) -> String {
        if self != Self::Postgres {
            return sql.into();
        }
        let mut text = String::with_capacity(sql.len() + 32);
        let mut number = 0;
        for part in sql.split_inclusive('?') {
            match part.strip_suffix('?') {
                Some(before) => {
                    number += 1;
                    write!(text, "{before}${number}").expect("writing to a string never fails");
                }
                None => text.push_str(part),
            }
        }
        text
    }

    pub(crate) fn statement(self, sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.sea(), self.text(sql), values)
    }

    /// What to append to a SELECT so that others wait with changing its rows.
    pub(crate) fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres | Self::MariaDb => " FOR UPDATE",
        }
    }

    /// An INSERT that does nothing where a unique key is taken: what stands before INTO and after the values.
    pub(crate) fn insert_or_keep(self) -> (&'static str, &'static str) {
        match self {
            Self::Sqlite | Self::Postgres => ("INSERT", " ON CONFLICT DO NOTHING"),
            Self::MariaDb => ("INSERT IGNORE", ""),
        }
    }
}

/// `(?, ?), (?, ?)`: so many rows of so many columns.
pub(crate) fn rows_of(rows: usize, columns: usize) -> String {
    let row = format!("({})", marks(columns));
    let mut text = String::with_capacity((row.len() + 2) * rows);
    for at in 0..rows {
        if at > 0 {
            text.push_str(", ");
        }
        text.push_str(&row);
    }
    text
}

/// `?, ?, ?`: so many values.
pub(crate) fn marks(count: usize) -> String {
    let mut text = String::with_capacity(count * 3);
    for at in 0..count {
        text.push_str(if at > 0 { ", ?" } else { "?" });
    }
    text
}

/// A table of values called `k`, for joining, with columns of these names.
pub(crate) fn keys(backend: Backend, names: &[&str], rows: usize) -> String {
    match backend {
        Backend::Sqlite => {
            let mut text = String::from("(SELECT ");
            for (at, name) in names.iter().enumerate() {
                let comma = if at > 0 { ", " } else { "" };
                write!(text, "{comma}column{} AS {name}", at + 1)
                    .expect("writing to a string never fails");
            }
            text + " FROM (VALUES " + &rows_of(rows, names.len()) + ")) k"
        }
        Backend::Postgres => {
            let values = rows_of(rows, names.len());
            format!("(VALUES {values}) k ({})", names.join(", "))
        }
        // It names the columns of VALUES after the values, which are all `?`.
        Backend::MariaDb => {
            let first: Vec<_> = names.iter().map(|name| format!("? AS {name}")).collect();
            let others = format!(" UNION ALL SELECT {}", marks(names.len()));
            format!(
                "(SELECT {}{}) k",
                first.join(", "),
                others.repeat(rows.saturating_sub(1))
            )
        }
    }
}

/// An UPDATE of `table` from other tables: `set` is what changes, its columns named without their table, and `matches`
/// says which rows belong together.
pub(crate) fn update_from(
    backend: Backend,
    table: &str,
    others: &str,
    set: &str,
    matches: &str,
) -> String {
    match backend {
        Backend::Sqlite | Backend::Postgres => {
            format!("UPDATE {table} SET {set} FROM {others} WHERE {matches}")
        }
        Backend::MariaDb => format!("UPDATE {table}, {others} SET {set} WHERE {matches}"),
    }
}

/// So many rows go into one statement, the largest first: few different texts, which the database keeps prepared.
const CHUNKS: [usize; 4] = [256, 64, 8, 1];

/// Cuts `items` into chunks of fixed sizes.
pub(crate) fn chunks<T>(mut items: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = CHUNKS.into_iter().find(|size| *size <= items.len())?;
        let (chunk, rest) = items.split_at(size);
        items = rest;
        Some(chunk)
    })
}

pub(crate) fn id(id: impl Into<Uuid>) -> Value {
    Value::Uuid(Some(id.into()))
}

pub(crate) fn id_or_null(id: Option<impl Into<Uuid>>) -> Value {
    Value::Uuid(id.map(Into::into))
}

/// A count or a number in a sequence. They start at 0 or 1 and grow one by one.
pub(crate) fn number(number: u64) -> Value {
    Value::BigInt(Some(
        i64::try_from(number).expect("no sequence grows beyond 2^63"),
    ))
}

pub(crate) fn signed(number: i64) -> Value {
    Value::BigInt(Some(number))
}

pub(crate) fn small(number: i32) -> Value {
    Value::Int(Some(number))
}

pub(crate) fn text(text: impl Into<String>) -> Value {
    Value::String(Some(text.into()))
}

pub(crate) fn flag(flag: bool) -> Value {
    Value::Bool(Some(flag))
}

pub(crate) fn bytes(bytes: &[u8]) -> Value {
    Value::Bytes(Some(bytes.to_vec()))
}

/// A row, read by the place of each column in the SELECT.
pub(crate) struct Row<'a>(pub(crate) &'a QueryResult);

impl Row<'_> {
    fn get<T: TryGetable>(&self, at: usize) -> Result<T, StoreError> {
        T::try_get_by_index(self.0, at).map_err(|_| corrupt(at))
    }

    pub(crate) fn id<T: From<Uuid>>(&self, at: usize) -> Result<T, StoreError> {
        self.get::<Uuid>(at).map(T::from)
    }

    pub(crate) fn id_or_null<T: From<Uuid>>(&self, at: usize) -> Result<Option<T>, StoreError> {
        self.get::<Option<Uuid>>(at).map(|id| id.map(T::from))
    }

    pub(crate) fn number(&self, at: usize) -> Result<u64, StoreError> {
        self.get::<i64>(at)
            .and_then(|number| u64::try_from(number).map_err(|_| corrupt(at)))
    }

    pub(crate) fn number_or_null(&self, at: usize) -> Result<Option<u64>, StoreError> {
        self.get::<Option<i64>>(at)?
            .map(|number| u64::try_from(number).map_err(|_| corrupt(at)))
            .transpose()
    }

    pub(crate) fn signed(&self, at: usize) -> Result<i64, StoreError> {
        self.get(at)
    }

    pub(crate) fn signed_or_null(&self, at: usize) -> Result<Option<i64>, StoreError> {
        self.get(at)
    }

    pub(crate) fn small(&self, at: usize) -> Result<i32, StoreError> {
        self.get(at)
    }

    pub(crate) fn text(&self, at: usize) -> Result<String, StoreError> {
        self.get(at)
    }

    pub(crate) fn text_or_null(&self, at: usize) -> Result<Option<String>, StoreError> {
        self.get(at)
    }

    pub(crate) fn flag(&self, at: usize) -> Result<bool, StoreError> {
        self.get(at)
    }

    pub(crate) fn bytes<const N: usize>(&self, at: usize) -> Result<[u8; N], StoreError> {
        self.get::<Vec<u8>>(at)?.try_into().map_err(|_| corrupt(at))
    }

    pub(crate) fn bytes_or_null<const N: usize>(
        &self,
        at: usize,
    ) -> Result<Option<[u8; N]>, StoreError> {
        self.get::<Option<Vec<u8>>>(at)?
            .map(|bytes| bytes.try_into().map_err(|_| corrupt(at)))
            .transpose()
    }

    pub(crate) fn blob(&self, at: usize) -> Result<Vec<u8>, StoreError> {
        self.get(at)
    }

    /// A word of a closed set.
    pub(crate) fn word<T>(
        &self,
        at: usize,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        parse(&self.text(at)?).ok_or_else(|| corrupt(at))
    }
}

/// The database's drivers quote values in their messages, so only the column's place is named.
fn corrupt(at: usize) -> StoreError {
    StoreError::Corrupt(format!("column {at} of a row is not of its type"))
}
