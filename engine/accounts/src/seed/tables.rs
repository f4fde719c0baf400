//! The predecessor's tables as CSV exports have them: which one a sheet is shows in its columns.

use csv::{StringRecord, Trim};
use webim_model::Millis;

use super::Rules;
use super::clock;
use super::questions::Question;
use crate::import::records::Records;
use crate::import::{Place, Problem, Source, text};

/// Where a row stands: the file by its number among all, and the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    file: usize,
    line: u64,
}

/// A unit (F_UNITINFO).
pub(super) struct Unit {
    pub at: At,
    pub code: String,
    pub name: String,
    pub parent: String,
    pub order: Option<i32>,
    pub valid: bool,
}

/// Somebody (F_USERINFO or F_WEB_IM_CUSTOMER).
pub(super) struct User {
    pub at: At,
    pub code: String,
    pub name: String,
    /// Empty: the code.
    pub login: String,
    pub valid: bool,
    pub picture: String,
    /// C, U, S or P; only a row of F_WEB_IM_CUSTOMER says it.
    pub kind: Option<char>,
}

/// Somebody is in a unit (F_USERUNIT).
pub(super) struct Membership {
    pub at: At,
    pub user: String,
    pub unit: String,
}

/// A message (F_WEB_IM_MESSAGE).
pub(super) struct Message {
    pub at: At,
    pub id: String,
    pub kind: String,
    pub sender: String,
    pub receiver: String,
    pub time: Millis,
    pub unread: bool,
    pub content: String,
}

/// How far somebody has read a unit's group (F_WEB_IM_GROUP_MEMBER).
pub(super) struct ReadUntil {
    pub user: String,
    pub unit: String,
    pub time: Millis,
}

/// All that the files hold, and what is wrong with them.
#[derive(Default)]
pub struct Tables {
    files: Vec<String>,
    pub(super) units: Vec<Unit>,
    pub(super) users: Vec<User>,
    pub(super) memberships: Vec<Membership>,
    /// Whether there is a sheet of memberships, with rows or not.
    pub(super) says_memberships: bool,
    pub(super) messages: Vec<Message>,
    pub(super) reads: Vec<ReadUntil>,
    /// Groups that people made by hand.
    pub(super) groups: u64,
    /// Questions and answers.
    pub(super) questions: Vec<Question>,
    /// Rows that cannot be read, in the order of the files.
    pub(super) problems: Vec<Problem>,
}

/// The tables that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Table {
    Units,
    Users,
    Customers,
    Memberships,
    Messages,
    GroupMembers,
    Groups,
    Questions,
}

const KNOWN: &str = "the first line names the columns of no table that is known: of F_UNITINFO (UNIT_CODE, UNIT_NAME), \
    F_USERINFO (USER_CODE, USER_NAME), F_USERUNIT (USER_CODE, UNIT_CODE), F_WEB_IM_CUSTOMER (USER_CODE, USER_TYPE), \
    F_WEB_IM_MESSAGE (MSG_ID, SENDER, RECEIVER, ...), F_WEB_IM_GROUP_MEMBER (USER_CODE, UNIT_CODE, LAST_PUST_TIME) or \
    F_QUESTION_AND_ANSWER (QUESTION_ID, QUESTION_TITLE, ...)";

impl Table {
    fn of(words: &[String]) -> Option<Self> {
        let has = |word: &str| words.iter().any(|other| other == word);
        let customer = has("user_code") && has("user_type") && has("os_id");
        Some(if has("msg_id") || (has("sender") && has("receiver")) {
            Self::Messages
        } else if has("unit_name") && !has("user_code") {
            Self::Units
        } else if customer || (has("user_type") && !has("user_name")) {
            Self::Customers
        } else if has("user_name") {
            Self::Users
        } else if has("last_pust_time") {
            Self::GroupMembers
        } else if has("user_code") && has("unit_code") {
            Self::Memberships
        } else if has("group_type") {
            Self::Groups
        } else if words.iter().any(|word| word.starts_with("question")) || has("answer") {
            Self::Questions
        } else {
            return None;
        })
    }

    /// The columns without which it cannot be read.
    fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Units => &["unit_code", "unit_name"],
            Self::Users => &["user_code", "user_name"],
            Self::Customers => &["user_code", "user_name", "user_type"],
            Self::Memberships => &["user_code", "unit_code"],
            Self::Messages => &[
                "msg_id",
                "msg_type",
                "sender",
                "receiver",
                "send_time",
                "content",
            ],
            Self::GroupMembers => &["user_code", "unit_code", "last_pust_time"],
            Self::Questions => &["question_id", "question_title"],
            Self::Groups => &[],
        }
    }
}

/// Reads all files. What is wrong with a sheet as a whole is an error; bad rows are collected.
pub(super) fn read(sources: &[Source<'_>], rules: &Rules) -> Result<Tables, Vec<Problem>> {
    let mut tables = Tables::default();
    let mut broken = Vec::new();
    for source in sources {
        tables.files.push(source.name.to_owned());
        let read = text(source).and_then(|text| tables.sheet(source.name, text, rules));
        broken.extend(read.err());
    }
    if broken.is_empty() {
        Ok(tables)
    } else {
        Err(broken)
    }
}

impl Tables {
    /// Where this is, for people.
    pub(super) fn place(&self, at: At) -> Place {
        Place {
            file: self.files.get(at.file).cloned().unwrap_or_default(),
            line: at.line,
        }
    }

    pub(super) fn problem(&self, at: At, message: impl Into<String>) -> Problem {
        Problem {
            place: self.place(at),
            message: message.into(),
        }
    }

    fn sheet(&mut self, file: &str, text: &str, rules: &Rules) -> Result<(), Problem> {
        let (mut records, words) = Records::open(file, text, Trim::Headers)?;
        let at_top = |message: String| Problem {
            place: Place {
                file: file.to_owned(),
                line: 1,
            },
            message,
        };
        let table = Table::of(&words).ok_or_else(|| at_top(KNOWN.to_owned()))?;
        for name in table.needs() {
            if !words.iter().any(|word| word == name) {
                let name = name.to_uppercase();
                return Err(at_top(format!("the column \"{name}\" is missing")));
            }
        }
        self.says_memberships |= table == Table::Memberships;
        let number = self.files.len() - 1;
        while let Some(next) = records.next() {
            let read = next.and_then(|(line, record)| {
                let at = At { file: number, line };
                let row = Row {
                    words: &words,
                    record,
                };
                let read = self.row(table, at, &row, rules);
                read.map_err(|message| self.problem(at, message))
            });
            self.problems.extend(read.err());
        }
        Ok(())
    }

    fn row(&mut self, table: Table, at: At, row: &Row<'_>, rules: &Rules) -> Result<(), String> {
        match table {
            Table::Units => self.units.push(row.unit(at)?),
            Table::Users => self.users.push(row.user(at, None)?),
            Table::Customers => {
                let kind = row.kind()?;
                self.users.push(row.user(at, Some(kind))?);
            }
            Table::Memberships => self.memberships.push(Membership {
                at,
                user: row.needed("user_code")?,
                unit: row.needed("unit_code")?,
            }),
            Table::Messages => self.messages.push(row.message(at, rules)?),
            Table::GroupMembers => self.reads.extend(row.read_until(rules)?),
            Table::Groups => self.groups += u64::from(row.field("group_type") == "G"),
            Table::Questions => self.questions.push(row.question(at, rules)?),
        }
        Ok(())
    }
}

/// A record under its sheet's columns.
pub(super) struct Row<'a> {
    words: &'a [String],
    record: StringRecord,
}

impl Row<'_> {
    /// A column as it stands; empty if there is none.
    pub(super) fn raw(&self, name: &str) -> &str {
        let index = self.words.iter().position(|word| word == name);
        index
            .and_then(|index| self.record.get(index))
            .unwrap_or_default()
    }

    /// A column without what stands for nothing in exports.
    pub(super) fn field(&self, name: &str) -> &str {
        match self.raw(name).trim() {
            "NULL" | "null" | "\\N" => "",
            text => text,
        }
    }

    pub(super) fn needed(&self, name: &str) -> Result<String, String> {
        match self.field(name) {
            "" => Err(format!("the {} is empty", name.to_uppercase())),
            text => Ok(text.to_owned()),
        }
    }

    fn valid(&self) -> Result<bool, String> {
        match self.field("is_valid") {
            "" | "T" | "t" => Ok(true),
            "F" | "f" => Ok(false),
            other => Err(format!("IS_VALID is T or F, not \"{other}\"")),
        }
    }

    fn unit(&self, at: At) -> Result<Unit, String> {
        let order = match self.field("unit_order") {
            "" => None,
            text => {
                let number = text.parse::<i32>();
                let number =
                    number.map_err(|_| format!("the UNIT_ORDER \"{text}\" is no whole number"));
                Some(number?)
            }
        };
        Ok(Unit {
            at,
            code: self.needed("unit_code")?,
            name: self.needed("unit_name")?,
            parent: self.field("parent_unit").to_owned(),
            order,
            valid: self.valid()?,
        })
    }

    fn kind(&self) -> Result<char, String> {
        match self.field("user_type") {
            "C" => Ok('C'),
            "U" => Ok('U'),
            "S" => Ok('S'),
            "P" => Ok('P'),
            other => Err(format!("the USER_TYPE is C, U, S or P, not \"{other}\"")),
        }
    }

    fn user(&self, at: At, kind: Option<char>) -> Result<User, String> {
        let code = self.needed("user_code")?;
        let name = match self.field("user_name") {
            "" => code.clone(),
            name => name.to_owned(),
        };
        Ok(User {
            at,
            name,
            login: self.field("login_name").to_owned(),
            valid: self.valid()?,
            picture: self.field("head_sculpture").to_owned(),
            kind,
            code,
        })
    }

    pub(super) fn time(&self, name: &str, rules: &Rules) -> Result<Millis, String> {
        let text = self.raw(name).trim();
        let time = clock::parse(text, rules.offset);
        let time = time.ok_or_else(|| {
            let name = name.to_uppercase();
            format!("the {name} \"{text}\" is no time such as 2021-03-04 05:06:07")
        })?;
        if time > rules.latest || time < Millis(0) {
            return Err(format!(
                "the time \"{text}\" is still to come, or before 1970"
            ));
        }
        Ok(time)
    }

    fn message(&self, at: At, rules: &Rules) -> Result<Message, String> {
        Ok(Message {
            at,
            id: self.needed("msg_id")?,
            kind: self.field("msg_type").to_owned(),
            sender: self.needed("sender")?,
            receiver: self.field("receiver").to_owned(),
            time: self.time("send_time", rules)?,
            unread: self.field("msg_state") == "U",
            content: self.raw("content").to_owned(),
        })
    }

    /// None for somebody who has never looked.
    fn read_until(&self, rules: &Rules) -> Result<Option<ReadUntil>, String> {
        if self.field("last_pust_time").is_empty() {
            return Ok(None);
        }
        Ok(Some(ReadUntil {
            user: self.needed("user_code")?,
            unit: self.needed("unit_code")?,
            time: self.time("last_pust_time", rules)?,
        }))
    }
}
