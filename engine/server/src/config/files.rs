//! `[files]`: what people upload.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webim_media::{Kind, Policy};
use webim_router::FileRules;

/// Bytes of a mebibyte.
const MIB: u64 = 1024 * 1024;

/// What people upload: pictures, voice, documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FilesSection {
    /// False: nobody uploads, and nobody gets what was uploaded.
    pub enabled: bool,
    /// Where they are kept: a folder, relative to this file; made when it is needed.
    pub folder: String,
    /// Largest picture in MiB; beyond: `file_too_large`.
    #[schemars(range(min = 1, max = 100))]
    pub picture_mib: u64,
    /// Largest other file in MiB; beyond: `file_too_large`.
    #[schemars(range(min = 1, max = 100_000))]
    pub file_mib: u64,
    /// What one person may keep, in MiB; beyond: `file_quota`.
    #[schemars(range(min = 1, max = 100_000_000))]
    pub person_mib: u64,
    /// Whether programs and scripts may be uploaded; they are never shown, only downloaded.
    pub programs: bool,
    /// Hours after which a file that no message shows is removed.
    #[schemars(range(min = 1, max = 8_760))]
    pub unused_hours: u32,
}

impl Default for FilesSection {
    fn default() -> Self {
        Self {
            enabled: true,
            folder: "files".to_owned(),
            picture_mib: 20,
            file_mib: 1_024,
            person_mib: 10_240,
            programs: false,
            unused_hours: 24,
        }
    }
}

impl FilesSection {
    /// The same as the router wants to know it.
    pub fn rules(&self) -> FileRules {
        let mut rules = FileRules {
            policy: Policy {
                bytes: self.file_mib * MIB,
                by_kind: vec![(Kind::Picture, self.picture_mib * MIB)],
                ..Policy::default()
            },
            per_person: self.person_mib * MIB,
            unused: i64::from(self.unused_hours) * 3_600_000,
            ..FileRules::default()
        };
        if self.programs {
            rules.policy.allowed = rules.policy.allowed.with(Kind::Program);
        }
        rules.picture.bytes = usize::try_from(self.picture_mib * MIB).unwrap_or(usize::MAX);
        rules
    }
}
