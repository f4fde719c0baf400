//! Opening a visit, and sitting down beside the holder.

use webim_dispatch::{Event, Opening};
use webim_model::{
    ChannelMode, ConversationId, HistoryShown, Millis, PersonId, PersonKind, Refusal,
};
use webim_store::service::{AuditRow, Membership, NewCustomer, NewLane, ServiceChanges};
use webim_wire::service::command::{CustomerPage, ServiceOpen};
use webim_wire::service::event::ServiceDone;

use super::catalog::Channel;
use super::frames::{actor, done};
use crate::journey::store_failed;
use crate::{Caller, Nay, Router};

impl Router {
    pub(super) async fn open_visit(
        &self,
        caller: &Caller,
        open: ServiceOpen,
    ) -> Result<ServiceDone, Nay> {
        let desk = &self.0.desk;
        let channel = {
            let catalog = desk.catalog.load();
            catalog.channel(&open.channel).cloned()
        };
        let channel = channel.ok_or(Refusal::ChannelUnknown)?;
        let member = caller.kind == PersonKind::Member;
        if caller.kind == PersonKind::Robot || !channel.admits(member) {
            return Err(Refusal::ChannelClosed.into());
        }
        if desk.seats.blocked(caller.person) {
            return Err(Refusal::Blocked.into());
        }
        let page = open.page.clone().map(bounded).unwrap_or_default();
        let language = self.arrive(caller, &channel, &page).await?;
        let lane = self.lane_of(caller, &channel, &open)?;
        let now = desk.sources.now();
        let conversation = desk.store.lane(&lane, now).await.map_err(store_failed)?;
        let topic = open.topic.map(Into::into);
        let event = Event::Open(Box::new(Opening {
            actor: actor(caller),
            topic,
            wanted: open.agent.map(PersonId),
            language: Some(language).filter(|language| !language.is_empty()),
            ..Opening::new(conversation, channel.row.id, caller.person)
        }));
        let answer = desk.ask(event).await;
        let mut opened = done(answer, |person| desk.face(person).name)?;
        opened.conversation = Some(conversation.0);
        Ok(opened)
    }

    /// Notes who has come, and from where; says which language they speak.
    async fn arrive(
        &self,
        caller: &Caller,
        channel: &Channel,
        page: &CustomerPage,
    ) -> Result<String, Nay> {
        let desk = &self.0.desk;
        let known = desk.store.customer(caller.person).await;
        let known = known.map_err(store_failed)?;
        if let Some(known) = &known {
            if caller.kind == PersonKind::Customer && known.channel != channel.row.id {
                // Who they are was said to another channel.
                return Err(Refusal::ChannelUnknown.into());
            }
            return Ok(known.language.clone());
        }
        if caller.kind != PersonKind::Member {
            return Err(Refusal::ChannelUnknown.into());
        }
        let new = NewCustomer {
            person: caller.person,
            name: String::new(),
            channel: channel.row.id,
            external: None,
            language: page.language.clone(),
            device: String::new(),
            page: page.encode(),
            now: desk.sources.now(),
        };
        desk.store.come_inside(&new).await.map_err(store_failed)?;
        desk.comes_as_guest(caller.person);
        Ok(page.language.clone())
    }

    /// Which conversation is meant: in service mode there is one, in expert mode one for each topic, or expert.
    fn lane_of(
        &self,
        caller: &Caller,
        channel: &Channel,
        open: &ServiceOpen,
    ) -> Result<NewLane, Nay> {
        let catalog = self.0.desk.catalog.load();
        if let Some(topic) = open.topic
            && !catalog
                .topic(channel.row.id, topic.into())
                .is_some_and(|topic| topic.active)
        {
            return Err(Refusal::TopicUnowned.into());
        }
        if let Some(agent) = open.agent {
            if !channel.config.lists_agents {
                return Err(Nay::because(
                    Refusal::Forbidden,
                    "this channel does not let one choose",
                ));
            }
            if !catalog.serves(PersonId(agent)) || agent == caller.person.0 {
                return Err(Refusal::AgentUnknown.into());
            }
        }
        let expert = channel.row.mode == ChannelMode::Expert;
        Ok(NewLane {
            channel: channel.row.id,
            customer: caller.person,
            topic: open.topic.filter(|_| expert).map(Into::into),
            expert: open.agent.filter(|_| expert).map(PersonId),
        })
    }

    /// Somebody comes to sit beside the holder, or goes: as a member, so that all they need comes by itself.
    pub(super) async fn seat_beside(
        &self,
        conversation: ConversationId,
        person: PersonId,
        on: bool,
    ) -> Result<(), Nay> {
        let membership = if on {
            Membership::Joins {
                conversation,
                person,
                history: HistoryShown::All,
                visit_from: Millis(0),
            }
        } else {
            Membership::Leaves {
                conversation,
                person,
            }
        };
        let changes = ServiceChanges {
            members: vec![membership],
            ..ServiceChanges::default()
        };
        let store = &self.0.desk.store;
        store.apply_service(&changes).await.map_err(store_failed)?;
        let reloaded = self.0.rooms.reload(conversation).await;
        reloaded.map(drop).map_err(store_failed)
    }

    /// Writes down what somebody did who could do it only because of their role.
    pub(super) async fn audited(
        &self,
        caller: &Caller,
        action: &str,
        conversation: ConversationId,
    ) -> Result<(), Nay> {
        let desk = &self.0.desk;
        let entry = AuditRow {
            id: desk.sources.uuid(),
            done: desk.sources.now(),
            person: Some(caller.person),
            action: action.into(),
            object: format!("conversation:{conversation}"),
            detail: String::new(),
        };
        tracing::info!(person = %caller.person, action, %conversation, "audited");
        desk.store.audit(&entry).await.map_err(store_failed)
    }
}

/// What a browser says of its page, cut to what is kept.
pub(super) fn bounded(page: CustomerPage) -> CustomerPage {
    let cut = |text: String, most: usize| {
        let kept = text.chars().filter(|char| !char.is_control());
        kept.take(most).collect()
    };
    CustomerPage {
        url: cut(page.url, 2_000),
        title: cut(page.title, 200),
        referrer: cut(page.referrer, 2_000),
        language: cut(page.language, 35),
    }
}
