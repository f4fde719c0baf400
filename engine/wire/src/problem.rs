//! Errors over REST: RFC 9457 problem details with a stable code.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use webim_model::Refusal;

/// What went wrong (`application/problem+json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// A URI reference for the kind of problem: `/problems/{code}`.
    #[serde(rename = "type")]
    pub kind: String,
    /// One sentence, in Chinese if the request's `Accept-Language` prefers it, else in English.
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    /// Stable; the same codes as in `nack`.
    pub code: String,
    /// What exactly was wrong, where there is more to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Milliseconds to wait before trying again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl Problem {
    /// The problem for `refusal`; `chinese` chooses the language of the title.
    pub fn new(refusal: Refusal, detail: Option<String>, chinese: bool) -> Self {
        let title = if chinese {
            refusal.chinese()
        } else {
            refusal.english()
        };
        Self {
            kind: format!("/problems/{}", refusal.code()),
            title: title.into(),
            status: refusal.status(),
            code: refusal.code().into(),
            detail,
            retry_after: None,
        }
    }
}
