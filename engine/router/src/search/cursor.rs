//! Where a page of results ends, as a text that the caller hands back.

use std::fmt::Write as _;

use uuid::Uuid;
use webim_model::{MessageId, Millis, Refusal};

use crate::Nay;

/// What decides the place of a hit: the greater comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub score: u64,
    pub time: Millis,
    pub message: MessageId,
    /// Of a file; a message can show several.
    pub file: Uuid,
}

impl Place {
    /// Before every hit.
    pub const BEST: Self = Self {
        score: u64::MAX,
        time: Millis(i64::MAX),
        message: MessageId(Uuid::max()),
        file: Uuid::max(),
    };
}

/// Where the next page begins: for each kind the last hit of this page, none where there is no more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// When the first page was asked for.
    pub until: Millis,
    pub messages: Option<Place>,
    pub files: Option<Place>,
    /// How many people were on the pages before.
    pub people: Option<usize>,
}

impl Cursor {
    /// As the caller gets it; none where there is nothing more.
    pub fn encode(&self) -> Option<String> {
        if self.messages.is_none() && self.files.is_none() && self.people.is_none() {
            return None;
        }
        let mut text = self.until.0.to_string();
        for place in [self.messages, self.files] {
            match place {
                None => text.push('~'),
                Some(place) => {
                    let Place {
                        score,
                        time: Millis(time),
                        message,
                        file,
                    } = place;
                    write!(text, "~{score}.{time}.{message}.{file}")
                        .expect("writing to a string never fails");
                }
            }
        }
        text.push('~');
        if let Some(people) = self.people {
            text.push_str(&people.to_string());
        }
        Some(text)
    }

    /// A cursor as the caller hands it back; refused with `bad_field`.
    pub fn parse(text: &str) -> Result<Self, Nay> {
        read(text).ok_or_else(|| Nay::because(Refusal::BadField, "after: not a cursor of a search"))
    }
}

fn read(text: &str) -> Option<Cursor> {
    let mut parts = text.split('~');
    let until = Millis(parts.next()?.parse().ok()?);
    let messages = optional(parts.next()?, place)?;
    let files = optional(parts.next()?, place)?;
    let people = optional(parts.next()?, |skip| skip.parse().ok())?;
    parts.next().is_none().then_some(Cursor {
        until,
        messages,
        files,
        people,
    })
}

#[expect(clippy::option_option, reason = "absent, or wrong")]
fn optional<T>(part: &str, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    if part.is_empty() {
        return Some(None);
    }
    read(part).map(Some)
}

fn place(part: &str) -> Option<Place> {
    let mut parts = part.split('.');
    let place = Place {
        score: parts.next()?.parse().ok()?,
        time: Millis(parts.next()?.parse().ok()?),
        message: MessageId(Uuid::try_parse(parts.next()?).ok()?),
        file: Uuid::try_parse(parts.next()?).ok()?,
    };
    parts.next().is_none().then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_handed_back_is_what_was_given() {
        let place = Place {
            score: 7,
            time: Millis(1_790_000_000_000),
            message: MessageId(Uuid::from_u128(5)),
            file: Uuid::nil(),
        };
        for (messages, files, people) in [
            (Some(place), None, None),
            (None, Some(Place::BEST), Some(20)),
            (Some(place), Some(place), Some(0)),
        ] {
            let cursor = Cursor {
                until: Millis(9),
                messages,
                files,
                people,
            };
            let text = cursor.encode().unwrap();
            assert!(
                text.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-.~".contains(&b))
            );
            assert_eq!(Cursor::parse(&text), Ok(cursor));
        }
        assert_eq!(Cursor::default().encode(), None);
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in [
            "",
            "1",
            "1~~",
            "x~~~",
            "1~~~~",
            "1~1.2~~",
            "1~~~-1",
            "1~1.2.x.y~~",
        ] {
            let refused = Cursor::parse(text).unwrap_err();
            assert_eq!(refused.refusal, Refusal::BadField, "{text}");
        }
    }
}
