//! A generated organisation of any size: units in a tree, people with Chinese and English names, the same for the same
//! seed. It can be written as the files that `webim directory import` takes.

mod names;

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::Dice;
use names::{FIRST, GIVEN, LAST, SURNAMES, UNIT_NAMES};

/// How big it shall be.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// People in all.
    pub people: usize,
    /// Units in all; at least as many as levels.
    pub units: usize,
    /// How deep the units are nested.
    pub levels: usize,
    /// The same seed makes the same organisation.
    pub seed: u64,
}

impl Shape {
    /// 5,000 people in 300 units, five levels deep.
    pub const BIG: Self = Self {
        people: 5_000,
        units: 300,
        levels: 5,
        seed: 1,
    };
}

/// A department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgUnit {
    /// The organisation's own key.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// Code of the unit it belongs to.
    pub parent: Option<String>,
    /// Its place among its siblings.
    pub position: i32,
    /// 1 at the top.
    pub level: usize,
}

/// Somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgPerson {
    /// What they sign in with.
    pub login: String,
    /// What others call them.
    pub name: String,
    /// Codes of their units; an external expert has none.
    pub units: Vec<String>,
    /// What they may do.
    pub roles: Vec<&'static str>,
    /// An initial password, where one was given with [`Organisation::with_password`].
    pub password: Option<String>,
}

/// All of it: the first person is an admin, parents come before children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Departments.
    pub units: Vec<OrgUnit>,
    /// People.
    pub people: Vec<OrgPerson>,
}

impl Organisation {
    /// Makes one.
    pub fn generate(shape: Shape) -> Self {
        let dice = Dice::new(shape.seed);
        let units = units(shape, &dice);
        let people = people(shape, &units, &dice);
        Self { units, people }
    }

    /// Gives the first `count` people this initial password.
    #[must_use]
    pub fn with_password(mut self, count: usize, password: &str) -> Self {
        for person in self.people.iter_mut().take(count) {
            person.password = Some(password.to_owned());
        }
        self
    }

    /// The units as CSV.
    pub fn units_csv(&self) -> String {
        self.units.iter().fold(
            "code,name,parent,position\n".to_owned(),
            |mut text, unit| {
                let parent = unit.parent.as_deref().unwrap_or_default();
                let name = quoted(&unit.name);
                writeln!(text, "{},{name},{parent},{}", unit.code, unit.position)
                    .expect("text grows");
                text
            },
        )
    }

    /// The people as CSV.
    pub fn people_csv(&self) -> String {
        let head = "login,name,units,roles,password\n".to_owned();
        self.people.iter().fold(head, |mut text, person| {
            let (units, roles) = (person.units.join(";"), person.roles.join(";"));
            let (name, password) = (
                quoted(&person.name),
                person.password.as_deref().unwrap_or_default(),
            );
            writeln!(text, "{},{name},{units},{roles},{password}", person.login)
                .expect("text grows");
            text
        })
    }

    /// All of it as one JSON document: units nested, people in the first of their units.
    pub fn json(&self) -> Value {
        let mut homes: HashMap<Option<&str>, Vec<Value>> = HashMap::new();
        for person in &self.people {
            let mut value = json!({
                "login": person.login, "name": person.name, "roles": person.roles, "units": person.units,
            });
            if let Some(password) = &person.password {
                value["password"] = json!(password);
            }
            homes
                .entry(person.units.first().map(String::as_str))
                .or_default()
                .push(value);
        }
        json!({"units": self.nested(None, &mut homes), "people": homes.remove(&None).unwrap_or_default()})
    }

    fn nested<'a>(
        &'a self,
        parent: Option<&str>,
        homes: &mut HashMap<Option<&'a str>, Vec<Value>>,
    ) -> Vec<Value> {
        let mut values = Vec::new();
        let children = self
            .units
            .iter()
            .filter(|unit| unit.parent.as_deref() == parent);
        for unit in children {
            let people = homes.remove(&Some(unit.code.as_str())).unwrap_or_default();
            values.push(json!({
                "code": unit.code, "name": unit.name, "position": unit.position,
                "people": people, "units": self.nested(Some(&unit.code), homes),
            }));
        }
        values
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// How many units each level has: each about three times the one above, together `shape.units`.
fn levels(shape: Shape) -> Vec<usize> {
    let weights: Vec<usize> = (0..u32::try_from(shape.levels).unwrap_or(1))
        .map(|level| 3_usize.pow(level))
        .collect();
    let sum: usize = weights.iter().sum();
    let mut sizes: Vec<usize> = weights
        .iter()
        .map(|weight| (shape.units * weight / sum).max(1))
        .collect();
    let rest = shape.units.saturating_sub(sizes.iter().sum());
    if let Some(last) = sizes.last_mut() {
        *last += rest;
    }
    sizes
}

fn units(shape: Shape, dice: &Dice) -> Vec<OrgUnit> {
    let mut units: Vec<OrgUnit> = Vec::with_capacity(shape.units);
    let mut above = 0..0;
    for (level, size) in levels(shape).into_iter().enumerate() {
        let begin = units.len();
        for number in 0..size {
            let parent = (!above.is_empty()).then(|| {
                // Each unit above gets one before any gets a second.
                let index = if number < above.len() {
                    number
                } else {
                    below(dice, above.len())
                };
                units[above.start + index].code.clone()
            });
            let name = if level == 0 {
                "华远集团"
            } else {
                UNIT_NAMES[below(dice, UNIT_NAMES.len())]
            };
            units.push(OrgUnit {
                code: format!("u{}-{}", level + 1, number + 1),
                name: if level == 0 {
                    format!("{name}{}", number + 1)
                } else {
                    format!("{name}{}", units.len())
                },
                parent,
                position: i32::try_from(number).unwrap_or(i32::MAX),
                level: level + 1,
            });
        }
        above = begin..units.len();
    }
    units
}

fn people(shape: Shape, units: &[OrgUnit], dice: &Dice) -> Vec<OrgPerson> {
    let mut taken: HashMap<String, usize> = HashMap::new();
    let mut make = |number: usize| {
        let (name, login) = if below(dice, 10) < 7 {
            chinese(dice)
        } else {
            english(dice)
        };
        let times = taken.entry(login.clone()).or_default();
        *times += 1;
        let login = if *times == 1 {
            login
        } else {
            format!("{login}{times}")
        };
        let count = match below(dice, 100) {
            0 => 0,
            1..=10 => 2,
            11 => 3,
            _ => 1,
        };
        let mut of: Vec<String> = Vec::new();
        for _ in 0..count {
            let code = &units[below(dice, units.len())].code;
            if !of.contains(code) {
                of.push(code.clone());
            }
        }
        OrgPerson {
            login,
            name,
            units: of,
            roles: roles(number, dice),
            password: None,
        }
    };
    (0..shape.people).map(&mut make).collect()
}

fn roles(number: usize, dice: &Dice) -> Vec<&'static str> {
    if number == 0 {
        return vec!["admin"];
    }
    match below(dice, 100) {
        0..=5 => vec!["agent"],
        6 => vec!["agent", "supervisor"],
        7 => vec!["auditor"],
        _ => Vec::new(),
    }
}

fn chinese(dice: &Dice) -> (String, String) {
    let (surname, given) = (
        SURNAMES[below(dice, SURNAMES.len())],
        GIVEN[below(dice, GIVEN.len())],
    );
    (
        format!("{}{}", surname.0, given.0),
        format!("{}{}", surname.1, given.1),
    )
}

fn english(dice: &Dice) -> (String, String) {
    let (first, last) = (
        FIRST[below(dice, FIRST.len())],
        LAST[below(dice, LAST.len())],
    );
    let plain = |text: &str| {
        text.to_lowercase()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
    };
    (
        format!("{first} {last}"),
        format!("{}.{}", plain(first), plain(last)),
    )
}

/// A number under `bound`.
fn below(dice: &Dice, bound: usize) -> usize {
    usize::try_from(dice.roll() % (bound as u64)).expect("it is under a usize")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_big_one_is_as_big_as_it_says() {
        let organisation = Organisation::generate(Shape::BIG);
        assert_eq!(
            (organisation.units.len(), organisation.people.len()),
            (300, 5_000)
        );
        assert_eq!(
            organisation.units.iter().map(|unit| unit.level).max(),
            Some(5)
        );
        let logins: std::collections::HashSet<_> = organisation
            .people
            .iter()
            .map(|person| &person.login)
            .collect();
        assert_eq!(logins.len(), 5_000);
        assert!(
            organisation
                .people
                .iter()
                .any(|person| person.units.is_empty())
        );
        assert!(
            organisation
                .people
                .iter()
                .any(|person| person.units.len() > 1)
        );
        assert_eq!(organisation, Organisation::generate(Shape::BIG));
        assert_ne!(
            organisation,
            Organisation::generate(Shape {
                seed: 2,
                ..Shape::BIG
            })
        );
    }

    #[test]
    fn small_ones_work_too() {
        let shape = Shape {
            people: 3,
            units: 2,
            levels: 2,
            seed: 9,
        };
        let organisation = Organisation::generate(shape);
        assert_eq!(organisation.units[1].parent.as_deref(), Some("u1-1"));
        let text = organisation.json().to_string();
        assert_eq!(text.matches("\"login\"").count(), 3);
    }
}
