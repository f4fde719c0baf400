//! Opaque tokens: what a signed-in client holds, and what the database keeps of it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use webim_model::Sources;

/// Begins every token of a session, so that a leaked one is recognised in a log or a repository.
const PREFIX: &str = "wim_";
/// Begins every token of a program.
const API: &str = "wt_";

/// What a signed-in client holds: `wim_` (a program: `wt_`) and 32 random bytes in base64url. It never shows itself in
/// logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A fresh token of a session.
    pub(crate) fn new(sources: &Sources) -> Self {
        Self::with(PREFIX, sources)
    }

    /// A fresh token of a program.
    pub(crate) fn api(sources: &Sources) -> Self {
        Self::with(API, sources)
    }

    fn with(prefix: &str, sources: &Sources) -> Self {
        let secret = URL_SAFE_NO_PAD.encode(sources.bytes::<32>());
        Self(format!("{prefix}{secret}"))
    }

    /// The text to hand to its owner, and to nobody else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = self.0.split_once('_').map_or("", |(prefix, _)| prefix);
        write!(f, "Token({prefix}_…)")
    }
}

/// What is kept of a token: its SHA-256. The token is random, so a plain digest cannot be guessed back.
/// `None` if the text is not a token's at all; then nobody needs to look it up.
pub(crate) fn digest(token: &str) -> Option<[u8; 32]> {
    digest_with(PREFIX, token)
}

/// The same of a program's token; one that begins like it but is no token has no digest.
pub(crate) fn digest_api(token: &str) -> Option<[u8; 32]> {
    digest_with(API, token)
}

/// Whether the text begins as a program's token does.
pub(crate) fn is_api(token: &str) -> bool {
    token.starts_with(API)
}

fn digest_with(prefix: &str, token: &str) -> Option<[u8; 32]> {
    let secret = token.strip_prefix(prefix)?;
    let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (secret.len() == 43 && secret.bytes().all(alphabet))
        .then(|| Sha256::digest(token.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_recognised_by_its_digest_only() {
        let sources = Sources::system();
        let (one, two) = (Token::new(&sources), Token::new(&sources));
        assert!(one.reveal().starts_with("wim_"));
        assert_ne!(digest(one.reveal()), digest(two.reveal()));
        assert!(digest(one.reveal()).is_some());
        for wrong in ["", "wim_", "wim_short", &one.reveal()[4..], "Bearer x"] {
            assert_eq!(digest(wrong), None, "{wrong}");
        }
        assert_eq!(format!("{one:?}"), "Token(wim_…)");
        let api = Token::api(&sources);
        assert!(is_api(api.reveal()) && !is_api(one.reveal()));
        assert!(digest_api(api.reveal()).is_some() && digest(api.reveal()).is_none());
        assert_eq!(digest_api(one.reveal()), None);
        assert_eq!(format!("{api:?}"), "Token(wt_…)");
    }
}
