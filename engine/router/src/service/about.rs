//! Which conversation an event is about: its row is looked up before the machine hears of it.

use webim_dispatch::Event;
use webim_model::ConversationId;

/// Which conversation an event is about.
pub(super) fn about(event: &Event) -> Option<ConversationId> {
    match event {
        Event::CustomerWrote { conversation }
        | Event::AgentWrote { conversation, .. }
        | Event::RobotWrote { conversation }
        | Event::ToPerson { conversation, .. }
        | Event::Close { conversation, .. }
        | Event::LeaveQueue { conversation, .. }
        | Event::KeepPlace { conversation, .. }
        | Event::Take { conversation, .. } => Some(*conversation),
        Event::Open(opening) => Some(opening.conversation),
        Event::Transfer(ask) => Some(ask.conversation),
        _ => None,
    }
}
