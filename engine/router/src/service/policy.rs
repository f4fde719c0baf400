//! Asking hooks who should answer: outside the allocator, which goes on meanwhile.

use webim_dispatch::PolicyAsk;

/// Nothing is installed yet that could be asked; see `Desk::policy`.
#[derive(Clone, Default)]
pub(crate) struct Asking;

impl Asking {
    pub fn ask(&self, ask: PolicyAsk) {
        tracing::warn!(hook = ask.hook, "a rule was to be asked that is not there");
    }
}
