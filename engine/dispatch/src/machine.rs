//! The machine itself: one for all channels of the process.

use uuid::Uuid;
use webim_model::{ConversationId, Millis, PersonId};

use crate::{Board, Case, Effect, Event, Rows};

/// What the random policy begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

/// A broken invariant: never returned by a correct machine, whatever happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which rule, in a word.
    pub rule: &'static str,
    /// Where, if in one conversation.
    pub conversation: Option<ConversationId>,
    /// Of whom, if of one agent.
    pub agent: Option<PersonId>,
}

/// Who should answer, for all channels of the process.
#[derive(Debug)]
pub struct Dispatch {
    seed: Seed,
}

impl Dispatch {
    /// An empty machine.
    pub fn new(seed: Seed) -> Self {
        Self { seed }
    }

    /// Rebuilt from stored rows: nobody is connected (whoever was has their grace from `now` on), deadlines are kept,
    /// questions to hooks are asked again. The first [`Event::Tick`] catches up.
    pub fn restore(seed: Seed, now: Millis, rows: Rows) -> Self {
        let _ = (now, rows);
        Self { seed }
    }

    /// Makes a conversation known that `restore` was not given; without effect if it is known.
    pub fn recall(&mut self, case: Case) {
        let _ = case;
    }

    /// What `restore` would need now, in the order of ids.
    pub fn snapshot(&self) -> Rows {
        Rows::default()
    }

    /// One event and everything that follows from it. `now` may step backwards: the machine's time never does.
    /// `ids` gives new ids, each once.
    pub fn apply(
        &mut self,
        now: Millis,
        event: Event,
        ids: &mut dyn FnMut() -> Uuid,
    ) -> Vec<Effect> {
        let _ = (now, event, ids, self.seed);
        Vec::new()
    }

    /// When the next [`Event::Tick`] is due; `None`: not before something else happens.
    pub fn next_deadline(&self) -> Option<Millis> {
        None
    }

    /// One conversation as it is.
    pub fn case(&self, conversation: ConversationId) -> Option<&Case> {
        let _ = conversation;
        None
    }

    /// The board at this moment.
    pub fn board(&self) -> Board {
        Board::default()
    }

    /// A running hash over every change of holder so far (lower-case hex): equal for equal inputs.
    pub fn digest(&self) -> String {
        String::new()
    }

    /// Every broken invariant, recomputed from the rows. Costs a pass over everything.
    pub fn check(&self) -> Vec<Violation> {
        Vec::new()
    }
}
