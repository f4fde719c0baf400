//! The directory from CSV files: one of units, one of people, told apart by their first line.

use csv::{ReaderBuilder, StringRecord};

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
    text: &'a str,
    /// Up to which offset lines were counted, and which one stands there.
    counted: (usize, u64),
    columns: Columns,
    reader: csv::Reader<&'a [u8]>,
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
        let first = text.lines().next().unwrap_or_default();
        let semicolons = first.contains(';') && !first.contains(',');
        let mut reader = ReaderBuilder::new()
            .delimiter(if semicolons { b';' } else { b',' })
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let bad = |message: String| Problem {
            place: Place {
                file: file.to_owned(),
                line: 1,
            },
            message,
        };
        let headers = reader.headers().map_err(|error| bad(error.to_string()))?;
        let words: Vec<String> = headers.iter().map(str::to_lowercase).collect();
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
        Ok(Self {
            text,
            counted: (0, 1),
            columns,
            reader,
        })
    }

    fn next(&mut self) -> Option<Result<Row<'_>, Problem>> {
        let mut record = StringRecord::new();
        let begin = self.reader.position().byte();
        let more = self.reader.read_record(&mut record);
        let line = self.line(begin);
        let file = self.columns.file.clone();
        let place = Place { file, line };
        match more {
            Ok(false) => None,
            Ok(true) => Some(Ok(Row {
                sheet: &self.columns,
                place,
                record,
            })),
            Err(error) => {
                let message = self.explain(&error);
                Some(Err(Problem { place, message }))
            }
        }
    }

    /// The line of the record that is read from this offset on. The reader's own count stands on the ends of lines and
    /// empty lines before the record.
    fn line(&mut self, offset: u64) -> u64 {
        let ends = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count() as u64;
        let (counted, line) = self.counted;
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let line = line + ends(self.text.get(counted..offset).unwrap_or_default());
        self.counted = (offset, line);
        let after = self.text.get(offset..).unwrap_or_default();
        let begin = after.trim_start_matches(['\r', '\n']).len();
        line + ends(&after[..after.len() - begin])
    }

    fn explain(&self, error: &csv::Error) -> String {
        match error.kind() {
            csv::ErrorKind::UnequalLengths { len, .. } => {
                let columns = self.columns.names.len();
                format!("the line has {len} fields, the first line names {columns} columns")
            }
            _ => error.to_string(),
        }
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
