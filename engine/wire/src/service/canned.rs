//! Replies at hand.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A reply at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Canned {
    pub id: Uuid,
    /// What follows `/`; at most 64 characters, without spaces.
    pub shortcut: String,
    pub title: String,
    /// With `{{customer}}`, `{{agent}}` and `{{channel}}`; at most 5,000 characters.
    pub text: String,
    /// The caller's own; others are everybody's.
    pub mine: bool,
}

/// Everybody's and the caller's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CannedList {
    pub items: Vec<Canned>,
}

/// A reply to keep at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutCanned {
    pub shortcut: String,
    #[serde(default)]
    pub title: String,
    pub text: String,
    /// For everybody: supervisors and administrators only.
    #[serde(default)]
    pub shared: bool,
}
