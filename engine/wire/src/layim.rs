//! The shapes that pages written for LayIM expect: `{code, msg, data}`, `code` 0 for success.

use serde::Serialize;
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

/// A page of what the system told the person at the panel: LayIM's message box, whose `pages` stands beside `data`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MessageBox {
    /// 0 is success; anything else shows `msg`.
    pub code: i32,
    pub msg: String,
    /// How many pages there are.
    pub pages: u64,
    /// Newest first.
    pub data: Vec<BoxItem>,
}

/// A line of the message box. `from` is null: it is a notice, and asks for no answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoxItem {
    pub id: Uuid,
    /// Escaped: pages written for LayIM put it into their HTML as it is.
    pub content: String,
    /// Whom it was told.
    pub uid: Uuid,
    pub from: Option<Uuid>,
    pub from_group: Option<Uuid>,
    /// Always 1.
    #[serde(rename = "type")]
    pub kind: u8,
    pub remark: Option<String>,
    /// Where a card leads.
    pub href: Option<String>,
    /// 1 once it was read, else 0.
    pub read: u8,
    /// In milliseconds since 1970, UTC.
    pub time: i64,
    pub user: BoxUser,
}

/// Who is behind a line of the message box: nobody.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct BoxUser {
    pub id: Option<Uuid>,
}
