//! A random world around the machine: it does to it what people, hooks, networks and clocks would do.

mod life;
pub mod oracle;
mod setup;

use std::collections::BTreeMap;

use oracle::Oracle;
use uuid::Uuid;
use webim_dispatch::fault::Fault;
use webim_dispatch::{Actor, AgentFacts, Case, Dispatch, Effect, Event, Seed};
use webim_model::{
    AskId, ChannelId, ConversationId, Millis, PersonId, Role, Roles, TeamId, TopicId, WorkState,
};

/// Numbers that look random and are always the same.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides.max(1)
    }

    pub fn chance(&mut self, of_hundred: u64) -> bool {
        self.roll(100) < of_hundred
    }

    fn some(&mut self, millis: i64) -> Option<i64> {
        self.chance(50)
            .then(|| millis + i64::try_from(self.roll(20_000)).expect("a small number"))
    }
}

pub fn person(n: u64) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(n)))
}

const AGENTS: u64 = 8;
const CUSTOMERS: u64 = 14;
const CHANNELS: u64 = 4;
/// Somebody who watches, takes over and reassigns, and serves nobody by themselves.
const SUPERVISOR: u64 = 50;

pub struct World {
    pub machine: Dispatch,
    pub oracle: Oracle,
    pub dice: Dice,
    clock: Millis,
    next_id: u128,
    lanes: BTreeMap<(PersonId, ChannelId, Option<TopicId>), ConversationId>,
    asks: Vec<(AskId, Case)>,
    pub served: u64,
    fault: Option<Fault>,
    steps: u64,
}

fn actor(person: PersonId) -> Actor {
    Actor {
        person,
        roles: Roles::default(),
    }
}

fn boss() -> Actor {
    Actor {
        person: person(SUPERVISOR),
        roles: Roles::default().with(Role::Supervisor),
    }
}

fn channel(n: u64) -> ChannelId {
    ChannelId(Uuid::from_u128(1000 + u128::from(n)))
}

fn topic(n: u64) -> TopicId {
    TopicId(Uuid::from_u128(2000 + u128::from(n)))
}

fn team(n: u64) -> TeamId {
    TeamId(Uuid::from_u128(3000 + u128::from(n)))
}

impl World {
    /// A world whose machine does one thing wrong, if a fault is given.
    pub fn new(seed: u64, fault: Option<Fault>) -> Self {
        let mut world = Self {
            machine: Dispatch::new(Seed(seed)),
            oracle: Oracle::default(),
            dice: Dice(seed ^ 0x5DEE_CE66),
            clock: Millis(1_790_000_000_000),
            next_id: 1 << 64,
            lanes: BTreeMap::new(),
            asks: Vec::new(),
            served: 0,
            fault,
            steps: 0,
        };
        for n in 0..CHANNELS {
            world.set_channel(n);
        }
        for n in 1..=AGENTS {
            world.set_agent(n);
            world.step(Event::Presence {
                person: person(n),
                connected: true,
            });
            let state = WorkState::Ready;
            world.step(Event::SetState {
                actor: actor(person(n)),
                agent: person(n),
                state,
            });
        }
        let mut boss = AgentFacts::new(person(SUPERVISOR), 0);
        boss.serves = false;
        world.oracle.agents.insert(boss.id, boss.clone());
        world.step(Event::AgentSet(Box::new(boss)));
        world.machine.set_fault(fault);
        world
    }

    /// One event, and everything that the second opinion has to say about what came of it.
    pub fn step(&mut self, event: Event) -> Vec<Effect> {
        self.catch_up();
        self.apply(event)
    }

    /// What time does comes first, so that the second opinion need not know what came before what in one event.
    pub fn catch_up(&mut self) {
        let now = self.oracle.now.max(self.clock);
        if self.machine.next_deadline().is_some_and(|due| due <= now) {
            self.apply(Event::Tick);
        }
    }

    fn apply(&mut self, event: Event) -> Vec<Effect> {
        self.oracle.now = self.oracle.now.max(self.clock);
        let next = &mut self.next_id;
        let mut ids = || {
            *next += 1;
            Uuid::from_u128(*next)
        };
        if let Event::Presence { person, connected } = &event {
            if *connected && self.oracle.agents.contains_key(person) {
                self.oracle.connected.insert(*person);
            } else {
                self.oracle.connected.remove(person);
            }
        }
        let effects = self.machine.apply(self.clock, event, &mut ids);
        for effect in &effects {
            if let Effect::AskPolicy(ask) = effect {
                self.asks.push((ask.ask, ask.case.clone()));
            }
            self.served +=
                u64::from(matches!(effect, Effect::Assignment(turn) if turn.ended_at.is_none()));
        }
        self.oracle.absorb(&effects);
        self.oracle.verify();
        self.steps += 1;
        if self.steps.is_multiple_of(5) {
            self.compare();
        }
        effects
    }

    /// What was emitted is what the machine holds: a restart would find all of it.
    fn compare(&mut self) {
        let cases = self.machine.snapshot().cases;
        if cases.len() != self.oracle.rows.len() {
            self.oracle.findings.push("a conversation is lost".into());
        }
        for case in cases {
            let mut stored = self.oracle.rows.get(&case.conversation).cloned();
            if let Some(stored) = &mut stored {
                stored.customer_connected = case.customer_connected;
            }
            if stored.as_ref() != Some(&case) && self.oracle.findings.is_empty() {
                self.oracle
                    .findings
                    .push(format!("stored {stored:#?} but holds {case:#?}"));
            }
        }
    }
}
