//! The directory from CSV files: one of units, one of people, told apart by their first line.

use csv::{StringRecord, Trim};

use super::records::Records;
use super::{DirectoryFile, PersonLine, Place, Problem, UnitLine, role};
use crate::accounts::normal_login;

const UNIT: [&str; 4] = ["code", "name", "parent", "position"];
const PERSON: [&str; 6] = ["login", "name", "units", "roles", "password", "avatar"];

/// Adds what `text` says to `into`, and what is wrong with it to `problems`.
pub(super) fn read(file: &str, text: &str, into: &mut DirectoryFile, problems: &mut Vec<Problem>) {
    let mut sheet = match Sheet::open(file, text) {
        Ok(sheet) => sheet,
        Err(problem) => return problems.push(problem),
    };
    while let Some(row) = sheet.next() {
        let read = row.and_then(|row| {
            if row.sheet.units {
                into.units.push(row.unit()?);
            } else {
                into.people.push(row.person()?);
            }
            Ok(())
        });
        problems.extend(read.err());
    }
}

struct Sheet<'a> {
    columns: Columns,
    records: Records<'a>,
}

/// What a sheet's first line says.
#[derive(Clone)]
struct Columns {
    file: String,
    units: bool,
    names: Vec<&'static str>,
}

struct Row<'a> {
    sheet: &'a Columns,
    place: Place,
    record: StringRecord,
}

impl<'a> Sheet<'a> {
    fn open(file: &str, text: &'a str) -> Result<Self, Problem> {
        let (records, words) = Records::open(file, text, Trim::All)?;
        let bad = |message: String| Problem {
            place: Place {
                file: file.to_owned(),
                line: 1,
            },
            message,
        };
        let has = |word: &str| words.iter().any(|other| other == word);
        let (known, units) = match (has("code"), has("login")) {
            (true, false) => (UNIT.as_slice(), true),
            (false, true) => (PERSON.as_slice(), false),
            _ => {
                return Err(bad(format!(
                    "the first line must name the columns: of units ({}) or of people ({})",
                    UNIT.join(", "),
                    PERSON.join(", ")
                )));
            }
        };
        let mut names: Vec<&'static str> = Vec::new();
        for word in &words {
            let name = known.iter().find(|name| *name == word).ok_or_else(|| {
                bad(format!(
                    "there is no column \"{word}\"; there are {}",
                    known.join(", ")
                ))
            })?;
            if names.contains(name) {
                return Err(bad(format!("the column \"{word}\" is there twice")));
            }
            names.push(name);
        }
        if !names.contains(&"name") {
            return Err(bad("the column \"name\" is missing".to_owned()));
        }
        let columns = Columns {
            file: file.to_owned(),
            units,
            names,
        };
        Ok(Self { columns, records })
    }

    fn next(&mut self) -> Option<Result<Row<'_>, Problem>> {
        let next = self.records.next()?;
        Some(next.map(|(line, record)| Row {
            sheet: &self.columns,
            place: Place {
                file: self.columns.file.clone(),
                line,
            },
            record,
        }))
    }
}

impl Row<'_> {
    /// The field of a column; `None` if there is no such column.
    fn field(&self, name: &str) -> Option<&str> {
        let index = self.sheet.names.iter().position(|column| *column == name)?;
        self.record.get(index)
    }

    fn owned(&self, name: &str) -> String {
        self.field(name).unwrap_or_default().to_owned()
    }

    fn list(&self, name: &str) -> Option<impl Iterator<Item = &str>> {
        let words = self.field(name)?.split([';', '；']).map(str::trim);
        Some(words.filter(|word| !word.is_empty()))
    }

    fn bad(&self, message: String) -> Problem {
        Problem {
            place: self.place.clone(),
            message,
        }
    }

    fn unit(&self) -> Result<UnitLine, Problem> {
        let position = self.field("position").filter(|text| !text.is_empty());
        let position = position.map(|text| {
            let number = text.parse::<i32>();
            number.map_err(|_| self.bad(format!("the position \"{text}\" is not a whole number")))
        });
        let parent = self.field("parent").map(str::to_owned);
        Ok(UnitLine {
            place: self.place.clone(),
            code: self.owned("code"),
            name: self.owned("name"),
            parent: parent.map(|code| (!code.is_empty()).then_some(code)),
            position: position.transpose()?,
        })
    }

    fn person(&self) -> Result<PersonLine, Problem> {
        let roles = self.list("roles").map(|words| {
            let roles = words.map(role).collect::<Result<_, _>>();
            roles.map_err(|message| self.bad(message))
        });
        let password = self.field("password").filter(|text| !text.is_empty());
        Ok(PersonLine {
            place: self.place.clone(),
            login: normal_login(&self.owned("login")),
            name: self.owned("name"),
            units: self
                .list("units")
                .map(|codes| codes.map(str::to_owned).collect()),
            roles: roles.transpose()?,
            password: password.map(str::to_owned),
            avatar: self.field("avatar").map(str::to_owned),
        })
    }
}
