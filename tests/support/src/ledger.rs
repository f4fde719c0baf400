//! What one client knows of each conversation: what it was told, what it was told is stored, and up to where it holds
//! everything. It is the test's own account of the guarantees, and complains as soon as one is broken.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Result, ensure};
use uuid::Uuid;
use webim_wire::server::{Message, Recovered, Stored};

/// One conversation as a client knows it.
#[derive(Clone, Debug, Default)]
pub struct Thread {
    /// Up to here somebody else answers for it: history that was there before.
    base: u64,
    known: BTreeMap<u64, Uuid>,
    /// The number that was told last; the next one must be larger.
    told: u64,
}

impl Thread {
    /// The last number up to which nothing is missing, and the message there.
    pub fn position(&self) -> (u64, Uuid) {
        let (mut seq, mut message) = (self.base, Uuid::nil());
        for (next, id) in self.known.range(self.base + 1..) {
            if *next != seq + 1 {
                break;
            }
            (seq, message) = (*next, *id);
        }
        (seq, message)
    }

    /// The numbers that are missing between what is known.
    pub fn gaps(&self) -> Vec<u64> {
        let last = self.known.keys().next_back().copied().unwrap_or(self.base);
        (self.base + 1..=last)
            .filter(|seq| !self.known.contains_key(seq))
            .collect()
    }

    /// What is known, in order.
    pub fn known(&self) -> impl Iterator<Item = (u64, Uuid)> {
        self.known.iter().map(|(seq, message)| (*seq, *message))
    }

    fn learn(&mut self, seq: u64, message: Uuid) -> Result<()> {
        ensure!(seq > 0, "numbers start at 1");
        let before = self.known.insert(seq, message);
        ensure!(
            before.is_none_or(|before| before == message),
            "two messages with the number {seq}"
        );
        self.base = self.base.min(seq - 1);
        Ok(())
    }
}

/// All conversations as a client knows them.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    threads: HashMap<Uuid, Thread>,
}

impl Ledger {
    /// What is known of a conversation.
    pub fn thread(&self, conversation: Uuid) -> Thread {
        self.threads.get(&conversation).cloned().unwrap_or_default()
    }

    /// The conversation begins for this client behind `seq`.
    pub fn begins(&mut self, conversation: Uuid, seq: u64) {
        let thread = Thread {
            base: seq,
            told: seq,
            ..Thread::default()
        };
        self.threads.insert(conversation, thread);
    }

    /// A message of one's own was stored.
    pub fn acked(&mut self, stored: &Stored) -> Result<()> {
        self.entry(stored.conversation, stored.seq)
            .learn(stored.seq, stored.message)
    }

    /// Somebody's message arrived; each must have a larger number than the one before.
    pub fn told(&mut self, message: &Message) -> Result<()> {
        let thread = self.entry(message.conversation, message.seq);
        ensure!(
            message.seq > thread.told,
            "{} was told after {}",
            message.seq,
            thread.told
        );
        thread.told = message.seq;
        thread.learn(message.seq, message.message)
    }

    /// Where this client stands, for a resume.
    pub fn positions(&self) -> HashMap<Uuid, (u64, Uuid)> {
        let positions = self
            .threads
            .iter()
            .map(|(id, thread)| (*id, thread.position()));
        positions
            .filter(|(_, (seq, message))| *seq == 0 || !message.is_nil())
            .collect()
    }

    /// A resume with these positions was answered: what is told from here on continues there, or begins anew where the
    /// server says that it cannot be trusted.
    pub fn resumed(&mut self, recovered: &[Recovered]) {
        for thread in self.threads.values_mut() {
            thread.told = thread.position().0;
        }
        for lost in recovered.iter().filter(|entry| !entry.recovered) {
            self.begins(lost.conversation, lost.last_seq);
        }
    }

    fn entry(&mut self, conversation: Uuid, seq: u64) -> &mut Thread {
        let begins = || Thread {
            base: seq.saturating_sub(1),
            ..Thread::default()
        };
        self.threads.entry(conversation).or_insert_with(begins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(seq: u64) -> Stored {
        Stored {
            conversation: Uuid::nil(),
            message: Uuid::from_u128(seq.into()),
            seq,
            time: 0,
        }
    }

    #[test]
    fn a_gap_holds_the_position_back() {
        let mut ledger = Ledger::default();
        ledger.begins(Uuid::nil(), 0);
        for seq in [1, 2, 4] {
            ledger.acked(&stored(seq)).unwrap();
        }
        let thread = ledger.thread(Uuid::nil());
        assert_eq!(thread.position(), (2, Uuid::from_u128(2)));
        assert_eq!(thread.gaps(), [3]);
        ledger.acked(&stored(3)).unwrap();
        assert_eq!(ledger.positions()[&Uuid::nil()].0, 4);
        let other = Stored {
            message: Uuid::from_u128(9),
            ..stored(3)
        };
        assert!(ledger.acked(&other).is_err());
    }
}
