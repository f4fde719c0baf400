//! What a supervisor sees at a glance.

use std::collections::BTreeMap;

use webim_model::{ChannelId, ConversationId, Holder, Millis, PersonId, WorkState};

use crate::{Case, Dispatch};

/// The state of all channels and agents at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    /// Grows with each change of what is shown.
    pub version: u64,
    /// Per channel.
    pub channels: BTreeMap<ChannelId, ChannelBoard>,
    /// Every active agent, by id.
    pub agents: Vec<AgentBoard>,
}

/// One channel at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ChannelBoard {
    /// In the queue.
    pub waiting: u32,
    /// Since when the longest of them waits.
    pub longest_since: Option<Millis>,
    /// Which one that is.
    pub longest: Option<ConversationId>,
    /// Held by the robot.
    pub with_robot: u32,
    /// Held by agents.
    pub served: u32,
    /// Customers served who wait for an answer.
    pub unanswered: u32,
    /// Mean absolute error of the estimates told at the door, in milliseconds; `None` before the first was tried.
    pub estimate_error: Option<i64>,
}

/// One agent at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgentBoard {
    /// Who.
    pub agent: PersonId,
    /// What they chose.
    pub state: WorkState,
    /// Whether they have a socket.
    pub connected: bool,
    /// Customers and open offers.
    pub load: u32,
    /// What they may hold.
    pub capacity: u32,
}

impl Dispatch {
    /// The board at this moment. Costs a pass over the open visits and the agents.
    pub fn board(&self) -> Board {
        let mut board = Board {
            version: self.board_version,
            ..Board::default()
        };
        for id in self.channels.keys() {
            let channel = board.channels.entry(*id).or_default();
            channel.estimate_error = self.places.error(*id);
        }
        for case in self.index.open.iter().filter_map(|id| self.cases.get(id)) {
            board.channels.entry(case.channel).or_default().count(case);
        }
        let active = self.agents.values().filter(|agent| agent.facts.active);
        board.agents = active
            .map(|agent| AgentBoard {
                agent: agent.facts.id,
                state: agent.work.state,
                connected: agent.work.connected,
                load: self.index.load(agent.facts.id),
                capacity: agent.facts.capacity,
            })
            .collect();
        board
    }
}

impl ChannelBoard {
    fn count(&mut self, case: &Case) {
        match case.holder {
            Holder::Queue => {
                self.waiting += 1;
                let since = case.enqueued_at.map(|at| (at, case.conversation));
                let longest = self.longest_since.zip(self.longest);
                if longest.is_none() || since < longest {
                    self.longest_since = since.map(|(at, _)| at);
                    self.longest = since.map(|(_, conversation)| conversation);
                }
            }
            Holder::Robot => self.with_robot += 1,
            Holder::Agent(_) => {
                self.served += 1;
                self.unanswered += u32::from(case.waiting_since.is_some());
            }
            Holder::Nobody => {}
        }
    }
}
