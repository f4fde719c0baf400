//! The directory, unit by unit and person by person, by the organisation's own keys. What may be changed is what an
//! import may change: the same plan is made, of a file with one line.

use uuid::Uuid;
use webim_model::{PersonId, Refusal, Roles, Scope};
use webim_store::{DirectoryPlan, DirectorySnapshot, StoreError};

use super::people::ATTEMPTS;
use super::{Accounts, normal_login};
use crate::import::{
    Comparison, DirectoryFile, ImportError, Missing, PersonLine, Place, UnitLine, check, compare,
    takes_last_admin,
};
use crate::{By, Denial, Ended};

/// What a unit shall be; what is not said stays as it is.
#[derive(Clone, Debug)]
pub struct PutUnit {
    /// The organisation's own key for it.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// The code of the unit it belongs to; none at the top. `None` outside: not said.
    pub parent: Option<Option<String>>,
    /// Its place among its siblings.
    pub position: Option<i32>,
}

/// What a person shall be; what is not said stays as it is.
#[derive(Clone)]
pub struct PutPerson {
    /// What they sign in with.
    pub login: String,
    /// What others call them.
    pub name: String,
    /// The codes of their units.
    pub units: Option<Vec<String>>,
    /// What they may do; for administrators to say.
    pub roles: Option<Roles>,
    /// Address of a picture.
    pub avatar: Option<String>,
    /// A first password, for somebody who is new.
    pub password: Option<String>,
}

/// What came of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The unit or the person.
    pub id: Uuid,
    /// The directory's version now.
    pub version: u64,
}

impl Accounts {
    /// All of the directory with the organisation's own keys, for administrators and programs with `directory:read`.
    pub async fn directory(&self, by: By<'_>) -> Result<DirectorySnapshot, Denial> {
        by.may(Scope::DirectoryRead)?;
        Ok(self.0.store.directory_snapshot().await?)
    }

    /// Makes a unit, changes it, or brings it back. `expected`: the version the caller has seen; refused with
    /// `directory_changed` if there is another by now.
    pub async fn put_unit(
        &self,
        by: By<'_>,
        expected: Option<u64>,
        put: PutUnit,
    ) -> Result<Changed, Denial> {
        by.may(Scope::DirectoryWrite)?;
        let line = UnitLine {
            place: nowhere(),
            code: put.code,
            name: put.name,
            parent: put.parent,
            position: put.position,
        };
        let file = DirectoryFile {
            units: vec![line],
            people: Vec::new(),
        };
        check(&file).map_err(invalid)?;
        self.apply(by, expected, &Edit::Unit(&file)).await
    }

    /// Deactivates a unit: nobody is in it any more, and its conversation is closed. Refused while units are below it.
    pub async fn remove_unit(
        &self,
        by: By<'_>,
        expected: Option<u64>,
        code: &str,
    ) -> Result<Changed, Denial> {
        by.may(Scope::DirectoryWrite)?;
        self.apply(by, expected, &Edit::RemoveUnit(code)).await
    }

    /// Makes a person, changes them, or brings them back; who changes units changes conversations.
    pub async fn put_person(
        &self,
        by: By<'_>,
        expected: Option<u64>,
        put: PutPerson,
    ) -> Result<Changed, Denial> {
        by.may(Scope::DirectoryWrite)?;
        if put.roles.is_some() && matches!(by, By::Client(_)) {
            let detail = "roles: only an administrator gives them";
            return Err(Denial::because(Refusal::Forbidden, detail));
        }
        let login = normal_login(&put.login);
        let line = PersonLine {
            place: nowhere(),
            login: login.clone(),
            name: put.name,
            units: put.units,
            roles: put.roles,
            password: put.password,
            avatar: put.avatar,
        };
        let file = DirectoryFile {
            units: Vec::new(),
            people: vec![line],
        };
        check(&file).map_err(invalid)?;
        let changed = self.apply(by, expected, &Edit::Person(&file)).await?;
        // Roles may have changed, and what is remembered holds them.
        self.forget_known();
        Ok(changed)
    }

    /// Deactivates a person: they are out at once, and in no unit. Refused with `last_admin` if nobody would administer
    /// the server.
    pub async fn remove_person(
        &self,
        by: By<'_>,
        expected: Option<u64>,
        login: &str,
    ) -> Result<Changed, Denial> {
        by.may(Scope::DirectoryWrite)?;
        let login = normal_login(login);
        let edit = Edit::RemovePerson(&login);
        let changed = self.apply(by, expected, &edit).await?;
        let person = PersonId(changed.id);
        self.0.tickets.forget(Some(person), None);
        self.ended(Ended::Person { person });
        Ok(changed)
    }

    /// What is changed, and how.
    async fn planned(
        &self,
        edit: &Edit<'_>,
        stored: &DirectorySnapshot,
    ) -> Result<(Uuid, DirectoryPlan), Denial> {
        match edit {
            Edit::Unit(file) => {
                let plan = self.compared(file, stored).await?.plan;
                let code = file.units.first().map(|line| &line.code);
                let mut units = plan.units_insert.iter().chain(&stored.units);
                let unit = units.find(|unit| Some(&unit.code) == code);
                let id = unit.ok_or(Refusal::UnitUnknown)?.id.0;
                Ok((id, plan))
            }
            Edit::Person(file) => {
                let plan = self.compared(file, stored).await?.plan;
                let login = file.people.first().map(|line| line.login.clone());
                let new = plan.people_insert.iter().map(|new| &new.record);
                let mut people = new.chain(&stored.people);
                let person = people.find(|person| Some(normal_login(&person.login)) == login);
                let id = person.ok_or(Refusal::PersonUnknown)?.id.0;
                Ok((id, plan))
            }
            Edit::RemoveUnit(code) => without_unit(stored, code),
            Edit::RemovePerson(login) => without_person(stored, login),
        }
    }

    async fn compared(
        &self,
        file: &DirectoryFile,
        stored: &DirectorySnapshot,
    ) -> Result<Comparison, Denial> {
        let made = compare(file, stored, Missing::Keep, &self.0.sources);
        let mut made = made.map_err(invalid)?;
        let hashed = made.hash_passwords(&self.0.passwords, |_, _| ()).await;
        hashed.map_err(|_| Refusal::Busy)?;
        Ok(made)
    }

    /// Applies what `plan` makes of the directory as it stands; again if it changes meanwhile, unless the caller wants
    /// to know.
    async fn apply(
        &self,
        by: By<'_>,
        expected: Option<u64>,
        edit: &Edit<'_>,
    ) -> Result<Changed, Denial> {
        for _ in 0..ATTEMPTS {
            let stored = self.0.store.directory_snapshot().await?;
            if expected.is_some_and(|expected| expected != stored.version) {
                return Err(changed(stored.version));
            }
            let (id, plan) = self.planned(edit, &stored).await?;
            match self.0.store.apply_directory(&plan).await {
                Ok(version) => {
                    if !plan.is_empty() {
                        let (who, client) = by.name();
                        let (by, client) =
                            (tracing::field::debug(who), tracing::field::debug(client));
                        tracing::info!(of = %id, version, by, client, "the directory was changed");
                    }
                    return Ok(Changed { id, version });
                }
                Err(StoreError::Locked(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Refusal::Busy.into())
    }
}

/// One change.
enum Edit<'a> {
    /// The one unit of this file is put.
    Unit(&'a DirectoryFile),
    /// The one person of this file is put.
    Person(&'a DirectoryFile),
    /// The unit with this code goes.
    RemoveUnit(&'a str),
    /// Who signs in with this goes.
    RemovePerson(&'a str),
}

fn without_unit(stored: &DirectorySnapshot, code: &str) -> Result<(Uuid, DirectoryPlan), Denial> {
    let unit = stored.units.iter().find(|unit| unit.code == code);
    let unit = unit.ok_or(Refusal::UnitUnknown)?;
    let mut below = stored.units.iter();
    if let Some(below) = below.find(|below| below.active && below.parent == Some(unit.id)) {
        let detail = format!("the unit \"{}\" is below it", below.code);
        return Err(Denial::because(Refusal::DirectoryInvalid, detail));
    }
    let mut plan = empty(stored);
    plan.units_remove.extend(unit.active.then_some(unit.id));
    Ok((unit.id.0, plan))
}

fn without_person(
    stored: &DirectorySnapshot,
    login: &str,
) -> Result<(Uuid, DirectoryPlan), Denial> {
    let mut people = stored.people.iter();
    let person = people.find(|person| normal_login(&person.login) == login);
    let person = person.ok_or(Refusal::PersonUnknown)?;
    let mut plan = empty(stored);
    plan.people_deactivate
        .extend(person.active.then_some(person.id));
    if takes_last_admin(stored, &plan) {
        return Err(Refusal::LastAdmin.into());
    }
    Ok((person.id.0, plan))
}

/// The line of a file that there is not.
fn nowhere() -> Place {
    Place {
        file: String::new(),
        line: 0,
    }
}

fn empty(stored: &DirectorySnapshot) -> DirectoryPlan {
    DirectoryPlan {
        version: stored.version,
        ..DirectoryPlan::default()
    }
}

fn changed(version: u64) -> Denial {
    Denial::because(
        Refusal::DirectoryChanged,
        format!("its version is {version}"),
    )
}

fn invalid(error: ImportError) -> Denial {
    match error {
        ImportError::NoAdmin => Refusal::LastAdmin.into(),
        ImportError::Bad(problems) => {
            let all: Vec<_> = problems
                .into_iter()
                .map(|problem| problem.message)
                .collect();
            Denial::because(Refusal::DirectoryInvalid, all.join("; "))
        }
    }
}
