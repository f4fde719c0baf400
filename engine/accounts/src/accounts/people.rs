//! Who is active and what they may do, changed by administrators and, as far as the directory goes, by programs.

use webim_model::{ApiTokenId, PersonId, Refusal, Role, Roles, Scope};
use webim_store::{AccountErasure, DirectoryPlan, DirectorySnapshot, PersonRecord, StoreError};

use super::{Accounts, allowed_to};
use crate::{ApiClient, Denial, Ended, SignedIn};

/// How often the directory may change under a change of ours before it is given up.
pub(super) const ATTEMPTS: usize = 5;

/// Who asks for a change.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// Somebody who is signed in.
    Person(&'a SignedIn),
    /// A program.
    Client(&'a ApiClient),
}

impl By<'_> {
    /// Refused unless it is an administrator, or a program with `scope`.
    pub fn may(self, scope: Scope) -> Result<(), Refusal> {
        match self {
            Self::Person(signed) => allowed_to(signed, Role::Admin),
            Self::Client(client) => client.may(scope),
        }
    }

    pub(super) fn name(self) -> (Option<PersonId>, Option<ApiTokenId>) {
        match self {
            Self::Person(signed) => (Some(signed.person), None),
            Self::Client(client) => (None, Some(client.id)),
        }
    }
}

impl Accounts {
    /// Lets `person` in again, or puts them out at once: their sessions and sockets end and they leave their units,
    /// which an import or the directory's own interface gives them back. Refused with `last_admin` if nobody would
    /// administer the server. The directory's version grows if anything changes.
    pub async fn set_active(
        &self,
        by: By<'_>,
        person: PersonId,
        active: bool,
    ) -> Result<(), Denial> {
        by.may(Scope::DirectoryWrite)?;
        let changed = self
            .change(person, |record| PersonRecord { active, ..record })
            .await?;
        if changed {
            let (who, client) = by.name();
            let (by, client) = (tracing::field::debug(who), tracing::field::debug(client));
            tracing::info!(%person, active, by, client, "a person's place was changed");
        }
        if !active {
            self.0.tickets.forget(Some(person), None);
            self.ended(Ended::Person { person });
        }
        Ok(())
    }

    /// Gives `person` these roles and no other. Refused with `last_admin` if nobody would administer the server.
    pub async fn set_roles(
        &self,
        by: &SignedIn,
        person: PersonId,
        roles: Roles,
    ) -> Result<(), Denial> {
        allowed_to(by, Role::Admin)?;
        let changed = self
            .change(person, |record| PersonRecord { roles, ..record })
            .await?;
        if changed {
            self.forget_known();
            let by = by.person;
            tracing::info!(%person, roles = roles.0, %by, "a person's roles were changed");
        }
        Ok(())
    }

    /// Takes away for good all that says who `person` was ([`webim_store::Store::erase_account`]); what they said stays,
    /// under a neutral name. Refused with `person_active` unless they were deactivated before, so that nobody goes by a
    /// slip, nor the last administrator. For administrators.
    pub async fn erase(&self, by: &SignedIn, person: PersonId) -> Result<(), Denial> {
        allowed_to(by, Role::Admin)?;
        match self.0.store.erase_account(person, false).await? {
            AccountErasure::Unknown => return Err(Refusal::PersonUnknown.into()),
            AccountErasure::Active => return Err(Refusal::PersonActive.into()),
            AccountErasure::Erased(parts) => {
                let (by, sessions) = (by.person, parts.sessions);
                tracing::info!(%person, %by, sessions, "an account was erased");
            }
        }
        self.forget_known();
        self.0.tickets.forget(Some(person), None);
        self.ended(Ended::Person { person });
        Ok(())
    }

    /// Changes one record of the directory; false if it was so already.
    async fn change(
        &self,
        person: PersonId,
        edit: impl Fn(PersonRecord) -> PersonRecord,
    ) -> Result<bool, Denial> {
        for _ in 0..ATTEMPTS {
            let stored = self.0.store.directory_snapshot().await?;
            let Some(plan) = plan(&stored, person, &edit)? else {
                return Ok(false);
            };
            match self.0.store.apply_directory(&plan).await {
                Ok(_) => return Ok(true),
                // The directory has changed meanwhile.
                Err(StoreError::Locked(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Refusal::Busy.into())
    }
}

/// What is to be applied; nothing if the record stays as it is.
fn plan(
    stored: &DirectorySnapshot,
    person: PersonId,
    edit: impl Fn(PersonRecord) -> PersonRecord,
) -> Result<Option<DirectoryPlan>, Refusal> {
    let before = stored.people.iter().find(|record| record.id == person);
    let before = before.ok_or(Refusal::PersonUnknown)?;
    let after = edit(before.clone());
    if after == *before {
        return Ok(None);
    }
    let administers = |record: &PersonRecord| record.active && record.roles.has(Role::Admin);
    let others = stored.people.iter().filter(|record| record.id != person);
    if administers(before) && !administers(&after) && !others.into_iter().any(administers) {
        return Err(Refusal::LastAdmin);
    }
    let mut plan = DirectoryPlan {
        version: stored.version,
        ..DirectoryPlan::default()
    };
    if before.active && !after.active {
        plan.people_deactivate.push(person);
    } else {
        plan.people_update.push(after);
    }
    Ok(Some(plan))
}
