//! Who is connected to this process, and the way encoded events reach them.
//!
//! Bytes are opaque here: an event is encoded once and every queue shares it. Each connection has one bounded queue
//! ([`Outlet`] to put in, [`Inlet`] to take out); one that fills is closed with [`webim_model::Bye::SlowReader`] and
//! its client resumes by position, so that a slow reader costs a bounded amount and never delays another.

mod broker;
mod frame;
mod presence;
mod queue;
mod registry;

pub use broker::{Broker, LocalBroker, Publication};
pub use frame::Frame;
pub use presence::{Presence, Shows};
pub use queue::{Drained, Inlet, Outlet, QueueLimits};
pub use registry::Hub;
