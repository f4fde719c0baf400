//! A batch in one text, for SQLite: begin, check, write, commit, with nothing to wait for in between.
//!
//! The update of the heads names what the batch was planned on. If it does not find every head as it was, the insert
//! that follows gets no conversation for its rows, which no row may be without; and a repeat meets the unique key. In
//! both cases nothing is committed, and the batch goes the longer way, which looks first.

use sea_orm::{Statement, Value};

use super::plan::{Head, Plan};
use super::write::{
    HEAD_COLUMNS, HEAD_SET, ROW_COLUMNS, Texts, head_values, no_head, padded, row_values,
};
use crate::link::Link;
use crate::sql::{keys, number, signed};
use crate::{Backend, StoreError};

/// The columns of a head's row, and what it was planned on.
const CHECKED: [&str; 9] = [
    HEAD_COLUMNS[0],
    HEAD_COLUMNS[1],
    HEAD_COLUMNS[2],
    HEAD_COLUMNS[3],
    HEAD_COLUMNS[4],
    HEAD_COLUMNS[5],
    "before_seq",
    "members",
    "held",
];

impl Texts {
    /// Writes a plan and commits. [`StoreError::Constraint`] if it was planned on something old.
    pub(super) async fn write_at_once(
        &mut self,
        link: &mut Link<'_>,
        plan: &Plan<'_>,
    ) -> Result<(), StoreError> {
        let (rows, heads) = (padded(plan.rows.len()), padded(plan.heads.len()));
        let sql = self
            .at_once
            .entry((rows, heads))
            .or_insert_with(|| text(rows, heads))
            .clone();
        let count = heads * CHECKED.len() + 1 + plan.rows.len() * ROW_COLUMNS.len();
        let mut values = Vec::with_capacity(count);
        for head in &plan.heads {
            values.extend(head_values(head));
            values.extend(planned_on(head));
        }
        for _ in plan.heads.len()..heads {
            values.extend(no_head());
            values.extend([const { Value::BigInt(None) }; 3]);
        }
        values.push(signed(i64::try_from(plan.heads.len()).unwrap_or(i64::MAX)));
        // What is not bound at the end is NULL.
        values.extend(plan.rows.iter().flat_map(row_values));
        let statement = Statement::from_sql_and_values(Backend::Sqlite.sea(), sql, values);
        link.commit_with(statement).await
    }
}

fn planned_on(head: &Head) -> [Value; 3] {
    [
        number(head.before),
        number(head.member_version),
        number(head.lease),
    ]
}

fn text(rows: usize, heads: usize) -> String {
    let head_keys = keys(Backend::Sqlite, &CHECKED, heads);
    let row_keys = keys(Backend::Sqlite, &ROW_COLUMNS, rows);
    let columns = ROW_COLUMNS.join(", ");
    let others = ROW_COLUMNS[1..].join(", ");
    let conversation = ROW_COLUMNS[0];
    format!(
        "BEGIN IMMEDIATE; \
         UPDATE OR FAIL conversations SET {HEAD_SET} FROM {head_keys} WHERE conversations.id = k.conversation \
         AND conversations.last_seq = k.before_seq AND conversations.member_version = k.members \
         AND conversations.lease = k.held AND conversations.state = 'open'; \
         INSERT OR FAIL INTO messages ({columns}) \
         SELECT CASE WHEN changes() = ? THEN {conversation} END, {others} FROM {row_keys} \
         WHERE {conversation} IS NOT NULL; \
         COMMIT"
    )
}
