//! The shapes that pages written for LayIM expect: `{code, msg, data}`, `code` 0 for success.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// LayIM's envelope.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Envelope<T> {
    /// 0 is success; anything else shows `msg`.
    pub code: i32,
    pub msg: String,
    pub data: Option<T>,
}

impl<T> Envelope<T> {
    /// Success with `data`.
    pub fn ok(data: T) -> Self {
        Self {
            code: 0,
            msg: String::new(),
            data: Some(data),
        }
    }
}

/// What the panel starts with.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Init {
    pub mine: Mine,
    pub friend: Vec<FriendGroup>,
    pub group: Vec<Group>,
}

/// The person at the panel.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Mine {
    pub id: Uuid,
    pub username: String,
    /// `online` or `hide`.
    pub status: String,
    pub sign: String,
    pub avatar: String,
}

/// A unit as a group of contacts. `parent` and `level` are ours: pages that do not know them show a flat list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FriendGroup {
    pub id: Uuid,
    pub groupname: String,
    pub parent: Option<Uuid>,
    /// 0 at the top.
    pub level: u32,
    pub list: Vec<Friend>,
}

/// A person in the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Friend {
    pub id: Uuid,
    pub username: String,
    pub avatar: String,
    pub sign: String,
    /// `online` or `offline`.
    pub status: String,
}

/// A unit's conversation as LayIM's group; its id is the unit's.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Group {
    pub id: Uuid,
    pub groupname: String,
    pub avatar: String,
}

/// The people of a group.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Members {
    pub members: u64,
    pub list: Vec<Friend>,
}

/// A picture that was uploaded.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UploadedImage {
    /// Its address, which holds no white space.
    pub src: String,
}

/// A file that was uploaded.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UploadedFile {
    /// Its address.
    pub src: String,
    /// Its name, cleaned for showing.
    pub name: String,
}

/// A line of a chat's log, as LayIM's page of it shows one. `cid`, `seq` and `system` are ours.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LogLine {
    /// Who said it; empty for the system's own lines.
    pub username: String,
    /// Their id; mine is `mine.id` of the panel. Null for the system's own lines.
    pub id: Option<Uuid>,
    pub avatar: String,
    /// Milliseconds since 1970, UTC.
    pub timestamp: i64,
    /// Text with LayIM's micro-markup.
    pub content: String,
    /// The message's id.
    pub cid: Uuid,
    /// Its number in the conversation: `before` of the page before this one.
    pub seq: u64,
    /// A line of the system's own.
    pub system: bool,
}

/// A page of LayIM's message box.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MessageBox {
    /// 0 is success; anything else shows `msg`.
    pub code: i32,
    pub msg: String,
    /// How many pages there are.
    pub pages: u64,
    /// Newest first.
    pub data: Vec<BoxLine>,
}

/// A line of the message box. Without `from` it is a notice of the system's, and nothing is to be agreed to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoxLine {
    pub id: Uuid,
    /// Plain text: whoever puts it into HTML escapes it.
    pub content: String,
    /// Whose box it is.
    pub uid: Uuid,
    pub from: Option<Uuid>,
    pub from_group: Option<Uuid>,
    /// 1, as LayIM's own pages have it.
    pub r#type: u8,
    pub remark: String,
    pub href: Option<String>,
    /// 1 if it was read.
    pub read: u8,
    /// When, for reading.
    pub time: String,
    pub user: Option<Friend>,
}

/// The line a person writes about themselves; `sign` of LayIM's event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// At most 100 characters, on one line; may be empty.
    pub sign: String,
}

/// The background of somebody's chats; both are empty for the plain one, as in LayIM's event `setSkin`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Skin {
    /// LayIM's name of it, such as `3.jpg`; at most 100 characters.
    #[serde(default)]
    pub filename: String,
    /// Its address, at most 500 characters: of this site, or with `https:`. What is drawn in the page is kept by its
    /// name alone.
    #[serde(default)]
    pub src: String,
}
