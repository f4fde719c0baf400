//! What the tests share: a server of their own with people in it, clients that keep a ledger, and a router inside the
//! test's own process where a hook or the clock must be in the test's hands.
//!
//! [`TestServer`] starts the real binary; [`TestPerson`] signs in there, [`TestSocket`] is one of their devices.
//! [`TestRouter`] is the same store and router without HTTP, under a [`TestClock`]. Every wait is bounded by
//! [`PATIENCE`] and ends with what was waited for, nothing sleeps for a fixed time, and chance comes from a seed.

mod bucket;
mod clock;
mod customer;
mod database;
mod desk;
mod hooks;
mod ledger;
mod office;
mod organisation;
mod person;
mod program;
mod proxy;
mod rest;
mod router;
mod server;
mod settings;
mod socket;

use std::time::Duration;

pub use bucket::TestBucket;
pub use clock::{Dice, TestClock, sources};
pub use customer::TestCustomer;
pub use database::{Database, TestDatabase};
pub use desk::TestDesk;
pub use hooks::{Asked, Late, Puppet, Rule, after, before};
pub use ledger::{Ledger, Thread};
pub use office::{Colleague, Office, PASSWORD};
pub use organisation::{OrgPerson, OrgUnit, Organisation, Shape};
pub use person::TestPerson;
use program::built;
pub use program::{Ended, binary, webim};
pub use proxy::Proxy;
pub use rest::{Answer, Rest};
pub use router::{Setup as RouterSetup, TestRouter};
pub use server::{Setup, TestServer};
pub use settings::Settings;
pub use socket::{Closed, Door, TestSocket, Wire, id};

/// How long a test waits for something that should happen at once, before it says what did not.
pub const PATIENCE: Duration = Duration::from_mins(2);

/// Installs what TLS is made of, once for the process: without it no HTTP client can be made.
pub fn cryptography() {
    // Whoever comes first; what is there already is the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Waits for `what`, which `future` brings; an error that names it if it does not come in time.
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> anyhow::Result<T> {
    tokio::time::timeout(PATIENCE, future)
        .await
        .map_err(|_| anyhow::anyhow!("waited {PATIENCE:?} in vain: {what}"))
}

/// Asks again and again, without hurry, until `ask` has an answer; an error that names `what` if it never has.
pub async fn until<T>(
    what: &str,
    mut ask: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    let asking = async {
        loop {
            ticks.tick().await;
            if let Some(answer) = ask().await? {
                return Ok(answer);
            }
        }
    };
    soon(what, asking).await?
}
