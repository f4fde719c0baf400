//! What a message says, as it stands in the table and on the wire: `kind` and `body`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use webim_model::{About, Body, MessageKind, Show};

/// Kind and body of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Payload {
    /// Plain text with LayIM's micro-markup, shown without running.
    Text(Text),
    /// A line of the system's own.
    System(Text),
    /// A picture to look at.
    Picture(Attachment),
    /// A file to download.
    File(Attachment),
    /// Something to listen to.
    Voice(Attachment),
    /// Something to watch.
    Video(Attachment),
    /// A title with a text, a link and a picture.
    Card(Card),
    /// The message that this one refers to says this now.
    Edit(Text),
    /// The message that this one refers to is taken back.
    Recall(Nothing),
    /// A sign beside the message that this one refers to.
    Reaction(Reaction),
    /// What remains of a message that was recalled.
    Recalled(Nothing),
    /// What remains of a message that was erased: too old by the operator's rules, or of a person who is forgotten.
    Erased(Nothing),
}

/// A body that is one text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Text {
    #[schema(value_type = String)]
    pub text: Arc<str>,
}

/// A body that says nothing beside its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Nothing {}

/// A file that is the whole message; its address is `/files/{file}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attachment {
    pub file: Uuid,
    #[schema(value_type = String)]
    pub name: Arc<str>,
    /// Its size.
    pub bytes: u64,
    /// Its media type, by content.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub media_type: Arc<str>,
    /// Of a picture, in pixels.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub width: u32,
    /// Of a picture, in pixels.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub height: u32,
    /// How long it plays, as its sender said.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seconds: u32,
}

/// Something to look at more closely elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Card {
    #[schema(value_type = String)]
    pub title: Arc<str>,
    #[schema(value_type = String)]
    #[serde(default)]
    pub text: Arc<str>,
    /// By http or https.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Arc<str>>,
    /// A picture's file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Uuid>,
}

/// A sign beside a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reaction {
    #[schema(value_type = String)]
    pub emoji: Arc<str>,
    /// Put there, or taken away.
    pub on: bool,
}

/// Whom a message wants to notice it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mention {
    /// Members of the conversation; at most 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Uuid>,
    /// All who are in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub everyone: bool,
}

/// Where a forwarded message was said first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Forwarded {
    /// Who said it; null for the system's own lines.
    pub sender: Option<Uuid>,
    /// When, in milliseconds since 1970, UTC.
    pub time: i64,
}

/// What stands in the body's column beside the body.
#[derive(Default, Serialize, Deserialize)]
struct Beside {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refers: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mention: Option<Mention>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    forwarded: Option<Forwarded>,
}

/// The body's column.
#[derive(Serialize, Deserialize)]
struct Column<B> {
    #[serde(flatten)]
    body: B,
    #[serde(flatten)]
    beside: Beside,
}

impl From<&Body> for Payload {
    fn from(body: &Body) -> Self {
        match body {
            Body::Text { text } => Self::Text(Text { text: text.clone() }),
            Body::System { text } => Self::System(Text { text: text.clone() }),
            Body::Edit { text } => Self::Edit(Text { text: text.clone() }),
            Body::Attachment(attachment) => {
                let shape = Attachment::from(&**attachment);
                match attachment.show {
                    Show::Picture => Self::Picture(shape),
                    Show::File => Self::File(shape),
                    Show::Voice => Self::Voice(shape),
                    Show::Video => Self::Video(shape),
                }
            }
            Body::Card(card) => Self::Card((&**card).into()),
            Body::Recall => Self::Recall(Nothing {}),
            Body::Reaction { emoji, on } => Self::Reaction(Reaction {
                emoji: emoji.clone(),
                on: *on,
            }),
            Body::Recalled => Self::Recalled(Nothing {}),
            Body::Erased => Self::Erased(Nothing {}),
        }
    }
}

impl From<Payload> for Body {
    fn from(payload: Payload) -> Self {
        let attached = |show, shape: Attachment| Self::Attachment(shape.into_model(show).into());
        match payload {
            Payload::Text(Text { text }) => Self::Text { text },
            Payload::System(Text { text }) => Self::System { text },
            Payload::Edit(Text { text }) => Self::Edit { text },
            Payload::Picture(shape) => attached(Show::Picture, shape),
            Payload::File(shape) => attached(Show::File, shape),
            Payload::Voice(shape) => attached(Show::Voice, shape),
            Payload::Video(shape) => attached(Show::Video, shape),
            Payload::Card(card) => Self::Card(webim_model::Card::from(card).into()),
            Payload::Recall(_) => Self::Recall,
            Payload::Reaction(Reaction { emoji, on }) => Self::Reaction { emoji, on },
            Payload::Recalled(_) => Self::Recalled,
            Payload::Erased(_) => Self::Erased,
        }
    }
}

/// The body column: JSON of the body and of what it carries; the kind is a column of its own.
pub fn store(body: &Body, about: &About) -> String {
    let json = match (body, about.is_empty()) {
        // Most of them by far, and the shortest way.
        (Body::Text { text } | Body::System { text }, true) => {
            serde_json::to_string(&Text { text: text.clone() })
        }
        _ => column(body, about),
    };
    json.expect("a body is always JSON")
}

fn column(body: &Body, about: &About) -> serde_json::Result<String> {
    fn with<B: Serialize>(body: B, about: &About) -> serde_json::Result<String> {
        let beside = about.into();
        serde_json::to_string(&Column { body, beside })
    }
    match body.into() {
        Payload::Text(text) | Payload::System(text) | Payload::Edit(text) => with(text, about),
        Payload::Picture(one) | Payload::File(one) | Payload::Voice(one) | Payload::Video(one) => {
            with(one, about)
        }
        Payload::Card(card) => with(card, about),
        Payload::Reaction(reaction) => with(reaction, about),
        Payload::Recall(nothing) | Payload::Recalled(nothing) | Payload::Erased(nothing) => {
            with(nothing, about)
        }
    }
}

/// A body from its two columns; an erased one is empty. `None` if they are not ones this version knows.
pub fn load(kind: &str, body: &str) -> Option<(Body, About)> {
    fn with<'a, B: Deserialize<'a>>(json: &'a str) -> Option<(B, About)> {
        let Column { body, beside } = serde_json::from_str(json).ok()?;
        Some((body, beside.into()))
    }
    let attached = |show| {
        let (shape, about) = with::<Attachment>(body)?;
        Some((Body::Attachment(shape.into_model(show).into()), about))
    };
    let kind = MessageKind::parse(kind)?;
    if body.is_empty() {
        return Some((Body::Erased, About::default()));
    }
    match kind {
        MessageKind::Text => words(body).map(|(text, about)| (Body::Text { text }, about)),
        MessageKind::System => words(body).map(|(text, about)| (Body::System { text }, about)),
        MessageKind::Edit => words(body).map(|(text, about)| (Body::Edit { text }, about)),
        MessageKind::Picture => attached(Show::Picture),
        MessageKind::File => attached(Show::File),
        MessageKind::Voice => attached(Show::Voice),
        MessageKind::Video => attached(Show::Video),
        MessageKind::Card => {
            let (card, about) = with::<Card>(body)?;
            Some((Body::Card(webim_model::Card::from(card).into()), about))
        }
        MessageKind::Recall => with::<Nothing>(body).map(|(_, about)| (Body::Recall, about)),
        MessageKind::Reaction => {
            let (Reaction { emoji, on }, about) = with(body)?;
            Some((Body::Reaction { emoji, on }, about))
        }
        MessageKind::Recalled | MessageKind::Erased => None,
    }
}

/// Text and what stands beside it, without the tree that `flatten` makes of it first.
fn words(json: &str) -> Option<(Arc<str>, About)> {
    #[derive(Deserialize)]
    struct Words {
        text: Arc<str>,
        #[serde(default)]
        refers: Option<u64>,
        #[serde(default)]
        mention: Option<Mention>,
        #[serde(default)]
        forwarded: Option<Forwarded>,
    }
    let words: Words = serde_json::from_str(json).ok()?;
    let beside = Beside {
        refers: words.refers,
        mention: words.mention,
        forwarded: words.forwarded,
    };
    Some((words.text, beside.into()))
}

impl Attachment {
    fn into_model(self, show: Show) -> webim_model::Attachment {
        webim_model::Attachment {
            show,
            file: self.file.into(),
            name: self.name,
            media_type: self.media_type,
            bytes: self.bytes,
            width: self.width,
            height: self.height,
            seconds: self.seconds,
        }
    }
}

impl From<&webim_model::Attachment> for Attachment {
    fn from(attachment: &webim_model::Attachment) -> Self {
        Self {
            file: attachment.file.0,
            name: attachment.name.clone(),
            bytes: attachment.bytes,
            media_type: attachment.media_type.clone(),
            width: attachment.width,
            height: attachment.height,
            seconds: attachment.seconds,
        }
    }
}

impl From<&webim_model::Card> for Card {
    fn from(card: &webim_model::Card) -> Self {
        Self {
            title: card.title.clone(),
            text: card.text.clone(),
            link: card.link.clone(),
            picture: card.picture.map(|file| file.0),
        }
    }
}

impl From<Card> for webim_model::Card {
    fn from(card: Card) -> Self {
        Self {
            title: card.title,
            text: card.text,
            link: card.link,
            picture: card.picture.map(Into::into),
        }
    }
}

impl From<&webim_model::Mention> for Mention {
    fn from(mention: &webim_model::Mention) -> Self {
        Self {
            people: mention.people.iter().map(|person| person.0).collect(),
            everyone: mention.everyone,
        }
    }
}

impl From<Mention> for webim_model::Mention {
    fn from(mention: Mention) -> Self {
        let mut people: Vec<_> = mention.people.into_iter().map(Into::into).collect();
        people.sort_unstable();
        people.dedup();
        Self {
            people,
            everyone: mention.everyone,
        }
    }
}

impl From<webim_model::Forwarded> for Forwarded {
    fn from(forwarded: webim_model::Forwarded) -> Self {
        Self {
            sender: forwarded.sender.map(|sender| sender.0),
            time: forwarded.time.0,
        }
    }
}

impl From<&About> for Beside {
    fn from(about: &About) -> Self {
        Self {
            refers: about.refers,
            mention: about.mention.as_deref().map(Into::into),
            forwarded: about.forwarded.map(Into::into),
        }
    }
}

impl From<Beside> for About {
    fn from(beside: Beside) -> Self {
        let forwarded = beside.forwarded.map(|forwarded| webim_model::Forwarded {
            sender: forwarded.sender.map(Into::into),
            time: webim_model::Millis(forwarded.time),
        });
        Self {
            refers: beside.refers,
            mention: beside.mention.map(|mention| Arc::new(mention.into())),
            forwarded,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
