//! The shapes of every frame, REST body and stored payload, and their conversions to the model.
//!
//! TypeScript types and `/openapi.json` are generated from here, so a doc comment on a field is documentation for
//! people who write clients. Unknown fields are refused by name: a client that thinks it said something must not be
//! silently misunderstood.

pub mod accounts;
pub mod amend;
pub mod channel;
pub mod client;
pub mod directory;
pub mod layim;
pub mod parse;
pub mod payload;
pub mod problem;
pub mod push;
pub mod rest;
pub mod search;
pub mod server;
pub mod service;

pub use client::ClientFrame;
pub use parse::{FrameError, parse_body, parse_client};
pub use problem::Problem;

/// The WebSocket subprotocol this server speaks.
pub const SUBPROTOCOL: &str = "webim.v1";
