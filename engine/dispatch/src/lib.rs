//! Who should answer: a pure state machine under an injected clock. [`Dispatch::apply`] takes an [`Event`] and gives
//! the [`Effect`]s that are to be stored and told; [`Dispatch::next_deadline`] says when the next tick is due.

pub mod board;
pub mod effect;
pub mod event;
pub mod hours;
mod machine;
pub mod receipt;
pub mod rows;
pub mod rules;

pub use board::{AgentBoard, Board, ChannelBoard};
pub use effect::{Done, Effect, Held, PolicyAsk, QueuePlace, Silence, VisitChange};
pub use event::{Actor, Event, Opening, PolicyAnswer, TransferAsk};
pub use hours::{Hours, Span};
pub use machine::{Dispatch, Seed, Violation};
pub use receipt::{Candidate, Receipt};
pub use rows::{Assignment, Case, Offer, Rows, Transfer, Visit, Work};
pub use rules::{AgentFacts, ChannelRules, PolicyHook, WhenClosed};
