//! From outside: the real server, real sockets, real databases, and what the guarantees of the design promise about
//! them. Where a hook or the clock must be in the test's hands, the router runs inside the test instead.
//!
//! `cargo build -p webim` comes first; the tests look for the binary beside themselves, or where `WEBIM_BIN` says.

#[cfg(test)]
mod amend;
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
mod erase;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod files;
#[cfg(test)]
mod hooks;
#[cfg(test)]
mod in_process;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod once;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod rest;
#[cfg(test)]
mod resume;
#[cfg(test)]
mod seed;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod slow_reader;
#[cfg(test)]
mod status;
#[cfg(test)]
mod wire;
