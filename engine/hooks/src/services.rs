//! The port through which hooks, robots and jobs act: implemented by the router.

use async_trait::async_trait;
use webim_model::{ConversationId, Position, Refusal, SendCommand};

/// What the engine does for those who extend it.
#[async_trait]
pub trait Services: Send + Sync {
    /// Does what a person could do with the same command. The `client_id` makes a repetition harmless; the
    /// answer says where the message stands.
    async fn post(&self, command: SendCommand) -> Result<(ConversationId, Position), Refusal>;
}
