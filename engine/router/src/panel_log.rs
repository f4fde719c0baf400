//! What LayIM's own pages ask for beside its panel: the log of a chat, and the line that people write about themselves.

use webim_model::{PersonId, Refusal};
use webim_wire::layim::LogLine;
use webim_wire::payload::{Attachment, Payload};
use webim_wire::rest::PersonCard;
use webim_wire::server;

use crate::journey::store_failed;
use crate::queries::staff;
use crate::{Caller, Nay, Router, Window};

/// Characters of a signature.
const SIGN: usize = 100;
/// Pages that are read for one page of a log: what changes other messages is no line of it.
const ROUNDS: usize = 5;

/// Whose log is asked for: LayIM's chat.
#[derive(Clone, Copy, Debug)]
pub enum Chat {
    /// With a person.
    Friend(PersonId),
    /// Of a unit.
    Group(webim_model::UnitId),
    /// The conversation itself.
    Conversation(webim_model::ConversationId),
}

impl Router {
    /// A page of a chat of the caller's, oldest first; what was never begun is empty.
    pub async fn layim_log(
        &self,
        caller: &Caller,
        chat: Chat,
        before: Option<u64>,
        limit: u64,
    ) -> Result<Vec<LogLine>, Nay> {
        staff(caller)?;
        let store = &self.0.store;
        let id = match chat {
            Chat::Conversation(id) => Some(id),
            Chat::Friend(person) => {
                self.person(caller, person).await?;
                let found = store.find_direct(caller.person, person).await;
                found.map_err(store_failed)?
            }
            Chat::Group(unit) => {
                let found = self.0.rooms.unit(unit).await.map_err(store_failed)?;
                Some(found.ok_or(Refusal::UnitUnknown)?)
            }
        };
        let Some(id) = id else {
            return Ok(Vec::new());
        };
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut window = before.map_or(Window::Newest, Window::Before);
        let mut lines = Vec::new();
        for _ in 0..ROUNDS {
            let page = self.history(caller, id, window, limit).await;
            let page = page.map_err(|nay| as_chat(nay, chat))?;
            let first = page.items.first().map(|message| message.seq);
            let mut older = self.log_lines(page.items).await?;
            older.append(&mut lines);
            lines = older;
            match first {
                Some(first) if page.more && lines.len() < wanted => window = Window::Before(first),
                _ => break,
            }
        }
        Ok(lines)
    }

    async fn log_lines(&self, messages: Vec<server::Message>) -> Result<Vec<LogLine>, Nay> {
        let mut senders: Vec<PersonId> = messages
            .iter()
            .filter_map(|message| message.sender.map(Into::into))
            .collect();
        senders.sort_unstable();
        senders.dedup();
        let people = self.cards(&senders).await?;
        let lines = messages.into_iter().filter_map(|message| {
            let content = markup(&message.payload)?;
            let sender = people
                .iter()
                .find(|person| Some(person.id.0) == message.sender)
                .map(PersonCard::from);
            let (username, avatar) = sender
                .map(|card| (card.name, card.avatar))
                .unwrap_or_default();
            Some(LogLine {
                username,
                id: message.sender,
                avatar,
                timestamp: message.time,
                content,
                cid: message.message,
                seq: message.seq,
                system: matches!(message.payload, Payload::System(_)),
            })
        });
        Ok(lines.collect())
    }

    /// The line that the caller writes about themselves; everybody is told that the directory has changed.
    pub async fn set_sign(&self, caller: &Caller, sign: &str) -> Result<(), Nay> {
        self.0.pace.check(caller.person)?;
        let sign = sign
            .split(char::is_whitespace)
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        if sign.chars().any(char::is_control) {
            return Err(Refusal::TextInvalid.into());
        }
        if sign.chars().count() > SIGN {
            return Err(Refusal::TextTooLong.into());
        }
        let known = self.0.store.set_sign(caller.person, &sign).await;
        if !known.map_err(store_failed)? {
            return Err(Refusal::PersonUnknown.into());
        }
        self.renew_directory().await.map(|_| ())
    }
}

/// A unit that is not the caller's is refused as one.
fn as_chat(nay: Nay, chat: Chat) -> Nay {
    match chat {
        Chat::Group(_) if nay.refusal == Refusal::ConversationUnknown => {
            Refusal::UnitUnknown.into()
        }
        _ => nay,
    }
}

/// A message in LayIM's micro-markup; `None` for what is no line of a log.
fn markup(payload: &Payload) -> Option<String> {
    let at = |one: &Attachment| format!("/files/{}", one.file);
    Some(match payload {
        Payload::Text(text) | Payload::System(text) => text.text.to_string(),
        Payload::Picture(one) => format!("img[{}]", at(one)),
        Payload::File(one) => format!("file({})[{}]", at(one), marked(&one.name)),
        Payload::Voice(one) => format!("audio[{}]", at(one)),
        Payload::Video(one) => format!("video[{}]", at(one)),
        Payload::Card(card) => {
            let title = match &card.link {
                Some(link)
                    if !link.contains(|sign: char| sign.is_whitespace() || "()".contains(sign)) =>
                {
                    format!("a({link})[{}]", marked(&card.title))
                }
                _ => card.title.to_string(),
            };
            format!("{title}\n{}", card.text).trim_end().to_owned()
        }
        Payload::Edit(_)
        | Payload::Recall(_)
        | Payload::Reaction(_)
        | Payload::Recalled(_)
        | Payload::Erased(_) => {
            return None;
        }
    })
}

/// A text inside a mark; what would end the mark goes.
fn marked(text: &str) -> String {
    text.replace([']', '\r', '\n'], " ").trim().to_owned()
}
