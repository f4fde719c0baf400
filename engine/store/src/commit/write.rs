//! The statements of one batch, as few as each database allows.
//!
//! SQLite takes several statements in one text, so a batch is two texts: begin and read, write and commit. The others
//! are asked one by one. Lists are padded to a few lengths, so that few different texts are seen and stay prepared.

use std::collections::HashMap;

use sea_orm::{QueryResult, Statement, Value};
use webim_model::{ConversationId, PersonId};

use super::NewMessage;
use super::beside::insert_beside;
use super::plan::{Earlier, Head, Met, Name, NewRow, Plan};
use crate::StoreError;
use crate::conversations::{ConversationState, STORED, stored};
use crate::link::Link;
use crate::sql::{
    Row, bytes, chunks, id, id_or_null, keys, marks, number, signed, text, update_from,
};
use crate::{Backend, commit::Stored};

/// The lengths that lists are padded to.
const LENGTHS: [usize; 12] = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 128, 256];

pub(super) fn padded(length: usize) -> usize {
    LENGTHS
        .into_iter()
        .find(|size| *size >= length)
        .unwrap_or(length)
}

const HEADS: &str = "c.id, c.state, c.customer_id, c.lease, c.member_version, c.last_seq, c.last_counted, c.last_hash";

/// How many columns they are.
const HEAD_READ: usize = 8;

/// The texts of a shard, made once for each pair of lengths.
pub(super) struct Texts {
    backend: Backend,
    reads: HashMap<(usize, usize), String>,
    writes: HashMap<(usize, usize), String>,
    pub(super) at_once: HashMap<(usize, usize), String>,
}

impl Texts {
    pub(super) fn new(backend: Backend) -> Self {
        Self {
            backend,
            reads: HashMap::new(),
            writes: HashMap::new(),
            at_once: HashMap::new(),
        }
    }

    /// Begins the transaction, locks the batch's conversations in the order of their ids, and reads them and what the
    /// batch repeats.
    pub(super) async fn begin(
        &mut self,
        link: &mut Link<'_>,
        batch: &[NewMessage],
    ) -> Result<Met, StoreError> {
        let mut conversations: Vec<_> = batch.iter().map(|message| message.conversation).collect();
        conversations.sort_unstable();
        conversations.dedup();
        let names: Vec<_> = batch.iter().filter_map(NewMessage::name).collect();
        let mut met = Met::default();
        if self.backend == Backend::Sqlite {
            let statement = self.read_at_once(&conversations, &names);
            for row in link.begin_with(statement).await? {
                // Only a head has a state.
                let row = Row(&row);
                if row.text_or_null(1)?.is_some() {
                    met.heads.push(head(&row)?);
                } else {
                    let (name, earlier) = repeat(&row, HEAD_READ)?;
                    met.repeats.insert(name, earlier);
                }
            }
            met.heads.sort_unstable_by_key(|head| head.conversation);
        } else {
            link.begin().await?;
            met.heads = lock_heads(link, &conversations).await?;
            if !names.is_empty() {
                let statement = self.read_names(&names);
                for row in link.query_ready(statement).await? {
                    let (name, earlier) = repeat(&Row(&row), 0)?;
                    met.repeats.insert(name, earlier);
                }
            }
        }
        self.read_doubtful(link, batch, &mut met).await?;
        Ok(met)
    }

    fn read_at_once(&mut self, conversations: &[ConversationId], names: &[Name]) -> Statement {
        let (heads, repeats) = (padded(conversations.len()), padded(names.len()));
        let backend = self.backend;
        let sql = self.reads.entry((heads, repeats)).or_insert_with(|| {
            // The rows come in one stream: a repeat's columns stand behind those of a head, which are empty.
            format!(
                "BEGIN IMMEDIATE; SELECT {HEADS} FROM conversations c WHERE c.id IN ({}); \
                 SELECT {}{STORED} {}",
                marks(heads),
                "NULL, ".repeat(HEAD_READ),
                from_names(backend, repeats)
            )
        });
        let mut values = Vec::with_capacity(heads + 3 * repeats);
        let padding = conversations.last().copied();
        let ids = conversations.iter().copied();
        values.extend(
            ids.chain(std::iter::repeat_n(
                padding.expect("a batch has a message"),
                heads - conversations.len(),
            ))
            .map(|conversation| id(conversation.0)),
        );
        // What is not bound at the end is NULL, and no name is NULL.
        values.extend(names.iter().flat_map(name_values));
        Statement::from_sql_and_values(backend.sea(), sql.clone(), values)
    }

    fn read_names(&mut self, names: &[Name]) -> Statement {
        let length = padded(names.len());
        let backend = self.backend;
        let sql = self.reads.entry((0, length)).or_insert_with(|| {
            backend.text(&format!("SELECT {STORED} {}", from_names(backend, length)))
        });
        let mut values = Vec::with_capacity(3 * length);
        values.extend(names.iter().flat_map(name_values));
        values.resize(3 * length, Value::Uuid(None));
        Statement::from_sql_and_values(backend.sea(), sql.clone(), values)
    }

    async fn read_doubtful(
        &self,
        link: &mut Link<'_>,
        batch: &[NewMessage],
        met: &mut Met,
    ) -> Result<(), StoreError> {
        for chunk in chunks(&met.doubtful(batch)) {
            let sql = format!(
                "SELECT m.conversation_id, m.person_id FROM {} JOIN members m \
                 ON m.conversation_id = k.conversation AND m.person_id = k.person",
                keys(self.backend, &["conversation", "person"], chunk.len())
            );
            let values = chunk
                .iter()
                .flat_map(|(conversation, person)| [id(conversation.0), id(person.0)])
                .collect();
            for row in link.query(&sql, values).await? {
                let row = Row(&row);
                let member: (ConversationId, PersonId) = (row.id(0)?, row.id(1)?);
                met.still_members.insert(member);
            }
        }
        Ok(())
    }

    /// Writes a plan that has rows. On SQLite this commits, elsewhere [`Link::commit`] is left to do.
    pub(super) async fn write(
        &mut self,
        link: &mut Link<'_>,
        plan: &Plan<'_>,
    ) -> Result<(), StoreError> {
        insert_beside(link, plan).await?;
        let (rows, heads) = (padded(plan.rows.len()), padded(plan.heads.len()));
        let backend = self.backend;
        let mut head_values: Vec<_> = plan.heads.iter().flat_map(head_values).collect();
        while head_values.len() < heads * HEAD_COLUMNS.len() {
            head_values.extend(no_head());
        }
        let mut row_values: Vec<_> = plan.rows.iter().flat_map(row_values).collect();
        if backend == Backend::Sqlite {
            let sql = self.writes.entry((rows, heads)).or_insert_with(|| {
                let update = update_heads(backend, heads);
                let insert = insert_rows(backend, rows);
                format!("{update}; {insert}; COMMIT")
            });
            // What is not bound at the end is NULL.
            head_values.append(&mut row_values);
            let statement = Statement::from_sql_and_values(backend.sea(), sql.clone(), head_values);
            return link.commit_with(statement).await;
        }
        while row_values.len() < rows * ROW_COLUMNS.len() {
            row_values.extend(no_row());
        }
        let sql = self
            .writes
            .entry((rows, 0))
            .or_insert_with(|| backend.text(&insert_rows(backend, rows)));
        let statement = Statement::from_sql_and_values(backend.sea(), sql.clone(), row_values);
        link.execute_ready(statement).await?;
        let sql = self
            .writes
            .entry((0, heads))
            .or_insert_with(|| backend.text(&update_heads(backend, heads)));
        let statement = Statement::from_sql_and_values(backend.sea(), sql.clone(), head_values);
        link.execute_ready(statement).await.map(drop)
    }
}

/// The conversations in the order of their ids, locked.
pub(super) async fn lock_heads(
    link: &mut Link<'_>,
    conversations: &[ConversationId],
) -> Result<Vec<Head>, StoreError> {
    let length = padded(conversations.len());
    let sql = format!(
        "SELECT {HEADS} FROM conversations c WHERE c.id IN ({}) ORDER BY c.id{}",
        marks(length),
        link.backend().for_update()
    );
    let mut values: Vec<_> = conversations.iter().map(|one| id(one.0)).collect();
    values.resize(length, Value::Uuid(None));
    let rows = link.query(&sql, values).await?;
    rows.iter()
        .map(|row: &QueryResult| head(&Row(row)))
        .collect()
}

fn head(row: &Row<'_>) -> Result<Head, StoreError> {
    Ok(Head {
        conversation: row.id(0)?,
        open: row.word(1, ConversationState::parse)? == ConversationState::Open,
        customer: row.id_or_null(2)?,
        lease: row.number(3)?,
        member_version: row.number(4)?,
        last_seq: row.number(5)?,
        last_counted: row.number(6)?,
        last_hash: row.bytes(7)?,
        before: row.number(5)?,
        last: None,
    })
}

fn repeat(row: &Row<'_>, at: usize) -> Result<(Name, Earlier), StoreError> {
    let found = stored(row, at)?;
    let earlier = Earlier {
        stored: Stored {
            seq: found.seq,
            id: found.id,
            time: found.time,
        },
        fingerprint: found.fingerprint,
    };
    Ok(((found.conversation, found.sender, found.client_id), earlier))
}

fn from_names(backend: Backend, length: usize) -> String {
    format!(
        "FROM {} JOIN messages m ON m.conversation_id = k.conversation AND m.sender_id = k.sender \
         AND m.client_id = k.client",
        keys(backend, &["conversation", "sender", "client"], length)
    )
}

fn name_values((conversation, sender, client): &Name) -> [Value; 3] {
    [id(conversation.0), id(sender.0), id(client.0)]
}

pub(super) const HEAD_COLUMNS: [&str; 6] =
    ["conversation", "seq", "counted", "message", "at", "hash"];

pub(super) const HEAD_SET: &str = "last_seq = k.seq, last_counted = k.counted, last_message_id = k.message, \
                                   last_time = k.at, last_hash = k.hash";

fn update_heads(backend: Backend, length: usize) -> String {
    let update = update_from(
        backend,
        "conversations",
        &keys(backend, &HEAD_COLUMNS, length),
        HEAD_SET,
        "conversations.id = k.conversation",
    );
    // As for the rows: no copies of pages for a statement that is never undone alone.
    match backend {
        Backend::Sqlite => update.replacen("UPDATE", "UPDATE OR FAIL", 1),
        Backend::Postgres | Backend::MariaDb => update,
    }
}

pub(super) fn head_values(head: &Head) -> [Value; HEAD_COLUMNS.len()] {
    let (message, at) = head
        .last
        .expect("only heads that a message moved are written");
    [
        id(head.conversation.0),
        number(head.last_seq),
        number(head.last_counted),
        id(message.0),
        signed(at.0),
        bytes(&head.last_hash),
    ]
}

pub(super) fn no_head() -> [Value; HEAD_COLUMNS.len()] {
    [
        Value::Uuid(None),
        Value::BigInt(None),
        Value::BigInt(None),
        Value::Uuid(None),
        Value::BigInt(None),
        Value::Bytes(None),
    ]
}

pub(super) const ROW_COLUMNS: [&str; 13] = [
    "conversation_id",
    "seq",
    "id",
    "sender_id",
    "client_id",
    "kind",
    "body",
    "sent_at",
    "counted",
    "fingerprint",
    "salt",
    "digest",
    "hash",
];

fn insert_rows(backend: Backend, length: usize) -> String {
    let columns = ROW_COLUMNS.join(", ");
    // Whatever fails here is rolled back whole and replayed singly. Saying so spares SQLite a copy of each page it
    // touches, kept in case this statement alone had to be undone.
    let insert = match backend {
        Backend::Sqlite => "INSERT OR FAIL",
        Backend::Postgres | Backend::MariaDb => "INSERT",
    };
    format!(
        "{insert} INTO messages ({columns}) SELECT {columns} FROM {} WHERE conversation_id IS NOT NULL",
        keys(backend, &ROW_COLUMNS, length)
    )
}

pub(super) fn row_values(row: &NewRow<'_>) -> [Value; ROW_COLUMNS.len()] {
    let message = row.message;
    [
        id(message.conversation.0),
        number(row.seq),
        id(message.id.0),
        id_or_null(message.sender.map(|sender| sender.0)),
        id_or_null(message.client_id.map(|client| client.0)),
        text(message.body.kind().name()),
        text(&*row.body),
        signed(message.time.0),
        number(row.counted),
        Value::Bytes(message.fingerprint.map(Into::into)),
        bytes(&row.salt),
        bytes(&row.digest),
        bytes(&row.hash),
    ]
}

fn no_row() -> [Value; ROW_COLUMNS.len()] {
    [
        Value::Uuid(None),
        Value::BigInt(None),
        Value::Uuid(None),
        Value::Uuid(None),
        Value::Uuid(None),
        Value::String(None),
        Value::String(None),
        Value::BigInt(None),
        Value::BigInt(None),
        Value::Bytes(None),
        Value::Bytes(None),
        Value::Bytes(None),
        Value::Bytes(None),
    ]
}
