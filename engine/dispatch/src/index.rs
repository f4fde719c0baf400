//! What can be looked up: everything here is derived from the rows, one row at a time, in one place.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use webim_model::{
    AskId, ChannelId, ConversationId, Holder, Millis, OfferId, PersonId, TeamId, TopicId,
    TransferId,
};

use crate::Case;
use crate::fault::Fault;

/// The order in a queue: priority, then who came first, then the id.
pub(crate) type Place = (Reverse<i32>, i64, ConversationId);

/// Those for whom the same agents fit, but for vetoes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct QueueKey {
    pub channel: ChannelId,
    pub topic: Option<TopicId>,
    pub team: Option<TeamId>,
    pub skills: BTreeSet<String>,
}

/// Those who count as being before and behind each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LineKey {
    pub channel: ChannelId,
    pub topic: Option<TopicId>,
    pub team: Option<TeamId>,
    pub only_for: Option<PersonId>,
}

/// An agent's customers and open offers.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Load {
    pub total: u32,
    pub channels: BTreeMap<ChannelId, u32>,
}

#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Who can be assigned, by what they need.
    pub general: BTreeMap<QueueKey, BTreeSet<Place>>,
    /// Who can be assigned to one agent alone.
    pub reserved: BTreeMap<PersonId, BTreeSet<Place>>,
    /// Everybody in a queue.
    pub lines: BTreeMap<LineKey, BTreeSet<Place>>,
    pub loads: BTreeMap<PersonId, Load>,
    pub holding: BTreeMap<PersonId, BTreeSet<ConversationId>>,
    /// Conversations in which an agent is more than their holder: offered, waited for, owner, wanted.
    pub related: BTreeMap<PersonId, BTreeSet<ConversationId>>,
    pub customers: BTreeMap<PersonId, BTreeSet<ConversationId>>,
    pub channels: BTreeMap<ChannelId, BTreeSet<ConversationId>>,
    pub open: BTreeSet<ConversationId>,
    pub offers: BTreeMap<OfferId, ConversationId>,
    pub transfers: BTreeMap<TransferId, ConversationId>,
    pub asks: BTreeMap<AskId, ConversationId>,
    pub due: BTreeSet<(Millis, ConversationId)>,
    due_of: BTreeMap<ConversationId, Millis>,
    place_of: BTreeMap<ConversationId, Place>,
    /// When agents' wrapping up is over.
    pub agents_due: BTreeSet<(Millis, PersonId)>,
}

impl Index {
    pub fn load(&self, agent: PersonId) -> u32 {
        self.loads.get(&agent).map_or(0, |load| load.total)
    }

    /// Whether it says the same of rows as another; empty loads say nothing.
    pub fn is_same(&self, other: &Self) -> bool {
        let loads = |index: &Self| {
            let all = index.loads.iter().filter(|(_, load)| load.total > 0);
            all.map(|(agent, load)| (*agent, load.total))
                .collect::<Vec<_>>()
        };
        self.general == other.general
            && self.reserved == other.reserved
            && self.lines == other.lines
            && self.holding == other.holding
            && self.open == other.open
            && self.due == other.due
            && loads(self) == loads(other)
    }

    pub fn channel_load(&self, agent: PersonId, channel: ChannelId) -> u32 {
        let load = self.loads.get(&agent);
        load.and_then(|load| load.channels.get(&channel))
            .copied()
            .unwrap_or(0)
    }

    pub fn next_due(&self) -> Option<Millis> {
        let case = self.due.first().map(|(due, _)| *due);
        let agent = self.agents_due.first().map(|(due, _)| *due);
        case.into_iter().chain(agent).min()
    }

    /// The line of a waiting row, and its place there.
    pub fn line_of(&self, case: &Case) -> Option<(LineKey, Place)> {
        let place = self.place_of.get(&case.conversation)?;
        Some((line_key(case), *place))
    }

    /// The place of a waiting conversation.
    pub fn place(&self, conversation: ConversationId) -> Option<Place> {
        self.place_of.get(&conversation).copied()
    }

    /// How many are before this one in its line; 0 where it does not wait.
    pub fn ahead(&self, case: &Case) -> u32 {
        let Some((line, place)) = self.line_of(case) else {
            return 0;
        };
        let Some(set) = self.lines.get(&line) else {
            return 0;
        };
        // The last is who came last: mostly the one asked for.
        let count = if set.last() == Some(&place) {
            set.len() - 1
        } else {
            set.range(..place).count()
        };
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Adds a row that is not there; whether it can be assigned.
    pub fn add(&mut self, case: &Case, due: Option<Millis>, fault: Option<Fault>) -> bool {
        let id = case.conversation;
        self.customers.entry(case.customer).or_default().insert(id);
        self.channels.entry(case.channel).or_default().insert(id);
        for agent in related(case) {
            self.related.entry(agent).or_default().insert(id);
        }
        if let Holder::Agent(agent) = case.holder {
            self.holding.entry(agent).or_default().insert(id);
        }
        for agent in loads(case) {
            let load = self.loads.entry(agent).or_default();
            load.total += 1;
            *load.channels.entry(case.channel).or_default() += 1;
        }
        if let Some(due) = due {
            self.due.insert((due, id));
            self.due_of.insert(id, due);
        }
        if case.holder != Holder::Nobody {
            self.open.insert(id);
        }
        self.questions(case);
        self.enqueue(case, fault)
    }

    fn questions(&mut self, case: &Case) {
        let id = case.conversation;
        self.offers
            .extend(case.offer.iter().map(|offer| (offer.id, id)));
        self.transfers
            .extend(case.transfer.iter().map(|transfer| (transfer.id, id)));
        self.asks.extend(case.ask.iter().map(|(ask, _)| (*ask, id)));
    }

    fn enqueue(&mut self, case: &Case, fault: Option<Fault>) -> bool {
        if case.holder != Holder::Queue {
            return false;
        }
        let mut at = case.enqueued_at.unwrap_or_default().0;
        if fault == Some(Fault::LastInFirstOut) {
            at = -at;
        }
        let place = (Reverse(case.priority), at, case.conversation);
        self.place_of.insert(case.conversation, place);
        self.lines.entry(line_key(case)).or_default().insert(place);
        let lost = fault == Some(Fault::LostCustomer) && case.former.is_some();
        if !is_assignable(case) || lost {
            return false;
        }
        match case.only_for {
            Some(agent) => self.reserved.entry(agent).or_default().insert(place),
            None => self
                .general
                .entry(queue_key(case))
                .or_default()
                .insert(place),
        };
        true
    }

    /// Takes a row out as it was added.
    pub fn take(&mut self, case: &Case) {
        let id = case.conversation;
        out_of(&mut self.customers, &case.customer, &id);
        out_of(&mut self.channels, &case.channel, &id);
        for agent in related(case) {
            out_of(&mut self.related, &agent, &id);
        }
        if let Holder::Agent(agent) = case.holder {
            out_of(&mut self.holding, &agent, &id);
        }
        for agent in loads(case) {
            if let Some(load) = self.loads.get_mut(&agent) {
                load.total -= 1;
                let channel = load.channels.entry(case.channel).or_default();
                *channel = channel.saturating_sub(1);
            }
        }
        if let Some(due) = self.due_of.remove(&id) {
            self.due.remove(&(due, id));
        }
        self.open.remove(&id);
        if let Some(offer) = &case.offer {
            self.offers.remove(&offer.id);
        }
        if let Some(transfer) = &case.transfer {
            self.transfers.remove(&transfer.id);
        }
        if let Some((ask, _)) = &case.ask {
            self.asks.remove(ask);
        }
        if let Some(place) = self.place_of.remove(&id) {
            out_of(&mut self.lines, &line_key(case), &place);
            match case.only_for {
                Some(agent) => out_of(&mut self.reserved, &agent, &place),
                None => out_of(&mut self.general, &queue_key(case), &place),
            }
        }
    }
}

/// Removes one of a set and the set when it was the last.
fn out_of<K: Ord, V: Ord>(map: &mut BTreeMap<K, BTreeSet<V>>, key: &K, value: &V) {
    if let Some(set) = map.get_mut(key) {
        set.remove(value);
        if set.is_empty() {
            map.remove(key);
        }
    }
}

/// Waits, and nothing is open that must be answered or must pass first.
pub(crate) fn is_assignable(case: &Case) -> bool {
    case.holder == Holder::Queue
        && case.offer.is_none()
        && case.transfer.is_none()
        && case.ask.is_none()
        && case.held_until.is_none()
}

/// Whose load a row is: its holder's, and those who are asked.
pub(crate) fn loads(case: &Case) -> Vec<PersonId> {
    let holder = match case.holder {
        Holder::Agent(agent) => Some(agent),
        _ => None,
    };
    let offered = case.offer.as_ref().map(|offer| offer.agent);
    holder.into_iter().chain(offered).collect()
}

fn related(case: &Case) -> BTreeSet<PersonId> {
    let offered = case.offer.as_ref().map(|offer| offer.agent);
    [case.owner, case.wanted, case.only_for, offered]
        .into_iter()
        .flatten()
        .collect()
}

pub(crate) fn line_key(case: &Case) -> LineKey {
    LineKey {
        channel: case.channel,
        topic: case.topic,
        team: case.team,
        only_for: case.only_for,
    }
}

fn queue_key(case: &Case) -> QueueKey {
    QueueKey {
        channel: case.channel,
        topic: case.topic,
        team: case.team,
        skills: case.skills.clone(),
    }
}
