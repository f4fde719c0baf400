//! What people, hooks, networks and clocks do next.

use std::collections::BTreeSet;

use uuid::Uuid;
use webim_dispatch::{Case, Dispatch, Effect, Event, Opening, PolicyAnswer, Seed, TransferAsk};
use webim_model::{
    ConversationId, HistoryShown, Holder, OfferId, PersonId, TransferId, TransferTo, WorkState,
};

use super::{AGENTS, CHANNELS, CUSTOMERS, World, actor, boss, channel, person, team, topic};

impl World {
    /// Something happens.
    pub fn live(&mut self) {
        let passes = [0, 1, 200, 2000, 9000, 31_000, 90_000, -5000]
            [usize::try_from(self.dice.roll(8)).expect("a small number")];
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
        self.catch_up();
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
        open.get(usize::try_from(at).expect("a small number"))
            .cloned()
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
        let at = usize::try_from(self.dice.roll(offers.len() as u64)).expect("a small number");
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
        let state = WorkState::ALL[usize::try_from(self.dice.roll(4)).expect("a small number")];
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
        let at = usize::try_from(self.dice.roll(self.asks.len() as u64)).expect("a small number");
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
