//! Import of the organisation's directory from CSV or JSON: parse, check, compare, apply; all or nothing.
//!
//! A file says what the directory shall be for the units and people it names. [`read`] parses and checks it and lists
//! every bad line; [`compare`] holds it against what is stored and makes a plan and a printable [`Diff`]; the store
//! applies the plan in one transaction. The same file a second time changes nothing.
//!
//! **CSV** (UTF-8, comma or semicolon, first line names the columns, in any order; which file it is shows in them):
//! - units: `code` (the organisation's own key), `name`, `parent` (a code; empty at the top), `position` (a number).
//! - people: `login`, `name`, `units` (codes, separated by `;`), `roles` (agent, supervisor, admin, auditor;
//!   separated by `;`), `password` (an initial one: it counts only for people who are new), `avatar`.
//!
//! Only `code`, `login` and `name` are needed; other columns are refused by name. An absent optional column leaves
//! what is stored as it is; an empty field empties it.
//!
//! **JSON**: `{"units": [{"code", "name", "position", "units": [...], "people": [...]}], "people": [{"login", "name",
//! "units": ["code"], "roles": ["agent"], "password", "avatar"}]}`. Units and people may be nested in their unit; a
//! nested person is in that unit and in those of their `units`. The order of units is their position unless given.

pub(crate) mod check;
mod csv;
mod diff;
mod json;
mod plan;
pub(crate) mod records;
#[cfg(test)]
mod tests;

use std::fmt;

use webim_model::Roles;

pub use diff::{Change, Diff, Noun, Way};
pub(crate) use plan::takes_last_admin;
pub use plan::{Comparison, Missing, compare, readable_password};

/// Where something stands in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file's name as it was given.
    pub file: String,
    /// Line, counted from 1.
    pub line: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What, in one sentence.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// These lines are wrong, in the order of the files.
    #[error("{} in the directory's files; nothing was changed", problems(.0.len()))]
    Bad(Vec<Problem>),
    /// Nobody could administer the server any more.
    #[error("no active admin would be left; nothing was changed")]
    NoAdmin,
}

fn problems(count: usize) -> String {
    match count {
        1 => "there is 1 problem".to_owned(),
        count => format!("there are {count} problems"),
    }
}

/// A file's name and bytes.
pub struct Source<'a> {
    /// As it shall appear in problems.
    pub name: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
}

/// What the files say, checked: codes and logins are unique, every named unit is one of them or was stored before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectoryFile {
    /// Units; parents need not come first.
    pub units: Vec<UnitLine>,
    /// People.
    pub people: Vec<PersonLine>,
}

/// A unit as the file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitLine {
    /// Where.
    pub place: Place,
    /// The organisation's own key for it.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// The code of the unit it belongs to; none at the top. `None` outside: not said.
    pub parent: Option<Option<String>>,
    /// Its place among its siblings; `None`: not said.
    pub position: Option<i32>,
}

/// A person as the file has them.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonLine {
    /// Where.
    pub place: Place,
    /// What they sign in with, in lower case.
    pub login: String,
    /// What others call them.
    pub name: String,
    /// The codes of their units; `None`: not said.
    pub units: Option<Vec<String>>,
    /// What they may do; `None`: not said.
    pub roles: Option<Roles>,
    /// An initial password.
    pub password: Option<String>,
    /// Address of a picture; `None`: not said.
    pub avatar: Option<String>,
}

impl fmt::Debug for PersonLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the password.
        f.debug_struct("PersonLine")
            .field("place", &self.place)
            .field("login", &self.login)
            .field("name", &self.name)
            .field("units", &self.units)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

/// Parses the files, several CSV ones or JSON ones, into one directory; what begins with `{` is JSON. Lists every bad
/// line that can be found without knowing what is stored.
pub fn read(sources: &[Source<'_>]) -> Result<DirectoryFile, ImportError> {
    let mut problems = Vec::new();
    let mut file = DirectoryFile::default();
    for source in sources {
        match text(source) {
            Ok(text) if text.trim_start().starts_with('{') => {
                json::read(source.name, text, &mut file, &mut problems);
            }
            Ok(text) => csv::read(source.name, text, &mut file, &mut problems),
            Err(problem) => problems.push(problem),
        }
    }
    check::lines(&file, &mut problems);
    if problems.is_empty() {
        Ok(file)
    } else {
        Err(ImportError::Bad(problems))
    }
}

/// Checks a directory that was not read from files: each line, and what two lines say twice.
pub fn check(file: &DirectoryFile) -> Result<(), ImportError> {
    let mut problems = Vec::new();
    check::lines(file, &mut problems);
    if problems.is_empty() {
        Ok(())
    } else {
        Err(ImportError::Bad(problems))
    }
}

/// What a source says, without its mark of UTF-8.
pub(crate) fn text<'a>(source: &Source<'a>) -> Result<&'a str, Problem> {
    let bytes = source.bytes;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        Problem {
            place: Place {
                file: source.name.to_owned(),
                line: good.split(|byte| *byte == b'\n').count() as u64,
            },
            message: "the file is not UTF-8; save it as \"CSV UTF-8\"".to_owned(),
        }
    })
}

/// The role a file's word stands for, or what is wrong with it.
fn role(word: &str) -> Result<webim_model::Role, String> {
    webim_model::Role::parse(&word.to_lowercase()).ok_or_else(|| {
        let known: Vec<_> = webim_model::Role::ALL
            .iter()
            .map(|role| role.name())
            .collect();
        format!(
            "there is no role \"{word}\"; there are {}",
            known.join(", ")
        )
    })
}
