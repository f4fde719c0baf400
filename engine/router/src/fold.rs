//! What readers get of messages: each as later entries made it. What was recalled is not shown again, whoever asks.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use webim_model::{Body, ConversationId, Mention, Message, Millis, PersonId};
use webim_store::{Range, Store, StoreError};
use webim_wire::server;

use crate::settle::wire;

/// Characters of a quote.
const QUOTE: usize = 120;
/// Different signs shown beside one message.
const SIGNS: usize = 20;

/// Where a message stands.
type At = (ConversationId, u64);

/// What became of a message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Now {
    /// It was taken back.
    pub recalled: bool,
    /// What it says instead, whom it mentions then, and since when.
    pub edit: Option<(Arc<str>, Option<Arc<Mention>>, Millis)>,
    reactions: Vec<(Arc<str>, Vec<PersonId>)>,
}

impl Now {
    fn take(&mut self, by: Message) {
        match by.body {
            Body::Recall => self.recalled = true,
            Body::Edit { text } => self.edit = Some((text, by.about.mention, by.time)),
            Body::Reaction { emoji, on } => {
                let Some(person) = by.sender else { return };
                let at = self.reactions.iter().position(|(sign, _)| *sign == emoji);
                match (at, on) {
                    (Some(at), on) => {
                        let people = &mut self.reactions[at].1;
                        people.retain(|one| *one != person);
                        if on {
                            people.push(person);
                        } else if people.is_empty() {
                            self.reactions.remove(at);
                        }
                    }
                    (None, true) if self.reactions.len() < SIGNS => {
                        self.reactions.push((emoji, vec![person]));
                    }
                    (None, _) => {}
                }
            }
            _ => {}
        }
    }

    /// What it says now.
    pub fn body(&self, first: &Body) -> Body {
        match (&self.edit, self.recalled) {
            // An edit that was taken back with what it changed says just that.
            (_, true) if first.kind().amends() => Body::Recall,
            (_, true) => Body::Recalled,
            (Some((text, ..)), false) if matches!(first, Body::Text { .. }) => {
                Body::Text { text: text.clone() }
            }
            _ => first.clone(),
        }
    }

    /// As its readers get it.
    pub fn show(&self, message: &Message) -> server::Message {
        let mut message = message.clone();
        message.body = self.body(&message.body);
        if self.recalled {
            message.about.mention = None;
            message.about.forwarded = None;
            if !message.body.kind().amends() {
                message.about.refers = None;
            }
            return wire(&message);
        }
        if let Some((_, mention, _)) = &self.edit {
            message.about.mention.clone_from(mention);
        }
        let mut shown = wire(&message);
        shown.edited = self.edit.as_ref().map(|(_, _, time)| time.0);
        shown.reactions = self
            .reactions
            .iter()
            .map(|(emoji, people)| server::Reactions {
                emoji: emoji.to_string(),
                people: people.iter().map(|person| person.0).collect(),
            })
            .collect();
        shown
    }
}

/// What became of the messages of `ranges`, for those of which anything did.
pub(crate) async fn states(
    store: &Store,
    ranges: &[Range],
) -> Result<HashMap<At, Now>, StoreError> {
    let mut states: HashMap<At, Now> = HashMap::new();
    for amendment in store.amendments(ranges).await? {
        let at = (amendment.by.conversation, amendment.seq);
        states.entry(at).or_default().take(amendment.by);
    }
    Ok(states)
}

/// What became of these messages, which may lie far apart, for those of which anything did.
pub(crate) async fn states_at(
    store: &Store,
    messages: &[Message],
) -> Result<HashMap<At, Now>, StoreError> {
    let at: Vec<_> = messages
        .iter()
        .map(|message| (message.conversation, message.seq))
        .collect();
    let mut states: HashMap<At, Now> = HashMap::new();
    for amendment in store.amendments_of(&at).await? {
        let at = (amendment.by.conversation, amendment.seq);
        states.entry(at).or_default().take(amendment.by);
    }
    Ok(states)
}

/// `messages` as their readers get them, in the same order. They lie close together in each conversation.
pub(crate) async fn fold(
    store: &Store,
    messages: &[Message],
) -> Result<Vec<server::Message>, StoreError> {
    let mut states = states(store, &spans(messages)).await?;
    let mut quoted = originals(store, messages, &mut states).await?;
    for message in messages {
        quoted.insert((message.conversation, message.seq), message.clone());
    }
    let nothing = Now::default();
    let shown = messages.iter().map(|message| {
        let now = states.get(&(message.conversation, message.seq));
        let mut shown = now.unwrap_or(&nothing).show(message);
        if let Some(at) = answered(message).filter(|_| shown.refers.is_some()) {
            let now = states.get(&at).unwrap_or(&nothing);
            shown.quote = quoted
                .get(&at)
                .map(|original| Box::new(quote(original, now)));
        }
        shown
    });
    Ok(shown.collect())
}

/// One range of each conversation, around all of its messages.
fn spans(messages: &[Message]) -> Vec<Range> {
    let mut spans: HashMap<ConversationId, (u64, u64)> = HashMap::new();
    for message in messages {
        let span = spans
            .entry(message.conversation)
            .or_insert((message.seq, message.seq));
        *span = (span.0.min(message.seq), span.1.max(message.seq));
    }
    let ranges = spans.into_iter().map(|(conversation, (from, to))| Range {
        conversation,
        from,
        to,
    });
    ranges.collect()
}

/// Which message one answers.
fn answered(message: &Message) -> Option<At> {
    let refers = message.about.refers?;
    (!message.body.kind().amends()).then_some((message.conversation, refers))
}

/// The answered ones that are not among `messages`, and what became of them.
async fn originals(
    store: &Store,
    messages: &[Message],
    states: &mut HashMap<At, Now>,
) -> Result<HashMap<At, Message>, StoreError> {
    let here: HashSet<At> = messages
        .iter()
        .map(|message| (message.conversation, message.seq))
        .collect();
    let wanted: HashSet<At> = messages
        .iter()
        .filter_map(answered)
        .filter(|at| !here.contains(at))
        .collect();
    let ranges: Vec<_> = wanted
        .into_iter()
        .map(|(conversation, seq)| Range {
            conversation,
            from: seq,
            to: seq,
        })
        .collect();
    if ranges.is_empty() {
        return Ok(HashMap::new());
    }
    states.extend(self::states(store, &ranges).await?);
    let found = store.ranges(&ranges).await?;
    Ok(found
        .into_iter()
        .map(|message| ((message.conversation, message.seq), message))
        .collect())
}

/// What an answer shows of what it answers.
pub(crate) fn quote(original: &Message, now: &Now) -> server::Quote {
    let body = now.body(&original.body);
    server::Quote {
        seq: original.seq,
        sender: original.sender.map(|sender| sender.0),
        kind: body.kind().name().into(),
        text: body.words().chars().take(QUOTE).collect(),
    }
}
