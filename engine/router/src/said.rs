//! What somebody says, as far as their own words go; and what is looked up before it can be stored.
//!
//! A file may be gone and a source recalled when its sender asks again whether it was stored. So a command is found by
//! what was sent, and only one that was not stored before is looked up.

use sha2::{Digest, Sha256};
use webim_model::{
    About, Attachment, Body, Card, ConversationId, FileId, Forwarded, Limits, PersonId, Refusal,
    SendCommand, Show,
};
use webim_store::FileRow;
use webim_wire::client::{SendBody, SendKind};
use webim_wire::payload;

use crate::Nay;
use crate::journey::{Accepted, Journey, store_failed};
use crate::recent::Fingerprint;
use crate::reply::Reply;

/// Seconds that a voice or a video can say it plays: a day.
const SECONDS: u32 = 24 * 60 * 60;

/// A command for which nothing was looked up yet.
pub(crate) type Ask = SendCommand<Said>;

/// What is said, in its sender's words.
#[derive(Clone, Debug)]
pub(crate) enum Said {
    /// All of it.
    Whole(Body),
    /// All of it, and a picture that its sender must have.
    Pictured(Body, FileId),
    /// A file, and how it is shown.
    File {
        file: FileId,
        show: Show,
        seconds: u32,
    },
    /// What stands there.
    Forward((ConversationId, u64)),
}

impl Said {
    /// What a client sends.
    pub fn sent(kind: SendKind, sent: SendBody, limits: &Limits) -> Result<Self, Nay> {
        only(kind, &sent)?;
        match kind {
            SendKind::Text => {
                let text = sent.text.ok_or_else(|| missing("text"))?;
                let body = Body::text(&text, limits).map_err(Refusal::from)?;
                Ok(Self::Whole(body))
            }
            SendKind::Card => card(sent, limits),
            SendKind::Picture => file(Show::Picture, &sent),
            SendKind::File => file(Show::File, &sent),
            SendKind::Voice => file(Show::Voice, &sent),
            SendKind::Video => file(Show::Video, &sent),
        }
    }

    /// Whether it has to be looked up. Whether it was stored before is then always asked: these are few.
    pub fn looks_up(&self) -> bool {
        !matches!(self, Self::Whole(_))
    }

    /// Tells it from others of the same name; hooks may change what is stored.
    pub fn fingerprint(&self, about: &About) -> Fingerprint {
        let mut hash = Sha256::new();
        match self {
            Self::Whole(body) | Self::Pictured(body, _) => {
                hash.update(body.kind().name());
                hash.update([0]);
                match (body, about.is_empty()) {
                    (Body::Text { text } | Body::System { text }, true) => {
                        hash.update(text.as_bytes());
                    }
                    _ => hash.update(payload::store(body, about)),
                }
            }
            Self::File {
                file,
                show,
                seconds,
            } => {
                hash.update(show.kind().name());
                hash.update([0]);
                hash.update(file.0);
                hash.update(seconds.to_be_bytes());
                hash.update(payload::store(&Body::Recalled, about));
            }
            Self::Forward((conversation, seq)) => {
                hash.update("forward");
                hash.update([0]);
                hash.update(conversation.0);
                hash.update(seq.to_be_bytes());
            }
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut short = [0; 16];
        short.copy_from_slice(&digest[..16]);
        short
    }
}

impl Journey {
    /// A command with all that it says.
    pub(crate) async fn resolve(&self, asked: Accepted<Said>) -> Result<Accepted, (Reply, Nay)> {
        match self.found(&asked.command).await {
            Ok((body, about)) => Ok(asked.saying(body, about)),
            Err(nay) => Err((asked.reply, nay)),
        }
    }

    async fn found(&self, asked: &Ask) -> Result<(Body, About), Nay> {
        let body = match &asked.body {
            Said::Whole(body) => body.clone(),
            Said::Pictured(body, picture) => {
                self.attachable(asked.sender, *picture, Show::Picture)
                    .await?;
                body.clone()
            }
            Said::File {
                file,
                show,
                seconds,
            } => {
                let row = self.attachable(asked.sender, *file, *show).await?;
                let attachment = Attachment {
                    show: *show,
                    file: row.id,
                    name: row.name.into(),
                    media_type: row.media_type.into(),
                    bytes: row.bytes,
                    width: row.width,
                    height: row.height,
                    seconds: *seconds,
                };
                Body::Attachment(attachment.into())
            }
            Said::Forward(from) => return self.forwarded(asked.sender, *from).await,
        };
        Ok((body, asked.about.clone()))
    }

    /// A file that `sender` may have, if it is what it is to be shown as.
    async fn attachable(&self, sender: PersonId, file: FileId, show: Show) -> Result<FileRow, Nay> {
        let found = self.store.files_for(sender, &[file]).await;
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
        let (original, now) = self.original(sender, from).await?;
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

fn card(sent: SendBody, limits: &Limits) -> Result<Said, Nay> {
    let card = Card {
        title: sent.title.ok_or_else(|| missing("title"))?.into(),
        text: sent.text.unwrap_or_default().into(),
        link: sent.link.map(Into::into),
        picture: sent.picture.map(FileId),
    };
    let picture = card.picture;
    let body = Body::card(card, limits).map_err(Refusal::from)?;
    Ok(match picture {
        Some(picture) => Said::Pictured(body, picture),
        None => Said::Whole(body),
    })
}

fn file(show: Show, sent: &SendBody) -> Result<Said, Nay> {
    let file = sent.file.ok_or_else(|| missing("file"))?.into();
    let seconds = sent.seconds.unwrap_or(0);
    if seconds > SECONDS {
        let detail = format!("body.seconds: at most {SECONDS}");
        return Err(Nay::because(Refusal::BadField, detail));
    }
    Ok(Said::File {
        file,
        show,
        seconds,
    })
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
