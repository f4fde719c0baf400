//! Changing a password: one's own, and an administrator's help for somebody who forgot theirs.

use std::net::IpAddr;

use webim_model::{Person, PersonId, Refusal, Role, SessionId};

use super::{Accounts, allowed_to, refused, unchecked};
use crate::rules::Weak;
use crate::{Denial, SignedIn};

impl Accounts {
    /// Gives the caller a new password in place of `old`, and ends their other sessions. Refused with
    /// `password_wrong`, `password_weak` or `login_throttled`: guessing is counted as it is at the door.
    pub async fn change_password(
        &self,
        signed: &SignedIn,
        old: &str,
        new: &str,
        from: IpAddr,
    ) -> Result<(), Denial> {
        let this = &self.0;
        let (person, hash) = self.with_password(signed.person).await?;
        let counted = counted(&person);
        if !this.throttle.allowed(&counted, from) {
            return Err(Refusal::LoginThrottled.into());
        }
        let (throttle, asked) = (this.throttle.clone(), counted.clone());
        let proceed = move || throttle.allowed(&asked, from);
        let matches = this.passwords.matches(old, hash, proceed).await;
        match matches.map_err(|error| unchecked(error, Some(&person)))? {
            Some(true) => {}
            Some(false) => {
                this.throttle.failed(&counted, from);
                return Err(Refusal::PasswordWrong.into());
            }
            None => return Err(Refusal::LoginThrottled.into()),
        }
        if old == new {
            return Err(weak(Weak::Same));
        }
        self.put_password(&person, new, Some(signed.session)).await
    }

    /// Gives somebody else a new password and ends all their sessions. For administrators, who change their own as
    /// everybody does.
    pub async fn reset_password(
        &self,
        by: &SignedIn,
        person: PersonId,
        new: &str,
    ) -> Result<(), Denial> {
        allowed_to(by, Role::Admin)?;
        if by.person == person {
            let detail = "one's own password is changed with the old one: PUT /api/v1/me/password";
            return Err(Denial::because(Refusal::Forbidden, detail));
        }
        let (person, _) = self.with_password(person).await?;
        // Whoever cannot sign in by a login has no use for a password.
        if person.login.is_none() {
            return Err(Refusal::PersonUnknown.into());
        }
        self.put_password(&person, new, None).await?;
        tracing::info!(person = %person.id, by = %by.person, "an administrator set a password");
        Ok(())
    }

    async fn with_password(&self, person: PersonId) -> Result<(Person, Option<String>), Denial> {
        let found = self.0.store.person_with_password(person).await?;
        found.ok_or_else(|| Refusal::PersonUnknown.into())
    }

    async fn put_password(
        &self,
        person: &Person,
        new: &str,
        except: Option<SessionId>,
    ) -> Result<(), Denial> {
        let kept = self.0.config.passwords.check(new, person);
        kept.map_err(weak)?;
        let hash = self.0.passwords.hash(new).await;
        let hash = hash.map_err(|error| unchecked(error, Some(person)))?;
        let stored = self.0.store.set_password(person.id, &hash).await;
        if !stored.map_err(refused)? {
            return Err(Refusal::PersonUnknown.into());
        }
        Ok(self.end_sessions(person.id, except).await?)
    }
}

fn weak(weak: Weak) -> Denial {
    Denial::because(Refusal::PasswordWeak, weak.to_string())
}

/// What failures are counted under: the login, so that guessing here and at the door is one.
fn counted(person: &Person) -> String {
    let login = person.login.as_deref().map(super::normal_login);
    login.unwrap_or_else(|| person.id.to_string())
}
