//! The only crate that serves HTTP and WebSocket: pages, REST, LayIM's shapes and the socket.
//!
//! A request becomes a [`webim_router::Caller`] and a plain value, the router answers, and the answer becomes JSON;
//! what is refused becomes problem details with a stable code in one place (`finish`). A socket is one task that
//! gives frames to the router and writes what the router put into its queue.
//!
//! Invariant: identity comes from the session, never from what was sent; nothing here decides who may do what.

mod api;
mod avatar;
mod cookie;
mod docs;
mod escape;
mod extract;
mod failure;
mod figures;
mod finish;
mod health;
mod licensed;
mod origin;
pub mod outside;
mod pages;
mod routes;
mod serve;
mod setup;
mod socket;
mod state;

pub use licensed::Licensed;
pub use routes::{app, openapi, route_table};
pub use serve::serve;
pub use state::{AppState, GatewayConfig, Parts, Shared};
