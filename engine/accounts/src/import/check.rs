//! What can be wrong with a directory's lines before they are compared with what is stored.

use std::collections::HashMap;
use std::hash::Hash;

use super::{DirectoryFile, PersonLine, Place, Problem, UnitLine};
use crate::password;

const LONGEST_KEY: usize = 64;
pub(crate) const LONGEST_NAME: usize = 100;
const LONGEST_AVATAR: usize = 500;

/// Adds what is wrong with each line, and what two lines say twice.
pub(super) fn lines(file: &DirectoryFile, problems: &mut Vec<Problem>) {
    for unit in &file.units {
        problems.extend(unit_line(unit).map(|message| at(&unit.place, message)));
    }
    for person in &file.people {
        problems.extend(person_line(person).map(|message| at(&person.place, message)));
    }
    let codes = file.units.iter().map(|unit| (&unit.code, &unit.place));
    twice("the code", codes, problems);
    let logins = file
        .people
        .iter()
        .map(|person| (&person.login, &person.place));
    twice("the login", logins, problems);
}

pub(super) fn at(place: &Place, message: String) -> Problem {
    Problem {
        place: place.clone(),
        message,
    }
}

fn twice<'a, K: Hash + Eq + std::fmt::Display + 'a>(
    what: &str,
    keys: impl Iterator<Item = (&'a K, &'a Place)>,
    problems: &mut Vec<Problem>,
) {
    let mut first: HashMap<&K, &Place> = HashMap::new();
    for (key, place) in keys {
        if let Some(first) = first.get(key) {
            problems.push(at(place, format!("{what} \"{key}\" is already on {first}")));
        } else {
            first.insert(key, place);
        }
    }
}

fn unit_line(unit: &UnitLine) -> Option<String> {
    key("code", &unit.code)
        .or_else(|| key_list("parent", unit.parent.iter().flatten()))
        .or_else(|| line("name", &unit.name, LONGEST_NAME))
}

fn person_line(person: &PersonLine) -> Option<String> {
    key("login", &person.login)
        .or_else(|| line("name", &person.name, LONGEST_NAME))
        .or_else(|| key_list("unit", person.units.iter().flatten()))
        .or_else(|| avatar(person.avatar.as_deref().unwrap_or_default()))
        .or_else(|| secret(person.password.as_deref()?))
}

/// A key is short, on one line and without space, so that it can be typed and listed.
pub(crate) fn key(what: &str, text: &str) -> Option<String> {
    if text
        .chars()
        .any(|char| char.is_whitespace() || matches!(char, ';' | '；' | ',' | '"'))
    {
        return Some(format!(
            "the {what} \"{text}\" holds a space, comma, semicolon or quote"
        ));
    }
    line(what, text, LONGEST_KEY)
}

fn key_list<'a>(what: &str, keys: impl Iterator<Item = &'a String>) -> Option<String> {
    let mut keys = keys;
    keys.find_map(|text| key(what, text))
}

pub(crate) fn line(what: &str, text: &str, longest: usize) -> Option<String> {
    let length = text.chars().count();
    if length == 0 {
        Some(format!("the {what} is empty"))
    } else if length > longest {
        Some(format!(
            "the {what} has {length} characters; at most {longest} are allowed"
        ))
    } else if text.chars().any(char::is_control) {
        Some(format!("the {what} holds a control character"))
    } else {
        None
    }
}

fn avatar(address: &str) -> Option<String> {
    let good = address.is_empty()
        || (address.starts_with('/') && !address.starts_with("//"))
        || address.starts_with("https://")
        || address.starts_with("http://");
    if !good {
        return Some("the avatar must begin with / or https://".to_owned());
    }
    if address.is_empty() {
        return None;
    }
    line("avatar", address, LONGEST_AVATAR)
}

fn secret(password: &str) -> Option<String> {
    if password.chars().count() < password::SHORTEST {
        Some(format!(
            "the password is shorter than {} characters",
            password::SHORTEST
        ))
    } else if password.len() > password::LONGEST {
        Some(format!(
            "the password is longer than {} bytes",
            password::LONGEST
        ))
    } else {
        None
    }
}
