//! One-time tickets: for opening a socket where neither a cookie nor a header can be sent.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use webim_model::{Millis, PersonId, Refusal, SessionId, Sources};

use crate::SignedIn;
use crate::token::{Token, digest};

/// How long a ticket is worth something, in milliseconds.
const LIFETIME: i64 = 30_000;
/// How many unused tickets the server keeps in all.
const IN_ALL: usize = 20_000;
/// How many unused tickets one session may have.
const PER_SESSION: usize = 8;

/// A ticket for its owner.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// What to show at the socket.
    pub secret: Token,
    /// When it is worth nothing any more.
    pub expires: Millis,
}

/// The unused tickets, in memory only: a restart makes them void, and the client asks for another.
pub(crate) struct Tickets {
    sources: Sources,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    tickets: HashMap<[u8; 32], (SignedIn, Millis)>,
    /// In order of expiry; entries of tickets that are used already stay until their time.
    order: VecDeque<([u8; 32], Millis)>,
    per_session: HashMap<SessionId, usize>,
}

impl Tickets {
    pub fn new(sources: Sources) -> Self {
        Self {
            sources,
            kept: Mutex::default(),
        }
    }

    /// A new ticket; `rate_limited` if the session has too many unused ones, `busy` if all sessions together have.
    pub fn issue(&self, signed: &SignedIn) -> Result<Ticket, Refusal> {
        let now = self.sources.now();
        let ticket = Ticket {
            secret: Token::new(&self.sources),
            expires: now.plus(LIFETIME),
        };
        let digest = digest(ticket.secret.reveal()).expect("a fresh token has a token's form");
        let mut kept = self.kept.lock().expect("no holder of this lock panics");
        kept.purge(now);
        if kept.order.len() >= IN_ALL {
            return Err(Refusal::Busy);
        }
        let count = kept.per_session.entry(signed.session).or_default();
        if *count >= PER_SESSION {
            return Err(Refusal::RateLimited);
        }
        *count += 1;
        kept.tickets
            .insert(digest, (signed.clone(), ticket.expires));
        kept.order.push_back((digest, ticket.expires));
        Ok(ticket)
    }

    /// Whose ticket this is; it is used up by this call.
    pub fn redeem(&self, ticket: &str) -> Option<SignedIn> {
        let digest = digest(ticket)?;
        let now = self.sources.now();
        let mut kept = self.kept.lock().expect("no holder of this lock panics");
        kept.purge(now);
        kept.take(&digest)
    }

    /// Makes the tickets of ended sessions void.
    pub fn forget(&self, person: Option<PersonId>, session: Option<SessionId>) {
        let mut kept = self.kept.lock().expect("no holder of this lock panics");
        let gone = kept.tickets.iter().filter(|(_, (signed, _))| {
            person == Some(signed.person) || session == Some(signed.session)
        });
        let gone: Vec<_> = gone.map(|(digest, _)| *digest).collect();
        for digest in gone {
            kept.take(&digest);
        }
    }
}

impl Kept {
    fn purge(&mut self, now: Millis) {
        while let Some((digest, _)) = self.order.front().filter(|(_, expires)| *expires <= now) {
            let digest = *digest;
            self.order.pop_front();
            self.take(&digest);
        }
    }

    fn take(&mut self, digest: &[u8; 32]) -> Option<SignedIn> {
        let (signed, _) = self.tickets.remove(digest)?;
        if let Some(count) = self.per_session.get_mut(&signed.session) {
            *count -= 1;
            if *count == 0 {
                self.per_session.remove(&signed.session);
            }
        }
        Some(signed)
    }
}
