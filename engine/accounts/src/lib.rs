//! Who may come in: passwords, sessions, one-time tickets, throttling, programs with their tokens, host systems that
//! vouch for their users, the master keys and what they sign, the import of the directory and of the predecessor's data, and how the first administrator
//! is made.
//!
//! [`Accounts`] is the door. A person signs in with login and password and gets an opaque token; the database keeps
//! only the token's SHA-256. Every later request shows the token (or a cookie that holds it) and becomes a
//! [`SignedIn`]: from then on identity comes from there and never from what a message says. The crate knows no HTTP.

mod accounts;
mod denial;
mod host;
pub mod import;
mod master;
mod pace;
mod password;
mod rules;
pub mod seed;
mod session;
#[cfg(test)]
mod tests;
mod throttle;
mod ticket;
mod token;

pub use accounts::{
    Accounts, AccountsConfig, ApiClient, By, Changed, FileLink, FirstAdmin, NewApiToken, PutPerson,
    PutUnit, SetupError, SetupLink, Vouched,
};
pub use denial::Denial;
pub use host::{Host, HostError, HostKey, HostSettings, SHORTEST_SECRET};
pub use master::{KeyError, KeyId, MasterKeys, Place};
pub use password::{PasswordError, Passwords};
pub use rules::PasswordRules;
pub use session::{Ended, SessionKey, SignedIn};
pub use ticket::Ticket;
pub use token::Token;
pub use webim_store::{ApiTokenRow, DirectorySnapshot, SessionRow};
