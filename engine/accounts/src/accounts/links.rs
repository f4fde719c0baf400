//! Addresses of files that hold for a short time without a session, each for one person who may read the file.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;
use webim_model::{FileId, PersonId, Refusal};

use super::Accounts;

/// What the key is derived for.
const PURPOSE: &str = "file links";
/// Bytes of a signature: the person, then the HMAC.
const SIGNED: usize = 16 + 32;

/// What a signature stands for, beside its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileLink {
    /// The file.
    pub file: FileId,
    /// Whether it is the small picture.
    pub small: bool,
    /// The second since 1970 from which it is refused.
    pub until: i64,
}

impl FileLink {
    fn message(self, person: &[u8]) -> Vec<u8> {
        [
            &self.file.0.as_bytes()[..],
            &[u8::from(self.small)],
            &self.until.to_be_bytes(),
            person,
        ]
        .concat()
    }
}

impl Accounts {
    /// The signature under which `person` gets this without a session. Whether they may read it is asked when it is
    /// used, so it gives nobody more than they have.
    pub fn sign_link(&self, link: FileLink, person: PersonId) -> String {
        let person = person.0.into_bytes();
        let mac = self.0.master.sign(PURPOSE, &link.message(&person));
        URL_SAFE_NO_PAD.encode([&person[..], &mac].concat())
    }

    /// For whom this signature was made. Refused with `link_invalid` unless it is for exactly this, and then with
    /// `link_expired` when its time is over.
    pub fn check_link(&self, link: FileLink, signature: &str) -> Result<PersonId, Refusal> {
        let decoded = URL_SAFE_NO_PAD.decode(signature).ok();
        let decoded = decoded.filter(|bytes| bytes.len() == SIGNED);
        let decoded = decoded.ok_or(Refusal::LinkInvalid)?;
        let (person, mac) = decoded.split_at(16);
        if !self.0.master.signed(PURPOSE, &link.message(person), mac) {
            return Err(Refusal::LinkInvalid);
        }
        if self.0.sources.now().0.div_euclid(1_000) >= link.until {
            return Err(Refusal::LinkExpired);
        }
        let person = Uuid::from_slice(person).map_err(|_| Refusal::LinkInvalid)?;
        Ok(PersonId(person))
    }
}
