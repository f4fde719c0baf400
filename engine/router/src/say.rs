//! From what clients send to commands: texts, files and cards, and what is done to messages that are there already.

use std::sync::Arc;

use webim_model::{
    About, Attachment, Body, Card, ClientId, ConversationId, FileId, Forwarded, Message, Origin,
    PersonId, Refusal, SendCommand, Show, Target,
};
use webim_store::{FileRow, Page, Range};
use webim_wire::client::{ClientFrame, SendBody, SendKind};
use webim_wire::payload::Mention;

use crate::fold::{Now, quote, states};
use crate::journey::{Accepted, Journey, store_failed};
use crate::{Nay, Router};

/// People one message can mention.
const MENTIONED: usize = 100;
/// Seconds that a voice or a video can say it plays: a day.
const SECONDS: u32 = 24 * 60 * 60;

impl Router {
    /// What a frame asks to have stored.
    pub(crate) async fn command(
        &self,
        sender: PersonId,
        frame: ClientFrame,
    ) -> Result<SendCommand, Nay> {
        let limits = &self.0.config.limits;
        let amending = |conversation: uuid::Uuid, seq: u64, body: Body| {
            (
                Target::Conversation(conversation.into()),
                body,
                About::of(seq),
            )
        };
        let mut lease = None;
        // Whoever repeats one of these does not say so; looking is cheap, since they are few.
        let mut retry = true;
        let (to, body, about) = match frame {
            ClientFrame::Send(send) => {
                (lease, retry) = (send.lease, send.retry);
                let body = self.body(sender, send.kind, send.body).await?;
                let about = about(send.reply, send.mention);
                (send.to.into(), body, about)
            }
            ClientFrame::Edit(edit) => {
                let body = Body::edit(&edit.text, limits).map_err(Refusal::from)?;
                let (to, body, mut speaks) = amending(edit.conversation, edit.seq, body);
                speaks.mention = about(None, edit.mention).mention;
                (to, body, speaks)
            }
            ClientFrame::Recall(recall) => amending(recall.conversation, recall.seq, Body::Recall),
            ClientFrame::React(react) => {
                let body = Body::reaction(&react.emoji, react.on).map_err(Refusal::from)?;
                amending(react.conversation, react.seq, body)
            }
            ClientFrame::Forward(forward) => {
                let from = (forward.conversation.into(), forward.seq);
                let (body, about) = self.forwarded(sender, from).await?;
                (forward.to.into(), body, about)
            }
            _ => return Err(Nay::internal()),
        };
        Ok(SendCommand {
            sender,
            // The caller's to fill in: over REST it is a header.
            client_id: ClientId(uuid::Uuid::nil()),
            to,
            body,
            about,
            lease,
            retry,
            origin: Origin::Person,
            depth: 0,
        })
    }

    pub(crate) async fn body(
        &self,
        sender: PersonId,
        kind: SendKind,
        sent: SendBody,
    ) -> Result<Body, Nay> {
        let limits = &self.0.config.limits;
        only(kind, &sent)?;
        match kind {
            SendKind::Text => {
                let text = sent.text.ok_or_else(|| missing("text"))?;
                Ok(Body::text(&text, limits).map_err(Refusal::from)?)
            }
            SendKind::Card => {
                let picture = match sent.picture {
                    None => None,
                    Some(file) => Some(self.attachable(sender, file.into(), Show::Picture).await?),
                };
                let card = Card {
                    title: sent.title.ok_or_else(|| missing("title"))?.into(),
                    text: sent.text.unwrap_or_default().into(),
                    link: sent.link.map(Into::into),
                    picture: picture.map(|row| row.id),
                };
                Ok(Body::card(card, limits).map_err(Refusal::from)?)
            }
            SendKind::Picture => self.attachment(sender, Show::Picture, &sent).await,
            SendKind::File => self.attachment(sender, Show::File, &sent).await,
            SendKind::Voice => self.attachment(sender, Show::Voice, &sent).await,
            SendKind::Video => self.attachment(sender, Show::Video, &sent).await,
        }
    }

    async fn attachment(&self, sender: PersonId, show: Show, sent: &SendBody) -> Result<Body, Nay> {
        let file = sent.file.ok_or_else(|| missing("file"))?;
        let seconds = sent.seconds.unwrap_or(0);
        if seconds > SECONDS {
            let detail = format!("body.seconds: at most {SECONDS}");
            return Err(Nay::because(Refusal::BadField, detail));
        }
        let row = self.attachable(sender, file.into(), show).await?;
        let attachment = Attachment {
            show,
            file: row.id,
            name: row.name.into(),
            media_type: row.media_type.into(),
            bytes: row.bytes,
            width: row.width,
            height: row.height,
            seconds,
        };
        Ok(Body::Attachment(attachment.into()))
    }

    /// A file that `sender` may have, if it is what it is to be shown as.
    async fn attachable(&self, sender: PersonId, file: FileId, show: Show) -> Result<FileRow, Nay> {
        let found = self.0.store.files_for(sender, &[file]).await;
        let row = found.map_err(store_failed)?.into_iter().next();
        let row = row.ok_or(Refusal::FileUnknown)?;
        // A recording of the browser's own is a film without pictures to whoever looks at its first bytes.
        let fits = match show {
            Show::Picture => row.kind == "picture",
            Show::File => true,
            Show::Voice => matches!(row.kind.as_str(), "audio" | "video"),
            Show::Video => row.kind == "video",
        };
        if !fits {
            let detail = format!("this file is of the kind {}", row.kind);
            return Err(Nay::because(Refusal::FileKind, detail));
        }
        Ok(row)
    }

    async fn forwarded(
        &self,
        sender: PersonId,
        from: (ConversationId, u64),
    ) -> Result<(Body, About), Nay> {
        let (original, now) = self.0.journey.original(sender, from).await?;
        if now.recalled {
            return Err(Refusal::AlreadyRecalled.into());
        }
        if !original.body.kind().counts() {
            return Err(Refusal::NotEditable.into());
        }
        let first = original.about.forwarded.unwrap_or(Forwarded {
            sender: original.sender,
            time: original.time,
        });
        let about = About {
            forwarded: Some(first),
            ..About::default()
        };
        Ok((now.body(&original.body), about))
    }
}

impl Journey {
    /// A message that `person` may read, and what became of it.
    pub(crate) async fn original(
        &self,
        person: PersonId,
        (conversation, seq): (ConversationId, u64),
    ) -> Result<(Message, Now), Nay> {
        let page = Page::After(seq.saturating_sub(1));
        let found = self.store.history(person, conversation, page, 1).await;
        let (found, _) = found
            .map_err(store_failed)?
            .ok_or(Refusal::ConversationUnknown)?;
        let original = found.into_iter().find(|message| message.seq == seq);
        let original = original.ok_or(Refusal::MessageUnknown)?;
        let range = Range {
            conversation,
            from: seq,
            to: seq,
        };
        let found = states(&self.store, &[range]).await.map_err(store_failed)?;
        let now = found.into_values().next().unwrap_or_default();
        Ok((original, now))
    }

    /// Whether what a command carries beside its body may be said, and what it quotes. Asked after repeats are found:
    /// what was stored in time is not refused because its sender asks again too late.
    pub(crate) async fn check(&self, accepted: &mut Accepted) -> Result<(), Nay> {
        let command = &accepted.command;
        if let Some(mention) = &command.about.mention {
            if mention.people.len() > MENTIONED {
                let detail = format!("mention.people: at most {MENTIONED}");
                return Err(Nay::because(Refusal::BadField, detail));
            }
            if !mention
                .people
                .iter()
                .all(|person| accepted.room.has(*person))
            {
                return Err(Refusal::MentionUnknown.into());
            }
        }
        let Some(seq) = command.about.refers else {
            return Ok(());
        };
        let at = (accepted.room.id, seq);
        let (original, now) = self.original(command.sender, at).await?;
        if now.recalled {
            return Err(Refusal::AlreadyRecalled.into());
        }
        let kind = original.body.kind();
        match &command.body {
            Body::Edit { .. } => {
                self.own(command, &original, self.config.edit_seconds)?;
                if !matches!(original.body, Body::Text { .. }) {
                    return Err(Refusal::NotEditable.into());
                }
            }
            Body::Recall => self.own(command, &original, self.config.recall_seconds)?,
            Body::Reaction { .. } => {}
            _ => accepted.quote = Some(Box::new(quote(&original, &now))),
        }
        if kind.counts() || accepted.quote.is_some() && !kind.amends() {
            Ok(())
        } else {
            Err(Refusal::NotEditable.into())
        }
    }

    fn own(&self, command: &SendCommand, original: &Message, seconds: u32) -> Result<(), Nay> {
        if original.sender != Some(command.sender) {
            return Err(Refusal::NotYours.into());
        }
        let age = self.sources.now().0.saturating_sub(original.time.0);
        if age > i64::from(seconds) * 1_000 {
            return Err(Refusal::TooLate.into());
        }
        Ok(())
    }
}

/// What a message carries beside its body, as its sender says.
fn about(refers: Option<u64>, mention: Option<Mention>) -> About {
    let mention: Option<webim_model::Mention> = mention.map(Into::into);
    About {
        refers,
        mention: mention.filter(|mention| !mention.is_empty()).map(Arc::new),
        forwarded: None,
    }
}

fn missing(field: &str) -> Nay {
    Nay::because(Refusal::BadField, format!("body.{field}: missing"))
}

/// A field that this kind does not have says that the client means something else.
fn only(kind: SendKind, body: &SendBody) -> Result<(), Nay> {
    let plays = matches!(kind, SendKind::Voice | SendKind::Video);
    let card = kind == SendKind::Card;
    let text = card || kind == SendKind::Text;
    let extra = [
        ("text", body.text.is_some() && !text),
        ("file", body.file.is_some() && text),
        ("seconds", body.seconds.is_some() && !plays),
        ("title", body.title.is_some() && !card),
        ("link", body.link.is_some() && !card),
        ("picture", body.picture.is_some() && !card),
    ];
    match extra.iter().find(|(_, extra)| *extra) {
        Some((field, _)) => Err(Nay::because(
            Refusal::BadField,
            format!("body.{field}: not a field of this kind"),
        )),
        None => Ok(()),
    }
}
