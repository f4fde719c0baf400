//! What the organisation's own systems say: to a person, a unit, everyone, or everyone who is online.
//!
//! A program is a robot under the id of its token, so that what it says has a sender with a name, and the key that
//! makes a person's messages once makes its messages once, too, also after a restart. It is a member of nothing: where
//! it may speak is decided here.

use std::sync::Arc;

use futures_util::future::join_all;
use tokio::sync::oneshot;
use webim_model::{
    About, ClientId, ConversationId, ConversationKind, Origin, Person, PersonId, PersonKind,
    Refusal, Target,
};
use webim_wire::client::SendKind;
use webim_wire::push::{Posted, Push, PushTarget, Reached};

use crate::journey::store_failed;
use crate::recent::Place;
use crate::reply::Reply;
use crate::rooms::Room;
use crate::said::{Ask, Said};
use crate::{Nay, Router};

/// How often the membership may move under a push before it is given up.
const ATTEMPTS: usize = 5;
/// Notices under way at a time, of a push to those who are online: a batch of the committer.
const AT_ONCE: usize = 128;
/// Members of a personal notice conversation never change.
const FIRST: u64 = 1;

/// A program that was let in to say things.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its token's id, under which it speaks.
    pub id: PersonId,
    /// What readers see.
    pub name: String,
}

impl Router {
    /// Says what a program pushes; returns once it is stored. The same `key` again stores nothing.
    pub async fn push(&self, program: &Program, key: ClientId, push: Push) -> Result<Posted, Nay> {
        self.0.pace.check(program.id)?;
        let store = &self.0.store;
        if !matches!(push.kind, SendKind::Text | SendKind::Card) {
            let detail = "kind: a program pushes text or card";
            return Err(Nay::because(Refusal::BadField, detail));
        }
        let body = Said::sent(push.kind, push.body, &self.0.config.limits)?;
        let kept = store.keep_program(program.id, &program.name).await;
        kept.map_err(store_failed)?;
        let command = Ask {
            sender: program.id,
            client_id: key,
            to: Target::Person(program.id),
            body,
            about: About::default(),
            lease: None,
            retry: true,
            origin: Origin::Person,
            depth: 0,
        };
        let room = match push.to {
            PushTarget::Online(true) => return self.push_online(&command).await,
            PushTarget::Everyone(true) => self.everyone().await?,
            PushTarget::Online(false) | PushTarget::Everyone(false) => {
                let detail = "to: true is the only value of everyone and online";
                return Err(Nay::because(Refusal::BadField, detail));
            }
            PushTarget::Person(id) => self.noticed(store.person(id.into()).await).await?,
            PushTarget::Login(login) => {
                let found = store.person_by_login(&login.trim().to_lowercase()).await;
                self.noticed(found.map(|found| found.map(|(person, _)| person)))
                    .await?
            }
            PushTarget::Unit(unit) => self.unit_room(Some(unit.into())).await?,
            PushTarget::UnitCode(code) => {
                let unit = store.unit_by_code(&code).await.map_err(store_failed)?;
                self.unit_room(unit).await?
            }
        };
        let place = self.pushed(room, &command).await?;
        Ok(Posted::Stored(place.into()))
    }

    /// Says it in `room`, whose membership may move meanwhile: a program is in none that could be looked up again.
    async fn pushed(&self, mut room: Arc<Room>, command: &Ask) -> Result<Place, Nay> {
        let mut said = Err(Refusal::Busy.into());
        for _ in 0..ATTEMPTS {
            said = self.say_in(room.clone(), command).await;
            match &said {
                Err(nay) if nay.refusal == Refusal::ConversationUnknown => {
                    let found = self.0.rooms.reload(room.id).await.map_err(store_failed)?;
                    room = found.ok_or(Refusal::ConversationUnknown)?;
                }
                _ => break,
            }
        }
        said.map_err(|nay| match (nay.refusal, room.kind) {
            // It was removed a moment ago.
            (Refusal::ConversationUnknown, ConversationKind::Unit) => Refusal::UnitUnknown.into(),
            _ => nay,
        })
    }

    async fn say_in(&self, room: Arc<Room>, command: &Ask) -> Result<Place, Nay> {
        let (sender, outcome) = oneshot::channel();
        let command = Ask {
            to: Target::Conversation(room.id),
            ..command.clone()
        };
        self.0
            .journey
            .take(command, room, Reply::Wait(sender))
            .await;
        outcome
            .await
            .unwrap_or_else(|_| Err(Refusal::OutcomeUnknown.into()))
    }

    /// The notices of somebody who can be told something.
    async fn noticed(
        &self,
        found: Result<Option<Person>, webim_store::StoreError>,
    ) -> Result<Arc<Room>, Nay> {
        let person = found.map_err(store_failed)?;
        let person = person.filter(|found| found.active && found.kind == PersonKind::Member);
        let person = person.ok_or(Refusal::PersonUnknown)?.id;
        let rooms = self.notice_rooms(&[person]).await?;
        rooms.into_iter().next().ok_or_else(Nay::internal)
    }

    async fn notice_rooms(&self, people: &[PersonId]) -> Result<Vec<Arc<Room>>, Nay> {
        let title = &self.0.config.notices;
        let found = self.0.store.notices(people, title).await;
        let room = |(person, id): (PersonId, ConversationId)| {
            Arc::new(Room {
                id,
                kind: ConversationKind::Notice,
                member_version: FIRST,
                members: [person].into(),
            })
        };
        Ok(found.map_err(store_failed)?.into_iter().map(room).collect())
    }

    async fn everyone(&self) -> Result<Arc<Room>, Nay> {
        let title = &self.0.config.announcements;
        let id = self.0.store.notice_for_everyone(title).await;
        let room = self.0.rooms.reload(id.map_err(store_failed)?).await;
        room.map_err(store_failed)?.ok_or_else(Nay::internal)
    }

    async fn unit_room(&self, unit: Option<webim_model::UnitId>) -> Result<Arc<Room>, Nay> {
        if !self.0.config.chat {
            let detail = "chat between members is switched off";
            return Err(Nay::because(Refusal::Forbidden, detail));
        }
        let rooms = &self.0.rooms;
        let id = rooms.unit(unit.ok_or(Refusal::UnitUnknown)?).await;
        let id = id.map_err(store_failed)?.ok_or(Refusal::UnitUnknown)?;
        let room = rooms.room(id).await.map_err(store_failed)?;
        room.ok_or_else(|| Refusal::UnitUnknown.into())
    }

    async fn push_online(&self, command: &Ask) -> Result<Posted, Nay> {
        let directory = self.0.directories.get().await.map_err(store_failed)?;
        let mut people = self.connected();
        people.retain(|person| directory.person(*person).is_some());
        let rooms = self.notice_rooms(&people).await?;
        for some in rooms.chunks(AT_ONCE) {
            let said = some.iter().map(|room| self.pushed(room.clone(), command));
            for place in join_all(said).await {
                place?;
            }
        }
        let count = rooms.len() as u64;
        Ok(Posted::Online(Reached { count }))
    }
}
