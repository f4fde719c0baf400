//! Who should answer: a pure state machine under an injected clock. [`Dispatch::apply`] takes an [`Event`] and gives
//! the [`Effect`]s that are to be stored and told; [`Dispatch::next_deadline`] says when the next tick is due. It does
//! no I/O, waits for nothing and draws its random numbers from a seed: the same events give the same effects.
//!
//! ```text
//!                    open, customer's message
//!          +---------------------------------------------+
//!          |                                             v
//!     +--------+   to person, transfer   +-------+   robot first   +--------+
//!     | queue  | <---------------------- | robot | <-------------- | nobody |
//!     |        | ------ transfer, hook ->|       |                 | (no    |
//!     |  offer |                         +-------+                 | visit) |
//!     |  ask   |   assigned, accepted, taken     |                 +--------+
//!     |        | ----------------------> +---------------+  close, idle  ^
//!     +--------+ <---------------------- | agent         | --------------+
//!          |       silent, gone,         |  transfer     | --+ accepted transfer, take-over:
//!          |       transfer to a queue   |  offer        | <-+ another agent
//!          |                             +---------------+
//!          +-- left the queue, vanished: nobody
//! ```
//!
//! Every arrow is one [`Held`]: lease + 1, one row, one transaction. An offer, a question to a hook and an open
//! transfer change no holder.
//!
//! An event is worked on in three steps: what its time has made due, the event itself, and then `settle`: whoever
//! waits and can be served is, in the order (priority, came first, id). So no customer waits while a fitting agent has
//! room, whatever happened; a [`Event::Tick`] looks at every queue once more.
//!
//! The decisions that the words of the contract leave open:
//! - **Fitting** means connected: an agent in their grace keeps their customers and gets no new ones.
//! - **The chosen and the own agent** are waited for also where the channel's order is manual, and whichever team they
//!   are in; hooks are not asked about them. Beyond capacity are only forced transfers and a supervisor's take-over.
//! - **A silent agent** loses the customer. If they became the owner with that turn and never answered, the former
//!   owner (or nobody) is the owner again; else they stay it, and somebody substitutes for this visit.
//! - **Requeued through no fault of the customer** (silence, disconnection, agent gone): the old place. Transferred to
//!   a queue: the place of who comes now, no owner, and the former agent is not asked for the veto time.
//! - **A circle** is the same hand-over a second time within a minute with no message between.
//! - **Out of hours** a visit waits with `leave_message` and is not assigned by itself; agents may take it.
//! - **A supervisor's take-over** makes them a substitute: the customer stays their own agent's.
//!
//! # What the figures are
//!
//! | figure | formula, over closed visits ([`Visit`]) or ended turns ([`Assignment`]) |
//! |---|---|
//! | waiting | `queued_ms`: all turns in queues together, the visit's own |
//! | first wait | `assigned_at - queued_at` |
//! | first response | `responded_at - opened_at`; of an agent: `answered_ms`, from the later of the turn's beginning and the first unanswered message |
//! | handling | `handled_ms` of the visit; of an agent: `ended_at - began_at` summed over turns |
//! | transfers | `transfers`: committed ones |
//! | abandoned | visits with `abandoned` (queued, closed before any agent held them) / visits with `queued_at` |
//! | unanswered | visits with `unanswered` (closed while a customer's message had no answer) / visits |
//! | lost to silence | turns with `ended` = silent / turns, per agent |
//! | estimate's error | mean of \|first estimate told - real wait\| over those assigned ([`ChannelBoard`]) |
//!
//! A visit counts for the day and channel in which it was opened; a turn for its agent and the day it began.

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
mod turn;
mod visits;

pub use board::{AgentBoard, Board, ChannelBoard};
pub use effect::{Done, Effect, Held, PolicyAsk, QueuePlace, Silence, VisitChange};
pub use event::{Actor, Event, Opening, PolicyAnswer, TransferAsk};
pub use hours::{Hours, Span};
pub use machine::{Dispatch, Seed, Violation};
pub use receipt::{Candidate, Language, Receipt};
pub use rows::{Assignment, Case, Offer, Rows, Transfer, Visit, Work};
pub use rules::{AgentFacts, ChannelRules, PolicyHook, WhenClosed};
