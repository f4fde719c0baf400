//! Search: what is kept of every message's words, and who finds which of them.
//!
//! The index runs behind the commit. A message costs its sender nothing; [`crate::Store::index`] reads what is stored in the
//! order of its numbers, and one transaction writes the postings and how far they go, so that a process that dies in
//! between loses nothing and doubles nothing.
//!
//! Postings lie in segments of a *scope*: a person's, which has all their direct conversations, or that of one
//! conversation of another kind. Whoever asks has a handful of scopes, so what a question costs depends on what the
//! caller may read and not on what the organisation has said. Membership and `from_seq` are asked again by the query
//! that reads the messages.

mod change;
mod find;
mod found;
mod index;
mod searchable;
mod segments;
mod write;

use uuid::Uuid;
use webim_model::{ConversationId, ConversationKind, PersonId};

pub use find::Asked;
pub use found::FoundFile;
pub use index::Progress;
pub use searchable::{Effect, effect, searchable};

/// Whose segments they are.
pub(crate) type Scope = Uuid;

/// Where the messages of a conversation are kept: with the two people of a direct one, with itself otherwise.
pub(crate) fn scopes(
    conversation: ConversationId,
    kind: ConversationKind,
    direct_key: Option<[u8; 32]>,
) -> Vec<Scope> {
    match (kind, direct_key) {
        (ConversationKind::Direct, Some(key)) => {
            let (one, other) = key.split_at(16);
            let person = |bytes: &[u8]| Uuid::from_slice(bytes).ok().map(PersonId);
            [one, other]
                .into_iter()
                .filter_map(person)
                .map(|person| person.0)
                .collect()
        }
        _ => vec![conversation.0],
    }
}
