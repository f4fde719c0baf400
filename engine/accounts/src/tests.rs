//! Signing in and out against a real store, with the clock in the test's hand.

mod hosts;
mod links;
mod managed;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use webim_model::{Clock, Millis, PersonId, Refusal, Role, Sources};
use webim_store::{Store, StoreConfig};

use crate::import::{self, Missing, Source};
use crate::{Accounts, AccountsConfig, Ended, Passwords, SignedIn, Token};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
pub(crate) const PEOPLE: &str = "login,name,roles,password\nlina,李娜,admin,correct horse\nwang,王芳,,battery staple\nrobot,Nobody,,\n";

pub(crate) struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

/// A door before a database of its own.
pub(crate) struct Door {
    pub accounts: Accounts,
    pub store: Store,
    clock: Arc<Hand>,
    pub sources: Sources,
    ended: Arc<Mutex<Vec<Ended>>>,
    _folder: tempfile::TempDir,
}

impl Door {
    async fn new() -> Self {
        let door = Self::empty().await;
        door.import(PEOPLE).await;
        door
    }

    /// With nobody behind it.
    pub async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Hand(AtomicI64::new(1_800_000_000_000)));
        let sources = Sources {
            clock: clock.clone(),
            ..Sources::system()
        };
        let config = StoreConfig {
            url: format!(
                "sqlite://{}?mode=rwc",
                folder.path().join("door.db").display()
            ),
            readers: 2,
        };
        let store = Store::open(&config, sources.clone()).await.unwrap();
        store.migrate().await.unwrap();
        let settings = AccountsConfig {
            failures_per_login: 5,
            ..AccountsConfig::default()
        };
        let accounts = Accounts::new(store.clone(), sources.clone(), settings);
        let ended = Arc::new(Mutex::new(Vec::new()));
        let heard = ended.clone();
        accounts.on_ended(move |end| heard.lock().unwrap().push(end));
        Self {
            accounts,
            store,
            clock,
            sources,
            ended,
            _folder: folder,
        }
    }

    pub async fn import(&self, text: &str) {
        let source = Source {
            name: "people.csv",
            bytes: text.as_bytes(),
        };
        let file = import::read(&[source]).unwrap();
        let stored = self.store.directory_snapshot().await.unwrap();
        let mut compared = import::compare(&file, &stored, Missing::Remove, &self.sources).unwrap();
        let passwords = Passwords::new(self.sources.clone(), 2);
        compared
            .hash_passwords(&passwords, |_, _| ())
            .await
            .unwrap();
        self.store.apply_directory(&compared.plan).await.unwrap();
    }

    pub async fn sign_in(&self, login: &str, password: &str) -> Result<(SignedIn, Token), Refusal> {
        self.accounts.sign_in(login, password, "test", HERE).await
    }

    async fn lina(&self) -> (SignedIn, Token) {
        self.sign_in("lina", "correct horse").await.unwrap()
    }

    async fn who(&self, token: &Token) -> Result<PersonId, Refusal> {
        let signed = self.accounts.authenticate(token.reveal()).await;
        signed.map(|signed| signed.person)
    }

    pub fn pass(&self, millis: i64) {
        self.clock.0.fetch_add(millis, Ordering::SeqCst);
    }

    fn heard(&self) -> Vec<Ended> {
        std::mem::take(&mut *self.ended.lock().unwrap())
    }
}

#[tokio::test]
async fn in_and_out() {
    let door = Door::new().await;
    let (signed, token) = door.sign_in("  LiNa ", "correct horse").await.unwrap();
    assert!(signed.roles.has(Role::Admin));
    assert_eq!(door.who(&token).await, Ok(signed.person));
    let (other, second) = door.lina().await;
    assert_ne!(signed.session, other.session);
    door.accounts.sign_out(&signed).await.unwrap();
    assert_eq!(door.who(&token).await, Err(Refusal::NotAuthenticated));
    assert_eq!(
        door.who(&second).await,
        Ok(signed.person),
        "the other device stays"
    );
    let (person, session) = (signed.person, signed.session);
    assert_eq!(door.heard(), [Ended::Session { person, session }]);
}

#[tokio::test]
async fn who_may_not_come_in_hears_one_answer() {
    let door = Door::new().await;
    for (login, password) in [
        ("lina", "wrong"),
        ("nobody", "correct horse"),
        ("robot", ""),
        ("robot", "nobody has this password"),
        ("", ""),
    ] {
        let refused = door.sign_in(login, password).await;
        assert_eq!(
            refused.unwrap_err(),
            Refusal::LoginFailed,
            "{login} {password}"
        );
    }
    for token in ["", "wim_", "x", &format!("wim_{}", "a".repeat(43))] {
        let refused = door.accounts.authenticate(token).await;
        assert_eq!(refused, Err(Refusal::NotAuthenticated), "{token}");
    }
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_right_password_waits_too() {
    let door = Door::new().await;
    for _ in 0..5 {
        assert_eq!(
            door.sign_in("lina", "guess").await.unwrap_err(),
            Refusal::LoginFailed
        );
    }
    let right = door.sign_in("lina", "correct horse").await;
    assert_eq!(right.unwrap_err(), Refusal::LoginThrottled);
    door.sign_in("wang", "battery staple").await.unwrap();
    door.pass(MINUTE);
    door.lina().await;
}

#[tokio::test]
async fn a_session_lives_by_being_used() {
    let door = Door::new().await;
    let (signed, token) = door.lina().await;
    assert_eq!(signed.expires.since(door.clock.now()), 30 * DAY);
    for _ in 0..3 {
        door.pass(29 * DAY);
        assert_eq!(door.who(&token).await, Ok(signed.person));
        door.accounts.flush().await;
    }
    door.pass(30 * DAY);
    assert_eq!(door.who(&token).await, Err(Refusal::NotAuthenticated));
    assert_eq!(
        door.store
            .delete_expired_sessions(door.clock.now().plus(1))
            .await,
        Ok(1)
    );
}

#[tokio::test]
async fn a_session_that_is_remembered_ends_in_time_too() {
    let door = Door::new().await;
    let (signed, token) = door.lina().await;
    door.pass(30 * DAY - 1_000);
    assert_eq!(door.who(&token).await, Ok(signed.person));
    // Nothing was flushed: the row still says what it said at first.
    door.pass(1_000);
    assert_eq!(
        door.who(&token).await,
        Ok(signed.person),
        "it was used in between"
    );
}

#[tokio::test]
async fn the_deactivated_are_put_out() {
    let door = Door::new().await;
    let (lina, token) = door.lina().await;
    let (wang, others) = door.sign_in("wang", "battery staple").await.unwrap();
    let ticket = door.accounts.ticket(&wang).unwrap();
    assert_eq!(door.who(&others).await, Ok(wang.person));
    door.import("login,name\nlina,李娜\n").await;
    door.accounts
        .end_deactivated(&[lina.person, wang.person])
        .await
        .unwrap();
    assert_eq!(
        door.heard(),
        [Ended::Person {
            person: wang.person
        }]
    );
    assert_eq!(door.who(&others).await, Err(Refusal::NotAuthenticated));
    assert_eq!(
        door.accounts.redeem(ticket.secret.reveal()),
        Err(Refusal::NotAuthenticated)
    );
    let again = door.sign_in("wang", "battery staple").await;
    assert_eq!(again.unwrap_err(), Refusal::LoginFailed);
    assert_eq!(door.who(&token).await, Ok(lina.person));
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let door = Door::new().await;
    let (_, old) = door.lina().await;
    let (signed, token) = door.lina().await;
    let change = async |old: &str, new: &str| {
        let changed = door.accounts.change_password(&signed, old, new, HERE).await;
        changed.map_err(|denial| (denial.refusal, denial.detail.unwrap_or_default()))
    };
    for (new, rule) in [
        ("short", "min_length: at least 8 characters"),
        ("lina2026", "login: not the login"),
        ("password1", "common: not one of the first that are tried"),
        ("correct horse", "same: not the old one again"),
    ] {
        let weak = change("correct horse", new).await;
        assert_eq!(weak, Err((Refusal::PasswordWeak, rule.to_owned())));
    }
    let wrong = change("correct hose", "another horse").await;
    assert_eq!(wrong, Err((Refusal::PasswordWrong, String::new())));
    change("correct horse", "another horse").await.unwrap();
    assert_eq!(door.who(&old).await, Err(Refusal::NotAuthenticated));
    assert_eq!(door.who(&token).await, Ok(signed.person));
    assert_eq!(
        door.sign_in("lina", "correct horse").await.unwrap_err(),
        Refusal::LoginFailed
    );
    door.sign_in("lina", "another horse").await.unwrap();
}

#[tokio::test]
async fn a_ticket_works_once_and_not_for_long() {
    let door = Door::new().await;
    let (signed, token) = door.lina().await;
    let accounts = &door.accounts;
    let ticket = accounts.ticket(&signed).unwrap();
    assert_eq!(accounts.redeem(ticket.secret.reveal()), Ok(signed.clone()));
    assert_eq!(
        accounts.redeem(ticket.secret.reveal()),
        Err(Refusal::NotAuthenticated)
    );
    assert_eq!(
        accounts.redeem(token.reveal()),
        Err(Refusal::NotAuthenticated),
        "a token is no ticket"
    );
    let ticket = accounts.ticket(&signed).unwrap();
    let as_token = accounts.authenticate(ticket.secret.reveal()).await;
    assert_eq!(
        as_token,
        Err(Refusal::NotAuthenticated),
        "a ticket is no token"
    );
    door.pass(30_000);
    assert_eq!(
        accounts.redeem(ticket.secret.reveal()),
        Err(Refusal::NotAuthenticated)
    );
    let unused: Vec<_> = (0..8).map(|_| accounts.ticket(&signed).unwrap()).collect();
    assert_eq!(accounts.ticket(&signed).unwrap_err(), Refusal::RateLimited);
    accounts.redeem(unused[3].secret.reveal()).unwrap();
    accounts.ticket(&signed).unwrap();
    door.pass(30_000);
    accounts.ticket(&signed).unwrap();
    accounts.sign_out(&signed).await.unwrap();
    assert_eq!(
        accounts.redeem(unused[0].secret.reveal()),
        Err(Refusal::NotAuthenticated)
    );
}

#[tokio::test]
async fn a_token_that_is_known_costs_no_query() {
    let door = Door::new().await;
    let (signed, token) = door.lina().await;
    assert_eq!(door.who(&token).await, Ok(signed.person));
    door.store.close().await;
    assert_eq!(door.who(&token).await, Ok(signed.person), "remembered");
    door.pass(3_000);
    assert_eq!(
        door.who(&token).await,
        Err(Refusal::StoreUnavailable),
        "but not for long"
    );
}

#[tokio::test]
async fn a_socket_opened_by_a_ticket_lives_as_long_as_its_session() {
    let door = Door::new().await;
    let (_, token) = door.lina().await;
    let signed = door.accounts.authenticate(token.reveal()).await.unwrap();
    let ticket = door.accounts.ticket(&signed).unwrap();
    let by_ticket = door.accounts.redeem(ticket.secret.reveal()).unwrap();
    // Used elsewhere meanwhile, the session does not end when it would have.
    door.pass(29 * DAY);
    door.accounts.authenticate(token.reveal()).await.unwrap();
    door.accounts.flush().await;
    door.pass(2 * DAY);
    let again = door.accounts.authenticate_again(by_ticket.key).await;
    assert!(by_ticket.expires < door.sources.now());
    assert!(again.unwrap().expires > door.sources.now());
    door.accounts.sign_out(&signed).await.unwrap();
    let ended = door.accounts.authenticate_again(by_ticket.key).await;
    assert_eq!(ended.unwrap_err(), Refusal::NotAuthenticated);
    assert!(!format!("{by_ticket:?}").contains("token"));
}

#[tokio::test]
async fn a_session_that_reads_too_fast_is_told_how_long_to_wait() {
    let door = Door::new().await;
    let ((one, _), (other, _)) = (door.lina().await, door.lina().await);
    for _ in 0..1_000 {
        assert_eq!(door.accounts.pace(&one), Ok(()));
    }
    assert_eq!(door.accounts.pace(&one), Err(10));
    assert_eq!(door.accounts.pace(&other), Ok(()));
    door.pass(10);
    door.accounts.sweep();
    assert_eq!(door.accounts.pace(&one), Ok(()));
    assert_eq!(door.accounts.pace(&one), Err(10));
}
