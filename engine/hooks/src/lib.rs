//! The hook contract: what others may change, when they are asked, and how little they are trusted.
//!
//! A hook's name carries its tense: *will* may change or refuse, *has* only looks. Each runs under a deadline and a
//! breaker; its declared [`Fail`] says what happens when it does not answer. A hook that is not installed costs one
//! load of a pointer.

mod after;
mod breaker;
mod chain;
mod message;
mod services;

pub use after::{AfterTask, Offered};
pub use breaker::{Breaker, BreakerState};
pub use chain::{Chain, Fail, Installed, Refused, Settings};
pub use message::{Draft, Effect, HookError, MessageHook, Verdict};
pub use services::Services;

/// How many hooks may stand between a person and a command; deeper ones are refused as `loop_guard`.
pub const MAX_DEPTH: u8 = 8;
