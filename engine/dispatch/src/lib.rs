//! Who should answer: a pure state machine under an injected clock. [`Dispatch::apply`] takes an [`Event`] and gives
//! the [`Effect`]s that are to be stored and told; [`Dispatch::next_deadline`] says when the next tick is due.

mod agents;
pub mod board;
mod check;
mod choose;
mod deadlines;
pub mod effect;
pub mod event;
#[doc(hidden)]
pub mod fault;
mod holder;
pub mod hours;
mod index;
mod machine;
mod offers;
mod places;
mod policy;
pub mod receipt;
mod restore;
pub mod rows;
pub mod rules;
mod settle;
mod transfer;
mod visits;

pub use board::{AgentBoard, Board, ChannelBoard};
pub use effect::{Done, Effect, Held, PolicyAsk, QueuePlace, Silence, VisitChange};
pub use event::{Actor, Event, Opening, PolicyAnswer, TransferAsk};
pub use hours::{Hours, Span};
pub use machine::{Dispatch, Seed, Violation};
pub use receipt::{Candidate, Receipt};
pub use rows::{Assignment, Case, Offer, Rows, Transfer, Visit, Work};
pub use rules::{AgentFacts, ChannelRules, PolicyHook, WhenClosed};
