//! The machine out of stored rows, and back: deadlines are in the rows, so none is lost with a process.

use std::sync::Arc;

use webim_model::{Holder, Millis};

use crate::machine::{Agent, Dispatch, Seed};
use crate::{Case, Rows};

impl Dispatch {
    /// Rebuilt from stored rows: nobody is connected (whoever was has their grace from `now` on), deadlines are kept,
    /// questions to hooks are asked again. The first [`crate::Event::Tick`] catches up.
    pub fn restore(seed: Seed, now: Millis, rows: Rows) -> Self {
        let mut machine = Self::new(seed);
        machine.now = now;
        for rules in rows.channels {
            machine.channels.insert(rules.id, Arc::new(rules));
        }
        for (facts, mut work) in rows.agents {
            work.connected = false;
            work.gone_at = work.gone_at.or(Some(now));
            let ceiling = facts.capacity;
            if let Some(until) = work.wrap_up_until {
                machine.index.agents_due.insert((until, facts.id));
            }
            machine.agents.insert(
                facts.id,
                Agent {
                    facts,
                    work,
                    ceiling,
                },
            );
        }
        machine.cursors = rows.cursors.into_iter().collect();
        for case in rows.cases {
            machine.recall(case);
        }
        for (id, agent) in &mut machine.agents {
            agent.ceiling = agent.ceiling.max(machine.index.load(*id));
        }
        machine
    }

    /// Makes a conversation known that `restore` was not given; without effect if it is known.
    pub fn recall(&mut self, mut case: Case) {
        if self.cases.contains_key(&case.conversation) {
            return;
        }
        case.ask = None;
        case.customer_connected = false;
        if case.holder == Holder::Queue && !case.waiting_offline {
            case.vanished_at = case.vanished_at.or(Some(self.now));
        }
        let due = self.due(&case);
        self.index.add(&case, due, self.fault);
        if let Some((line, _)) = self.index.line_of(&case) {
            self.places.touch(line, self.now);
        }
        self.cases.insert(case.conversation, case);
    }

    /// What `restore` would need now, in the order of ids.
    pub fn snapshot(&self) -> Rows {
        let agents = self.agents.values().map(|agent| {
            let mut work = agent.work.clone();
            work.load = self.index.load(agent.facts.id);
            (agent.facts.clone(), work)
        });
        Rows {
            channels: self
                .channels
                .values()
                .map(|rules| (**rules).clone())
                .collect(),
            agents: agents.collect(),
            cases: self.cases.values().cloned().collect(),
            cursors: self
                .cursors
                .iter()
                .map(|(channel, agent)| (*channel, *agent))
                .collect(),
        }
    }
}
