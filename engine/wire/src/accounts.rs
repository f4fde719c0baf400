//! Bodies about accounts: passwords, devices, programs with their tokens, and what administrators change of people.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::rest::{PersonItem, RoleName};

/// A new password in place of the old one.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutPassword {
    pub old: String,
    /// At least 8 characters (or as many as the server says) and 1,024 bytes at most; neither login nor name, nor one of
    /// the first that are tried.
    pub new: String,
}

/// A new password for somebody else.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// As in `PutPassword`.
    pub new: String,
}

/// The caller's sessions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Devices {
    /// The one used last first.
    pub items: Vec<Device>,
}

/// A session of the caller's: one sign-in on one device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Device {
    pub id: Uuid,
    /// What it called itself when it signed in; may be empty.
    pub device: String,
    /// In milliseconds since 1970, UTC, as all times.
    pub created_at: i64,
    /// When it was last used, to within an hour.
    pub seen_at: i64,
    /// When it ends unless it is used before.
    pub expires_at: i64,
    /// Whether it has a socket open now.
    pub online: bool,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// What a person sets for themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonSettings {
    /// Whether others may see when they were last here.
    pub show_last_seen: bool,
}

/// A person as one who looks at them alone sees them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonDetail {
    #[serde(flatten)]
    pub person: PersonItem,
    /// When they were last here, to within a minute. Absent while they are here, and where they hide or do not let it
    /// be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<i64>,
}

/// What a program with an API token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum ScopeName {
    /// Send messages to people, units and everyone.
    #[serde(rename = "messages:push")]
    MessagesPush,
    /// Read units and people.
    #[serde(rename = "directory:read")]
    DirectoryRead,
    /// Change units and people, and who is active.
    #[serde(rename = "directory:write")]
    DirectoryWrite,
}

impl From<webim_model::Scope> for ScopeName {
    fn from(scope: webim_model::Scope) -> Self {
        match scope {
            webim_model::Scope::MessagesPush => Self::MessagesPush,
            webim_model::Scope::DirectoryRead => Self::DirectoryRead,
            webim_model::Scope::DirectoryWrite => Self::DirectoryWrite,
        }
    }
}

impl From<ScopeName> for webim_model::Scope {
    fn from(scope: ScopeName) -> Self {
        match scope {
            ScopeName::MessagesPush => Self::MessagesPush,
            ScopeName::DirectoryRead => Self::DirectoryRead,
            ScopeName::DirectoryWrite => Self::DirectoryWrite,
        }
    }
}

impl From<RoleName> for webim_model::Role {
    fn from(role: RoleName) -> Self {
        match role {
            RoleName::Agent => Self::Agent,
            RoleName::Supervisor => Self::Supervisor,
            RoleName::Admin => Self::Admin,
            RoleName::Auditor => Self::Auditor,
        }
    }
}

/// All API tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ApiTokens {
    /// In the order in which they were made.
    pub items: Vec<ApiToken>,
}

/// An API token, without the token itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ApiToken {
    pub id: Uuid,
    /// What the program is called.
    pub name: String,
    pub scopes: Vec<ScopeName>,
    /// The administrator who made it.
    pub created_by: Uuid,
    pub created_at: i64,
    /// When it is worth nothing any more; null: when it is revoked.
    pub expires_at: Option<i64>,
    /// When it was last used, to within a minute; null: never.
    pub used_at: Option<i64>,
}

/// A new API token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostApiToken {
    /// What the program is called; one line of at most 100 characters.
    pub name: String,
    /// At least one.
    pub scopes: Vec<ScopeName>,
    /// When it is to be worth nothing any more; absent: when it is revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

/// The API token that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MadeApiToken {
    #[serde(flatten)]
    pub made: ApiToken,
    /// Give it as `Authorization: Bearer`. It is shown this once and kept nowhere.
    pub token: String,
}

/// Whether a person may sign in and be written to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutActive {
    pub active: bool,
}

/// What a person may do beyond chatting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutRoles {
    /// These and no other.
    pub roles: Vec<RoleName>,
}
