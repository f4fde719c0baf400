//! What was decided, and what came of it: visits, assignments, transfers.

use sea_orm::Value;
use webim_model::{
    AssignmentId, ChannelId, ClosedBy, ConversationId, HistoryShown, HolderReason, Millis,
    PersonId, TopicId, TransferId, TransferState, VisitId,
};

use super::{moment, moment_at, or_update};
use crate::link::Link;
use crate::sql::{Row, flag, id, id_or_null, marks, number, signed, small, text};
use crate::{Store, StoreError};

/// One episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitRow {
    /// Which one.
    pub id: VisitId,
    /// Where.
    pub conversation: ConversationId,
    /// Through which channel.
    pub channel: ChannelId,
    /// What it was about when it opened.
    pub topic: Option<TopicId>,
    /// Whose.
    pub customer: PersonId,
    /// Who served it last.
    pub agent: Option<PersonId>,
    /// When it began.
    pub opened: Millis,
    /// When it first waited.
    pub queued: Option<Millis>,
    /// When an agent first had it.
    pub assigned: Option<Millis>,
    /// When an agent first answered.
    pub responded: Option<Millis>,
    /// When it ended.
    pub closed: Option<Millis>,
    /// Who ended it.
    pub closed_by: Option<ClosedBy>,
    /// Milliseconds in queues.
    pub queued_ms: u64,
    /// Milliseconds with agents.
    pub handled_ms: u64,
    /// Agents' turns.
    pub assignments: u32,
    /// Committed transfers.
    pub transfers: u32,
    /// The customer's messages.
    pub asked: u32,
    /// Closed while a message had no answer.
    pub unanswered: bool,
    /// Closed while it waited, and no agent ever had it.
    pub abandoned: bool,
}

/// One agent's turn, and why it was theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentRow {
    /// Which one.
    pub id: AssignmentId,
    /// Where.
    pub conversation: ConversationId,
    /// In which visit.
    pub visit: Option<VisitId>,
    /// Whose turn.
    pub agent: Option<PersonId>,
    /// When.
    pub decided: Millis,
    /// Why it began.
    pub reason: HolderReason,
    /// When they first answered in it.
    pub answered: Option<Millis>,
    /// Milliseconds that the customer had waited for that answer.
    pub answered_ms: Option<u64>,
    /// When it ended.
    pub ended: Option<Millis>,
    /// Why it ended.
    pub end: Option<HolderReason>,
    /// The inputs: JSON, of the shape `wire` says. None: as it was.
    pub receipt: Option<String>,
}

/// One transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferRow {
    /// Which one.
    pub id: TransferId,
    /// Where.
    pub conversation: ConversationId,
    /// In which visit.
    pub visit: Option<VisitId>,
    /// Who asked for it.
    pub from: Option<PersonId>,
    /// `agent`, `team`, `topic`, `queue`, `robot`.
    pub to_kind: String,
    /// Which agent, team or topic.
    pub to: Option<uuid::Uuid>,
    /// For who comes next.
    pub note: String,
    /// What their view opens with.
    pub history: HistoryShown,
    /// What became of it.
    pub state: TransferState,
    /// Why it was declined.
    pub reason: String,
    /// When it was asked for.
    pub offered: Millis,
    /// When it ended.
    pub ended: Option<Millis>,
}

const VISIT: &str = "id, conversation_id, channel_id, topic_id, customer_id, agent_id, opened_at, queued_at, \
                     assigned_at, responded_at, closed_at, closed_by, queued_ms, handled_ms, assignments, transfers, \
                     asked, unanswered, abandoned";
const ASSIGNMENT: &str = "id, conversation_id, visit_id, agent_id, decided_at, reason, answered_at, \
                          answered_ms, ended_at, ended, receipt";
const TRANSFER: &str = "id, conversation_id, visit_id, from_id, to_kind, to_id, note, history, state, reason, \
                        offered_at, ended_at";

impl Store {
    /// The visits of a conversation, newest first.
    pub async fn visits(
        &self,
        conversation: ConversationId,
        limit: u64,
    ) -> Result<Vec<VisitRow>, StoreError> {
        let sql = format!(
            "SELECT {VISIT} FROM visits WHERE conversation_id = ? ORDER BY opened_at DESC, id DESC LIMIT ?"
        );
        let values = vec![id(conversation.0), number(limit)];
        let rows = self.read().await?.query(&sql, values).await?;
        rows.iter().map(|row| visit(&Row(row))).collect()
    }

    /// The visits that began from `from` on and before `to`, oldest first, at most `limit`.
    pub async fn visits_between(
        &self,
        (from, to): (Millis, Millis),
        limit: u64,
    ) -> Result<Vec<VisitRow>, StoreError> {
        let sql = format!(
            "SELECT {VISIT} FROM visits WHERE opened_at >= ? AND opened_at < ? ORDER BY opened_at, id LIMIT ?"
        );
        let values = vec![signed(from.0), signed(to.0), number(limit)];
        let rows = self.read().await?.query(&sql, values).await?;
        rows.iter().map(|row| visit(&Row(row))).collect()
    }

    /// The decisions of a conversation, newest first.
    pub async fn assignments(
        &self,
        conversation: ConversationId,
        limit: u64,
    ) -> Result<Vec<AssignmentRow>, StoreError> {
        let sql = format!(
            "SELECT {ASSIGNMENT} FROM assignments WHERE conversation_id = ? ORDER BY decided_at DESC, id DESC LIMIT ?"
        );
        let values = vec![id(conversation.0), number(limit)];
        let rows = self.read().await?.query(&sql, values).await?;
        rows.iter().map(|row| assignment(&Row(row))).collect()
    }

    /// This decision.
    pub async fn assignment(
        &self,
        which: AssignmentId,
    ) -> Result<Option<AssignmentRow>, StoreError> {
        let sql = format!("SELECT {ASSIGNMENT} FROM assignments WHERE id = ?");
        let rows = self.read().await?.query(&sql, vec![id(which.0)]).await?;
        rows.first().map(|row| assignment(&Row(row))).transpose()
    }

    /// The transfers of a conversation, newest first.
    pub async fn transfers(
        &self,
        conversation: ConversationId,
        limit: u64,
    ) -> Result<Vec<TransferRow>, StoreError> {
        let sql = format!(
            "SELECT {TRANSFER} FROM transfers WHERE conversation_id = ? ORDER BY offered_at DESC, id DESC LIMIT ?"
        );
        let values = vec![id(conversation.0), number(limit)];
        let rows = self.read().await?.query(&sql, values).await?;
        rows.iter().map(|row| transfer(&Row(row))).collect()
    }
}

fn count(number: u32) -> Value {
    small(i32::try_from(number).unwrap_or(i32::MAX))
}

pub(super) async fn write_visit(link: &mut Link<'_>, row: &VisitRow) -> Result<(), StoreError> {
    let update = or_update(
        link.backend(),
        "id",
        &[
            "customer_id",
            "agent_id",
            "queued_at",
            "assigned_at",
            "responded_at",
            "closed_at",
            "closed_by",
            "queued_ms",
            "handled_ms",
            "assignments",
            "transfers",
            "asked",
            "unanswered",
            "abandoned",
        ],
    );
    let sql = format!(
        "INSERT INTO visits ({VISIT}) VALUES ({}){update}",
        marks(19)
    );
    let values = vec![
        id(row.id.0),
        id(row.conversation.0),
        id(row.channel.0),
        id_or_null(row.topic.map(|topic| topic.0)),
        id(row.customer.0),
        id_or_null(row.agent.map(|agent| agent.0)),
        signed(row.opened.0),
        moment(row.queued),
        moment(row.assigned),
        moment(row.responded),
        moment(row.closed),
        Value::String(row.closed_by.map(|by| by.name().to_owned())),
        number(row.queued_ms),
        number(row.handled_ms),
        count(row.assignments),
        count(row.transfers),
        count(row.asked),
        flag(row.unanswered),
        flag(row.abandoned),
    ];
    link.execute(&sql, values).await.map(drop)
}

pub(super) async fn write_assignment(
    link: &mut Link<'_>,
    row: &AssignmentRow,
) -> Result<(), StoreError> {
    let mut columns = vec!["answered_at", "answered_ms", "ended_at", "ended"];
    if row.receipt.is_some() {
        columns.push("receipt");
    }
    let update = or_update(link.backend(), "id", &columns);
    let sql = format!(
        "INSERT INTO assignments ({ASSIGNMENT}) VALUES ({}){update}",
        marks(11)
    );
    let values = vec![
        id(row.id.0),
        id(row.conversation.0),
        id_or_null(row.visit.map(|visit| visit.0)),
        id_or_null(row.agent.map(|agent| agent.0)),
        signed(row.decided.0),
        text(row.reason.name()),
        moment(row.answered),
        row.answered_ms.map_or(Value::BigInt(None), number),
        moment(row.ended),
        Value::String(row.end.map(|end| end.name().to_owned())),
        text(row.receipt.clone().unwrap_or_default()),
    ];
    link.execute(&sql, values).await.map(drop)
}

pub(super) async fn write_transfer(
    link: &mut Link<'_>,
    row: &TransferRow,
) -> Result<(), StoreError> {
    let update = or_update(link.backend(), "id", &["state", "reason", "ended_at"]);
    let sql = format!(
        "INSERT INTO transfers ({TRANSFER}) VALUES ({}){update}",
        marks(12)
    );
    let values = vec![
        id(row.id.0),
        id(row.conversation.0),
        id_or_null(row.visit.map(|visit| visit.0)),
        id_or_null(row.from.map(|from| from.0)),
        text(&*row.to_kind),
        id_or_null(row.to),
        text(&*row.note),
        text(row.history.name()),
        text(row.state.name()),
        text(&*row.reason),
        signed(row.offered.0),
        moment(row.ended),
    ];
    link.execute(&sql, values).await.map(drop)
}

fn visit(row: &Row<'_>) -> Result<VisitRow, StoreError> {
    Ok(VisitRow {
        id: row.id(0)?,
        conversation: row.id(1)?,
        channel: row.id(2)?,
        topic: row.id_or_null(3)?,
        customer: row.id(4)?,
        agent: row.id_or_null(5)?,
        opened: Millis(row.signed(6)?),
        queued: moment_at(row, 7)?,
        assigned: moment_at(row, 8)?,
        responded: moment_at(row, 9)?,
        closed: moment_at(row, 10)?,
        closed_by: row
            .text_or_null(11)?
            .and_then(|word| ClosedBy::parse(&word)),
        queued_ms: row.number(12)?,
        handled_ms: row.number(13)?,
        assignments: row.small(14)?.unsigned_abs(),
        transfers: row.small(15)?.unsigned_abs(),
        asked: row.small(16)?.unsigned_abs(),
        unanswered: row.flag(17)?,
        abandoned: row.flag(18)?,
    })
}

fn assignment(row: &Row<'_>) -> Result<AssignmentRow, StoreError> {
    Ok(AssignmentRow {
        id: row.id(0)?,
        conversation: row.id(1)?,
        visit: row.id_or_null(2)?,
        agent: row.id_or_null(3)?,
        decided: Millis(row.signed(4)?),
        reason: row.word(5, HolderReason::parse)?,
        answered: moment_at(row, 6)?,
        answered_ms: row.number_or_null(7)?,
        ended: moment_at(row, 8)?,
        end: row
            .text_or_null(9)?
            .and_then(|word| HolderReason::parse(&word)),
        receipt: Some(row.text(10)?),
    })
}

fn transfer(row: &Row<'_>) -> Result<TransferRow, StoreError> {
    Ok(TransferRow {
        id: row.id(0)?,
        conversation: row.id(1)?,
        visit: row.id_or_null(2)?,
        from: row.id_or_null(3)?,
        to_kind: row.text(4)?,
        to: row.id_or_null(5)?,
        note: row.text(6)?,
        history: row.word(7, HistoryShown::parse)?,
        state: row.word(8, TransferState::parse)?,
        reason: row.text(9)?,
        offered: Millis(row.signed(10)?),
        ended: moment_at(row, 11)?,
    })
}
