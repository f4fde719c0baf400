//! `webim keys rotate`.

use std::path::Path;

use serde_json::json;
use webim_accounts::MasterKeys;
use webim_model::Sources;

use crate::cli::KeysRotateArgs;
use crate::exit::{End, Exit, Failure};
use crate::{config, keys, output};

pub fn rotate(args: &KeysRotateArgs) -> End {
    let config = config::load(Some(&args.config.config))?;
    if std::env::var_os(keys::VARIABLE).is_some() {
        let message = format!(
            "the master keys come from {}: append a new one there, as ,ID:KEY with 8 hexadecimal digits of your choice and 32 random bytes in base64",
            keys::VARIABLE
        );
        return Err(Failure::new(Exit::Failed, message));
    }
    let file = &config.security.master_key_file;
    let rotated = MasterKeys::rotate(Path::new(file), &Sources::system());
    let id = rotated.map_err(|error| keys::unusable(&error))?;
    if args.json {
        output::json(&json!({"id": id.to_string(), "file": file}));
    } else {
        output::line(&format!("{file} has a new key, {id}"));
        output::note(
            "It seals and signs from the server's next start on; the older keys still open. Make a new copy of the file.",
        );
    }
    Ok(Exit::Ok)
}
