//! The predecessor's messages as conversations of ours, each in the order in which it was held.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};
use uuid::Uuid;
use webim_model::{Body, BodyError, ClientId, Millis, PersonId, UnitId};

use super::Rules;
use super::content;
use super::people::{Names, key};
use super::tables::{Message, Tables};
use crate::import::Problem;

/// What the names of imported messages are made under; never to change, or a second run would store all again.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f1d_2c58_93ab_5e07_b4c1_8a70_d93e_5f26);

/// Why a message is not imported, which is no mistake of anybody's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Neither between two users nor to a unit.
    Kind(String),
    /// One of the two is a customer.
    Customer,
    /// One of the two is the robot or the system.
    System,
    /// Its group is no unit.
    Group,
    /// Its receiver is its sender.
    Oneself,
    /// Its content holds no text.
    NoText,
    /// Its text is longer than the limit.
    TooLong,
    /// Its text cannot be stored.
    Nul,
    /// The database takes it not.
    Refused,
    /// The very same row stands in the files before.
    Twice,
    /// Its conversation has gone on here: history cannot be put in before.
    Held,
}

impl Reason {
    /// The word for machines.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Kind(_) => "kind",
            Self::Customer => "customer",
            Self::System => "system",
            Self::Group => "group",
            Self::Oneself => "oneself",
            Self::NoText => "no_text",
            Self::TooLong => "too_long",
            Self::Nul => "nul",
            Self::Refused => "refused",
            Self::Twice => "twice",
            Self::Held => "held",
        }
    }

    /// For people.
    pub fn sentence(&self) -> String {
        let text = match self {
            Self::Kind(kind) => return format!("of type \"{kind}\", which has no place here"),
            Self::Customer => "with customers, who come with a later version",
            Self::System => "of the robot or the system",
            Self::Group => "to groups that are no units; groups made by hand have no place here",
            Self::Oneself => "to oneself",
            Self::NoText => "without a text",
            Self::TooLong => "longer than limits.text_chars allows",
            Self::Nul => "with a character that cannot be stored",
            Self::Refused => "which the database refused",
            Self::Twice => "that stand in the files twice",
            Self::Held => {
                "of conversations that have gone on here: history cannot be put in before"
            }
        };
        text.to_owned()
    }
}

/// Whose conversation it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Between {
    /// Two people's, the smaller id first.
    Two(PersonId, PersonId),
    /// A unit's.
    Unit(UnitId),
}

/// One message to come.
pub(super) struct Line {
    pub id: String,
    pub sender: PersonId,
    pub client_id: ClientId,
    pub time: Millis,
    pub body: Body,
    pub fingerprint: [u8; 16],
    /// The receiver has not seen it.
    pub unread: bool,
}

/// One conversation to come, in order.
pub(super) struct Talk {
    pub between: Between,
    pub lines: Vec<Line>,
}

/// All that was said.
#[derive(Default)]
pub(super) struct Talks {
    pub all: Vec<Talk>,
    /// How far somebody has read a unit's conversation.
    pub reads: HashMap<(UnitId, PersonId), Millis>,
    pub left_out: BTreeMap<Reason, u64>,
    /// Single messages that are left out and that somebody may want to look at.
    pub reported: Vec<Problem>,
    pub problems: Vec<Problem>,
}

/// Sorts the messages by conversation. Takes them out of the tables: their texts are held once.
pub(super) fn sort(tables: &mut Tables, names: &Names, rules: &Rules) -> Talks {
    let mut talks = Talks::default();
    let mut sorted: BTreeMap<Between, Vec<Line>> = BTreeMap::new();
    let mut seen: HashMap<ClientId, [u8; 32]> = HashMap::new();
    for message in std::mem::take(&mut tables.messages) {
        let client_id = ClientId(Uuid::new_v5(&NAMESPACE, message.id.as_bytes()));
        let digest = message.digest();
        if let Some(before) = seen.insert(client_id, digest) {
            if before == digest {
                talks.leave_out(Reason::Twice);
            } else {
                let told = format!("another message has the MSG_ID \"{}\"", message.id);
                talks.problems.push(tables.problem(message.at, told));
            }
            continue;
        }
        match between(&message, names)
            .and_then(|(between, sender)| Ok((between, message.line(sender, client_id, rules)?)))
        {
            Ok((between, line)) => sorted.entry(between).or_default().push(line),
            Err(Not::Here(reason)) => {
                if matches!(reason, Reason::NoText | Reason::TooLong | Reason::Nul) {
                    let told = format!("left out: a message {}", reason.sentence());
                    talks.reported.push(tables.problem(message.at, told));
                }
                talks.leave_out(reason);
            }
            Err(Not::Right(told)) => talks.problems.push(tables.problem(message.at, told)),
        }
    }
    for (between, mut lines) in sorted {
        lines.sort_by(|a, b| (a.time, &a.id).cmp(&(b.time, &b.id)));
        talks.all.push(Talk { between, lines });
    }
    for read in &tables.reads {
        let unit = names.units.get(&key(&read.unit));
        if let (Some(unit), Some(person)) = (unit, names.people.get(&key(&read.user))) {
            let until = talks.reads.entry((*unit, *person)).or_insert(read.time);
            *until = read.time.max(*until);
        }
    }
    talks
}

/// Why a message becomes none of ours.
enum Not {
    /// It is right and has no place here.
    Here(Reason),
    /// It is wrong.
    Right(String),
}

impl Talks {
    pub fn leave_out(&mut self, reason: Reason) {
        *self.left_out.entry(reason).or_default() += 1;
    }
}

fn between(message: &Message, names: &Names) -> Result<(Between, PersonId), Not> {
    match message.kind.as_str() {
        "C" => {
            let sender = somebody("sender", &message.sender, names)?;
            let receiver = somebody("receiver", &message.receiver, names)?;
            if sender == receiver {
                return Err(Not::Here(Reason::Oneself));
            }
            let two = Between::Two(sender.min(receiver), sender.max(receiver));
            Ok((two, sender))
        }
        "G" => {
            let Some(unit) = names.units.get(&key(&message.receiver)) else {
                return Err(Not::Here(Reason::Group));
            };
            let sender = somebody("sender", &message.sender, names)?;
            Ok((Between::Unit(*unit), sender))
        }
        other => Err(Not::Here(Reason::Kind(other.to_owned()))),
    }
}

fn somebody(what: &str, code: &str, names: &Names) -> Result<PersonId, Not> {
    let wanted = key(code);
    if let Some(person) = names.people.get(&wanted) {
        return Ok(*person);
    }
    Err(if names.customers.contains(&wanted) {
        Not::Here(Reason::Customer)
    } else if matches!(wanted.as_str(), "robot" | "system") {
        Not::Here(Reason::System)
    } else {
        Not::Right(format!("nobody has the code \"{code}\" of the {what}"))
    })
}

impl Message {
    fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for part in [&self.kind, &self.sender, &self.receiver, &self.content] {
            hash.update(part.len().to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.update(self.time.0.to_be_bytes());
        hash.finalize().into()
    }

    fn line(&self, sender: PersonId, client_id: ClientId, rules: &Rules) -> Result<Line, Not> {
        let text = content::text(&self.content).ok_or(Not::Here(Reason::NoText))?;
        let body = Body::text(&text, &rules.limits).map_err(|error| {
            Not::Here(match error {
                BodyError::TooLong => Reason::TooLong,
                BodyError::Nul => Reason::Nul,
                BodyError::Empty | BodyError::Emoji | BodyError::Card => Reason::NoText,
            })
        })?;
        Ok(Line {
            id: self.id.clone(),
            sender,
            client_id,
            time: self.time,
            fingerprint: fingerprint(&body),
            body,
            unread: self.unread,
        })
    }
}

/// As if it had been sent here.
fn fingerprint(body: &Body) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(body.kind().name());
    hash.update([0]);
    hash.update(body.words());
    let digest: [u8; 32] = hash.finalize().into();
    let mut short = [0; 16];
    short.copy_from_slice(&digest[..16]);
    short
}
