//! The hash chain over a conversation's messages.
//!
//! Each message's hash is taken over the hash before it, its number, id, sender, time and kind, and a salted digest of
//! its body. A change in the database shows; an erasure, which blanks body and salt and keeps the digest, does not
//! break the chain, and without the salt the digest cannot be tried against guesses.

use sha2::{Digest, Sha256};
use webim_model::{ConversationId, MessageId, Millis, PersonId};

/// A SHA-256.
pub(crate) type Hash = [u8; 32];

/// What keeps equal bodies from having equal digests.
pub(crate) type Salt = [u8; 16];

/// What a message's hash is taken over, beside the hash before it.
pub(crate) struct Entry<'a> {
    pub(crate) seq: u64,
    pub(crate) id: MessageId,
    pub(crate) sender: Option<PersonId>,
    pub(crate) time: Millis,
    pub(crate) kind: &'a str,
    pub(crate) digest: &'a Hash,
}

impl Entry<'_> {
    /// The hash of this message, after one whose hash is `before`.
    pub(crate) fn hash(&self, before: &Hash) -> Hash {
        let mut hash = Sha256::new();
        hash.update(before);
        hash.update(self.seq.to_be_bytes());
        hash.update(self.id.0.as_bytes());
        hash.update(self.sender.map_or([0; 16], |sender| *sender.0.as_bytes()));
        hash.update(self.time.0.to_be_bytes());
        hash.update(self.kind.as_bytes());
        hash.update(self.digest);
        hash.finalize().into()
    }
}

/// What stands for the hash before the first message: the conversation's id, so that no chain fits another.
pub(crate) fn genesis(conversation: ConversationId) -> Hash {
    let mut hash = [0; 32];
    hash[..16].copy_from_slice(conversation.0.as_bytes());
    hash
}

/// The salted digest of a body as it is stored.
pub(crate) fn digest(salt: &Salt, body: &str) -> Hash {
    Sha256::new()
        .chain_update(salt)
        .chain_update(body)
        .finalize()
        .into()
}
