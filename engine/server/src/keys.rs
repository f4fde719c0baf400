//! Where this server's master keys come from.

use std::path::Path;

use webim_accounts::{KeyError, MasterKeys};
use webim_model::Sources;

use crate::config::Config;
use crate::exit::{Exit, Failure};

/// The variable that holds the master keys, in place of the file.
pub const VARIABLE: &str = "WEBIM_MASTER_KEY";

/// The keys of the environment, or of the file, which is made if it is not there.
pub fn master(config: &Config, sources: &Sources) -> Result<MasterKeys, Failure> {
    let file = Path::new(&config.security.master_key_file);
    let keys = match std::env::var(VARIABLE) {
        Ok(text) => MasterKeys::parse(&text).map_err(|error| wrong(VARIABLE, &error)),
        Err(std::env::VarError::NotPresent) => {
            MasterKeys::read_or_make(file, sources).map_err(|error| unusable(&error))
        }
        Err(_) => Err(wrong(VARIABLE, &KeyError::Form(1))),
    }?;
    tracing::debug!(?keys, "the master keys are at hand");
    Ok(keys)
}

/// What to say of a file that cannot be used.
pub fn unusable(error: &KeyError) -> Failure {
    wrong("the master keys (security.master_key_file)", error)
}

fn wrong(what: &str, error: &KeyError) -> Failure {
    Failure::new(Exit::Config, format!("{what}: {error}"))
}
