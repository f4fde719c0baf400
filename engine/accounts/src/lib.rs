//! Who may come in: passwords, sessions, one-time tickets, throttling, the import of the directory and of
//! the predecessor's data, and how the first administrator is made.
//!
//! [`Accounts`] is the door. A person signs in with login and password and gets an opaque token; the database keeps
//! only the token's SHA-256. Every later request shows the token (or a cookie that holds it) and becomes a
//! [`SignedIn`]: from then on identity comes from there and never from what a message says. The crate knows no HTTP.

mod accounts;
pub mod import;
mod pace;
mod password;
pub mod seed;
mod session;
#[cfg(test)]
mod tests;
mod throttle;
mod ticket;
mod token;

pub use accounts::{Accounts, AccountsConfig, FirstAdmin, SetupError, SetupLink};
pub use password::{PasswordError, Passwords};
pub use session::{Ended, SessionKey, SignedIn};
pub use ticket::Ticket;
pub use token::Token;
