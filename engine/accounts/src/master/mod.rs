//! The master keys: they seal what lies in the database and must not be read there, and everything that is signed here
//! is signed with a key derived from them.
//!
//! Several are in use at once. The newest seals and signs; all of them open and check, so that a new one can be added
//! at any time. Each has an id, which stands in what it sealed. They come from a file that nobody else may read, or
//! from the environment.

mod file;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use webim_model::Sources;

/// The first byte of everything sealed in this form.
const FORM: u8 = 1;
const NONCE: usize = 24;
/// Before the sealed bytes stand form, key id and nonce.
const HEAD: usize = 1 + 4 + NONCE;
/// Most keys at once; older ones are taken out by whoever has sealed everything anew.
const MOST: usize = 64;

/// What a key is called; no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyId([u8; 4]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Why master keys cannot be had, or something sealed cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("{} cannot be used: {why}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        why: std::io::ErrorKind,
    },
    /// Others can read the file.
    #[error("{} can be read by others (mode {mode:03o}); say `chmod 600 {}`", file.display(), file.display())]
    Mode {
        /// Which.
        file: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// What should be keys is not; which characters stand there is not said.
    #[error("key {0} is not like 0a1b2c3d:KEY, with 32 bytes in base64")]
    Form(usize),
    /// No key at all, too many, or two of one name.
    #[error("there must be between 1 and {MOST} keys, each with an id of its own")]
    Count,
    /// Sealed with a key that is not in use here.
    #[error("sealed with the master key {0}, which is not among the keys in use")]
    Unknown(KeyId),
    /// Changed, cut off, or sealed for another place.
    #[error("what is sealed was altered, or belongs elsewhere")]
    Altered,
}

/// Where something sealed lies. It cannot be opened anywhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table and column.
    pub table: &'a str,
    /// The row's key.
    pub row: &'a str,
}

#[derive(Clone)]
struct MasterKey {
    id: KeyId,
    bytes: [u8; 32],
}

impl MasterKey {
    fn fresh(sources: &Sources) -> Self {
        Self {
            id: KeyId(sources.bytes()),
            bytes: sources.bytes(),
        }
    }

    fn parse(word: &str) -> Option<Self> {
        let (id, bytes) = word.split_once(':')?;
        if id.len() != 8 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let id = u32::from_str_radix(id, 16).ok()?;
        let bytes = STANDARD.decode(bytes).ok()?;
        Some(Self {
            id: KeyId(id.to_be_bytes()),
            bytes: bytes.try_into().ok()?,
        })
    }

    /// As it stands in the file.
    fn line(&self) -> String {
        format!("{}:{}\n", self.id, STANDARD.encode(self.bytes))
    }

    /// A key for this purpose alone.
    fn derived(&self, purpose: &str) -> [u8; 32] {
        let mut mac = hmac(&self.bytes);
        mac.update(b"webim key 1\0");
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(self.derived("seal")))
    }
}

fn hmac(key: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as Mac>::new_from_slice(key).expect("HMAC takes keys of any length")
}

/// The master keys, the newest last; cheap to clone. What it shows of itself are ids.
#[derive(Clone)]
pub struct MasterKeys(Arc<Vec<MasterKey>>);

impl fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|key| key.id))
            .finish()
    }
}

impl MasterKeys {
    /// One new key that is kept nowhere.
    pub fn fresh(sources: &Sources) -> Self {
        Self(Arc::new(vec![MasterKey::fresh(sources)]))
    }

    /// From their text: `id:key`, separated by white space or commas, the newest last; a line that begins with `#` is
    /// for people.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let lines = text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'));
        let words = lines.flat_map(|line| line.split(|c: char| c == ',' || c.is_whitespace()));
        let words = words.filter(|word| !word.is_empty()).enumerate();
        let keys = words.map(|(at, word)| MasterKey::parse(word).ok_or(KeyError::Form(at + 1)));
        Self::of(keys.collect::<Result<_, _>>()?)
    }

    fn of(keys: Vec<MasterKey>) -> Result<Self, KeyError> {
        let twice =
            |(at, key): (usize, &MasterKey)| keys[..at].iter().any(|other| other.id == key.id);
        if keys.is_empty() || keys.len() > MOST || keys.iter().enumerate().any(twice) {
            return Err(KeyError::Count);
        }
        Ok(Self(Arc::new(keys)))
    }

    /// The ids, the newest last.
    pub fn ids(&self) -> Vec<KeyId> {
        self.0.iter().map(|key| key.id).collect()
    }

    fn newest(&self) -> &MasterKey {
        self.0.last().expect("there is at least one key")
    }

    /// Seals `plain` for this place with the newest key. Meant for what is small: secrets, fields.
    pub fn seal(&self, place: Place<'_>, plain: &[u8], sources: &Sources) -> Vec<u8> {
        let key = self.newest();
        let nonce: [u8; NONCE] = sources.bytes();
        let beside = beside(key.id, place);
        let payload = Payload {
            msg: plain,
            aad: &beside,
        };
        let sealed = key.cipher().encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.expect("only what fills the memory is too long to seal");
        [&[FORM][..], &key.id.0, &nonce, &sealed].concat()
    }

    /// Opens what was sealed for this place, by whichever key.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
        let (head, body) = sealed.split_at_checked(HEAD).ok_or(KeyError::Altered)?;
        let (form, rest) = head.split_first().ok_or(KeyError::Altered)?;
        let (id, nonce) = rest.split_first_chunk().ok_or(KeyError::Altered)?;
        let nonce = <[u8; NONCE]>::try_from(nonce).map_err(|_| KeyError::Altered)?;
        if *form != FORM {
            return Err(KeyError::Altered);
        }
        let id = KeyId(*id);
        let key = self.0.iter().find(|key| key.id == id);
        let key = key.ok_or(KeyError::Unknown(id))?;
        let beside = beside(id, place);
        let payload = Payload {
            msg: body,
            aad: &beside,
        };
        let plain = key.cipher().decrypt(&XNonce::from(nonce), payload);
        plain.map_err(|_| KeyError::Altered)
    }

    /// Signs `message` for this purpose with the newest key.
    pub(crate) fn sign(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        let mut mac = hmac(&self.newest().derived(purpose));
        mac.update(message);
        mac.finalize().into_bytes().into()
    }

    /// Whether any of the keys has signed `message` for this purpose. Takes the same time wherever it differs.
    pub(crate) fn signed(&self, purpose: &str, message: &[u8], signature: &[u8]) -> bool {
        self.0.iter().rev().any(|key| {
            let mut mac = hmac(&key.derived(purpose));
            mac.update(message);
            mac.verify_slice(signature).is_ok()
        })
    }
}

/// What is bound to the sealed bytes without lying in them.
fn beside(id: KeyId, place: Place<'_>) -> Vec<u8> {
    let length = (place.table.len() as u64).to_be_bytes();
    [
        &[FORM][..],
        &id.0,
        &length,
        place.table.as_bytes(),
        place.row.as_bytes(),
    ]
    .concat()
}
