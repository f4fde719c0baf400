//! `[security]`: the master keys.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The master keys: they seal what must not be read in the database, and sign the links of files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SecuritySection {
    /// Where they are kept, relative to this file; made at the first start, with mode 0600, and refused if others can
    /// read it. Keep a copy of it, and not beside that of the database. Where the environment holds `WEBIM_MASTER_KEY`
    /// (`id:key`, several separated by commas, the newest last), the file is not looked at.
    pub master_key_file: String,
}

impl Default for SecuritySection {
    fn default() -> Self {
        Self {
            master_key_file: "master.key".to_owned(),
        }
    }
}
