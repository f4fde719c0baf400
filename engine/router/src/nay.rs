//! A refusal with what there is to say beyond its code.

use webim_model::Refusal;

/// Not done, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nay {
    /// The stable reason.
    pub refusal: Refusal,
    /// What exactly; holds no message text.
    pub detail: Option<String>,
    /// Milliseconds to wait before trying again.
    pub retry_after: Option<u64>,
}

impl Nay {
    /// `refusal` with `detail`.
    pub fn because(refusal: Refusal, detail: impl Into<String>) -> Self {
        Self {
            refusal,
            detail: Some(detail.into()),
            retry_after: None,
        }
    }

    /// Something that should not happen; its cause has been logged.
    pub fn internal() -> Self {
        Refusal::Internal.into()
    }
}

impl From<Refusal> for Nay {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            detail: None,
            retry_after: None,
        }
    }
}
