//! Rows that several queries read: people and messages.

use sea_orm::QueryResult;
use webim_model::{ConversationId, Message, Millis, Person, PersonKind, Roles, Status};
use webim_wire::payload;

use crate::StoreError;
use crate::sql::Row;

/// The columns that [`person`] reads, of a table called `p`.
pub(crate) const PERSON: &str =
    "p.id, p.kind, p.login, p.name, p.avatar, p.sign, p.roles, p.active, p.status";

/// How many they are.
pub(crate) const PERSON_COLUMNS: usize = 9;

/// A person from the columns of [`PERSON`], which begin at `at`.
pub(crate) fn person(row: &Row<'_>, at: usize) -> Result<Person, StoreError> {
    Ok(Person {
        id: row.id(at)?,
        kind: row.word(at + 1, PersonKind::parse)?,
        login: row.text_or_null(at + 2)?,
        name: row.text(at + 3)?,
        avatar: row.text(at + 4)?,
        sign: row.text(at + 5)?,
        roles: Roles(row.small(at + 6)?.cast_unsigned()),
        active: row.flag(at + 7)?,
        status: row.word(at + 8, Status::parse)?,
    })
}

pub(crate) fn people(rows: &[QueryResult]) -> Result<Vec<Person>, StoreError> {
    rows.iter().map(|row| person(&Row(row), 0)).collect()
}

/// The columns that [`message`] reads, of a table called `m`.
pub(crate) const MESSAGE: &str =
    "m.seq, m.id, m.sender_id, m.client_id, m.kind, m.body, m.sent_at, m.counted";

/// A message from the columns of [`MESSAGE`], which begin at `at`.
pub(crate) fn message(
    conversation: ConversationId,
    row: &Row<'_>,
    at: usize,
) -> Result<Message, StoreError> {
    let seq = row.number(at)?;
    let (body, about) = payload::load(&row.text(at + 4)?, &row.text(at + 5)?).ok_or_else(|| {
        StoreError::Corrupt(format!(
            "body of message {seq} of conversation {conversation}"
        ))
    })?;
    Ok(Message {
        conversation,
        seq,
        id: row.id(at + 1)?,
        sender: row.id_or_null(at + 2)?,
        client_id: row.id_or_null(at + 3)?,
        body,
        about,
        time: Millis(row.signed(at + 6)?),
        counted: row.number(at + 7)?,
    })
}
