//! What an answer says of whether something was done.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use webim_model::Refusal;
use webim_support::Answer;

/// `ok` or the code of the refusal, in the shape that the address speaks.
pub(super) fn judged(path: &str, answer: Answer) -> Result<String> {
    if path.starts_with("/layim/") {
        let envelope: Value = answer.ok()?;
        let status = envelope["code"].as_u64().context("code")?;
        let msg = envelope["msg"].as_str().context("msg")?;
        let named = Refusal::ALL.iter().find(|refusal| {
            u64::from(refusal.status()) == status && msg.starts_with(refusal.english())
        });
        ensure!(status == 0 || envelope["data"].is_null(), "{envelope}");
        return Ok(if status == 0 {
            "ok"
        } else {
            named.context("a refusal")?.code()
        }
        .to_owned());
    }
    match answer.status {
        101 | 200 | 204 => Ok("ok".to_owned()),
        _ => answer.code(),
    }
}
