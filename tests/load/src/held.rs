//! What one client holds of one conversation, and whether it came as promised: in order, once, without a gap.

use std::collections::BTreeMap;

use uuid::Uuid;

/// How a message came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// As a frame while connected.
    Live,
    /// In a welcome or a page of history.
    Fetched,
    /// As the ack of one's own, or one's own by any way: both may come, in either order.
    Own,
}

/// What a client holds of a conversation.
#[derive(Clone, Debug, Default)]
pub struct Held {
    last: u64,
    last_id: Uuid,
    digest: u128,
    beyond: BTreeMap<u64, Uuid>,
    newest_live: u64,
    /// What came otherwise than promised.
    pub faults: Vec<String>,
}

impl Held {
    /// Takes a message.
    pub fn take(&mut self, seq: u64, id: Uuid, way: Way) {
        if way == Way::Live {
            if seq <= self.newest_live {
                self.faults
                    .push(format!("{seq} came after {}", self.newest_live));
            }
            self.newest_live = self.newest_live.max(seq);
        }
        if seq <= self.last || self.beyond.contains_key(&seq) {
            if way != Way::Own {
                self.faults.push(format!("{seq} came twice ({way:?})"));
            }
            return;
        }
        self.beyond.insert(seq, id);
        while let Some(id) = self.beyond.remove(&(self.last + 1)) {
            self.last += 1;
            self.last_id = id;
            self.digest = digest(self.digest, id);
        }
    }

    /// A new connection: the order of live frames is promised on one, and what lies beyond a gap comes once more,
    /// because a client names only how far it holds everything.
    pub fn reconnected(&mut self) {
        self.newest_live = 0;
        self.beyond.clear();
    }

    /// Number and id of the last message up to which nothing is missing; none before the first.
    pub fn position(&self) -> Option<(u64, Uuid)> {
        (self.last > 0).then_some((self.last, self.last_id))
    }

    /// Number of the last message up to which nothing is missing.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Number of the newest message it has heard of.
    pub fn newest(&self) -> u64 {
        self.beyond
            .last_key_value()
            .map_or(self.last, |(seq, _)| *seq)
    }

    /// What is wrong with it, when the conversation has `last` messages whose ids digest to `digest`.
    pub fn compare(&self, last: u64, digest: u128) -> Vec<String> {
        let mut faults = self.faults.clone();
        if self.last != last {
            let waiting = self.beyond.len();
            faults.push(format!(
                "holds 1 to {} of {last}, and {waiting} beyond a gap",
                self.last
            ));
        } else if self.digest != digest {
            faults.push("holds other messages than the database".into());
        }
        faults
    }
}

/// The digest of a sequence of ids, one more at a time.
pub fn digest(before: u128, id: Uuid) -> u128 {
    // Any odd multiplier keeps the order of the ids in the result.
    before
        .wrapping_mul(0x2545_F491_4F6C_DD1D_8A5C_D789_635D_2DFF)
        .wrapping_add(id.as_u128())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u64) -> Uuid {
        Uuid::from_u128(u128::from(n) << 64)
    }

    fn held(messages: &[(u64, Way)]) -> Held {
        let mut held = Held::default();
        for (seq, way) in messages {
            held.take(*seq, id(*seq), *way);
        }
        held
    }

    fn digest_of(last: u64) -> u128 {
        (1..=last).fold(0, |before, seq| digest(before, id(seq)))
    }

    #[test]
    fn own_messages_may_come_twice_and_early() {
        let held = held(&[
            (1, Way::Live),
            (3, Way::Own),
            (2, Way::Live),
            (3, Way::Own),
            (4, Way::Fetched),
        ]);
        assert_eq!(held.compare(4, digest_of(4)), [""; 0]);
        assert_eq!(held.position(), Some((4, id(4))));
    }

    #[test]
    fn what_was_not_promised_is_found() {
        let faults =
            |messages: &[(u64, Way)], last| held(messages).compare(last, digest_of(last)).len();
        assert_eq!(faults(&[(1, Way::Live), (1, Way::Fetched)], 1), 1, "twice");
        assert_eq!(
            faults(&[(2, Way::Live), (1, Way::Live)], 2),
            1,
            "out of order"
        );
        assert_eq!(faults(&[(1, Way::Live), (3, Way::Live)], 3), 1, "a gap");
        assert_eq!(faults(&[(1, Way::Live)], 2), 1, "the end is missing");
        let mut other = held(&[(1, Way::Live)]);
        other.take(2, id(9), Way::Live);
        assert_eq!(other.compare(2, digest_of(2)).len(), 1, "another message");
    }
}
