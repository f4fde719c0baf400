//! Customer service on the wire: the moves of customers and agents, what they are told, and the lists they read.

pub mod command;
pub mod event;
pub mod rest;
pub mod stored;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::channel::words;

/// Whether an agent takes work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkStateName {
    /// Takes new customers.
    Ready,
    /// Serves those they have.
    Occupied,
    Break,
    /// Finishing what a closed visit left to do.
    WrapUp,
}

/// How much of what was said before a newcomer's view opens with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HistoryName {
    #[default]
    All,
    /// This visit.
    Visit,
    /// What comes from now on.
    None,
}

/// What an entry of the side stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SideKindName {
    Note,
    Whisper,
    Receipt,
    Transfer,
    System,
    Robot,
}

/// Who must answer a service conversation now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HolderName {
    Robot,
    Queue,
    Agent,
    Nobody,
}

/// Somebody as a customer may know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Face {
    pub id: Uuid,
    pub name: String,
    /// Address of a picture; drawn from the name where the person gave none.
    pub avatar: String,
}

words! {
    WorkStateName = WorkState { Ready Occupied Break WrapUp }
    SideKindName = SideKind { Note Whisper Receipt Transfer System Robot }
}

impl From<HistoryName> for webim_model::HistoryShown {
    fn from(name: HistoryName) -> Self {
        match name {
            HistoryName::All => Self::All,
            HistoryName::Visit => Self::Visit,
            HistoryName::None => Self::Nothing,
        }
    }
}

impl From<webim_model::Holder> for HolderName {
    fn from(holder: webim_model::Holder) -> Self {
        match holder {
            webim_model::Holder::Robot => Self::Robot,
            webim_model::Holder::Queue => Self::Queue,
            webim_model::Holder::Agent(_) => Self::Agent,
            webim_model::Holder::Nobody => Self::Nobody,
        }
    }
}
