//! Read marks: merged by maximum, written in batches.

use std::collections::HashMap;

use webim_model::{ConversationId, PersonId};

use crate::link::Link;
use crate::sql::{Row, chunks, id, keys, number, update_from};
use crate::{Store, StoreError};

/// A person has read a conversation up to here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    /// What was read.
    pub conversation: ConversationId,
    /// By whom.
    pub person: PersonId,
    /// Up to which number; one that no message has is ignored.
    pub seq: u64,
}

/// A mark that has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// What was read.
    pub conversation: ConversationId,
    /// By whom.
    pub person: PersonId,
    /// Up to which number now.
    pub read_seq: u64,
    /// Counted messages after that.
    pub unread: u64,
}

impl Store {
    /// Writes `marks` in one transaction and returns those that moved. A mark never moves back, and one of a person who
    /// is no member is ignored.
    pub async fn flush_marks(&self, marks: &[Mark]) -> Result<Vec<Moved>, StoreError> {
        let mut farthest: HashMap<(ConversationId, PersonId), u64> =
            HashMap::with_capacity(marks.len());
        for mark in marks {
            let seq = farthest
                .entry((mark.conversation, mark.person))
                .or_default();
            *seq = mark.seq.max(*seq);
        }
        // In one order everywhere, so that two that flush at once wait and do not lock each other out.
        let mut marks: Vec<_> = farthest
            .into_iter()
            .map(|((conversation, person), seq)| Mark {
                conversation,
                person,
                seq: seq.min(i64::MAX.unsigned_abs()),
            })
            .collect();
        marks.sort_unstable_by_key(|mark| (mark.conversation, mark.person));
        let mut moved = Vec::with_capacity(marks.len());
        if marks.is_empty() {
            return Ok(moved);
        }
        let mut link = self.write().await?;
        link.begin().await?;
        for chunk in chunks(&marks) {
            move_marks(&mut link, chunk, &mut moved).await?;
        }
        link.commit().await?;
        Ok(moved)
    }
}

/// Which of the members' rows a table of marks moves, and the messages that they move to.
const MOVES: &str = "members.conversation_id = k.conversation AND members.person_id = k.person \
                     AND members.read_seq < k.seq AND m.conversation_id = k.conversation AND m.seq = k.seq";

async fn move_marks(
    link: &mut Link<'_>,
    marks: &[Mark],
    moved: &mut Vec<Moved>,
) -> Result<(), StoreError> {
    let keys = keys(
        link.backend(),
        &["conversation", "person", "seq"],
        marks.len(),
    );
    let values: Vec<_> = marks
        .iter()
        .flat_map(|mark| [id(mark.conversation.0), id(mark.person.0), number(mark.seq)])
        .collect();
    let sql = format!(
        "SELECT k.conversation, k.person, k.seq, c.last_counted, m.counted \
         FROM {keys}, members, messages m, conversations c WHERE {MOVES} AND c.id = k.conversation"
    );
    let rows = link.query(&sql, values.clone()).await?;
    if rows.is_empty() {
        return Ok(());
    }
    for row in &rows {
        let row = Row(row);
        moved.push(Moved {
            conversation: row.id(0)?,
            person: row.id(1)?,
            read_seq: row.number(2)?,
            unread: row.number(3)?.saturating_sub(row.number(4)?),
        });
    }
    let sql = update_from(
        link.backend(),
        "members",
        &format!("{keys}, messages m"),
        "read_seq = k.seq, read_counted = m.counted",
        MOVES,
    );
    link.execute(&sql, values).await.map(drop)
}
