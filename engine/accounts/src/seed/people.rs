//! The predecessor's units and users as a directory of ours, so that the same checks hold for them as for any import.

use std::collections::{BTreeMap, HashMap, HashSet};

use webim_model::{PersonId, Role, Roles, Sources, UnitId};
use webim_store::DirectorySnapshot;

use super::tables::{Tables, Unit, User};
use crate::accounts::normal_login;
use crate::import::{
    self, Comparison, DirectoryFile, ImportError, Missing, PersonLine, Place, Problem, UnitLine,
    compare,
};

/// A code as it is looked up: the predecessor's databases did not tell upper from lower case.
pub(super) fn key(code: &str) -> String {
    code.trim().to_lowercase()
}

/// Who and what the messages' codes stand for.
#[derive(Default)]
pub(super) struct Names {
    /// By key of the user's code.
    pub people: HashMap<String, PersonId>,
    /// By key of the unit's code.
    pub units: HashMap<String, UnitId>,
    /// Keys of users who are customers and nothing else.
    pub customers: HashSet<String>,
}

/// What the tables say about people.
pub(super) struct Directory {
    /// For the plan; also of people who have left, whom their messages name.
    pub comparison: Comparison,
    pub names: Names,
    /// New people who can sign in once they have a password.
    pub new_people: usize,
}

/// The files of a directory: those who are there, and those who have left.
struct Staff {
    there: DirectoryFile,
    left: DirectoryFile,
    /// Login, and where it stands, by key of the user's code.
    logins: HashMap<String, (String, Place)>,
    customers: HashSet<String>,
}

/// One user, from all their rows.
struct Merged<'a> {
    row: &'a User,
    kinds: Vec<char>,
    picture: &'a str,
}

/// Makes the directory's plan. Lines that do not pass its checks are moved to the tables' problems.
pub(super) fn plan(
    tables: &mut Tables,
    stored: &DirectorySnapshot,
    sources: &Sources,
) -> Result<Directory, ImportError> {
    let mut problems = Vec::new();
    let mut staff = staff(tables, stored, &mut problems);
    let there: HashMap<&String, &Place> = staff
        .there
        .people
        .iter()
        .map(|person| (&person.login, &person.place))
        .collect();
    staff.left.people.retain(|person| {
        let first = there.get(&person.login);
        problems.extend(first.map(|first| Problem {
            place: person.place.clone(),
            message: format!("the login \"{}\" is already on {first}", person.login),
        }));
        first.is_none()
    });
    let mut comparison = sift(&mut staff.there, stored, &mut problems, sources)?;
    let new_people = comparison.plan.people_insert.len();
    let left = sift(&mut staff.left, stored, &mut problems, sources)?;
    for mut person in left.plan.people_insert {
        person.record.active = false;
        comparison.plan.people_insert.push(person);
    }
    comparison.diff.changes.extend(left.diff.changes);
    let bad: HashSet<&Place> = problems.iter().map(|problem| &problem.place).collect();
    staff.logins.retain(|_, (_, place)| !bad.contains(place));
    tables.problems.extend(problems);
    let names = names(staff, stored, &comparison);
    Ok(Directory {
        comparison,
        names,
        new_people,
    })
}

/// Takes the lines out that do not pass the directory's checks, until all do.
fn sift(
    file: &mut DirectoryFile,
    stored: &DirectorySnapshot,
    found: &mut Vec<Problem>,
    sources: &Sources,
) -> Result<Comparison, ImportError> {
    loop {
        let checked = import::check(file);
        let problems = match checked.and_then(|()| compare(file, stored, Missing::Keep, sources)) {
            Err(ImportError::Bad(problems)) => problems,
            done => return done,
        };
        let places: HashSet<&Place> = problems.iter().map(|problem| &problem.place).collect();
        let before = file.units.len() + file.people.len();
        file.units.retain(|unit| !places.contains(&unit.place));
        file.people.retain(|person| !places.contains(&person.place));
        if before == file.units.len() + file.people.len() {
            return Err(ImportError::Bad(problems));
        }
        found.extend(problems);
    }
}

fn staff(tables: &Tables, stored: &DirectorySnapshot, problems: &mut Vec<Problem>) -> Staff {
    let (units, spelled) = units(tables, stored);
    let users = merged(&tables.users);
    problems.extend(twins(tables, &users));
    let mut staff = Staff {
        there: DirectoryFile {
            units,
            people: Vec::new(),
        },
        left: DirectoryFile::default(),
        logins: HashMap::new(),
        customers: HashSet::new(),
    };
    let mut member_of = memberships(tables, &users, &spelled, problems);
    let before: HashMap<String, Roles> = stored
        .people
        .iter()
        .map(|person| (normal_login(&person.login), person.roles))
        .collect();
    for (code, user) in users {
        if !user.kinds.is_empty() && user.kinds.iter().all(|kind| *kind == 'C') {
            staff.customers.insert(code);
            continue;
        }
        let units = member_of.remove(&code).unwrap_or_default();
        let units = if user.is_expert() {
            Some(Vec::new())
        } else {
            tables.says_memberships.then_some(units)
        };
        let mut line = person(tables, &user, units);
        let known = before.get(&line.login).copied();
        if user.kinds.iter().any(|kind| matches!(kind, 'S' | 'P')) {
            line.roles = Some(known.unwrap_or_default().with(Role::Agent));
        }
        let place = line.place.clone();
        staff.logins.insert(code, (line.login.clone(), place));
        if user.row.valid {
            staff.there.people.push(line);
        } else if known.is_none() {
            // Who is here already stays as they are.
            line.units = None;
            staff.left.people.push(line);
        }
    }
    staff
}

/// The valid units, and how each code is spelled, of those that are stored as well. A unit whose parent is none any more
/// moves up to the next one that is.
fn units(tables: &Tables, stored: &DirectorySnapshot) -> (Vec<UnitLine>, HashMap<String, String>) {
    let by_code: HashMap<String, &Unit> = tables
        .units
        .iter()
        .map(|unit| (key(&unit.code), unit))
        .collect();
    let mut spelled: HashMap<String, String> = stored
        .units
        .iter()
        .filter(|unit| unit.active)
        .map(|unit| (key(&unit.code), unit.code.clone()))
        .collect();
    for unit in tables.units.iter().filter(|unit| unit.valid) {
        // The code under which it is stored, or a second run would make a second unit.
        spelled
            .entry(key(&unit.code))
            .or_insert_with(|| unit.code.clone());
    }
    for unit in tables.units.iter().filter(|unit| !unit.valid) {
        spelled.remove(&key(&unit.code));
    }
    let parent = |unit: &Unit| {
        let mut above = unit.parent.clone();
        for _ in 0..tables.units.len() {
            match by_code.get(&key(&above)) {
                Some(up) if !up.valid => above.clone_from(&up.parent),
                _ => break,
            }
        }
        let top = above.is_empty()
            || key(&above) == key(&unit.code)
            || (above == "0" && !by_code.contains_key("0"));
        (!top).then(|| spelled.get(&key(&above)).cloned().unwrap_or(above))
    };
    let lines = tables
        .units
        .iter()
        .filter(|unit| unit.valid)
        .map(|unit| UnitLine {
            place: tables.place(unit.at),
            code: spelled.get(&key(&unit.code)).unwrap_or(&unit.code).clone(),
            name: unit.name.clone(),
            parent: Some(parent(unit)),
            position: unit.order,
        });
    (lines.collect(), spelled)
}

/// Users by key of their code: the directory's own row before that of the chat's.
fn merged(users: &[User]) -> BTreeMap<String, Merged<'_>> {
    let mut all: BTreeMap<String, Merged<'_>> = BTreeMap::new();
    let own = users.iter().filter(|user| user.kind.is_none());
    for row in own.chain(users.iter().filter(|user| user.kind.is_some())) {
        let user = all.entry(key(&row.code)).or_insert_with(|| Merged {
            row,
            kinds: row.kind.is_none().then_some('U').into_iter().collect(),
            picture: "",
        });
        user.kinds.extend(row.kind);
        // An address inside the predecessor leads nowhere here.
        let outside = ["http://", "https://"]
            .iter()
            .any(|scheme| row.picture.starts_with(scheme));
        if user.picture.is_empty() && outside {
            user.picture = &row.picture;
        }
    }
    all
}

/// Rows of the directory whose code another one has: whose messages are whose could not be told.
fn twins(tables: &Tables, users: &BTreeMap<String, Merged<'_>>) -> Vec<Problem> {
    let own = tables.users.iter().filter(|user| user.kind.is_none());
    let twins = own.filter_map(|user| {
        let first = users.get(&key(&user.code))?.row;
        let code = &user.code;
        let place = tables.place(first.at);
        let told = format!("the USER_CODE \"{code}\" is already on {place}");
        (!std::ptr::eq(first, user)).then(|| tables.problem(user.at, told))
    });
    twins.collect()
}

impl Merged<'_> {
    fn is_expert(&self) -> bool {
        self.kinds.contains(&'P') && !self.kinds.contains(&'S')
    }
}

fn person(tables: &Tables, user: &Merged<'_>, units: Option<Vec<String>>) -> PersonLine {
    let row = user.row;
    let login = if row.login.is_empty() {
        &row.code
    } else {
        &row.login
    };
    PersonLine {
        place: tables.place(row.at),
        login: normal_login(login),
        name: row.name.clone(),
        units,
        roles: None,
        password: None,
        avatar: (!user.picture.is_empty()).then(|| user.picture.to_owned()),
    }
}

/// Codes of units by key of the user's code.
fn memberships(
    tables: &Tables,
    users: &BTreeMap<String, Merged<'_>>,
    spelled: &HashMap<String, String>,
    problems: &mut Vec<Problem>,
) -> HashMap<String, Vec<String>> {
    let known: HashSet<String> = tables.units.iter().map(|unit| key(&unit.code)).collect();
    let mut all: HashMap<String, Vec<String>> = HashMap::new();
    for row in &tables.memberships {
        let (user, unit) = (key(&row.user), key(&row.unit));
        let bad = |what: &str, code: &str| {
            tables.problem(row.at, format!("there is no {what} \"{code}\""))
        };
        if !users.contains_key(&user) {
            problems.push(bad("user", &row.user));
            continue;
        }
        match spelled.get(&unit) {
            Some(code) => {
                let codes = all.entry(user).or_default();
                if !codes.contains(code) {
                    codes.push(code.clone());
                }
            }
            // One that is no more.
            None if known.contains(&unit) => {}
            None => problems.push(bad("unit", &row.unit)),
        }
    }
    all
}

/// What codes stand for once the plan is applied.
fn names(staff: Staff, stored: &DirectorySnapshot, comparison: &Comparison) -> Names {
    let plan = &comparison.plan;
    let mut people: HashMap<String, PersonId> = stored
        .people
        .iter()
        .map(|person| (normal_login(&person.login), person.id))
        .collect();
    let new = plan.people_insert.iter().map(|person| &person.record);
    people.extend(new.map(|record| (normal_login(&record.login), record.id)));
    // Codes come before logins: somebody's login may be the code of another.
    let coded: Vec<_> = staff
        .logins
        .iter()
        .map(|(code, (login, _))| (code.clone(), people.get(login).copied()))
        .collect();
    for (code, person) in coded {
        match person {
            Some(person) => people.insert(code, person),
            None => people.remove(&code),
        };
    }
    let units = stored.units.iter().filter(|unit| unit.active);
    let units = units.chain(&plan.units_insert).chain(&plan.units_update);
    Names {
        people,
        units: units.map(|unit| (key(&unit.code), unit.id)).collect(),
        customers: staff.customers,
    }
}
