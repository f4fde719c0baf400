//! `[retention]`: how long what is said is kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How long what is said is kept. What is older is erased for good, every six hours: its words and its files go, who said
/// something and when stays. `webim erase --older-than DAYS --dry-run` says how much that would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RetentionSection {
    /// Days between two people; 0: for good.
    #[schemars(range(min = 0, max = 36_500))]
    pub direct_days: u32,
    /// Days in departments' groups; 0: for good.
    #[schemars(range(min = 0, max = 36_500))]
    pub unit_days: u32,
    /// Days of system notices; 0: for good.
    #[schemars(range(min = 0, max = 36_500))]
    pub notice_days: u32,
}

impl From<RetentionSection> for webim_jobs::Retention {
    fn from(section: RetentionSection) -> Self {
        Self {
            direct: section.direct_days,
            unit: section.unit_days,
            notice: section.notice_days,
            ..Self::default()
        }
    }
}
