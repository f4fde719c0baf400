//! The one-time link with which the first administrator is made: no password exists before somebody has chosen one.
//!
//! The link holds a random token; the database keeps its digest and until when it is worth something. It is dead once
//! an administrator exists, however that one came to be.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;

use webim_model::{Millis, PersonId, Refusal, Role};
use webim_store::{DirectorySnapshot, StoreError};

use super::{Accounts, normal_login, refused};
use crate::import::{self, DirectoryFile, Missing, PersonLine, Place, check};
use crate::password::PasswordError;
use crate::token::{Token, digest};

/// The setting that keeps the link: the digest in hexadecimal, a space, and the end in milliseconds. Empty: used.
const SETTING: &str = "setup_link";
/// How long a link is worth something, in milliseconds.
const LIFETIME: i64 = 24 * 60 * 60 * 1_000;
/// How often the directory may change under the form before it is given up.
const ATTEMPTS: usize = 5;

/// A fresh link, for whoever runs the server.
#[derive(Clone, Debug)]
pub struct SetupLink {
    /// What the link holds.
    pub secret: Token,
    /// When it is worth nothing any more; 24 hours from its making.
    pub expires: Millis,
}

/// Who is to administer the server.
#[derive(Clone, Copy)]
pub struct FirstAdmin<'a> {
    /// What they sign in with; somebody who is there already is given the role and this password.
    pub login: &'a str,
    /// What others call them.
    pub name: &'a str,
    /// At least 8 characters, at most 1,024 bytes.
    pub password: &'a str,
}

/// Why the first administrator was not made; nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// The link is of no use, or the server cannot do it now.
    #[error("{}", .0.code())]
    Refused(Refusal),
    /// Empty, too long, or with a space, comma, semicolon or quote.
    #[error("login: 1 to 64 characters, without space, comma, semicolon or quote")]
    Login,
    /// Empty, too long, or more than one line.
    #[error("name: 1 to 100 characters on one line")]
    Name,
    /// Fewer than 8 characters.
    #[error("password: at least 8 characters")]
    PasswordTooShort,
    /// More than 1,024 bytes.
    #[error("password: at most 1,024 bytes")]
    PasswordTooLong,
}

impl From<Refusal> for SetupError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Accounts {
    /// A new link, which makes the one before it void; none if somebody administers the server.
    pub async fn setup_link(&self) -> Result<Option<SetupLink>, StoreError> {
        if self.administered(None).await? {
            return Ok(None);
        }
        let link = SetupLink {
            secret: Token::new(&self.0.sources),
            expires: self.0.sources.now().plus(LIFETIME),
        };
        let kept = format!("{} {}", fingerprint(link.secret.reveal()), link.expires.0);
        self.0.store.set_setting(SETTING, &kept).await?;
        Ok(Some(link))
    }

    /// Whether `token` is of the link that is in force. Refused with `setup_done`, `setup_link_unknown`,
    /// `setup_link_expired` or `store_unavailable`.
    pub async fn check_setup(&self, token: &str) -> Result<(), Refusal> {
        self.allowed(token).await.map(drop)
    }

    /// Makes the first administrator; the link is dead from then on.
    pub async fn set_up(&self, token: &str, first: FirstAdmin<'_>) -> Result<PersonId, SetupError> {
        let mut stored = self.allowed(token).await?;
        let login = normal_login(first.login);
        if check::key("login", &login).is_some() {
            return Err(SetupError::Login);
        }
        let name = first.name.trim();
        if check::line("name", name, check::LONGEST_NAME).is_some() {
            return Err(SetupError::Name);
        }
        let hash = self.0.passwords.hash(first.password).await;
        let hash = hash.map_err(|error| match error {
            PasswordError::TooShort => SetupError::PasswordTooShort,
            PasswordError::TooLong => SetupError::PasswordTooLong,
            other => super::unchecked(other, None).into(),
        })?;
        for _ in 0..ATTEMPTS {
            match self.make(&stored, &login, name, &hash).await {
                Ok(person) => return Ok(person),
                // The directory has changed meanwhile: by an import, or somebody used the same link.
                Err(StoreError::Locked(_)) => stored = self.allowed(token).await?,
                Err(error) => return Err(refused(error).into()),
            }
        }
        Err(Refusal::Busy.into())
    }

    async fn make(
        &self,
        stored: &DirectorySnapshot,
        login: &str,
        name: &str,
        hash: &str,
    ) -> Result<PersonId, StoreError> {
        let store = &self.0.store;
        let known = stored.people.iter().find(|person| person.login == login);
        let roles = known.map(|person| person.roles).unwrap_or_default();
        let file = one_line(login, name, roles.with(Role::Admin));
        let compared = import::compare(&file, stored, Missing::Keep, &self.0.sources);
        // The line was checked, it names no unit, and there is no admin to take away.
        let mut plan = compared
            .map_err(|error| StoreError::Corrupt(error.to_string()))?
            .plan;
        let person = if let Some(person) = known {
            store.set_password(person.id, hash).await?;
            store.delete_sessions_of(person.id, None).await?;
            person.id
        } else {
            let first = plan.people_insert.first_mut();
            let first = first.ok_or_else(|| StoreError::Corrupt("nobody is new".into()))?;
            first.password_hash = Some(hash.to_owned());
            first.record.id
        };
        store.apply_directory(&plan).await?;
        self.0.administered.store(true, Ordering::Release);
        tracing::info!(%person, "the first administrator was made by the set-up link");
        // It opens nothing any more; what is left of it would only be in the way of a reader.
        if let Err(error) = store.set_setting(SETTING, "").await {
            tracing::warn!(%error, "the used set-up link was not removed");
        }
        Ok(person)
    }

    /// The directory as it is, if `token` may make the first administrator.
    async fn allowed(&self, token: &str) -> Result<DirectorySnapshot, Refusal> {
        if self.0.administered.load(Ordering::Acquire) {
            return Err(Refusal::SetupDone);
        }
        let kept = self.0.store.setting(SETTING).await.map_err(refused)?;
        let Some((kept, expires)) = kept.as_deref().and_then(parse) else {
            let done = self.administered(None).await.map_err(refused)?;
            return Err(if done {
                Refusal::SetupDone
            } else {
                Refusal::SetupLinkUnknown
            });
        };
        // Digests of random tokens: how long it takes to compare them tells nobody anything.
        if digest(token).is_none() || fingerprint(token) != kept {
            return Err(Refusal::SetupLinkUnknown);
        }
        if expires <= self.0.sources.now() {
            return Err(Refusal::SetupLinkExpired);
        }
        let stored = self.0.store.directory_snapshot().await.map_err(refused)?;
        let done = self.administered(Some(&stored)).await.map_err(refused)?;
        if done {
            return Err(Refusal::SetupDone);
        }
        Ok(stored)
    }

    /// Whether somebody administers the server, as far as `stored` shows; it is read where there is none.
    async fn administered(&self, stored: Option<&DirectorySnapshot>) -> Result<bool, StoreError> {
        if self.0.administered.load(Ordering::Acquire) {
            return Ok(true);
        }
        let read = match stored {
            Some(_) => None,
            None => Some(self.0.store.directory_snapshot().await?),
        };
        let mut people = stored
            .or(read.as_ref())
            .into_iter()
            .flat_map(|all| &all.people);
        let found = people.any(|person| person.active && person.roles.has(Role::Admin));
        if found {
            self.0.administered.store(true, Ordering::Release);
        }
        Ok(found)
    }
}

fn one_line(login: &str, name: &str, roles: webim_model::Roles) -> DirectoryFile {
    let line = PersonLine {
        place: Place {
            file: "set-up".to_owned(),
            line: 1,
        },
        login: login.to_owned(),
        name: name.to_owned(),
        units: None,
        roles: Some(roles),
        password: None,
        avatar: None,
    };
    DirectoryFile {
        units: Vec::new(),
        people: vec![line],
    }
}

/// The digest of a token in hexadecimal; empty for what is no token.
fn fingerprint(token: &str) -> String {
    let digest = digest(token).into_iter().flatten();
    digest.fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes text");
        text
    })
}

fn parse(kept: &str) -> Option<(&str, Millis)> {
    let (digest, expires) = kept.split_once(' ')?;
    Some((digest, Millis(expires.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AccountsConfig;
    use crate::tests::{Door, PEOPLE};

    const FIRST: FirstAdmin<'static> = FirstAdmin {
        login: " Boss ",
        name: " 王经理 ",
        password: "a long secret",
    };

    async fn link(door: &Door) -> String {
        let link = door.accounts.setup_link().await.unwrap();
        link.unwrap().secret.reveal().to_owned()
    }

    #[tokio::test]
    async fn a_link_lives_for_a_day_and_until_the_next() {
        let door = Door::empty().await;
        let old = link(&door).await;
        door.pass(LIFETIME - 1);
        assert_eq!(door.accounts.check_setup(&old).await, Ok(()));
        door.pass(1);
        let late = Err(SetupError::Refused(Refusal::SetupLinkExpired));
        assert_eq!(door.accounts.set_up(&old, FIRST).await, late);
        let new = link(&door).await;
        let unknown = Err(Refusal::SetupLinkUnknown);
        assert_eq!(door.accounts.check_setup(&old).await, unknown);
        assert_eq!(door.accounts.check_setup("").await, unknown);
        let made = door.accounts.set_up(&new, FIRST).await.unwrap();
        let (signed, _) = door.sign_in("boss", "a long secret").await.unwrap();
        assert_eq!(signed.person, made);
        assert!(signed.roles.has(Role::Admin));
        // In this process and in the next one.
        let config = AccountsConfig::default();
        let next = Accounts::new(door.store.clone(), door.sources.clone(), config);
        for accounts in [&door.accounts, &next] {
            let done = Err(Refusal::SetupDone);
            assert_eq!(accounts.check_setup(&new).await, done);
            assert!(accounts.setup_link().await.unwrap().is_none());
        }
    }

    #[tokio::test]
    async fn an_admin_who_came_another_way_ends_it_too() {
        let door = Door::empty().await;
        let token = link(&door).await;
        door.import(PEOPLE).await;
        let done = Err(SetupError::Refused(Refusal::SetupDone));
        assert_eq!(door.accounts.set_up(&token, FIRST).await, done);
        assert!(door.sign_in("boss", "a long secret").await.is_err());
    }

    #[tokio::test]
    async fn what_is_kept_is_not_the_token() {
        let door = Door::empty().await;
        let token = link(&door).await;
        let kept = door.store.setting(SETTING).await.unwrap().unwrap();
        assert!(!kept.contains(&token[4..]));
        let shown = format!("{:?}", door.accounts.setup_link().await.unwrap());
        assert!(shown.contains("wim_…"), "{shown}");
    }
}
