//! What a message says: parsed once at the door, so that nothing inside has to check it again.

use std::sync::Arc;

use crate::{FileId, Limits, Refusal};

/// Characters of a card's title, at most.
const TITLE: usize = 200;
/// Characters of a link, at most.
const LINK: usize = 2_000;
/// Bytes of a reaction, at most: the longest emoji there is, of a family with skin tones, takes 41.
const EMOJI: usize = 64;

/// The kinds of message, which is what `kind` says on the wire and in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// Plain text, with LayIM's micro-markup inside.
    Text,
    /// A line of the system's own.
    System,
    /// A picture to look at.
    Picture,
    /// A file to download.
    File,
    /// Something said aloud.
    Voice,
    /// Something to watch.
    Video,
    /// A title with a text, a link and a picture.
    Card,
    /// What an earlier message says now.
    Edit,
    /// That an earlier message is taken back.
    Recall,
    /// A sign beside an earlier message.
    Reaction,
    /// What remains of a message for its readers once it was recalled; never stored.
    Recalled,
    /// What remains of a message once it was erased; its row says which kind it was.
    Erased,
}

impl MessageKind {
    /// All that are stored.
    pub const ALL: [Self; 10] = [
        Self::Text,
        Self::System,
        Self::Picture,
        Self::File,
        Self::Voice,
        Self::Video,
        Self::Card,
        Self::Edit,
        Self::Recall,
        Self::Reaction,
    ];

    /// The word in tables and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::System => "system",
            Self::Picture => "picture",
            Self::File => "file",
            Self::Voice => "voice",
            Self::Video => "video",
            Self::Card => "card",
            Self::Edit => "edit",
            Self::Recall => "recall",
            Self::Reaction => "reaction",
            Self::Recalled => "recalled",
            Self::Erased => "erased",
        }
    }

    /// The kind with this name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether others see it as unread until they have read it.
    pub fn counts(self) -> bool {
        matches!(
            self,
            Self::Text | Self::Picture | Self::File | Self::Voice | Self::Video | Self::Card
        )
    }

    /// Whether it changes an earlier message instead of saying something of its own.
    pub fn amends(self) -> bool {
        matches!(self, Self::Edit | Self::Recall | Self::Reaction)
    }
}

/// How an attached file is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Show {
    /// As a picture.
    Picture,
    /// As a file to download.
    File,
    /// As something to listen to.
    Voice,
    /// As something to watch.
    Video,
}

impl Show {
    /// The kind of a message that shows a file like this.
    #[must_use]
    pub fn kind(self) -> MessageKind {
        match self {
            Self::Picture => MessageKind::Picture,
            Self::File => MessageKind::File,
            Self::Voice => MessageKind::Voice,
            Self::Video => MessageKind::Video,
        }
    }
}

/// A file that is the whole message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// How it is shown.
    pub show: Show,
    /// Which file.
    pub file: FileId,
    /// Its name, cleaned for showing.
    pub name: Arc<str>,
    /// Its media type, by content.
    pub media_type: Arc<str>,
    /// Its size.
    pub bytes: u64,
    /// Of a picture, in pixels; 0 for others.
    pub width: u32,
    /// Of a picture, in pixels; 0 for others.
    pub height: u32,
    /// How long it plays, as its sender says; 0 where that is not known.
    pub seconds: u32,
}

/// Something to look at more closely elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// 1 to 200 characters.
    pub title: Arc<str>,
    /// May be empty.
    pub text: Arc<str>,
    /// An http or https address, if any.
    pub link: Option<Arc<str>>,
    /// An uploaded picture, if any.
    pub picture: Option<FileId>,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Plain text.
    Text {
        /// As typed; shown as text, never run.
        text: Arc<str>,
    },
    /// A line of the system's own.
    System {
        /// Already in the organisation's language.
        text: Arc<str>,
    },
    /// A picture, a file, a voice or a video.
    Attachment(Arc<Attachment>),
    /// A card.
    Card(Arc<Card>),
    /// The message that this one refers to says this now.
    Edit {
        /// As typed.
        text: Arc<str>,
    },
    /// The message that this one refers to is taken back.
    Recall,
    /// A sign beside the message that this one refers to.
    Reaction {
        /// Which sign: an emoji.
        emoji: Arc<str>,
        /// Put there, or taken away.
        on: bool,
    },
    /// What readers get of a message that was recalled; never stored.
    Recalled,
    /// What is left of a message that was erased.
    Erased,
}

/// Why a text is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// Nothing but white space.
    Empty,
    /// More than [`Limits::text_chars`] characters (combining marks count one each) or four bytes for each.
    TooLong,
    /// It holds U+0000, which not every database can keep.
    Nul,
    /// A reaction that is not one sign.
    Emoji,
    /// A card's title or link that cannot be one.
    Card,
}

impl From<BodyError> for Refusal {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::Empty => Self::TextEmpty,
            BodyError::TooLong => Self::TextTooLong,
            BodyError::Nul => Self::TextInvalid,
            BodyError::Emoji => Self::EmojiInvalid,
            BodyError::Card => Self::CardInvalid,
        }
    }
}

impl Body {
    /// A text within `limits`, or why it is refused.
    pub fn text(text: &str, limits: &Limits) -> Result<Self, BodyError> {
        check(text, limits)?;
        Ok(Self::Text { text: text.into() })
    }

    /// What a message is to say instead, under the rules of a text.
    pub fn edit(text: &str, limits: &Limits) -> Result<Self, BodyError> {
        check(text, limits)?;
        Ok(Self::Edit { text: text.into() })
    }

    /// A reaction: one emoji, no letter, digit or space.
    pub fn reaction(emoji: &str, on: bool) -> Result<Self, BodyError> {
        let plain = |c: char| c.is_alphanumeric() || c.is_control() || c.is_whitespace();
        if emoji.is_empty() || emoji.len() > EMOJI || emoji.is_ascii() || emoji.contains(plain) {
            return Err(BodyError::Emoji);
        }
        Ok(Self::Reaction {
            emoji: emoji.into(),
            on,
        })
    }

    /// A card: a title of 1 to 200 characters, a text within `limits`, a link by http or https.
    pub fn card(card: Card, limits: &Limits) -> Result<Self, BodyError> {
        let link = card.link.as_deref().unwrap_or("https://");
        let wanted = ["http://", "https://"]
            .iter()
            .any(|scheme| link.starts_with(scheme));
        let strange = |c: char| c.is_control() || c.is_whitespace();
        if !wanted || link.chars().count() > LINK || link.contains(strange) {
            return Err(BodyError::Card);
        }
        if card.title.chars().count() > TITLE || card.title.trim().is_empty() {
            return Err(BodyError::Card);
        }
        check(&card.title, limits)?;
        match check(&card.text, limits) {
            Ok(()) | Err(BodyError::Empty) => Ok(Self::Card(card.into())),
            Err(error) => Err(error),
        }
    }

    /// Which kind it is.
    pub fn kind(&self) -> MessageKind {
        match self {
            Self::Text { .. } => MessageKind::Text,
            Self::System { .. } => MessageKind::System,
            Self::Attachment(attachment) => attachment.show.kind(),
            Self::Card(_) => MessageKind::Card,
            Self::Edit { .. } => MessageKind::Edit,
            Self::Recall => MessageKind::Recall,
            Self::Reaction { .. } => MessageKind::Reaction,
            Self::Recalled => MessageKind::Recalled,
            Self::Erased => MessageKind::Erased,
        }
    }

    /// The words in it: what a line of a list shows and what is searched. Of a file, its name.
    pub fn words(&self) -> &str {
        match self {
            Self::Text { text } | Self::System { text } | Self::Edit { text } => text,
            Self::Attachment(attachment) => &attachment.name,
            Self::Card(card) => &card.title,
            Self::Reaction { emoji, .. } => emoji,
            Self::Recall | Self::Recalled | Self::Erased => "",
        }
    }
}

/// Whether a text is within `limits`.
fn check(text: &str, limits: &Limits) -> Result<(), BodyError> {
    // Bytes first: counting the characters of a text that is far too long would be work for nothing.
    if text.len() > limits.text_chars.saturating_mul(4) || text.chars().count() > limits.text_chars
    {
        return Err(BodyError::TooLong);
    }
    if text.contains('\0') {
        return Err(BodyError::Nul);
    }
    if text.chars().all(char::is_whitespace) {
        return Err(BodyError::Empty);
    }
    Ok(())
}
