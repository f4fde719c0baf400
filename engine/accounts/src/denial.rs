//! A refusal with what there is to say about it.

use webim_model::Refusal;
use webim_store::StoreError;

use crate::accounts::refused;

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The stable reason.
    pub refusal: Refusal,
    /// What exactly, for the developer of the client; holds no secret.
    pub detail: Option<String>,
}

impl Denial {
    /// `refusal` with `detail`.
    pub fn because(refusal: Refusal, detail: impl Into<String>) -> Self {
        Self {
            refusal,
            detail: Some(detail.into()),
        }
    }
}

impl From<Refusal> for Denial {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            detail: None,
        }
    }
}

impl From<StoreError> for Denial {
    fn from(error: StoreError) -> Self {
        refused(error).into()
    }
}
