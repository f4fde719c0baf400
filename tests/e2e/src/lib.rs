//! From outside: the real server, real sockets, real databases, and what the guarantees of the design promise about
//! them. Where a hook or the clock must be in the test's hands, the router runs inside the test instead.
//!
//! `cargo build -p webim` comes first; the tests look for the binary beside themselves, or where `WEBIM_BIN` says.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod amend;
#[cfg(test)]
mod api_tokens;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod chat;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod directory_rest;
#[cfg(test)]
mod erase;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod files;
#[cfg(test)]
mod hooks;
#[cfg(test)]
mod hosts;
#[cfg(test)]
mod in_process;
#[cfg(test)]
mod jwks;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod last_seen;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod links;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod once;
#[cfg(test)]
mod panel;
#[cfg(test)]
mod push;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod rest;
#[cfg(test)]
mod resume;
#[cfg(test)]
mod s3;
#[cfg(test)]
mod search;
#[cfg(test)]
mod seed;
#[cfg(test)]
mod service;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod slow_reader;
#[cfg(test)]
mod status;
#[cfg(test)]
mod sweep;
#[cfg(test)]
mod wire;
