//! Places in queues and how long they may take: told to customers when they change, at most once a second each.

use std::collections::{BTreeMap, VecDeque};

use webim_model::{ChannelId, ConversationId, Holder, Millis};

use crate::holder::Change;
use crate::index::LineKey;
use crate::turn::Turn;
use crate::{Case, Effect, QueuePlace};

/// A customer is told at most this often, and so is a line looked through.
const PAUSE: i64 = 1000;
/// How many assignments an estimate looks back on.
const LAST: usize = 20;
/// With fewer there is no estimate.
const FEWEST: usize = 3;

/// What was told last, and when.
#[derive(Clone, Copy, Debug)]
struct Told {
    place: QueuePlace,
    at: Millis,
}

/// What customers know of their places. Not stored: after a restart they are told anew.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// Lines that changed, and when they are looked through.
    stale: BTreeMap<LineKey, Millis>,
    told: BTreeMap<ConversationId, Told>,
    /// When the last ones of a line were served.
    served: BTreeMap<LineKey, VecDeque<Millis>>,
    /// The first estimate that each was told, and when.
    promised: BTreeMap<ConversationId, (Millis, i64)>,
    /// Sum and number of the estimates' errors.
    errors: BTreeMap<ChannelId, (i64, i64)>,
}

impl Places {
    pub fn touch(&mut self, line: LineKey, now: Millis) {
        self.stale.entry(line).or_insert(now.plus(PAUSE));
    }

    pub fn next_due(&self) -> Option<Millis> {
        self.stale.values().min().copied()
    }

    pub fn error(&self, channel: ChannelId) -> Option<i64> {
        let (sum, number) = self.errors.get(&channel)?;
        sum.checked_div(*number)
    }

    /// Mean milliseconds between the last assignments of the line.
    fn pace(&self, line: LineKey) -> Option<i64> {
        let served = self.served.get(&line)?;
        let (first, last) = (served.front()?, served.back()?);
        let gaps = i64::try_from(served.len()).ok()? - 1;
        (served.len() >= FEWEST).then(|| last.since(*first) / gaps)
    }

    fn forget(&mut self, conversation: ConversationId) {
        self.told.remove(&conversation);
        self.promised.remove(&conversation);
    }

    /// One of a line was assigned: what estimates are made of, and measured by.
    fn was_served(&mut self, line: LineKey, case: &Case, now: Millis) {
        if line.only_for.is_none() {
            let served = self.served.entry(line).or_default();
            served.push_back(now);
            if served.len() > LAST {
                served.pop_front();
            }
        }
        if let Some((at, estimate)) = self.promised.get(&case.conversation) {
            let error = (now.since(*at) - estimate).abs();
            let (sum, number) = self.errors.entry(case.channel).or_default();
            *sum += error;
            *number += 1;
        }
    }
}

impl Turn<'_> {
    /// The conversation leaves the queue with this change; its stored row still waits.
    pub fn left_queue(&mut self, case: &Case, change: &Change) {
        let d = &mut *self.d;
        let old = d.cases.get(&case.conversation);
        if let Some((line, _)) = old.and_then(|old| d.index.line_of(old))
            && matches!(change.holder, Holder::Agent(_))
        {
            d.places.was_served(line, case, d.now);
        }
        d.places.forget(case.conversation);
    }

    /// Tells those who came, and on ticks whole lines whose pause is over.
    pub fn tell_places(&mut self) {
        for conversation in std::mem::take(&mut self.fresh) {
            let Some(case) = self.d.cases.get(&conversation) else {
                continue;
            };
            if let Some((line, _)) = self.d.index.line_of(case) {
                let ahead = self.d.index.ahead(case);
                self.tell(line, conversation, ahead.saturating_add(1));
            }
        }
        if !self.is_tick {
            return;
        }
        let now = self.now();
        let lines: Vec<_> = self
            .d
            .places
            .stale
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(line, _)| *line)
            .collect();
        for line in lines {
            self.d.places.stale.remove(&line);
            let waiting: Vec<_> = self
                .d
                .index
                .lines
                .get(&line)
                .into_iter()
                .flatten()
                .map(|place| place.2)
                .collect();
            for (conversation, position) in waiting.into_iter().zip(1..) {
                self.tell(line, conversation, position);
            }
        }
    }

    fn tell(&mut self, line: LineKey, conversation: ConversationId, position: u32) {
        let d = &mut *self.d;
        let Some(case) = d.cases.get(&conversation) else {
            return;
        };
        let estimate = d
            .places
            .pace(line)
            .map(|pace| pace.saturating_mul(i64::from(position)));
        let place = QueuePlace {
            conversation,
            customer: case.customer,
            position,
            estimate,
            leave_message: case.leave_message,
        };
        match d.places.told.get(&conversation) {
            Some(told) if told.place == place => return,
            Some(told) if told.at.plus(PAUSE) > d.now => {
                let at = told.at.plus(PAUSE);
                let due = d.places.stale.entry(line).or_insert(at);
                *due = at.min(*due);
                return;
            }
            _ => {}
        }
        d.places
            .told
            .insert(conversation, Told { place, at: d.now });
        if let Some(estimate) = estimate {
            d.places
                .promised
                .entry(conversation)
                .or_insert((d.now, estimate));
        }
        self.out.push(Effect::QueuePlace(place));
    }
}
