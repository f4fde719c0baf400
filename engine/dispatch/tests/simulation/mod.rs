//! A day of a service with 200 agents in three shifts and 20,000 customers, under a virtual clock.

mod report;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

pub use report::Report;
use uuid::Uuid;
use webim_dispatch::{
    Actor, AgentFacts, ChannelRules, Dispatch, Effect, Event, Held, Opening, Seed, TransferAsk,
    VisitChange,
};
use webim_model::{
    ChannelId, ChannelMode, ConversationId, HistoryShown, Holder, Millis, OfferId, Order, PersonId,
    Roles, TopicId, TransferTo, WorkState,
};

const AGENTS: u64 = 200;
const CUSTOMERS: u64 = 20_000;
const CAPACITY: u32 = 4;
const HOUR: i64 = 3_600_000;
const CHANNELS: u64 = 3;

/// What people will do later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Plan {
    Come(u64),
    Answer(ConversationId, i64),
    Finish(ConversationId, i64),
    Pass(ConversationId, i64),
    GiveUp(ConversationId, i64),
    Accept(PersonId, OfferId),
    Begin(u64),
    End(u64),
    Lose(u64),
    Return(u64),
}

/// One day, being lived.
pub struct Day {
    machine: Dispatch,
    now: Millis,
    plans: BinaryHeap<Reverse<(Millis, u64, Plan)>>,
    dice: u64,
    next: u64,
    holders: BTreeMap<ConversationId, (Holder, i64)>,
    loads: BTreeMap<PersonId, u32>,
    waits: Vec<i64>,
    pub report: Report,
}

fn person(n: u64) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(n)))
}

fn actor(person: PersonId) -> Actor {
    Actor {
        person,
        roles: Roles::default(),
    }
}

fn channel(n: u64) -> ChannelId {
    ChannelId(Uuid::from_u128(1_000_000 + u128::from(n)))
}

fn topic(n: u64) -> TopicId {
    TopicId(Uuid::from_u128(2_000_000 + u128::from(n)))
}

impl Day {
    /// Everything that is going to happen, but for what people do in answer.
    pub fn new(seed: u64) -> Self {
        let mut day = Self {
            machine: Dispatch::new(Seed(seed)),
            now: Millis(1_790_000_000_000),
            plans: BinaryHeap::new(),
            dice: seed,
            next: 1 << 40,
            holders: BTreeMap::new(),
            loads: BTreeMap::new(),
            waits: Vec::new(),
            report: Report::default(),
        };
        for n in 0..CHANNELS {
            let mut rules = ChannelRules::new(channel(n));
            rules.order = [Order::LeastLoaded, Order::RoundRobin, Order::LongestIdle]
                [usize::try_from(n).expect("a small number")];
            rules.reply_deadline = Some(120_000);
            if n == 1 {
                rules.accept_deadline = Some(15_000);
                rules.wrap_up = Some(20_000);
            }
            if n == 2 {
                rules.mode = ChannelMode::Expert;
                rules.topics = (0..5).map(topic).collect();
            }
            day.happens(Event::ChannelSet(Box::new(rules)));
        }
        for n in 1..=AGENTS {
            let mut facts = AgentFacts::new(person(n), CAPACITY);
            facts.topics = [topic(n % 5), topic(n % 3)].into();
            day.happens(Event::AgentSet(Box::new(facts)));
            // The shifts overlap by an hour.
            let begins = i64::try_from(n % 3).expect("a small number") * 8 * HOUR;
            day.plan(begins, Plan::Begin(n));
            day.plan(begins + 9 * HOUR, Plan::End(n));
            let drops = 14 * HOUR + day.upto(2000);
            day.plan(drops, Plan::Lose(n));
            let away = if day.upto(100) < 60 { 5000 } else { 50_000 };
            let returns = 14 * HOUR + 2000 + away + day.upto(60_000);
            day.plan(returns, Plan::Return(n));
        }
        for n in 0..CUSTOMERS {
            // Half of them come in the four busiest hours.
            let at = if day.upto(2) == 0 {
                9 * HOUR + day.upto(4 * HOUR)
            } else {
                day.upto(24 * HOUR)
            };
            day.plan(at, Plan::Come(n));
        }
        day
    }

    /// Lives it to the end.
    pub fn live(mut self) -> Report {
        loop {
            let planned = self.plans.peek().map(|Reverse((at, ..))| *at);
            let due = self.machine.next_deadline();
            if let Some(due) = due.filter(|due| planned.is_none_or(|planned| *due <= planned)) {
                self.now = self.now.max(due);
                self.happens(Event::Tick);
            } else if let Some(Reverse((at, _, plan))) = self.plans.pop() {
                self.now = self.now.max(at);
                self.follow(plan);
            } else {
                return self.end();
            }
            if self.report.events.is_multiple_of(2000) {
                self.check();
            }
        }
    }

    fn check(&mut self) {
        let broken = self.machine.check();
        self.report
            .violations
            .extend(broken.iter().map(|broken| format!("{broken:?}")));
        let board = self.machine.board();
        let waiting = board.channels.values().map(|channel| channel.waiting).sum();
        self.report.most_waiting = self.report.most_waiting.max(waiting);
    }

    fn end(mut self) -> Report {
        self.check();
        self.waits.sort_unstable();
        let at = |part: usize| {
            self.waits
                .get(self.waits.len() * part / 100)
                .copied()
                .unwrap_or(0)
        };
        let mut report = std::mem::take(&mut self.report);
        report.wait_median = at(50);
        report.wait_95 = at(95);
        report.wait_longest = self.waits.last().copied().unwrap_or(0);
        report.still_open = self
            .holders
            .values()
            .filter(|(holder, _)| *holder != Holder::Nobody)
            .count();
        report.estimate_error = self.machine.board().channels[&channel(0)].estimate_error;
        report.digest = self.machine.digest();
        report
    }

    fn upto(&mut self, end: i64) -> i64 {
        self.dice = self
            .dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.dice >> 33).expect("a small number") % end.max(1)
    }

    fn plan(&mut self, millis: i64, plan: Plan) {
        self.next += 1;
        self.plans
            .push(Reverse((self.now.plus(millis), self.next, plan)));
    }

    fn follow(&mut self, plan: Plan) {
        match plan {
            Plan::Come(n) => self.comes(n),
            Plan::Answer(conversation, lease) => {
                if let Some(agent) = self.holds(conversation, lease) {
                    self.happens(Event::AgentWrote {
                        conversation,
                        agent,
                    });
                }
            }
            Plan::Finish(conversation, lease) => {
                if let Some(agent) = self.holds(conversation, lease) {
                    self.happens(Event::Close {
                        actor: actor(agent),
                        conversation,
                    });
                }
            }
            Plan::Pass(conversation, lease) => self.passes(conversation, lease),
            Plan::GiveUp(conversation, lease) => {
                let waits = self.holders.get(&conversation) == Some(&(Holder::Queue, lease));
                if let Some(case) = self.machine.case(conversation).filter(|_| waits) {
                    let actor = actor(case.customer);
                    self.happens(Event::LeaveQueue {
                        actor,
                        conversation,
                    });
                }
            }
            Plan::Accept(agent, offer) => {
                self.happens(Event::Answer {
                    actor: actor(agent),
                    offer,
                    accept: true,
                    reason: None,
                });
            }
            Plan::Begin(n) => {
                self.happens(Event::Presence {
                    person: person(n),
                    connected: true,
                });
                self.sets(n, WorkState::Ready);
            }
            Plan::End(n) => self.sets(n, WorkState::Break),
            Plan::Lose(n) => self.happens(Event::Presence {
                person: person(n),
                connected: false,
            }),
            Plan::Return(n) => self.happens(Event::Presence {
                person: person(n),
                connected: true,
            }),
        }
    }

    fn sets(&mut self, n: u64, state: WorkState) {
        self.happens(Event::SetState {
            actor: actor(person(n)),
            agent: person(n),
            state,
        });
    }

    fn comes(&mut self, n: u64) {
        let conversation = ConversationId(Uuid::from_u128(3_000_000 + u128::from(n)));
        let mut opening = Opening::new(conversation, channel(n % CHANNELS), person(10_000 + n));
        if n % CHANNELS == 2 {
            opening.topic = Some(topic(n % 5));
        }
        self.happens(Event::Open(Box::new(opening)));
        self.happens(Event::CustomerWrote { conversation });
    }

    fn holds(&self, conversation: ConversationId, lease: i64) -> Option<PersonId> {
        match self.holders.get(&conversation) {
            Some((Holder::Agent(agent), now)) if *now == lease => Some(*agent),
            _ => None,
        }
    }

    fn passes(&mut self, conversation: ConversationId, lease: i64) {
        let Some(from) = self.holds(conversation, lease) else {
            return;
        };
        let to = TransferTo::Agent(person(
            1 + u64::try_from(self.upto(200)).expect("a small number"),
        ));
        self.happens(Event::Transfer(Box::new(TransferAsk {
            actor: actor(from),
            conversation,
            lease,
            to,
            note: None,
            history: HistoryShown::All,
            force: false,
        })));
    }

    fn happens(&mut self, event: Event) {
        self.report.events += 1;
        let next = &mut self.next;
        let mut ids = || {
            *next += 1;
            Uuid::from_u128(u128::from(*next))
        };
        let effects = self.machine.apply(self.now, event, &mut ids);
        for effect in effects {
            match effect {
                Effect::Held(held) => self.held(&held),
                Effect::Offer(offer) => {
                    let after = if self.upto(100) < 95 {
                        self.upto(12_000)
                    } else {
                        20_000
                    };
                    self.plan(after, Plan::Accept(offer.agent, offer.id));
                }
                Effect::Visit(VisitChange::Closed, visit) => {
                    self.report.visits += 1;
                    self.report.abandoned += u64::from(visit.abandoned);
                    self.waits.push(visit.queued_ms);
                }
                _ => {}
            }
        }
    }

    /// Looks at each change on its own, and plans what people do about it.
    fn held(&mut self, held: &Held) {
        let (row, id) = (&held.row, held.row.conversation);
        let before = self
            .holders
            .insert(id, (row.holder, row.lease))
            .unwrap_or((Holder::Nobody, 0));
        if before != (held.before, row.lease - 1) {
            self.report
                .violations
                .push(format!("two holders: {before:?}, {held:?}"));
        }
        if let Holder::Agent(agent) = held.before {
            *self.loads.entry(agent).or_default() -= 1;
        }
        let lease = row.lease;
        match row.holder {
            Holder::Agent(agent) => {
                let load = self.loads.entry(agent).or_default();
                *load += 1;
                if *load > CAPACITY {
                    self.report
                        .violations
                        .push(format!("{agent:?} holds {load}"));
                }
                self.report.highest_load = self.report.highest_load.max(*load);
                self.report.turns += 1;
                self.report.transfers += u64::from(held.transfer.is_some());
                let answers = if self.upto(100) < 97 {
                    5000 + self.upto(60_000)
                } else {
                    300_000
                };
                self.plan(answers, Plan::Answer(id, lease));
                if self.upto(100) < 5 {
                    self.plan(40_000, Plan::Pass(id, lease));
                }
                let talks = 60_000 + self.upto(540_000);
                self.plan(talks, Plan::Finish(id, lease));
            }
            Holder::Queue => {
                let patience = 300_000 + self.upto(1_500_000);
                self.plan(patience, Plan::GiveUp(id, lease));
            }
            Holder::Robot | Holder::Nobody => {}
        }
    }
}
