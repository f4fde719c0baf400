//! A receipt in a sentence.

use webim_wire::service::rest::ReceiptShape;

/// In which language somebody reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// zh-CN.
    Chinese,
    /// en.
    English,
}

/// Why `name` was given the customer.
pub(super) fn sentence(receipt: &ReceiptShape, name: &str, language: Language) -> String {
    let fits = receipt.candidates.iter();
    let fits = fits
        .filter(|one| matches!(&*one.verdict, "chosen" | "fits"))
        .count();
    let chosen = receipt
        .candidates
        .iter()
        .find(|one| one.verdict == "chosen");
    let load = chosen.map_or(0, |one| one.load);
    let waited = receipt.waited / 1_000;
    match language {
        Language::Chinese => {
            let why = match &*receipt.by {
                "builtin" => format!(
                    "{}位合适的客服中，按“{}”排在最前",
                    fits.max(1),
                    policy_zh(&receipt.policy)
                ),
                "hook" => format!("由规则“{}”决定", receipt.hook),
                "hook_silent" => format!(
                    "规则“{}”未及时答复，按“{}”分配",
                    receipt.hook,
                    policy_zh(&receipt.policy)
                ),
                "hook_wrong" => format!(
                    "规则“{}”所选不合适，按“{}”分配",
                    receipt.hook,
                    policy_zh(&receipt.policy)
                ),
                "agent" => "客服自己接入".to_owned(),
                "customer" => "由客户选择".to_owned(),
                "owner" => "是该客户的专属客服".to_owned(),
                "supervisor" => "由主管接管或指派".to_owned(),
                "transfer" => "由转接而来".to_owned(),
                other => other.to_owned(),
            };
            format!("{name}：{why}；当时接待 {load} 人，客户等待了 {waited} 秒。")
        }
        Language::English => {
            let why = match &*receipt.by {
                "builtin" => format!(
                    "first of {} who fitted, by {}",
                    fits.max(1),
                    policy_en(&receipt.policy)
                ),
                "hook" => format!("chosen by the rule \"{}\"", receipt.hook),
                "hook_silent" => format!(
                    "the rule \"{}\" did not answer in time, so by {}",
                    receipt.hook,
                    policy_en(&receipt.policy)
                ),
                "hook_wrong" => format!(
                    "the rule \"{}\" chose nobody who fits, so by {}",
                    receipt.hook,
                    policy_en(&receipt.policy)
                ),
                "agent" => "took the customer".to_owned(),
                "customer" => "chosen by the customer".to_owned(),
                "owner" => "the customer's own agent".to_owned(),
                "supervisor" => "by a supervisor".to_owned(),
                "transfer" => "by a transfer".to_owned(),
                other => other.to_owned(),
            };
            format!("{name}: {why}; serving {load} then, the customer had waited {waited} s.")
        }
    }
}

fn policy_zh(word: &str) -> &str {
    match word {
        "least_loaded" => "接待最少优先",
        "round_robin" => "轮流",
        "longest_idle" => "空闲最久优先",
        "random" => "随机",
        "manual" => "手动接入",
        other => other,
    }
}

fn policy_en(word: &str) -> &str {
    match word {
        "least_loaded" => "least loaded",
        "round_robin" => "round robin",
        "longest_idle" => "longest idle",
        "random" => "chance",
        "manual" => "manual taking",
        other => other,
    }
}
