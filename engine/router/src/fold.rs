//! What readers get of messages: each as later entries made it. What was recalled is not shown again, whoever asks.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use webim_model::{Body, ConversationId, Mention, Message, Millis, PersonId};
use webim_store::{Range, Store, StoreError};
use webim_wire::server;

use crate::settle::wire;

/// Characters of a quote.
const QUOTE: usize = 120;
/// Different signs shown beside one message, and of one person's at it.
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
    /// Each person's last word with each sign: the number of the entry that put it there, none if it was taken away.
    signs: HashMap<(Arc<str>, PersonId), Option<u64>>,
}

impl Now {
    fn take(&mut self, by: Message) {
        match by.body {
            Body::Recall => self.recalled = true,
            Body::Edit { text } => self.edit = Some((text, by.about.mention, by.time)),
            Body::Reaction { emoji, on } => {
                if let Some(person) = by.sender {
                    self.signs.insert((emoji, person), on.then_some(by.seq));
                }
            }
            _ => {}
        }
    }

    /// Whether `person` may still put this sign there or take it away.
    pub fn takes(&self, person: PersonId, emoji: &Arc<str>) -> bool {
        let theirs = self.signs.keys().filter(|(_, other)| *other == person);
        self.signs.contains_key(&(emoji.clone(), person)) || theirs.count() < SIGNS
    }

    /// The signs that stand, in the order in which they came, each with its people in theirs. Only the last words
    /// count, so that it is the same whether earlier ones are still there or not.
    fn reactions(&self) -> Vec<server::Reactions> {
        let standing = self.signs.iter();
        let mut standing: Vec<_> = standing
            .filter_map(|((emoji, person), seq)| Some(((*seq)?, emoji, *person)))
            .collect();
        standing.sort_unstable();
        let mut shown: Vec<server::Reactions> = Vec::new();
        for (_, emoji, person) in standing {
            match shown.iter().position(|one| *one.emoji == **emoji) {
                Some(at) => shown[at].people.push(person.0),
                None if shown.len() < SIGNS => shown.push(server::Reactions {
                    emoji: emoji.to_string(),
                    people: vec![person.0],
                }),
                None => {}
            }
        }
        shown
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
        shown.reactions = self.reactions();
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

#[cfg(test)]
mod tests {
    use webim_model::{About, MessageId};

    use super::*;

    fn reaction(seq: u64, person: u128, emoji: &str, on: bool) -> Message {
        Message {
            conversation: uuid::Uuid::nil().into(),
            seq,
            id: MessageId(uuid::Uuid::nil()),
            sender: Some(PersonId(uuid::Uuid::from_u128(person))),
            client_id: None,
            body: Body::Reaction {
                emoji: emoji.into(),
                on,
            },
            about: About::of(1),
            time: Millis(0),
            counted: 0,
        }
    }

    #[test]
    fn last_words_say_the_same_as_all() {
        let all = [
            reaction(2, 1, "👍", true),
            reaction(3, 2, "❤️", true),
            reaction(4, 2, "👍", true),
            reaction(5, 1, "👍", false),
            reaction(6, 3, "❤️", true),
            reaction(7, 2, "❤️", true),
            reaction(8, 3, "🎉", false),
        ];
        let fold = |some: &[&Message]| {
            let mut now = Now::default();
            for by in some {
                now.take((*by).clone());
            }
            now.reactions()
        };
        let mut last: Vec<&Message> = Vec::new();
        for by in &all {
            let word = |one: &Message| match &one.body {
                Body::Reaction { emoji, .. } => (one.sender, emoji.clone()),
                other => panic!("{other:?}"),
            };
            last.retain(|one| word(one) != word(by));
            last.push(by);
        }
        assert!(last.len() < all.len());
        let shown = fold(&all.iter().collect::<Vec<_>>());
        assert_eq!(shown, fold(&last));
        let shown: Vec<_> = shown
            .iter()
            .map(|one| (&*one.emoji, one.people.len()))
            .collect();
        assert_eq!(shown, [("👍", 1), ("❤️", 2)]);
    }

    #[test]
    fn one_person_has_so_many_signs_at_a_message() {
        let mut now = Now::default();
        for (seq, sign) in (2..).zip('🌀'..).take(SIGNS) {
            now.take(reaction(seq, 1, &sign.to_string(), seq % 2 == 0));
        }
        let (one, other) = ([1, 2]).map(|n| PersonId(uuid::Uuid::from_u128(n))).into();
        assert!(now.takes(one, &"🌀".into()) && now.takes(other, &"👍".into()));
        assert!(!now.takes(one, &"👍".into()));
    }
}
