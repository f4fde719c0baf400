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
            let why = why_zh(receipt, fits.max(1));
            format!("{name}：{why}；当时接待 {load} 人，客户等待了 {waited} 秒。")
        }
        Language::English => {
            let why = why_en(receipt, fits.max(1));
            format!("{name}: {why}; serving {load} then, the customer had waited {waited} s.")
        }
    }
}

fn why_zh(receipt: &ReceiptShape, fits: usize) -> String {
    let (hook, policy) = (&receipt.hook, policy_zh(&receipt.policy));
    match &*receipt.by {
        "builtin" => format!("{fits}位合适的客服中，按“{policy}”排在最前"),
        "hook" => format!("由规则“{hook}”决定"),
        "hook_silent" => format!("规则“{hook}”未及时答复，按“{policy}”分配"),
        "hook_wrong" => format!("规则“{hook}”所选不合适，按“{policy}”分配"),
        "agent" => "客服自己接入".to_owned(),
        "customer" => "由客户选择".to_owned(),
        "owner" => "是该客户的专属客服".to_owned(),
        "supervisor" => "由主管接管或指派".to_owned(),
        "transfer" => "由转接而来".to_owned(),
        other => other.to_owned(),
    }
}

fn why_en(receipt: &ReceiptShape, fits: usize) -> String {
    let (hook, policy) = (&receipt.hook, policy_en(&receipt.policy));
    match &*receipt.by {
        "builtin" => format!("first of {fits} who fitted, by {policy}"),
        "hook" => format!("chosen by the rule \"{hook}\""),
        "hook_silent" => format!("the rule \"{hook}\" did not answer in time, so by {policy}"),
        "hook_wrong" => format!("the rule \"{hook}\" chose nobody who fits, so by {policy}"),
        "agent" => "took the customer".to_owned(),
        "customer" => "chosen by the customer".to_owned(),
        "owner" => "the customer's own agent".to_owned(),
        "supervisor" => "by a supervisor".to_owned(),
        "transfer" => "by a transfer".to_owned(),
        other => other.to_owned(),
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
