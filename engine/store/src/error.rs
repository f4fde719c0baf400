//! What can go wrong between the store and its database, sorted by what the caller can do about it.

use sea_orm::sqlx::Error as SqlxError;
use sea_orm::{DbErr, RuntimeErr};
use webim_model::Refusal;

/// Why the store could not do something.
///
/// Databases quote rows in their messages, so what they say is dropped here and only their code is kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, or did not answer in time. Trying later can help.
    #[error("the database does not answer ({0})")]
    Unavailable(String),
    /// It may be read but not written.
    #[error("the database is read-only ({0})")]
    ReadOnly(String),
    /// Its disk or its quota is used up.
    #[error("the database has no room left ({0})")]
    Full(String),
    /// Somebody else holds what this needs: a lock, or the row changed meanwhile. Trying again can help.
    #[error("the database is locked by somebody else ({0})")]
    Locked(String),
    /// A row contradicts another one: a unique or foreign key, a missing value, or one that is too long.
    #[error("a constraint of the database refuses the row ({0})")]
    Constraint(String),
    /// What was read cannot be what was written.
    #[error("the database holds something that cannot be right: {0}")]
    Corrupt(String),
    /// The database does not understand the statement: its tables are not those of this version.
    #[error("the database refuses a statement ({0})")]
    Statement(String),
    /// The address of the database is not one of `sqlite:`, `postgres:` or `mysql:`, or is malformed.
    #[error("the database's address is not usable: {0}")]
    Address(String),
}

impl StoreError {
    /// Whether the same may succeed later with nothing changed but the database's state.
    pub fn passing(&self) -> bool {
        matches!(
            self,
            Self::Unavailable(_) | Self::ReadOnly(_) | Self::Full(_) | Self::Locked(_)
        )
    }

    /// What a person is told.
    pub fn refusal(&self) -> Refusal {
        if self.passing() {
            Refusal::StoreUnavailable
        } else {
            Refusal::Internal
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        error.refusal()
    }
}

/// Sorts an error of the layer below, and drops its text.
pub(crate) fn classify(error: &DbErr) -> StoreError {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => classify_sqlx(error),
        DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => {
            StoreError::Unavailable("no connection".into())
        }
        DbErr::Migration(_) => StoreError::Statement("migrations do not match".into()),
        DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. } => {
            StoreError::Corrupt("a value is not of its type".into())
        }
        _ => StoreError::Statement("unexpected".into()),
    }
}

fn classify_sqlx(error: &SqlxError) -> StoreError {
    match error {
        SqlxError::Database(error) => {
            let code = error.code().unwrap_or_default();
            if let Some(error) =
                error.try_downcast_ref::<sea_orm::sqlx::mysql::MySqlDatabaseError>()
            {
                mariadb(error.number())
            } else if error
                .try_downcast_ref::<sea_orm::sqlx::postgres::PgDatabaseError>()
                .is_some()
            {
                postgres(&code)
            } else {
                sqlite(code.parse().unwrap_or(1))
            }
        }
        SqlxError::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => {
            StoreError::Full("no space".into())
        }
        SqlxError::Io(error) => StoreError::Unavailable(error.kind().to_string()),
        SqlxError::PoolTimedOut | SqlxError::PoolClosed | SqlxError::WorkerCrashed => {
            StoreError::Unavailable("no connection".into())
        }
        SqlxError::Tls(_) => StoreError::Unavailable("tls".into()),
        // The drivers say so of a stream that ended in the middle, too.
        SqlxError::Protocol(_) => StoreError::Unavailable("protocol".into()),
        SqlxError::Configuration(_) => StoreError::Address("malformed".into()),
        SqlxError::ColumnDecode { .. } | SqlxError::Decode(_) => {
            StoreError::Corrupt("a value is not of its type".into())
        }
        _ => StoreError::Statement("unexpected".into()),
    }
}

/// SQLite's result codes, of which the low byte is the kind.
fn sqlite(code: u32) -> StoreError {
    let named = format!("SQLite {code}");
    match code & 0xff {
        5 | 6 => StoreError::Locked(named),
        8 => StoreError::ReadOnly(named),
        13 => StoreError::Full(named),
        // Out of memory, interrupted, an error of the disk, cannot open, protocol, not authorised.
        7 | 9 | 10 | 14 | 15 | 23 => StoreError::Unavailable(named),
        11 | 26 => StoreError::Corrupt(named),
        18 | 19 => StoreError::Constraint(named),
        _ => StoreError::Statement(named),
    }
}

/// SQLSTATE classes.
fn postgres(code: &str) -> StoreError {
    let named = format!("SQLSTATE {code}");
    match code {
        "25006" => StoreError::ReadOnly(named),
        "53100" | "53200" => StoreError::Full(named),
        "40001" | "40P01" | "55P03" => StoreError::Locked(named),
        _ => match code.get(..2).unwrap_or_default() {
            "08" | "53" | "57" | "58" | "28" | "3D" => StoreError::Unavailable(named),
            "22" | "23" => StoreError::Constraint(named),
            "XX" => StoreError::Corrupt(named),
            _ => StoreError::Statement(named),
        },
    }
}

/// MariaDB's own numbers: its SQLSTATE is often only `HY000`.
fn mariadb(number: u16) -> StoreError {
    let named = format!("MariaDB {number}");
    match number {
        // Duplicate key, null, foreign keys, too long, out of range, wrong string, check.
        1022 | 1048 | 1062 | 1169 | 1216 | 1217 | 1264 | 1364 | 1366 | 1406 | 1451 | 1452
        | 4025 => StoreError::Constraint(named),
        1205 | 1213 => StoreError::Locked(named),
        1290 | 1036 | 1792 | 1836 => StoreError::ReadOnly(named),
        1021 | 1114 => StoreError::Full(named),
        // Too many connections, access denied, no such database, shutting down, killed, a lost connection.
        1040
        | 1044
        | 1045
        | 1049
        | 1053
        | 1077
        | 1079
        | 1152
        | 1158..=1161
        | 1203
        | 1226
        | 1317
        | 1927 => StoreError::Unavailable(named),
        1034 | 1194 | 1195 | 1712 => StoreError::Corrupt(named),
        _ => StoreError::Statement(named),
    }
}
