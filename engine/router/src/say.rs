//! From what clients send to commands: texts, files and cards, and what is done to messages that are there already.

use std::sync::Arc;

use webim_model::{
    About, Body, ClientId, ConversationId, Message, Origin, PersonId, Refusal, SendCommand, Target,
};
use webim_store::{Page, Range};
use webim_wire::client::ClientFrame;
use webim_wire::payload::Mention;

use crate::fold::{Now, quote, states};
use crate::journey::{Accepted, Journey, store_failed};
use crate::said::{Ask, Said};
use crate::{Nay, Router};

/// People one message can mention.
const MENTIONED: usize = 100;

impl Router {
    /// What a frame asks to have stored. Nothing is looked up: a repeat must be found before anything can be missing.
    pub(crate) fn command(&self, sender: PersonId, frame: ClientFrame) -> Result<Ask, Nay> {
        let limits = &self.0.config.limits;
        let amending = |conversation: uuid::Uuid, seq: u64, body: Body| {
            (
                Target::Conversation(conversation.into()),
                Said::Whole(body),
                About::of(seq),
            )
        };
        let mut lease = None;
        // Whoever repeats one of these does not say so; looking is cheap, since they are few.
        let mut retry = true;
        let (to, body, about) = match frame {
            ClientFrame::Send(send) => {
                let said = Said::sent(send.kind, send.body, limits)?;
                (lease, retry) = (send.lease, send.retry || said.looks_up());
                (send.to.into(), said, about(send.reply, send.mention))
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
                (forward.to.into(), Said::Forward(from), About::default())
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
            Body::Reaction { emoji, .. } if !now.takes(command.sender, emoji) => {
                let detail = "emoji: one person puts at most 20 different ones at a message";
                return Err(Nay::because(Refusal::BadField, detail));
            }
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
