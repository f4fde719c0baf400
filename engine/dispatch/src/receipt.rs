//! Why this agent: the stored reason of one assignment, and the sentence that people read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use webim_model::{ChannelId, ConversationId, DecidedBy, Millis, Order, PersonId, Verdict};

/// How many agents a receipt names; those that fit come first, the others are counted by reason.
pub const CANDIDATES: usize = 50;

/// Why an agent was assigned: inputs, each candidate's verdict, who decided, how long it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Through which channel.
    pub channel: ChannelId,
    /// Who was assigned.
    pub agent: PersonId,
    /// When.
    pub at: Millis,
    /// How many waited before this one in its line.
    pub ahead: u32,
    /// Milliseconds in the queue.
    pub waited: i64,
    /// The channel's built-in order.
    pub order: Order,
    /// Who decided.
    pub by: DecidedBy,
    /// The hook's name, where one was asked.
    pub hook: Option<String>,
    /// Milliseconds between the question to the hook and the decision; 0 without a hook.
    pub took: i64,
    /// Whether it went beyond the agent's capacity, by explicit choice.
    pub beyond: bool,
    /// The best of those looked at, those that fit first in the built-in order; at most [`CANDIDATES`].
    pub candidates: Vec<Candidate>,
    /// How many agents got each verdict, named or not.
    pub counts: BTreeMap<Verdict, u32>,
}

/// One agent as they were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub agent: PersonId,
    /// Fits, or why not.
    pub verdict: Verdict,
    /// What they held.
    pub load: u32,
    /// What they may hold, here.
    pub capacity: u32,
    /// Their share.
    pub weight: u32,
    /// Milliseconds since they last got a customer; `None`: never.
    pub idle: Option<i64>,
    /// Whether they speak the customer's language.
    pub language: bool,
    /// How many of the wished-for labels they have.
    pub wishes: u32,
    /// Their place in the built-in order, 1 is first; 0 where they do not fit.
    pub rank: u32,
}

/// A language that sentences are made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 简体中文.
    Chinese,
    /// English.
    English,
}

impl Receipt {
    /// Why this agent, for people: who decided, after how long, and what was found about the others.
    pub fn sentence(&self, language: Language, name: &dyn Fn(PersonId) -> String) -> String {
        let agent = name(self.agent);
        let seconds = self.waited / 1000;
        let others: Vec<String> = self
            .counts
            .iter()
            .filter(|(verdict, _)| **verdict != Verdict::Fits)
            .map(|(verdict, number)| format!("{number} {}", reason(*verdict, language)))
            .collect();
        let fitting = self.counts.get(&Verdict::Fits).copied().unwrap_or(0);
        match language {
            Language::English => {
                let mut text = format!("{agent} was assigned: {}.", self.decision_english());
                let _ = write!(
                    text,
                    " The customer had waited {seconds} s with {} before them.",
                    self.ahead
                );
                if !self.counts.is_empty() {
                    let _ = write!(text, " {fitting} fitted");
                    text.extend(others.iter().map(|other| format!(", {other}")));
                    text.push('.');
                }
                text
            }
            Language::Chinese => {
                let mut text = format!("由{agent}接待：{}。", self.decision_chinese());
                let _ = write!(text, "客户等待了 {seconds} 秒，前面有 {} 位。", self.ahead);
                if !self.counts.is_empty() {
                    let _ = write!(text, "符合条件 {fitting} 人");
                    text.extend(others.iter().map(|other| format!("，{other}")));
                    text.push('。');
                }
                text
            }
        }
    }

    fn decision_english(&self) -> String {
        let hook = self.hook.as_deref().unwrap_or("hook");
        let order = match self.order {
            Order::LeastLoaded => "the smallest load for their share",
            Order::RoundRobin => "the next in turn",
            Order::LongestIdle => "the longest without a new customer",
            Order::Random => "drawn by lot",
            Order::Manual => "agents take by themselves here",
        };
        let text = match self.by {
            DecidedBy::Builtin => order.to_owned(),
            DecidedBy::Hook => format!("chosen by \"{hook}\" in {} ms", self.took),
            DecidedBy::HookSilent => {
                format!("\"{hook}\" did not answer in {} ms, so: {order}", self.took)
            }
            DecidedBy::HookWrong => format!("\"{hook}\" named nobody who fits, so: {order}"),
            DecidedBy::Agent => "they took the customer".to_owned(),
            DecidedBy::Customer => "the customer chose them".to_owned(),
            DecidedBy::Owner => "the customer is theirs".to_owned(),
            DecidedBy::Supervisor => "a supervisor took over".to_owned(),
            DecidedBy::Transfer => "by transfer".to_owned(),
        };
        let beyond = if self.beyond {
            ", by explicit choice although they had no room or were away"
        } else {
            ""
        };
        text + beyond
    }

    fn decision_chinese(&self) -> String {
        let hook = self.hook.as_deref().unwrap_or("钩子");
        let order = match self.order {
            Order::LeastLoaded => "按权重负载最小",
            Order::RoundRobin => "轮到其接待",
            Order::LongestIdle => "空闲时间最长",
            Order::Random => "随机选中",
            Order::Manual => "由客服自行领取",
        };
        let text = match self.by {
            DecidedBy::Builtin => order.to_owned(),
            DecidedBy::Hook => format!("由“{hook}”在 {} 毫秒内选定", self.took),
            DecidedBy::HookSilent => format!("“{hook}”在 {} 毫秒内未应答，改为{order}", self.took),
            DecidedBy::HookWrong => format!("“{hook}”选择的人不符合条件，改为{order}"),
            DecidedBy::Agent => "其主动接待".to_owned(),
            DecidedBy::Customer => "客户指定".to_owned(),
            DecidedBy::Owner => "客户的责任客服".to_owned(),
            DecidedBy::Supervisor => "主管接管".to_owned(),
            DecidedBy::Transfer => "转接".to_owned(),
        };
        let beyond = if self.beyond {
            "（明确指定，当时已满或不在）"
        } else {
            ""
        };
        text + beyond
    }
}

fn reason(verdict: Verdict, language: Language) -> &'static str {
    let (english, chinese) = match verdict {
        Verdict::Fits => ("fitted", "人符合条件"),
        Verdict::Inactive => ("do not serve", "人不接待客户"),
        Verdict::Itself => ("is the customer", "人是客户本人"),
        Verdict::Team => ("are in another team", "人不在该组"),
        Verdict::Topic => ("are no expert of the topic", "人不负责该主题"),
        Verdict::Skill => ("lack a required skill", "人缺少所需技能"),
        Verdict::Reserved => ("were not the one waited for", "人不是客户等待的客服"),
        Verdict::NotConnected => ("were not connected", "人不在线"),
        Verdict::NotReady => ("were not ready", "人未就绪"),
        Verdict::Full => ("were full", "人已满"),
        Verdict::ChannelFull => ("were full for this channel", "人在该渠道已满"),
        Verdict::Vetoed => ("were excluded for this customer", "人已被排除"),
    };
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}
