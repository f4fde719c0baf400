//! What a search answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::rest::PersonItem;
use crate::server::Message;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchIn {
    Messages,
    Files,
    People,
}

/// A page of what was found, the best first. Spans are pairs of character offsets (Unicode scalar values), from the
/// first character to the one after the last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SearchResults {
    pub messages: Vec<FoundMessage>,
    pub files: Vec<FoundFile>,
    pub people: Vec<FoundPerson>,
    /// Give it as `after` for the next page, with the same question; null on the last.
    pub next: Option<String>,
}

/// A message, and the part of it to show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FoundMessage {
    pub item: Message,
    /// What to highlight in `shown`.
    pub spans: Vec<[u32; 2]>,
    /// A part of what it says, without markup.
    pub shown: String,
}

/// A file that a message shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FoundFile {
    pub conversation: Uuid,
    pub seq: u64,
    pub message: Uuid,
    /// Its address is `/files/{file}`.
    pub file: Uuid,
    pub name: String,
    /// What to highlight in `name`.
    pub spans: Vec<[u32; 2]>,
    /// When it was shown, in milliseconds since 1970, UTC.
    pub time: i64,
    pub sender: Option<Uuid>,
}

/// A person of the directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FoundPerson {
    pub person: PersonItem,
    /// What to highlight in the name; nothing where they were found by login or pinyin.
    pub spans: Vec<[u32; 2]>,
}
