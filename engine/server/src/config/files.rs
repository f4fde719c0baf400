//! `[files]`: what people upload.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webim_media::{Kind, Policy};
use webim_router::FileRules;

use super::{Finding, Secret};

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
    /// Where they are kept instead of the folder: `s3://bucket/prefix`, for any store that speaks S3. Empty: the folder.
    /// No other server may use the same bucket and prefix.
    pub store: String,
    /// Address of that store, such as `https://s3.example.com`; empty: Amazon's own.
    pub endpoint: String,
    /// Its region; empty: as the environment says (`AWS_REGION`), or us-east-1.
    pub region: String,
    /// What we sign requests to it with; empty: as the environment says (`AWS_ACCESS_KEY_ID`), or the machine's role.
    pub access_key: String,
    /// The secret to that; empty: as the environment says (`AWS_SECRET_ACCESS_KEY`).
    pub secret_key: Secret,
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
    /// Seconds that a link to a file holds at most, for programs that have no session (`POST /api/v1/files/{id}/link`).
    #[schemars(range(min = 1, max = 604_800))]
    pub link_seconds: u32,
}

impl Default for FilesSection {
    fn default() -> Self {
        Self {
            enabled: true,
            folder: "files".to_owned(),
            store: String::new(),
            endpoint: String::new(),
            region: String::new(),
            access_key: String::new(),
            secret_key: Secret::default(),
            picture_mib: 20,
            file_mib: 1_024,
            person_mib: 10_240,
            programs: false,
            unused_hours: 24,
            link_seconds: 3_600,
        }
    }
}

impl FilesSection {
    /// The bucket and what stands before each key there; none where files lie in the folder.
    pub fn bucket(&self) -> Option<(&str, &str)> {
        let rest = self.store.strip_prefix("s3://")?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        Some((bucket, prefix.trim_matches('/')))
    }

    pub(super) fn validate(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let bucket = self.bucket().filter(|(bucket, _)| !bucket.is_empty());
        if !self.store.is_empty() && bucket.is_none() {
            let message = "must be empty or like \"s3://bucket/prefix\"";
            findings.push(Finding::new("files.store", message));
        }
        let web = ["https://", "http://"]
            .iter()
            .any(|scheme| self.endpoint.starts_with(scheme));
        if !self.endpoint.is_empty() && !web {
            let message = "must be empty or like \"https://s3.example.com\"";
            findings.push(Finding::new("files.endpoint", message));
        }
        if self.access_key.is_empty() != self.secret_key.0.is_empty() {
            let message = "access_key and secret_key come together";
            findings.push(Finding::new("files.access_key", message));
        }
        findings
    }

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
