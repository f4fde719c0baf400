//! Many people arriving at once.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures_util::{StreamExt, TryStreamExt, stream};
use webim_wire::client::Resume;
use webim_wire::server::Welcome;

use crate::server::Server;
use crate::socket::Socket;
use crate::world::Someone;

/// Somebody who is welcome.
pub struct Arrival {
    /// The number of the person.
    pub n: usize,
    /// Their socket.
    pub socket: Socket,
    /// What they were told.
    pub welcome: Welcome,
    /// How long it took from the beginning of everything.
    pub after: Duration,
}

/// Lets all of `people` connect, `at_once` at the same time, and say hello with what `resume` gives them; returns when
/// all are welcome.
pub async fn arrive<R>(
    server: &Server,
    people: &[Someone],
    at_once: usize,
    mut resume: R,
) -> Result<Vec<Arrival>>
where
    R: FnMut(usize) -> Option<Resume>,
{
    let began = Instant::now();
    let address = server.address;
    let arrivals = people.iter().enumerate().map(|(n, someone)| {
        let (token, resume) = (someone.token.clone(), resume(n));
        async move {
            let spread = u64::try_from(n)?;
            let mut socket = Socket::open(address, &token, spread).await?;
            let welcome = socket.greet("load", resume).await?;
            anyhow::Ok(Arrival {
                n,
                socket,
                welcome,
                after: began.elapsed(),
            })
        }
    });
    stream::iter(arrivals)
        .buffer_unordered(at_once)
        .try_collect()
        .await
        .context("somebody was not let in")
}
