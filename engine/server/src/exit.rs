//! How the program ends: the exit codes, and a failure with the sentence that explains it.

use std::fmt;
use std::process::ExitCode;

use webim_store::StoreError;
use webim_store::lease::LeaseError;

/// What a caller can tell from the exit code; listed in `--help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Ok = 0,
    /// It did not work, for a reason that has no code of its own.
    Failed = 1,
    /// Something was found: a bad line, a pending migration, a broken chain.
    Findings = 3,
    /// The settings are wrong.
    Config = 4,
    /// The database does not answer, cannot be written, or is not one.
    Database = 5,
    /// Another process serves the database.
    Taken = 6,
    /// The address to listen on is in use or not this machine's.
    Address = 7,
}

/// The table for `--help`.
pub const HELP: &str = "\
Exit codes:
  0  done
  1  failed
  2  wrong usage of the command line
  3  something was found: a bad line, a pending migration, a broken chain
  4  the settings are wrong
  5  the database does not answer, cannot be written, or is not one
  6  another process serves the database
  7  the address to listen on is in use or not this machine's";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why the program ends, in one sentence for a person.
#[derive(Debug)]
pub struct Failure {
    /// The code it ends with.
    pub exit: Exit,
    message: String,
}

impl Failure {
    /// With this code and sentence.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::new(Exit::Failed, format!("{error:#}"))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(Exit::Database, error.to_string())
    }
}

impl From<crate::config::ConfigError> for Failure {
    fn from(error: crate::config::ConfigError) -> Self {
        Self::new(Exit::Config, error.to_string())
    }
}

impl From<LeaseError> for Failure {
    fn from(error: LeaseError) -> Self {
        match error {
            LeaseError::Held { .. } => Self::new(
                Exit::Taken,
                format!("{error}; stop it first, or give this server a database of its own"),
            ),
            LeaseError::Store(error) => error.into(),
        }
    }
}

/// The end of a command.
pub type End = Result<Exit, Failure>;
