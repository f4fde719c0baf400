//! The directory from one JSON document. Each unit and person is parsed by itself, so that every bad one is found and
//! named with its line.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{DirectoryFile, PersonLine, Place, Problem, UnitLine, role};
use crate::accounts::normal_login;

/// How deep units may be nested.
const DEEPEST: usize = 16;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    #[serde(borrow, default)]
    units: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    people: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unit<'a> {
    code: String,
    name: String,
    position: Option<i32>,
    #[serde(borrow, default)]
    units: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    people: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    login: String,
    name: String,
    units: Option<Vec<String>>,
    roles: Option<Vec<String>>,
    password: Option<String>,
    avatar: Option<String>,
}

/// Adds what `text` says to `into`, and what is wrong with it to `problems`.
pub(super) fn read(file: &str, text: &str, into: &mut DirectoryFile, problems: &mut Vec<Problem>) {
    let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    let mut reader = Reader {
        file,
        text,
        breaks: breaks.map(|(offset, _)| offset).collect(),
        into,
        problems,
    };
    match serde_json::from_str::<Document>(text) {
        Ok(document) => {
            reader.units(&document.units, None, 1);
            reader.people(&document.people, None);
        }
        Err(error) => reader.bad(1, &error),
    }
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    /// Where the text's lines end.
    breaks: Vec<usize>,
    into: &'a mut DirectoryFile,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn units(&mut self, raws: &[&'a RawValue], parent: Option<&str>, depth: usize) {
        for (raw, position) in raws.iter().zip(1..) {
            let line = self.line(raw);
            match serde_json::from_str::<Unit>(raw.get()) {
                Ok(_) if depth > DEEPEST => {
                    self.problem(line, format!("units are nested deeper than {DEEPEST}"));
                }
                Ok(unit) => {
                    let code = unit.code.trim().to_owned();
                    self.into.units.push(UnitLine {
                        place: self.place(line),
                        code: code.clone(),
                        name: unit.name.trim().to_owned(),
                        parent: Some(parent.map(str::to_owned)),
                        position: Some(unit.position.unwrap_or(position)),
                    });
                    self.people(&unit.people, Some(&code));
                    self.units(&unit.units, Some(&code), depth + 1);
                }
                Err(error) => self.bad(line, &error),
            }
        }
    }

    fn people(&mut self, raws: &[&'a RawValue], unit: Option<&str>) {
        for raw in raws {
            let line = self.line(raw);
            match serde_json::from_str::<Person>(raw.get()) {
                Ok(person) => match self.person(line, person, unit) {
                    Ok(person) => self.into.people.push(person),
                    Err(message) => self.problem(line, message),
                },
                Err(error) => self.bad(line, &error),
            }
        }
    }

    fn person(&self, line: u64, person: Person, unit: Option<&str>) -> Result<PersonLine, String> {
        let roles = person.roles.map(|words| {
            let roles = words.iter().map(|word| role(word.trim()));
            roles.collect::<Result<_, _>>()
        });
        let mut units: Option<Vec<String>> = person
            .units
            .map(|codes| codes.iter().map(|code| code.trim().to_owned()).collect());
        if let Some(unit) = unit {
            let units = units.get_or_insert_default();
            if !units.iter().any(|code| code == unit) {
                units.insert(0, unit.to_owned());
            }
        }
        Ok(PersonLine {
            place: self.place(line),
            login: normal_login(&person.login),
            name: person.name.trim().to_owned(),
            units,
            roles: roles.transpose()?,
            password: person.password.filter(|password| !password.is_empty()),
            avatar: person.avatar.map(|avatar| avatar.trim().to_owned()),
        })
    }

    /// The line on which a piece of the text begins.
    fn line(&self, raw: &RawValue) -> u64 {
        let piece = raw.get().as_ptr().addr();
        let offset = piece.saturating_sub(self.text.as_ptr().addr());
        1 + self.breaks.partition_point(|end| *end < offset) as u64
    }

    fn place(&self, line: u64) -> Place {
        Place {
            file: self.file.to_owned(),
            line,
        }
    }

    /// An error of a piece that begins on `first`.
    fn bad(&mut self, first: u64, error: &serde_json::Error) {
        let line = first + (error.line() as u64).saturating_sub(1);
        let text = error.to_string();
        // The position in the piece would mislead: the line in the file is said instead.
        let message = text.split(" at line ").next().unwrap_or(&text).to_owned();
        self.problem(line, message);
    }

    fn problem(&mut self, line: u64, message: String) {
        let place = self.place(line);
        self.problems.push(Problem { place, message });
    }
}
