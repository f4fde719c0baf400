//! What an operator can set about the router.

use webim_model::Limits;

/// The router's settings.
#[derive(Clone, Debug)]
pub struct RouterConfig {
    /// What one person may send, and how much one answer holds.
    pub limits: Limits,
    /// Whether members may chat with each other; off, everyone talks only to agents.
    pub chat: bool,
    /// Seconds in which a text can be edited by who said it; 0 switches it off.
    pub edit_seconds: u32,
    /// Seconds in which a message can be recalled by who said it; 0 switches it off.
    pub recall_seconds: u32,
    /// Whether a unit's conversation holds those of the units below it, too.
    pub subtree: bool,
    /// What the conversation is called in which the system tells one person something.
    pub notices: String,
    /// What the one is called in which it tells everyone.
    pub announcements: String,
    /// Seconds of silence after which `ping` is said; after two and a half times as many the socket is closed.
    pub heartbeat: u32,
    /// Before-hooks: how many (sender, conversation) pairs may have one running at a time.
    pub parallel_hooks: usize,
    /// Whether messages, files and people can be searched.
    pub search: bool,
    /// Whether agents may read the records of customers whom others serve; it is written down when they do.
    pub agents_read_all: bool,
}

impl Default for RouterConfig {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            chat: true,
            edit_seconds: 900,
            recall_seconds: 120,
            subtree: false,
            notices: "系统通知".into(),
            announcements: "全员通知".into(),
            heartbeat: 45,
            parallel_hooks: 64,
            search: true,
            agents_read_all: true,
        }
    }
}
