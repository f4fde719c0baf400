//! Comparing what clients were told with what the database holds: all that was acknowledged is there, once, in the
//! order it was sent, without a gap, and every reader holds the same.

use std::collections::HashMap;

use anyhow::{Context, Result};
use uuid::Uuid;
use webim_model::{ConversationId, Message, PersonId};
use webim_store::{Page, Store};

use crate::book::Book;
use crate::held::{Held, digest};

const PAGE: u64 = 1_000;

/// Something a client sent to a conversation.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    /// What it was named.
    pub client_id: Uuid,
    /// The number and id in its ack, if one came.
    pub ack: Option<(u64, Uuid)>,
}

/// All that clients know about one conversation from its beginning.
pub struct Account<'a> {
    /// Which one.
    pub conversation: Uuid,
    /// A member, for reading it.
    pub reader: PersonId,
    /// What each sender sent there, in that order.
    pub sent: HashMap<Uuid, &'a [Sent]>,
    /// What each reader holds; nothing if nothing ever came.
    pub held: Vec<Option<&'a Held>>,
}

impl<'a> Account<'a> {
    /// What these people's books say about `conversation`.
    pub fn new(conversation: Uuid, books: &[(PersonId, &'a Book)]) -> Self {
        let sent =
            |(id, book): &(PersonId, &'a Book)| Some((id.0, &**book.sent.get(&conversation)?));
        Self {
            conversation,
            reader: books.first().map_or(PersonId(Uuid::nil()), |(id, _)| *id),
            sent: books.iter().filter_map(sent).collect(),
            held: books
                .iter()
                .map(|(_, book)| book.held.get(&conversation))
                .collect(),
        }
    }

    /// What does not fit, and how many rows there are.
    pub async fn check(&self, store: &Store) -> Result<(Vec<String>, u64)> {
        let mut rows = Rows {
            expected: self.sent.clone(),
            last: 0,
            digest: 0,
            faults: Vec::new(),
        };
        let conversation = ConversationId(self.conversation);
        loop {
            let page = store
                .history(self.reader, conversation, Page::After(rows.last), PAGE)
                .await?;
            let (messages, more) = page.context("the reader is not a member")?;
            for message in &messages {
                rows.take(message);
            }
            if !more || messages.is_empty() {
                break;
            }
        }
        let (last, digest) = (rows.last, rows.digest);
        let mut faults = rows.end();
        let empty = Held::default();
        for held in &self.held {
            faults.extend(held.unwrap_or(&empty).compare(last, digest));
        }
        let verified = store.verify(conversation).await?;
        if let Some(fault) = verified.and_then(|verified| verified.fault) {
            faults.push(format!("the chain is broken: {fault:?}"));
        }
        let place = |fault| format!("conversation {}: {fault}", self.conversation);
        Ok((faults.into_iter().map(place).collect(), last))
    }
}

/// Going through the rows, what each sender sent is used up from the front.
struct Rows<'a> {
    expected: HashMap<Uuid, &'a [Sent]>,
    last: u64,
    digest: u128,
    faults: Vec<String>,
}

impl Rows<'_> {
    fn take(&mut self, row: &Message) {
        let seq = row.seq;
        if seq != self.last + 1 {
            self.faults
                .push(format!("row {seq} follows row {}", self.last));
        }
        self.last = seq;
        self.digest = digest(self.digest, row.id.0);
        let sender = row.sender.map(|sender| sender.0).unwrap_or_default();
        let name = row.client_id.map(|id| id.0).unwrap_or_default();
        let Some(expected) = self.expected.get_mut(&sender) else {
            self.faults
                .push(format!("row {seq} is of somebody who sent nothing"));
            return;
        };
        let Some(at) = expected.iter().position(|sent| sent.client_id == name) else {
            self.faults.push(format!(
                "row {seq} is doubled, out of order or was never sent"
            ));
            return;
        };
        let (before, rest) = expected.split_at(at);
        lost(before, &mut self.faults);
        if rest[0].ack.is_some_and(|ack| ack != (seq, row.id.0)) {
            self.faults
                .push(format!("row {seq} was acknowledged as {:?}", rest[0].ack));
        }
        *expected = &rest[1..];
    }

    fn end(mut self) -> Vec<String> {
        for rest in self.expected.values() {
            lost(rest, &mut self.faults);
        }
        self.faults
    }
}

/// What has no row although it was acknowledged.
fn lost(sent: &[Sent], faults: &mut Vec<String>) {
    let acked = sent.iter().filter_map(|sent| sent.ack);
    faults.extend(
        acked.map(|(seq, _)| format!("{seq} was acknowledged and is not there, or out of order")),
    );
}

#[cfg(test)]
mod tests {
    use webim_model::{About, Body, ClientId, Limits, MessageId, Millis};

    use super::*;

    const SENDER: Uuid = Uuid::from_u128(1);

    fn row(seq: u64, name: u128) -> Message {
        Message {
            conversation: ConversationId(Uuid::nil()),
            seq,
            id: MessageId(Uuid::from_u128(u128::from(seq))),
            sender: Some(PersonId(SENDER)),
            client_id: Some(ClientId(Uuid::from_u128(name))),
            body: Body::text("x", &Limits::default()).unwrap(),
            about: About::default(),
            time: Millis(0),
            counted: seq,
        }
    }

    fn sent(name: u128, ack: Option<u64>) -> Sent {
        let ack = ack.map(|seq| (seq, Uuid::from_u128(u128::from(seq))));
        Sent {
            client_id: Uuid::from_u128(name),
            ack,
        }
    }

    fn check(rows: &[Message], sent: &[Sent]) -> usize {
        let expected = HashMap::from([(SENDER, sent)]);
        let mut all = Rows {
            expected,
            last: 0,
            digest: 0,
            faults: Vec::new(),
        };
        for row in rows {
            all.take(row);
        }
        all.end().len()
    }

    #[test]
    fn each_broken_promise_is_found() {
        let sends = [sent(10, Some(1)), sent(11, None), sent(12, Some(2))];
        assert_eq!(
            check(&[row(1, 10), row(2, 12)], &sends),
            0,
            "one without an ack was not stored"
        );
        assert_eq!(check(&[row(1, 10)], &sends), 1, "lost");
        assert_eq!(
            check(&[row(1, 10), row(2, 12), row(3, 12)], &sends),
            1,
            "doubled"
        );
        assert_eq!(
            check(&[row(1, 10), row(3, 12)], &sends),
            2,
            "a gap, and not as acknowledged"
        );
        assert_eq!(
            check(&[row(1, 11), row(2, 10)], &sends[..2]),
            2,
            "out of order"
        );
        assert_eq!(
            check(&[row(1, 10), row(2, 13), row(3, 12)], &sends),
            2,
            "never sent"
        );
    }
}
