//! A random world around the machine: it does to it what people, hooks, networks and clocks would do.

pub mod oracle;

use std::collections::{BTreeMap, BTreeSet};

use oracle::Oracle;
use uuid::Uuid;
use webim_dispatch::fault::Fault;
use webim_dispatch::{
    Actor, AgentFacts, Case, ChannelRules, Dispatch, Effect, Event, Hours, Opening, PolicyAnswer,
    PolicyHook, Seed, Span, TransferAsk, WhenClosed,
};
use webim_model::{
    AskId, ChannelId, ChannelMode, ConversationId, HistoryShown, Holder, Millis, OfferId, Order,
    OwnerAway, PersonId, Role, Roles, TeamId, TopicId, TransferId, TransferTo, WorkState,
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
            .then(|| millis + i64::try_from(self.roll(20_000)).unwrap())
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
    pub fn new(seed: u64) -> Self {
        let mut world = Self {
            machine: Dispatch::new(Seed(seed)),
            oracle: Oracle::default(),
            dice: Dice(seed ^ 0x5DEE_CE66),
            clock: Millis(1_790_000_000_000),
            next_id: 1 << 64,
            lanes: BTreeMap::new(),
            asks: Vec::new(),
            served: 0,
            fault: None,
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
        world
    }

    fn set_channel(&mut self, n: u64) {
        let dice = &mut self.dice;
        let mut rules = ChannelRules::new(channel(n));
        if n % 2 == 1 {
            rules.mode = ChannelMode::Expert;
            rules.topics = (0..3).map(topic).collect();
        }
        let pick = dice.roll(Order::ALL.len() as u64 + 3);
        rules.order = Order::ALL
            .get(usize::try_from(pick).unwrap())
            .copied()
            .unwrap_or(Order::LeastLoaded);
        rules.owner_away = OwnerAway::ALL[usize::try_from(dice.roll(3)).unwrap()];
        rules.owner_deadline = 20_000;
        if dice.chance(60) {
            rules.teams = (0..2).map(|_| team(dice.roll(3))).collect();
        }
        rules.robot = dice.chance(25);
        rules.hook = dice.chance(25).then(|| PolicyHook {
            name: "test".into(),
            deadline: 3000,
        });
        rules.accept_deadline = dice.some(5000);
        rules.reply_deadline = dice.some(10_000);
        rules.vanished_after = dice.some(30_000);
        rules.idle_close = dice.some(200_000);
        rules.wrap_up = dice.some(1000);
        rules.requeue_after_grace = dice.chance(70);
        rules.veto_for = 40_000;
        if dice.chance(10) {
            let nine = Span {
                from: 540,
                to: 1080,
            };
            rules.hours = Some(Hours {
                zone: chrono_tz::Asia::Shanghai,
                week: std::array::from_fn(|_| vec![nine]),
                holidays: BTreeMap::new(),
            });
            rules.when_closed = if dice.chance(50) {
                WhenClosed::Refuse
            } else {
                WhenClosed::LeaveMessage
            };
        }
        self.catch_up();
        self.oracle.channels.insert(rules.id, rules.clone());
        self.step(Event::ChannelSet(Box::new(rules)));
    }

    fn set_agent(&mut self, n: u64) {
        let dice = &mut self.dice;
        let mut facts = AgentFacts::new(person(n), u32::try_from(dice.roll(6)).unwrap());
        facts.teams = (0..2).map(|_| team(dice.roll(3))).collect();
        facts.topics = (0..3).map(|_| topic(dice.roll(3))).collect();
        facts.weight = 50 * u32::try_from(dice.roll(4)).unwrap();
        if dice.chance(50) {
            facts.skills.insert("fr".into());
        }
        if dice.chance(20) {
            facts.per_channel.insert(channel(dice.roll(CHANNELS)), 1);
        }
        self.catch_up();
        self.oracle.agents.insert(facts.id, facts.clone());
        self.step(Event::AgentSet(Box::new(facts)));
    }

    /// From now on the machine does this wrong, also after a restart.
    pub fn faulty(&mut self, fault: Option<Fault>) {
        self.fault = fault;
        self.machine.set_fault(self.fault);
    }

    /// One event, and everything that the second opinion has to say about what came of it.
    pub fn step(&mut self, event: Event) -> Vec<Effect> {
        self.catch_up();
        self.apply(event)
    }

    /// What time does comes first, so that the second opinion need not know what came before what in one event.
    fn catch_up(&mut self) {
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
        if self.steps % 5 == 0 {
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

    /// Something happens.
    pub fn live(&mut self) {
        let passes = [0, 1, 200, 2000, 9000, 31_000, 90_000, -5000]
            [usize::try_from(self.dice.roll(8)).unwrap()];
        self.clock = self.clock.plus(passes);
        if self.dice.roll(400) == 0 {
            self.clock = self.clock.plus(8 * 3_600_000);
        }
        match self.dice.roll(100) {
            0..24 => self.customer_comes(),
            24..34 => self.customer_acts(),
            34..52 => self.somebody_writes(),
            52..64 => self.offers_answered(),
            64..74 => self.transfers(),
            74..80 => self.takes(),
            80..88 => self.agent_changes(),
            88..93 => self.hook_answers(),
            93..96 => self.administer(),
            96 => self.restart(),
            _ => {
                self.step(Event::Tick);
            }
        }
    }

    fn customer(&mut self) -> PersonId {
        let n = self.dice.roll(CUSTOMERS + 2);
        // Two of the staff are customers too.
        person(if n < CUSTOMERS {
            100 + n
        } else {
            n - CUSTOMERS + 1
        })
    }

    fn customer_comes(&mut self) {
        let n = self.dice.roll(CHANNELS);
        let customer = self.customer();
        let topic = (n % 2 == 1).then(|| topic(self.dice.roll(3)));
        let next = &mut self.next_id;
        let conversation = *self
            .lanes
            .entry((customer, channel(n), topic))
            .or_insert_with(|| {
                *next += 1;
                ConversationId(Uuid::from_u128(*next))
            });
        let mut opening = Opening::new(conversation, channel(n), customer);
        opening.topic = topic;
        opening.priority = i32::from(self.dice.chance(15));
        if self.dice.chance(15) {
            opening.wanted = Some(person(1 + self.dice.roll(AGENTS)));
        }
        if self.dice.chance(15) {
            opening.skills = BTreeSet::from(["fr".to_owned()]);
        }
        if self.dice.chance(15) {
            opening.wishes = BTreeSet::from(["fr".to_owned()]);
            opening.language = Some("zh".into());
        }
        let owner = self
            .oracle
            .owner_due(conversation)
            .filter(|_| opening.wanted.is_none());
        let lease = self.oracle.rows.get(&conversation).map(|row| row.lease);
        let effects = self.step(Event::Open(Box::new(opening)));
        let done = effects
            .iter()
            .any(|effect| matches!(effect, Effect::Done(_)));
        let row = self
            .oracle
            .rows
            .get(&conversation)
            .filter(|row| done && lease != Some(row.lease));
        if let Some((owner, row)) = owner.zip(row) {
            let offered = row.offer.as_ref().map(|offer| offer.agent);
            if row.holder != Holder::Agent(owner) && offered != Some(owner) {
                self.oracle
                    .findings
                    .push("the owner has room and was passed over".into());
            }
        }
        if self.dice.chance(70) {
            self.step(Event::CustomerWrote { conversation });
        }
    }

    fn any_row(&mut self) -> Option<Case> {
        let open: Vec<_> = self
            .oracle
            .rows
            .values()
            .filter(|row| row.visit.is_some() || row.lease % 5 == 0)
            .cloned()
            .collect();
        let at = self.dice.roll(open.len() as u64);
        open.get(usize::try_from(at).unwrap()).cloned()
    }

    fn customer_acts(&mut self) {
        let Some(row) = self.any_row() else { return };
        let conversation = row.conversation;
        let own = actor(row.customer);
        let event = match self.dice.roll(6) {
            0 => Event::LeaveQueue {
                actor: own,
                conversation,
            },
            1 => Event::KeepPlace {
                actor: own,
                conversation,
            },
            2 => Event::Presence {
                person: row.customer,
                connected: self.dice.chance(50),
            },
            3 => Event::Close {
                actor: boss(),
                conversation,
            },
            4 => Event::ToPerson {
                actor: own,
                conversation,
                topic: None,
            },
            _ => Event::Close {
                actor: own,
                conversation,
            },
        };
        self.step(event);
    }

    fn somebody_writes(&mut self) {
        let Some(row) = self.any_row() else { return };
        let conversation = row.conversation;
        match (row.holder, self.dice.roll(3)) {
            (Holder::Agent(agent), 0) => self.step(Event::AgentWrote {
                conversation,
                agent,
            }),
            (Holder::Robot, 0) => self.step(Event::RobotWrote { conversation }),
            _ => self.step(Event::CustomerWrote { conversation }),
        };
    }

    fn offers_answered(&mut self) {
        let offers: Vec<_> = self
            .oracle
            .rows
            .values()
            .filter_map(|row| row.offer.clone())
            .collect();
        let at = usize::try_from(self.dice.roll(offers.len() as u64)).unwrap();
        let Some(offer) = offers.get(at) else { return };
        let accept = self.dice.chance(60);
        let wrong = self.dice.chance(5);
        let id = if wrong {
            OfferId(Uuid::nil())
        } else {
            offer.id
        };
        self.step(Event::Answer {
            actor: actor(offer.agent),
            offer: id,
            accept,
            reason: None,
        });
    }

    fn transfers(&mut self) {
        let Some(row) = self.any_row() else { return };
        if let Some(open) = &row.transfer
            && self.dice.chance(30)
        {
            let transfer = if self.dice.chance(80) {
                open.id
            } else {
                TransferId(Uuid::nil())
            };
            self.step(Event::CancelTransfer {
                actor: actor(open.by),
                transfer,
            });
            return;
        }
        let to = match self.dice.roll(9) {
            0 => TransferTo::Team(team(self.dice.roll(4))),
            1 => TransferTo::Topic(topic(self.dice.roll(4))),
            2 => TransferTo::Queue,
            3 => TransferTo::Robot,
            4 => TransferTo::Former,
            _ => TransferTo::Agent(person(1 + self.dice.roll(AGENTS + 1))),
        };
        let who = match row.holder {
            Holder::Agent(agent) if self.dice.chance(80) => actor(agent),
            _ => boss(),
        };
        let force = self.dice.chance(30);
        let lease = row.lease - i64::from(self.dice.chance(5));
        self.step(Event::Transfer(Box::new(TransferAsk {
            actor: who,
            conversation: row.conversation,
            lease,
            to,
            note: None,
            history: HistoryShown::All,
            force,
        })));
    }

    fn takes(&mut self) {
        let Some(row) = self.any_row() else { return };
        let who = if self.dice.chance(80) {
            actor(person(1 + self.dice.roll(AGENTS)))
        } else {
            boss()
        };
        self.step(Event::Take {
            actor: who,
            conversation: row.conversation,
        });
    }

    fn agent_changes(&mut self) {
        let id = person(1 + self.dice.roll(AGENTS));
        let state = WorkState::ALL[usize::try_from(self.dice.roll(4)).unwrap()];
        let event = match self.dice.roll(4) {
            0 => Event::SetState {
                actor: actor(id),
                agent: id,
                state,
            },
            1 => Event::SetState {
                actor: boss(),
                agent: id,
                state: WorkState::Ready,
            },
            2 => Event::Presence {
                person: id,
                connected: false,
            },
            _ => Event::Presence {
                person: id,
                connected: self.oracle.agents.contains_key(&id),
            },
        };
        self.step(event);
    }

    fn hook_answers(&mut self) {
        let at = usize::try_from(self.dice.roll(self.asks.len() as u64)).unwrap();
        if at >= self.asks.len() {
            return;
        }
        let (ask, case) = self.asks.swap_remove(at);
        let agents: Vec<_> = (0..2)
            .map(|_| person(1 + self.dice.roll(AGENTS + 2)))
            .collect();
        let open = self
            .oracle
            .rows
            .get(&case.conversation)
            .and_then(|row| row.ask);
        let in_time = open
            .is_some_and(|(open, until)| open == ask && until > self.oracle.now.max(self.clock));
        let answer = match self.dice.roll(8) {
            0 => PolicyAnswer::Builtin,
            1 => PolicyAnswer::Choose(agents[0]),
            2 => PolicyAnswer::Order(agents),
            3 => {
                self.oracle.now = self.oracle.now.max(self.clock);
                self.catch_up();
                for agent in agents.iter().filter(|_| in_time) {
                    self.oracle.veto(case.conversation, *agent);
                }
                PolicyAnswer::Veto(agents.into_iter().collect())
            }
            4 => PolicyAnswer::Queue,
            5 => PolicyAnswer::Robot,
            6 => PolicyAnswer::Form("id".into()),
            _ => PolicyAnswer::Failed,
        };
        self.step(Event::PolicyAnswered { ask, answer });
    }

    fn administer(&mut self) {
        let n = 1 + self.dice.roll(AGENTS);
        match self.dice.roll(6) {
            0 => {
                self.catch_up();
                self.oracle.agents.remove(&person(n));
                self.oracle.works.remove(&person(n));
                self.oracle.connected.remove(&person(n));
                self.step(Event::AgentGone(person(n)));
            }
            1 => {
                let n = self.dice.roll(CHANNELS);
                self.set_channel(n);
            }
            2 => {
                let (from, into) = (self.customer(), self.customer());
                self.lanes.retain(|(customer, _, _), _| *customer != from);
                self.step(Event::Merged { from, into });
            }
            3 => {
                if let Some(row) = self.any_row() {
                    self.lanes.retain(|_, id| *id != row.conversation);
                    self.step(Event::Forgotten(row.conversation));
                }
            }
            _ => self.set_agent(n),
        }
    }

    /// The process dies, and another begins with what was stored.
    fn restart(&mut self) {
        let rows = self.oracle.stored();
        self.machine = Dispatch::restore(Seed(7), self.oracle.now, rows);
        self.machine.set_fault(self.fault);
        self.oracle.connected.clear();
        for case in self.machine.snapshot().cases {
            self.oracle.rows.insert(case.conversation, case);
        }
        self.step(Event::Tick);
        for n in 1..=AGENTS {
            if self.dice.chance(70) && self.oracle.agents.contains_key(&person(n)) {
                self.step(Event::Presence {
                    person: person(n),
                    connected: true,
                });
            }
        }
    }
}
