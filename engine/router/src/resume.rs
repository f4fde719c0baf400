//! What a client that comes back has missed: all its conversations in a few queries.

use std::collections::HashMap;

use webim_model::{ConversationId, Limits, MessageId, Position};
use webim_store::{HeadRow, Range, Store, StoreError};
use webim_wire::client::Resume;
use webim_wire::server::{Message, Recovered};

use crate::fold::fold;

/// Bytes of message text after which a welcome brings no more; the rest comes by history.
const BYTES: usize = 256 * 1024;
/// Messages asked for at once, so that long ones do not fill the memory before they are counted.
const AT_ONCE: u64 = 256;

/// What a welcome says of the conversations.
#[derive(Default)]
pub(crate) struct Gathered {
    pub recovered: Vec<Recovered>,
    pub missed: Vec<Message>,
    /// The same as they stand in the store.
    found: Vec<webim_model::Message>,
    bytes: usize,
}

/// A conversation that must be read, and what is asked of it.
struct Wanted {
    /// Where it stands in `recovered`.
    at: usize,
    /// The message that the client holds; it is read too, to see whether it stands there.
    held: Option<Position>,
    /// What the client lacks, as far as it fits.
    range: Range,
    more: bool,
}

/// Answers each position, and each conversation that has none. `trusted` says that the positions are of this database.
pub(crate) async fn gather(
    store: &Store,
    limits: &Limits,
    resume: &Resume,
    trusted: bool,
    heads: Vec<HeadRow>,
) -> Result<Gathered, StoreError> {
    let mut positions = positions(resume);
    let mut gathered = Gathered::default();
    let mut wanted = Vec::new();
    let mut room = limits.missed_in_all;
    for head in &heads {
        let position = positions.remove(&head.conversation);
        if position.is_none() && head.last_seq == 0 {
            continue;
        }
        let at = gathered.recovered.len();
        gathered.recovered.push(entry(head));
        match position.filter(|position| trusted && position.seq <= head.last_seq) {
            Some(position) if position.seq == head.last_seq => {
                // Nothing is missed, and the head itself says whether the message is the same.
                gathered.recovered[at].recovered =
                    position.seq == 0 || head.last_message == Some(position.message);
            }
            // What somebody holds from before they left and joined again has a hole behind it: they load anew.
            Some(position) if position.seq > 0 && position.seq + 1 < head.from_seq => {}
            Some(position) => {
                let one = Wanted::new(at, head, position, limits.missed_per_conversation.min(room));
                room -= one.count();
                wanted.push(one);
            }
            None => {}
        }
    }
    gathered.read(store, wanted).await?;
    gathered.missed = fold(store, &gathered.found).await?;
    gathered.found = Vec::new();
    // What is left is no longer the caller's, or never was.
    gathered
        .recovered
        .extend(positions.into_keys().map(unknown));
    Ok(gathered)
}

impl Gathered {
    async fn read(&mut self, store: &Store, wanted: Vec<Wanted>) -> Result<(), StoreError> {
        let mut left = wanted.into_iter().peekable();
        while left.peek().is_some() {
            let mut some = Vec::new();
            let mut count = 0;
            while let Some(next) = left.next_if(|next| count == 0 || count + next.asks() <= AT_ONCE)
            {
                count += next.asks();
                some.push(next);
            }
            let ranges: Vec<_> = some.iter().map(Wanted::asked).collect();
            let mut found: HashMap<ConversationId, Vec<webim_model::Message>> = HashMap::new();
            for message in store.ranges(&ranges).await? {
                found.entry(message.conversation).or_default().push(message);
            }
            for one in some {
                let messages = found.remove(&one.range.conversation).unwrap_or_default();
                self.take(&one, &messages);
            }
        }
        Ok(())
    }

    fn take(&mut self, one: &Wanted, messages: &[webim_model::Message]) {
        let stands = |position: Position| {
            let there: Option<MessageId> = messages
                .iter()
                .find(|message| message.seq == position.seq)
                .map(|message| message.id);
            there == Some(position.message)
        };
        // Not so after an older database was restored and has grown again.
        if !one.held.is_none_or(stands) {
            return;
        }
        let entry = &mut self.recovered[one.at];
        (entry.recovered, entry.more) = (true, one.more);
        for message in messages
            .iter()
            .filter(|message| (one.range.from..=one.range.to).contains(&message.seq))
        {
            if self.bytes >= BYTES {
                entry.more = true;
                break;
            }
            self.bytes += message.body.words().len();
            self.found.push(message.clone());
        }
    }
}

impl Wanted {
    fn new(at: usize, head: &HeadRow, position: Position, most: u64) -> Self {
        let from = (position.seq + 1).max(head.from_seq);
        // Numbers have no gap, so that they count.
        let to = head
            .last_seq
            .min(from.saturating_add(most).saturating_sub(1));
        Self {
            at,
            held: (position.seq > 0).then_some(position),
            range: Range {
                conversation: head.conversation,
                from,
                to,
            },
            more: to < head.last_seq,
        }
    }

    /// Messages that the client gets.
    fn count(&self) -> u64 {
        (self.range.to + 1).saturating_sub(self.range.from)
    }

    /// Messages that are read.
    fn asks(&self) -> u64 {
        let asked = self.asked();
        (asked.to + 1).saturating_sub(asked.from)
    }

    fn asked(&self) -> Range {
        let from = self.held.map_or(self.range.from, |held| held.seq);
        Range {
            from,
            to: self.range.to.max(from),
            ..self.range
        }
    }
}

fn positions(resume: &Resume) -> HashMap<ConversationId, Position> {
    resume
        .positions
        .iter()
        .map(|(id, (seq, message))| {
            let position = Position {
                seq: *seq,
                message: (*message).into(),
            };
            ((*id).into(), position)
        })
        .collect()
}

fn entry(head: &HeadRow) -> Recovered {
    Recovered {
        conversation: head.conversation.0,
        recovered: false,
        more: false,
        last_seq: head.last_seq,
        read_seq: head.read_seq,
        unread: head.unread,
    }
}

fn unknown(conversation: ConversationId) -> Recovered {
    Recovered {
        conversation: conversation.0,
        recovered: false,
        more: false,
        last_seq: 0,
        read_seq: 0,
        unread: 0,
    }
}
