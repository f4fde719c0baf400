//! One message's journey: command in, events out; and the queries that change nothing.
//!
//! The router authorises, runs the hooks, hands messages to the store's committer and, once they are committed,
//! acknowledges and fans them out. It knows neither HTTP nor sockets: the gateway gives it parsed frames and takes
//! encoded ones from a [`Live`] connection's queue.

mod amend;
mod config;
mod directory;
mod drafts;
mod durable;
mod files;
mod fold;
mod hello;
mod incoming;
mod journey;
mod live;
mod mailbox;
mod marks;
mod msgbox;
mod nay;
mod ops;
mod pace;
mod panel;
mod panel_log;
mod push;
mod queries;
mod recent;
mod reply;
mod resume;
mod rooms;
mod router;
mod said;
mod say;
mod search;
mod seen;
mod service;
mod settle;
mod shown;
mod skins;
mod sweep;

pub use config::RouterConfig;
pub use files::{FileRules, Files};
pub use incoming::Incoming;
pub use journey::HOOKS_TOPIC;
pub use live::{Live, Pulled};
pub use nay::Nay;
pub use ops::Pacing;
pub use panel_log::Chat;
pub use push::Program;
pub use queries::cursor as conversations_cursor;
pub use router::{Parts, Router, Running};
pub use search::SearchFor;
pub use service::{Arrived, Channel, Door, Language, Newcomer, ServedAsk};

use webim_model::{PersonId, PersonKind, Roles, SessionId};

/// Who asks: always from the session, never from what was sent.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub person: PersonId,
    /// What they are to the organisation.
    pub kind: PersonKind,
    /// Under which sign-in.
    pub session: SessionId,
    /// What they may do.
    pub roles: Roles,
}

/// Which part of a conversation's history is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The newest messages.
    Newest,
    /// Those just before this number.
    Before(u64),
    /// Those just after this number.
    After(u64),
}
