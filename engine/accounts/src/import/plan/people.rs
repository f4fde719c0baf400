//! The people of a plan, and in which units they are.

use std::collections::{BTreeSet, HashMap, HashSet};

use webim_model::{PersonId, Roles, Sources, UnitId};
use webim_store::{DirectorySnapshot, NewPerson, PersonRecord};

use super::units::Units;
use super::{Comparison, Missing};
use crate::accounts::normal_login;
use crate::import::check::at;
use crate::import::diff::{Fields, Noun, Way};
use crate::import::{DirectoryFile, PersonLine, Problem};

type Memberships = HashMap<PersonId, BTreeSet<UnitId>>;

/// A person before and after.
struct Pair<'a> {
    line: &'a PersonLine,
    before: Option<&'a PersonRecord>,
    record: PersonRecord,
    old_units: BTreeSet<UnitId>,
    new_units: BTreeSet<UnitId>,
}

/// Puts what changes in people and memberships into `work`.
pub(super) fn compare(
    file: &DirectoryFile,
    stored: &DirectorySnapshot,
    units: &Units,
    sources: &Sources,
    (missing, work, problems): (Missing, &mut Comparison, &mut Vec<Problem>),
) {
    let before: HashMap<String, &PersonRecord> = stored
        .people
        .iter()
        .map(|person| (normal_login(&person.login), person))
        .collect();
    let mut memberships = Memberships::new();
    for (unit, person) in &stored.memberships {
        memberships.entry(*person).or_default().insert(*unit);
    }
    for line in &file.people {
        let before = before.get(&line.login).copied();
        let old_units = before
            .and_then(|person| memberships.get(&person.id))
            .cloned();
        match pair(line, before, old_units.unwrap_or_default(), units, sources) {
            Ok(pair) => put(pair, units, work),
            Err(message) => problems.push(at(&line.place, message)),
        }
    }
    let named: HashSet<&str> = file
        .people
        .iter()
        .map(|person| person.login.as_str())
        .collect();
    let goes = |person: &&PersonRecord| {
        missing == Missing::Remove
            && !named.is_empty()
            && !named.contains(&*normal_login(&person.login))
    };
    for person in stored
        .people
        .iter()
        .filter(|person| person.active)
        .filter(goes)
    {
        work.plan.people_deactivate.push(person.id);
        work.diff.push(
            Way::Removed,
            Noun::Person,
            &person.login,
            format!("\"{}\"", person.name),
        );
    }
}

/// What the person of a line will be; what the line does not say stays as it was.
fn pair<'a>(
    line: &'a PersonLine,
    before: Option<&'a PersonRecord>,
    old_units: BTreeSet<UnitId>,
    units: &Units,
    sources: &Sources,
) -> Result<Pair<'a>, String> {
    let new_units = match &line.units {
        None => old_units
            .iter()
            .copied()
            .filter(|unit| units.stays(*unit))
            .collect(),
        Some(codes) => {
            let found = codes.iter().map(|code| {
                units
                    .find(code)
                    .ok_or_else(|| format!("there is no unit \"{code}\""))
            });
            found.collect::<Result<_, _>>()?
        }
    };
    let record = PersonRecord {
        id: before.map_or_else(|| PersonId(sources.uuid()), |person| person.id),
        login: before.map_or(&line.login, |person| &person.login).clone(),
        name: line.name.clone(),
        avatar: line
            .avatar
            .clone()
            .or_else(|| Some(before?.avatar.clone()))
            .unwrap_or_default(),
        roles: line
            .roles
            .or_else(|| Some(before?.roles))
            .unwrap_or_default(),
        active: true,
    };
    Ok(Pair {
        line,
        before,
        record,
        old_units,
        new_units,
    })
}

fn put(pair: Pair, units: &Units, work: &mut Comparison) {
    let Pair {
        line,
        before,
        record,
        old_units,
        new_units,
    } = pair;
    let person = record.id;
    let add = new_units.difference(&old_units).map(|unit| (*unit, person));
    work.plan.memberships_add.extend(add);
    // The members of a unit that goes are removed with it.
    let leave = old_units
        .difference(&new_units)
        .filter(|unit| units.stays(**unit));
    work.plan
        .memberships_remove
        .extend(leave.map(|unit| (*unit, person)));
    let Some(before) = before else {
        let mut detail = format!("\"{}\" in {}", record.name, codes(&new_units, units));
        if record.roles != Roles::default() {
            detail = format!("{detail}; roles {}", roles(record.roles));
        }
        work.diff
            .push(Way::Added, Noun::Person, &record.login, detail);
        work.passwords.push(line.password.clone());
        work.plan.people_insert.push(NewPerson {
            record,
            password_hash: None,
        });
        return;
    };
    let mut fields = Fields::default();
    if !before.active {
        fields.note("they come back");
    }
    fields.compare("name", &before.name, &record.name, |name| {
        format!("\"{name}\"")
    });
    fields.compare("avatar", &before.avatar, &record.avatar, |avatar| {
        format!("\"{avatar}\"")
    });
    fields.compare("roles", &before.roles, &record.roles, |set| roles(*set));
    let of_person = *before != record;
    fields.compare("units", &old_units, &new_units, |set| codes(set, units));
    if let Some(detail) = fields.detail() {
        let way = if before.active {
            Way::Changed
        } else {
            Way::Added
        };
        work.diff.push(way, Noun::Person, &record.login, detail);
    }
    if of_person {
        work.plan.people_update.push(record);
    }
}

fn codes(set: &BTreeSet<UnitId>, units: &Units) -> String {
    let codes: BTreeSet<_> = set.iter().map(|unit| units.code(*unit)).collect();
    if codes.is_empty() {
        return "(no unit)".to_owned();
    }
    codes.into_iter().collect::<Vec<_>>().join(", ")
}

fn roles(roles: Roles) -> String {
    let names: Vec<_> = roles.iter().map(webim_model::Role::name).collect();
    if names.is_empty() {
        "(none)".to_owned()
    } else {
        names.join(", ")
    }
}
