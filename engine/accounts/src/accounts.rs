//! Signing in and out, and who is behind a token.

mod clients;
mod config;
mod devices;
mod directory;
mod hosts;
mod links;
mod passwords;
mod people;
mod setup;
mod visitors;

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use moka::sync::Cache;
use webim_model::{Millis, Person, PersonId, Refusal, Role, SessionId, Sources};
use webim_store::{SessionRow, Store, StoreError};

use self::clients::Clients;
use crate::host::Used;
use crate::master::MasterKeys;
use crate::pace::Pace;
use crate::password::{PasswordError, Passwords};
use crate::throttle::Throttle;
use crate::ticket::Tickets;
use crate::token::{Token, digest};
use crate::{Ended, SessionKey, SignedIn, Ticket};

/// How long an answer about a token may be used again, in milliseconds.
const FRESH: i64 = 3_000;
/// When it is thrown away: later, since whether it may be used is decided by the server's own clock.
const KEPT: Duration = Duration::from_mins(1);
/// How many tokens are remembered for that long.
const REMEMBERED: u64 = 50_000;
/// A session's expiry is moved at most this often, in milliseconds.
const TOUCH: i64 = 60 * 60 * 1_000;
/// Customers that may come from one address in a second, and at once before that counts.
const NEWCOMERS: u32 = 5;
const NEWCOMERS_AT_ONCE: u32 = 100;
const DAY: i64 = 24 * 60 * 60 * 1_000;

pub use clients::{ApiClient, NewApiToken};
pub use config::AccountsConfig;
pub use directory::{Changed, PutPerson, PutUnit};
pub use links::FileLink;
pub use people::By;
pub use setup::{FirstAdmin, SetupError, SetupLink};
pub use visitors::Vouched;

type OnEnded = Box<dyn Fn(Ended) + Send + Sync>;

/// The door: sessions, tickets, passwords. Cheap to clone.
#[derive(Clone)]
pub struct Accounts(Arc<Inner>);

struct Inner {
    store: Store,
    sources: Sources,
    config: AccountsConfig,
    passwords: Passwords,
    throttle: Throttle,
    pace: Pace<SessionId>,
    /// Who comes as a customer, by address.
    newcomers: Pace<IpAddr>,
    /// Host systems' tokens that have signed somebody in.
    spent: Used,
    master: MasterKeys,
    tickets: Tickets,
    known: Cache<[u8; 32], Known>,
    clients: Clients,
    /// Raised by whatever ends sessions: an answer remembered under an older number is not used again. Simpler than
    /// finding the entries to remove, and it cannot miss one that is being read at that moment.
    generation: AtomicU64,
    /// Sessions whose end is to be moved.
    used: Mutex<HashSet<SessionId>>,
    on_ended: OnceLock<OnEnded>,
    /// Somebody administers the server: known for good, since nobody can take the last admin away.
    administered: AtomicBool,
}

#[derive(Clone)]
struct Known {
    signed: SignedIn,
    read_at: Millis,
    generation: u64,
}

impl Accounts {
    /// Over this store, with its own caches and counters.
    pub fn new(store: Store, sources: Sources, config: AccountsConfig) -> Self {
        let throttle = Throttle::new(
            &sources.clock,
            config.failures_per_login,
            config.failures_per_address,
        );
        let master = config.master.clone();
        Self(Arc::new(Inner {
            master: master.unwrap_or_else(|| MasterKeys::fresh(&sources)),
            passwords: Passwords::new(sources.clone(), config.passwords_at_once),
            throttle,
            spent: Used::default(),
            pace: Pace::new(
                sources.clock.clone(),
                config.requests_per_second,
                config.request_burst,
            ),
            newcomers: Pace::new(sources.clock.clone(), NEWCOMERS, NEWCOMERS_AT_ONCE),
            tickets: Tickets::new(sources.clone()),
            known: Cache::builder()
                .max_capacity(REMEMBERED)
                .time_to_live(KEPT)
                .build(),
            clients: Clients::new(),
            generation: AtomicU64::new(0),
            used: Mutex::default(),
            on_ended: OnceLock::new(),
            administered: AtomicBool::new(false),
            store,
            sources,
            config,
        }))
    }

    /// Who is told when sessions end, at once and before the call that ended them returns; only the first caller is
    /// heard. `tell` must not wait.
    pub fn on_ended(&self, tell: impl Fn(Ended) + Send + Sync + 'static) {
        drop(self.0.on_ended.set(Box::new(tell)));
    }

    /// Signs a person in on one device. Refused with `login_failed` (unknown login, wrong password, no password or
    /// deactivated: one answer and the same time), `login_throttled`, `busy` or `store_unavailable`.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        device: &str,
        from: IpAddr,
    ) -> Result<(SignedIn, Token), Refusal> {
        let login = normal_login(login);
        let this = &self.0;
        if !this.throttle.allowed(&login, from) {
            return Err(Refusal::LoginThrottled);
        }
        let found = this.store.person_by_login(&login).await.map_err(refused)?;
        let (person, hash) = match found {
            Some((person, hash)) if person.active => (Some(person), hash),
            _ => (None, None),
        };
        let (throttle, asked) = (this.throttle.clone(), login.clone());
        // Many guesses may have been let through before the first of them failed.
        let proceed = move || throttle.allowed(&asked, from);
        let matches = this.passwords.matches(password, hash, proceed).await;
        match (matches, person) {
            (Ok(Some(true)), Some(person)) => self.open(&person, device).await,
            (Ok(Some(_)), _) => {
                this.throttle.failed(&login, from);
                Err(Refusal::LoginFailed)
            }
            (Ok(None), _) => Err(Refusal::LoginThrottled),
            (Err(error), person) => Err(unchecked(error, person.as_ref())),
        }
    }

    async fn open(&self, person: &Person, device: &str) -> Result<(SignedIn, Token), Refusal> {
        let this = &self.0;
        let token = Token::new(&this.sources);
        let now = this.sources.now();
        let row = SessionRow {
            id: SessionId(this.sources.uuid()),
            person: person.id,
            token_hash: digest(token.reveal()).expect("a fresh token has a token's form"),
            created: now,
            expires: self.expiry(now),
            seen: now,
            device: device
                .chars()
                .filter(|char| !char.is_control())
                .take(100)
                .collect(),
        };
        this.store.insert_session(&row).await.map_err(refused)?;
        tracing::info!(person = %person.id, session = %row.id, "signed in");
        Ok((signed(&row, person), token))
    }

    /// Who is behind `token`. Using a session moves its expiry, at most once an hour. Refused with
    /// `not_authenticated` or `store_unavailable`.
    pub async fn authenticate(&self, token: &str) -> Result<SignedIn, Refusal> {
        let key = digest(token).ok_or(Refusal::NotAuthenticated)?;
        self.authenticate_again(SessionKey(key)).await
    }

    /// The same for a session that was shown before, by its token or by a ticket: whether it still holds, and until
    /// when now.
    pub async fn authenticate_again(&self, key: SessionKey) -> Result<SignedIn, Refusal> {
        let this = &self.0;
        let digest = key.0;
        let now = this.sources.now();
        let generation = this.generation.load(Ordering::Acquire);
        if let Some(known) = this.known.get(&digest)
            && known.generation == generation
            && (0..FRESH).contains(&(now.0 - known.read_at.0))
            && known.signed.expires > now
        {
            return Ok(known.signed);
        }
        let found = this.store.session_by_hash(&digest).await.map_err(refused)?;
        let (row, person) = found.ok_or(Refusal::NotAuthenticated)?;
        if row.expires <= now || !person.active {
            return Err(Refusal::NotAuthenticated);
        }
        let mut signed = signed(&row, &person);
        if now.since(row.seen) >= TOUCH {
            signed.expires = self.touch(row.id, now);
        }
        let known = Known {
            signed: signed.clone(),
            read_at: now,
            generation,
        };
        this.known.insert(digest, known);
        Ok(signed)
    }

    /// Notes that a session was used; [`Accounts::flush`] writes it. Everybody comes back at nine o'clock, and each one
    /// waiting for a write of their own would be a queue.
    fn touch(&self, session: SessionId, now: Millis) -> Millis {
        let mut used = self.0.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.insert(session);
        self.expiry(now)
    }

    /// Writes which sessions and tokens were used; call it about once a second. What is lost in a crash is noted again with the
    /// session's next use.
    pub async fn flush(&self) {
        self.flush_clients().await;
        let used = {
            let mut used = self.0.used.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *used)
        };
        if used.is_empty() {
            return;
        }
        let now = self.0.sources.now();
        let used: Vec<SessionId> = used.into_iter().collect();
        let touched = self.0.store.touch_sessions(&used, self.expiry(now), now);
        // A database that can only be read still lets people read.
        if let Err(error) = touched.await {
            tracing::warn!(%error, sessions = used.len(), "the ends of sessions were not moved");
        }
    }

    fn expiry(&self, now: Millis) -> Millis {
        now.plus(i64::from(self.0.config.session_days).saturating_mul(DAY))
    }

    /// Ends this session: its token and tickets are worth nothing from now on, and its sockets are closed.
    pub async fn sign_out(&self, signed: &SignedIn) -> Result<(), Refusal> {
        let (person, session) = (signed.person, signed.session);
        let deleted = self.0.store.delete_session(session).await;
        deleted.map_err(refused)?;
        self.0.tickets.forget(None, Some(session));
        self.ended(Ended::Session { person, session });
        tracing::info!(%person, %session, "signed out");
        Ok(())
    }

    /// Ends all sessions of `person` but `except`.
    pub async fn end_sessions(
        &self,
        person: PersonId,
        except: Option<SessionId>,
    ) -> Result<(), Refusal> {
        let deleted = self.0.store.delete_sessions_of(person, except).await;
        for session in deleted.map_err(refused)? {
            self.0.tickets.forget(None, Some(session));
            self.ended(Ended::Session { person, session });
        }
        tracing::info!(%person, "sessions ended");
        Ok(())
    }

    /// Looks which of `people` have been deactivated (by an import, perhaps of another process) and ends their
    /// sessions. Called with those who are connected when the directory has changed.
    pub async fn end_deactivated(&self, people: &[PersonId]) -> Result<(), Refusal> {
        // Roles may have changed too, and what is remembered holds them.
        self.forget_known();
        for some in people.chunks(500) {
            let cards = self.0.store.people_cards(some).await.map_err(refused)?;
            for person in cards.iter().filter(|person| !person.active) {
                let deleted = self.0.store.delete_sessions_of(person.id, None).await;
                deleted.map_err(refused)?;
                self.0.tickets.forget(Some(person.id), None);
                self.ended(Ended::Person { person: person.id });
                tracing::info!(person = %person.id, "deactivated: sessions ended");
            }
        }
        Ok(())
    }

    /// Nothing that is remembered is used again.
    fn forget_known(&self) {
        self.0.generation.fetch_add(1, Ordering::AcqRel);
    }

    fn ended(&self, ended: Ended) {
        self.forget_known();
        if let Some(tell) = self.0.on_ended.get() {
            tell(ended);
        }
    }

    /// A one-time ticket, good for 30 seconds, that opens a socket as this person. Refused with `rate_limited` if
    /// the session has 8 unused ones, `busy` if the server has too many.
    pub fn ticket(&self, signed: &SignedIn) -> Result<Ticket, Refusal> {
        self.0.tickets.issue(signed)
    }

    /// Whose ticket this is; it works once. Refused with `not_authenticated`.
    pub fn redeem(&self, ticket: &str) -> Result<SignedIn, Refusal> {
        self.0
            .tickets
            .redeem(ticket)
            .ok_or(Refusal::NotAuthenticated)
    }

    /// Counts a request that only reads. Refused with the milliseconds to wait.
    pub fn pace(&self, signed: &SignedIn) -> Result<(), u64> {
        self.0.pace.check(&signed.session)
    }

    /// Forgets old failures and those who have been quiet; call it about once a minute.
    pub fn sweep(&self) {
        self.0.throttle.sweep();
        self.0.spent.sweep(self.0.sources.now());
        self.0.pace.sweep();
        self.0.newcomers.sweep();
    }
}

/// Logins are compared without regard to case or surrounding space.
pub(crate) fn normal_login(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Refused unless `by` has `role`.
fn allowed_to(by: &SignedIn, role: Role) -> Result<(), Refusal> {
    if by.roles.has(role) {
        Ok(())
    } else {
        Err(Refusal::Forbidden)
    }
}

fn signed(row: &SessionRow, person: &Person) -> SignedIn {
    SignedIn {
        person: row.person,
        kind: person.kind,
        session: row.id,
        roles: person.roles,
        expires: row.expires,
        key: SessionKey(row.token_hash),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is the argument of map_err"
)]
pub(crate) fn refused(error: StoreError) -> Refusal {
    tracing::error!(%error, "accounts: the database did not answer as it should");
    error.refusal()
}

fn unchecked(error: PasswordError, person: Option<&Person>) -> Refusal {
    match error {
        PasswordError::Busy => Refusal::Busy,
        PasswordError::TooShort | PasswordError::TooLong => Refusal::BadField,
        PasswordError::Broken => {
            let person = person.map(|person| person.id.to_string());
            tracing::error!(person, "a password's hash cannot be computed or read");
            Refusal::Internal
        }
    }
}
