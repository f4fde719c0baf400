//! The directory by the organisation's own keys: units by their code, people by what they sign in with.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::rest::RoleName;

/// What a unit shall be. What is left out stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutUnit {
    /// 1 to 100 characters, on one line.
    pub name: String,
    /// The code of the unit it belongs to; null: it stands at the top.
    #[serde(
        default,
        deserialize_with = "said",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    pub parent: Option<Option<String>>,
    /// Its place among its siblings, smallest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<i32>,
}

/// What a person shall be. What is left out stays as it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutPerson {
    /// 1 to 100 characters, on one line.
    pub name: String,
    /// The codes of all units they are in; none for an external expert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<Vec<String>>,
    /// What they may do; only administrators say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<RoleName>>,
    /// Address of a picture; empty: one is drawn from the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// A first password; it counts only for somebody who is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// What came of a change; the header `ETag` holds the version, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Changed {
    /// The unit or the person.
    pub id: Uuid,
    /// The directory's version now: the same as before if nothing changed.
    pub version: u64,
}

/// All of the directory, as it is imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WholeDirectory {
    pub version: u64,
    pub units: Vec<DirectoryUnit>,
    pub people: Vec<DirectoryPerson>,
}

/// A unit as it is imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DirectoryUnit {
    pub id: Uuid,
    pub code: String,
    pub name: String,
    /// The code of the unit it belongs to.
    pub parent: Option<String>,
    pub position: i32,
    pub active: bool,
}

/// A person as they are imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DirectoryPerson {
    pub id: Uuid,
    pub login: String,
    pub name: String,
    /// Codes.
    pub units: Vec<String>,
    pub roles: Vec<RoleName>,
    pub avatar: String,
    pub active: bool,
}

/// Null was said, which is not the same as nothing.
fn said<'de, T: Deserialize<'de>, D: Deserializer<'de>>(json: D) -> Result<Option<T>, D::Error> {
    T::deserialize(json).map(Some)
}
