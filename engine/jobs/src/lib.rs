//! What must not block now: the periodic work of a server, the lease on its database, and the feeding of durable hooks.
//!
//! Every task has a name, an owner ([`Jobs`]) and an end: [`Jobs::stop`] cancels and waits for all of them. What a task
//! does never ends it: a failure is logged and the next turn comes. Tokio's clock says when a task wakes; what is due
//! then is decided by the server's own clock, which tests can move.

mod feeder;
mod indexer;
mod lease;
mod retention;
mod tasks;
mod upkeep;

pub use lease::{Lease, identity};
pub use retention::{Retention, erase, retain, retention};
pub use tasks::Jobs;
pub use upkeep::upkeep;
