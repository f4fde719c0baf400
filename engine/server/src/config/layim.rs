//! `[layim]`: a LayIM of the operator's own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A LayIM that you have a licence for, in place of ours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LayimSection {
    /// Folder with `layim.js` and what lies beside it in LayIM's own package, relative to this file; empty: ours. The
    /// page `/` then allows `eval`, which LayIM's templates need.
    pub dir: String,
}
