//! Customer service: channels and who serves them, customers, and what was decided about who answers.

mod agents;
mod audit;
mod canned;
mod channels;
mod conversations;
mod customers;
mod decided;
mod effects;
mod lists;
mod side;
mod teams;

pub use agents::AgentRow;
pub use audit::AuditRow;
pub use canned::CannedRow;
pub use channels::ChannelRow;
pub use conversations::{NewLane, ServiceRow};
pub use customers::{CustomerRow, NewCustomer};
pub use decided::{AssignmentRow, TransferRow, VisitRow};
pub use effects::{HolderRow, Membership, ServiceChanges, SideWritten, WorkRow};
pub use lists::{LaneRow, ServedFilter, ServedRow};
pub use side::{NewSide, SideRow};
pub use teams::{TeamRow, TopicRow};

use sea_orm::Value;
use webim_model::Millis;

use crate::sql::Row;
use crate::{Backend, StoreError};

/// What to append to an INSERT so that a row whose key is taken gets these columns' new values.
fn or_update(backend: Backend, key: &str, columns: &[&str]) -> String {
    let (head, take): (_, fn(&str) -> String) = match backend {
        Backend::Sqlite | Backend::Postgres => {
            (format!(" ON CONFLICT ({key}) DO UPDATE SET "), |column| {
                format!("{column} = excluded.{column}")
            })
        }
        Backend::MariaDb => (" ON DUPLICATE KEY UPDATE ".to_owned(), |column| {
            format!("{column} = VALUES({column})")
        }),
    };
    let set: Vec<_> = columns.iter().map(|column| take(column)).collect();
    head + &set.join(", ")
}

/// A time, or none.
fn moment(time: Option<Millis>) -> Value {
    Value::BigInt(time.map(|time| time.0))
}

/// A time, or none, from the column at `at`.
fn moment_at(row: &Row<'_>, at: usize) -> Result<Option<Millis>, StoreError> {
    let number = row.number_or_null(at)?;
    Ok(number.map(|number| Millis(i64::try_from(number).unwrap_or(i64::MAX))))
}

/// Words, one a line.
fn lines(words: &[String]) -> Value {
    crate::sql::text(words.join("\n"))
}

/// The words of a column that holds one a line.
fn lines_at(row: &Row<'_>, at: usize) -> Result<Vec<String>, StoreError> {
    let text = row.text(at)?;
    Ok(text.lines().map(str::to_owned).collect())
}
