//! Who should answer: a pure state machine under an injected clock.
