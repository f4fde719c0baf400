//! The only SQL: people and directory, sessions, conversations and history, and the committer through which every
//! message goes.
//!
//! One set of statements serves SQLite, PostgreSQL and MariaDB; where they differ, `sql` knows. What is read here
//! is what was committed: callers cache, this crate does not. Times are milliseconds, "not found" is `None`, and no
//! error carries text from a row.

mod amendments;
mod api_tokens;
mod chain;
pub mod commit;
pub mod conversations;
pub mod directory;
mod drafts;
mod erase;
mod error;
mod files;
mod history;
mod knowledge;
pub mod lease;
mod link;
mod lists;
pub mod marks;
mod notices;
pub mod outbox;
mod people;
mod person_settings;
mod ranges;
mod rows;
pub mod search;
pub mod service;
pub mod sessions;
mod settings;
mod skins;
mod sql;
mod store;
pub mod verify;

pub use amendments::Amendment;
pub use api_tokens::ApiTokenRow;
pub use commit::{
    Committer, CommitterConfig, CommitterTask, NewMessage, OutboxEntry, Outcome, Settled, Sink,
    Stored, TrySubmit,
};
pub use conversations::{ConversationRow, ConversationState, MemberRow};
pub use directory::account::{AccountErasure, AccountParts};
pub use directory::rules::DirectoryRules;
pub use directory::{
    DirectoryPlan, DirectorySnapshot, NewPerson, PersonRecord, UnitRecord, UnitRow,
};
pub use drafts::DraftRow;
pub use erase::{Erase, Step};
pub use error::StoreError;
pub use files::FileRow;
pub use history::Page;
pub use knowledge::{KbEntry, KbKept, KbRow};
pub use lists::{HeadRow, ListRow};
pub use marks::{Mark, Moved};
pub use notices::NoticeRow;
pub use ranges::Range;
pub use sessions::SessionRow;
pub use skins::SkinRow;
pub use store::{Backend, Store, StoreConfig};
