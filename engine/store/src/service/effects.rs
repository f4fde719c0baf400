//! What the allocator decided, written in one transaction: all of it or nothing.

use webim_model::{
    ChannelId, ConversationId, HistoryShown, Holder, Millis, PersonId, VisitId, WorkState,
};

use super::agents::write_states;
use super::decided::{write_assignment, write_transfer, write_visit};
use super::side::{NewSide, append};
use super::{AssignmentRow, ServiceRow, TransferRow, VisitRow, or_update};
use crate::link::Link;
use crate::sql::{id, id_or_null, marks, number, signed, text};
use crate::{Store, StoreError};

/// A conversation has another holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderRow {
    /// Which one.
    pub conversation: ConversationId,
    /// Who must answer now.
    pub holder: Holder,
    /// What the lease is now; the stored one must be one less.
    pub lease: u64,
}

/// Somebody comes into a conversation, or goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Membership {
    /// Comes, unless they are there.
    Joins {
        /// Where.
        conversation: ConversationId,
        /// Who.
        person: PersonId,
        /// What they may read.
        history: HistoryShown,
        /// When the visit began, for [`HistoryShown::Visit`].
        visit_from: Millis,
    },
    /// Goes.
    Leaves {
        /// Where.
        conversation: ConversationId,
        /// Who.
        person: PersonId,
    },
}

impl Membership {
    fn conversation(&self) -> ConversationId {
        match self {
            Self::Joins { conversation, .. } | Self::Leaves { conversation, .. } => *conversation,
        }
    }
}

/// An agent's state of work, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkRow {
    /// Who.
    pub agent: PersonId,
    /// What they chose.
    pub state: WorkState,
    /// When finishing up ends by itself.
    pub wrap_up_until: Option<Millis>,
    /// How often in a row they did not answer.
    pub silences: u32,
    /// When somebody was given to them last.
    pub assigned: Option<Millis>,
    /// When their last connection ended.
    pub gone: Option<Millis>,
}

/// All that follows from one step, or from several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceChanges {
    /// In the order in which they happened.
    pub holders: Vec<HolderRow>,
    /// The last state of each conversation, and its version.
    pub cases: Vec<(ServiceRow, u64)>,
    /// Who comes and goes.
    pub members: Vec<Membership>,
    /// The last state of each.
    pub visits: Vec<VisitRow>,
    /// In order.
    pub assignments: Vec<AssignmentRow>,
    /// In order.
    pub transfers: Vec<TransferRow>,
    /// The last state of each.
    pub work: Vec<WorkRow>,
    /// Whom round robins came to.
    pub cursors: Vec<(ChannelId, PersonId)>,
    /// What is said beside.
    pub side: Vec<NewSide>,
}

/// An entry of a side stream as it was written.
pub type SideWritten = super::side::SideRow;

impl ServiceChanges {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Every conversation that is touched, each once, in the order of ids: the order in which rows are locked.
    fn conversations(&self) -> Vec<ConversationId> {
        let holders = self.holders.iter().map(|row| row.conversation);
        let cases = self.cases.iter().map(|(row, _)| row.conversation);
        let members = self.members.iter().map(Membership::conversation);
        let side = self.side.iter().map(|entry| entry.conversation);
        let mut all: Vec<_> = holders.chain(cases).chain(members).chain(side).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl Store {
    /// Writes `changes`, and says what the side streams got. `Ok(None)`, and nothing is written, if a conversation has not
    /// the lease that the changes were made under: somebody else wrote, and the allocator must read it anew.
    pub async fn apply_service(
        &self,
        changes: &ServiceChanges,
    ) -> Result<Option<Vec<SideWritten>>, StoreError> {
        let mut link = self.write().await?;
        link.begin().await?;
        lock(&mut link, &changes.conversations()).await?;
        for row in &changes.holders {
            if !hold(&mut link, row).await? {
                link.rollback().await;
                return Ok(None);
            }
        }
        for (row, version) in &changes.cases {
            write_case(&mut link, row, *version).await?;
        }
        for membership in &changes.members {
            member(&mut link, membership).await?;
        }
        for row in &changes.visits {
            write_visit(&mut link, row).await?;
        }
        for row in &changes.assignments {
            write_assignment(&mut link, row).await?;
        }
        for row in &changes.transfers {
            write_transfer(&mut link, row).await?;
        }
        write_states(&mut link, &changes.work).await?;
        for (channel, agent) in &changes.cursors {
            let sql = "UPDATE channels SET cursor_id = ? WHERE id = ?";
            link.execute(sql, vec![id(agent.0), id(channel.0)]).await?;
        }
        let mut written = Vec::with_capacity(changes.side.len());
        for entry in &changes.side {
            written.push(append(&mut link, entry).await?);
        }
        link.commit().await?;
        Ok(Some(written))
    }

    /// Whom each channel's round robin came to last.
    pub async fn cursors(&self) -> Result<Vec<(ChannelId, PersonId)>, StoreError> {
        let sql = "SELECT id, cursor_id FROM channels WHERE cursor_id IS NOT NULL ORDER BY id";
        let rows = self.read().await?.query(sql, Vec::new()).await?;
        let cursors = rows.iter().map(|row| {
            let row = crate::sql::Row(row);
            Ok((row.id(0)?, row.id(1)?))
        });
        cursors.collect()
    }
}

/// Holds the rows until the end of the transaction: in one order everywhere, so that nobody waits in a circle.
async fn lock(link: &mut Link<'_>, conversations: &[ConversationId]) -> Result<(), StoreError> {
    let lock = link.backend().for_update();
    if lock.is_empty() {
        return Ok(());
    }
    for chunk in crate::sql::chunks(conversations) {
        let sql = format!(
            "SELECT id FROM conversations WHERE id IN ({}) ORDER BY id{lock}",
            marks(chunk.len())
        );
        let values = chunk.iter().map(|one| id(one.0)).collect();
        link.query(&sql, values).await?;
    }
    Ok(())
}

async fn hold(link: &mut Link<'_>, row: &HolderRow) -> Result<bool, StoreError> {
    let sql =
        "UPDATE conversations SET holder = ?, holder_id = ?, lease = ? WHERE id = ? AND lease = ?";
    let agent = match row.holder {
        Holder::Agent(agent) => Some(agent.0),
        Holder::Robot | Holder::Queue | Holder::Nobody => None,
    };
    let values = vec![
        text(row.holder.name()),
        id_or_null(agent),
        number(row.lease),
        id(row.conversation.0),
        number(row.lease.saturating_sub(1)),
    ];
    Ok(link.execute(sql, values).await? == 1)
}

async fn write_case(link: &mut Link<'_>, row: &ServiceRow, version: u64) -> Result<(), StoreError> {
    let update = or_update(
        link.backend(),
        "conversation_id",
        &["customer_id", "visit_id", "owner_id", "state"],
    );
    let sql = format!(
        "INSERT INTO services (conversation_id, channel_id, customer_id, visit_id, owner_id, state) \
         VALUES (?, ?, ?, ?, ?, ?){update}"
    );
    let values = vec![
        id(row.conversation.0),
        id(row.channel.0),
        id(row.customer.0),
        id_or_null(row.visit.map(|visit: VisitId| visit.0)),
        id_or_null(row.owner.map(|owner| owner.0)),
        text(&*row.state),
    ];
    link.execute(&sql, values).await?;
    let sql = "UPDATE conversations SET version = ? WHERE id = ?";
    let values = vec![number(version), id(row.conversation.0)];
    link.execute(sql, values).await.map(drop)
}

async fn member(link: &mut Link<'_>, membership: &Membership) -> Result<(), StoreError> {
    let moved = match membership {
        Membership::Joins {
            conversation,
            person,
            history,
            visit_from,
        } => {
            let (insert, keep) = link.backend().insert_or_keep();
            let from = match history {
                HistoryShown::All => "1",
                HistoryShown::Nothing => "c.last_seq + 1",
                HistoryShown::Visit => {
                    "COALESCE((SELECT MIN(m.seq) FROM messages m WHERE m.conversation_id = c.id AND m.sent_at >= ?), \
                     c.last_seq + 1)"
                }
            };
            // Read so far: what is unread for them is what comes from now on. SQLite wants a WHERE before ON CONFLICT.
            let sql = format!(
                "{insert} INTO members (conversation_id, person_id, from_seq, read_seq, read_counted) \
                 SELECT c.id, ?, {from}, c.last_seq, c.last_counted FROM conversations c WHERE c.id = ?{keep}"
            );
            let mut values = vec![id(person.0)];
            if *history == HistoryShown::Visit {
                values.push(signed(visit_from.0));
            }
            values.push(id(conversation.0));
            link.execute(&sql, values).await?
        }
        Membership::Leaves {
            conversation,
            person,
        } => {
            let sql = "DELETE FROM members WHERE conversation_id = ? AND person_id = ?";
            link.execute(sql, vec![id(conversation.0), id(person.0)])
                .await?
        }
    };
    if moved > 0 {
        let sql = "UPDATE conversations SET member_version = member_version + 1 WHERE id = ?";
        link.execute(sql, vec![id(membership.conversation().0)])
            .await?;
    }
    Ok(())
}
