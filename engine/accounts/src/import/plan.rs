//! Holding a directory file against what is stored, and making the plan that the store applies.

mod people;
mod units;

use tokio::task::JoinSet;
use webim_model::{Role, Sources};
use webim_store::{DirectoryPlan, DirectorySnapshot};

use super::{Diff, DirectoryFile, ImportError};
use crate::{PasswordError, Passwords};

/// What becomes of units and people that are stored but not in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// They stay as they are.
    Keep,
    /// People are deactivated if the file names any person; units are removed if it names any unit.
    Remove,
}

/// What an import would do.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// For the store.
    pub plan: DirectoryPlan,
    /// For people.
    pub diff: Diff,
    /// The initial password of each of `plan.people_insert`, in the same order.
    passwords: Vec<Option<String>>,
}

/// Compares a file with what is stored. Lists every line that names an unknown unit, makes a circle of units or takes
/// the last admin away.
pub fn compare(
    file: &DirectoryFile,
    stored: &DirectorySnapshot,
    missing: Missing,
    sources: &Sources,
) -> Result<Comparison, ImportError> {
    let mut work = Comparison {
        plan: DirectoryPlan {
            version: stored.version,
            ..DirectoryPlan::default()
        },
        diff: Diff::default(),
        passwords: Vec::new(),
    };
    let mut problems = Vec::new();
    let out = (&mut work, &mut problems);
    let units = units::compare(file, stored, missing, sources, out);
    let out = (missing, &mut work, &mut problems);
    people::compare(file, stored, &units, sources, out);
    if !problems.is_empty() {
        problems.sort();
        return Err(ImportError::Bad(problems));
    }
    if takes_last_admin(stored, &work.plan) {
        return Err(ImportError::NoAdmin);
    }
    Ok(work)
}

/// Whether nobody would administer the server any more.
pub(crate) fn takes_last_admin(stored: &DirectorySnapshot, plan: &DirectoryPlan) -> bool {
    let admin = |roles: webim_model::Roles| roles.has(Role::Admin);
    let mut before = stored
        .people
        .iter()
        .filter(|person| person.active && admin(person.roles));
    if before.next().is_none() {
        return false;
    }
    let inserted = plan.people_insert.iter().map(|person| &person.record);
    let mut changed = plan.people_update.iter().chain(inserted);
    if changed.any(|person| person.active && admin(person.roles)) {
        return false;
    }
    let touched = |id| {
        plan.people_deactivate.contains(&id)
            || plan.people_update.iter().any(|person| person.id == id)
    };
    !stored
        .people
        .iter()
        .any(|person| person.active && admin(person.roles) && !touched(person.id))
}

impl Comparison {
    /// Makes an initial password for each new person who has none, and returns logins and passwords of those.
    pub fn generate_passwords(&mut self, sources: &Sources) -> Vec<(String, String)> {
        let mut made = Vec::new();
        for (person, password) in self.plan.people_insert.iter().zip(&mut self.passwords) {
            if password.is_none() {
                let fresh = readable_password(sources);
                made.push((person.record.login.clone(), fresh.clone()));
                *password = Some(fresh);
            }
        }
        made
    }

    /// Hashes the initial passwords into the plan; `progress` is told how many of how many are done. Some 20 ms of a
    /// core each.
    pub async fn hash_passwords(
        &mut self,
        passwords: &Passwords,
        progress: impl Fn(usize, usize),
    ) -> Result<(), PasswordError> {
        let all = self.passwords.iter().flatten().count();
        let mut todo: Vec<(usize, String)> = Vec::new();
        for (index, password) in self.passwords.iter_mut().enumerate() {
            todo.extend(password.take().map(|password| (index, password)));
        }
        let mut done = 0;
        for some in todo.chunks(64) {
            let mut tasks = JoinSet::new();
            for (index, password) in some.iter().cloned() {
                let passwords = passwords.clone();
                tasks.spawn(async move { (index, passwords.hash(&password).await) });
            }
            for (index, hash) in tasks.join_all().await {
                self.plan.people_insert[index].password_hash = Some(hash?);
                done += 1;
            }
            progress(done, all);
        }
        Ok(())
    }
}

/// A password of 15 letters and digits that cannot be mistaken for each other, in groups of five: 75 bits.
pub fn readable_password(sources: &Sources) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let bytes = sources.bytes::<15>();
    let letters = bytes.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    let groups = letters
        .chunks(5)
        .map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}
