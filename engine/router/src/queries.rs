//! The questions that change nothing: directory, conversations, history.

use webim_model::{ConversationId, Millis, Person, PersonId, PersonKind, Refusal, UnitId};
use webim_store::{ListRow, Page};
use webim_wire::rest;
use webim_wire::server::Message;

use crate::directory::item;
use crate::fold::fold;
use crate::journey::store_failed;
use crate::{Caller, Nay, Router, Window};

/// People in one page.
const PEOPLE: u64 = 500;
/// Conversations in one page.
const CONVERSATIONS: u64 = 200;

impl Router {
    /// All units; `conversation` only in the caller's own.
    pub async fn units(&self, caller: &Caller) -> Result<rest::Units, Nay> {
        staff(caller)?;
        let directory = self.0.directories.get().await.map_err(store_failed)?;
        let own = directory.conversations_of(caller.person, self.0.config.subtree);
        let items = directory
            .units
            .iter()
            .map(|unit| unit.wire(own.contains(&unit.row.id).then_some(unit.row.conversation)))
            .collect();
        Ok(rest::Units {
            version: directory.version,
            items,
        })
    }

    /// A page of active members, of one unit or of all, in the order of their ids.
    pub async fn people(
        &self,
        caller: &Caller,
        unit: Option<UnitId>,
        after: Option<PersonId>,
        limit: u64,
    ) -> Result<rest::People, Nay> {
        staff(caller)?;
        let directory = self.0.directories.get().await.map_err(store_failed)?;
        let limit = usize::try_from(limit.clamp(1, PEOPLE)).unwrap_or(1);
        let ids: Box<dyn Iterator<Item = PersonId> + Send> = match unit {
            Some(unit) => Box::new(
                directory
                    .unit(unit)
                    .ok_or(Refusal::UnitUnknown)?
                    .people
                    .iter()
                    .copied(),
            ),
            None => Box::new(directory.people.iter().map(|(person, _)| person.id)),
        };
        let items: Vec<_> = ids
            .filter(|id| after.is_none_or(|after| *id > after))
            .filter_map(|id| directory.person(id))
            .take(limit + 1)
            .map(item)
            .collect();
        Ok(people_page(directory.version, items, limit))
    }

    /// One person of the directory.
    pub async fn person(&self, caller: &Caller, person: PersonId) -> Result<rest::PersonItem, Nay> {
        let directory = self.0.directories.get().await.map_err(store_failed)?;
        if let Some(found) = directory
            .person(person)
            .filter(|_| caller.kind == PersonKind::Member)
        {
            return Ok(item(found));
        }
        let found = self.0.store.person(person).await.map_err(store_failed)?;
        // A program is in no unit and in no list, but what it says is read under its name.
        let found = found.filter(|found| {
            let program = found.kind == PersonKind::Robot && caller.kind == PersonKind::Member;
            program || person == caller.person
        });
        let found = found.ok_or(Refusal::PersonUnknown)?;
        Ok(rest::PersonItem {
            card: (&found).into(),
            units: Vec::new(),
        })
    }

    /// The caller's own entry.
    pub async fn me(&self, caller: &Caller) -> Result<Person, Nay> {
        let me = self
            .0
            .store
            .person(caller.person)
            .await
            .map_err(store_failed)?;
        me.ok_or_else(|| Refusal::PersonUnknown.into())
    }

    /// A page of the caller's conversations, newest first; `after` is the `next` of the page before.
    pub async fn conversations(
        &self,
        caller: &Caller,
        after: Option<&str>,
        limit: u64,
    ) -> Result<rest::Conversations, Nay> {
        let before = after.map(cursor).transpose()?;
        self.0.writer.flush_of(caller.person).await;
        let limit = limit.clamp(1, CONVERSATIONS);
        let rows = self
            .0
            .store
            .list(caller.person, before, limit + 1)
            .await
            .map_err(store_failed)?;
        let more = rows.len() as u64 > limit;
        let rows: Vec<_> = rows
            .into_iter()
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .collect();
        let next = rows
            .last()
            .filter(|_| more)
            .map(|row| format!("{}.{}", row.time.0, row.conversation));
        let peers: Vec<_> = rows.iter().filter_map(|row| row.peer).collect();
        let cards = self.cards(&peers).await?;
        let items = self.lines(rows, &cards).await?;
        Ok(rest::Conversations { items, next })
    }

    /// One conversation of the caller's.
    pub async fn conversation(
        &self,
        caller: &Caller,
        id: ConversationId,
    ) -> Result<rest::Conversation, Nay> {
        self.0.writer.flush_of(caller.person).await;
        let row = self
            .0
            .store
            .list_one(caller.person, id)
            .await
            .map_err(store_failed)?;
        let row = row.ok_or(Refusal::ConversationUnknown)?;
        let peers: Vec<_> = row.peer.into_iter().collect();
        let cards = self.cards(&peers).await?;
        let mut lines = self.lines(vec![row], &cards).await?;
        lines.pop().ok_or_else(Nay::internal)
    }

    async fn lines(
        &self,
        rows: Vec<ListRow>,
        cards: &[Person],
    ) -> Result<Vec<rest::Conversation>, Nay> {
        let last: Vec<_> = rows.iter().filter_map(|row| row.last.clone()).collect();
        let shown = fold(&self.0.store, &last).await.map_err(store_failed)?;
        let mut shown = shown.into_iter().peekable();
        let lines = rows.into_iter().map(|row| {
            let last = shown.next_if(|last| last.conversation == row.conversation.0);
            conversation(row, last, cards)
        });
        Ok(lines.collect())
    }

    /// A page of a conversation of the caller's, oldest first.
    pub async fn history(
        &self,
        caller: &Caller,
        id: ConversationId,
        window: Window,
        limit: u64,
    ) -> Result<rest::History, Nay> {
        let page = match window {
            Window::Newest => Page::Latest,
            Window::Before(seq) => Page::Before(seq),
            Window::After(seq) => Page::After(seq),
        };
        let limit = limit.clamp(1, self.0.config.limits.page);
        let found = self
            .0
            .store
            .history(caller.person, id, page, limit)
            .await
            .map_err(store_failed)?;
        let Some((messages, more)) = found else {
            let read = self.transcript(caller, id, window, limit).await?;
            return read.ok_or_else(|| Refusal::ConversationUnknown.into());
        };
        let items = fold(&self.0.store, &messages).await.map_err(store_failed)?;
        Ok(rest::History { items, more })
    }

    /// The people of a conversation of the caller's, in the order of their ids.
    pub async fn members(
        &self,
        caller: &Caller,
        id: ConversationId,
        after: Option<PersonId>,
        limit: u64,
    ) -> Result<rest::People, Nay> {
        let (_, rows) = self.0.store.members(id).await.map_err(store_failed)?;
        if !rows.iter().any(|row| row.person == caller.person) {
            return Err(Refusal::ConversationUnknown.into());
        }
        let mut ids: Vec<_> = rows
            .into_iter()
            .map(|row| row.person)
            .filter(|id| after.is_none_or(|after| *id > after))
            .collect();
        ids.sort_unstable();
        let limit = usize::try_from(limit.clamp(1, PEOPLE)).unwrap_or(1);
        ids.truncate(limit + 1);
        let directory = self.0.directories.get().await.map_err(store_failed)?;
        let mut items: Vec<_> = self
            .cards(&ids)
            .await?
            .iter()
            .map(|person| {
                let units = directory
                    .person(person.id)
                    .map(|(_, units)| units.clone())
                    .unwrap_or_default();
                item(&(person.clone(), units))
            })
            .collect();
        items.sort_unstable_by_key(|item| item.card.id);
        Ok(people_page(directory.version, items, limit))
    }

    /// People by id, from the directory where they are in it: also those who have left or are customers.
    pub(crate) async fn cards(&self, ids: &[PersonId]) -> Result<Vec<Person>, Nay> {
        let directory = self.0.directories.get().await.map_err(store_failed)?;
        let (mut known, mut others) = (Vec::with_capacity(ids.len()), Vec::new());
        for id in ids {
            match directory.person(*id) {
                Some((person, _)) => known.push(person.clone()),
                None => others.push(*id),
            }
        }
        if !others.is_empty() {
            known.extend(
                self.0
                    .store
                    .people_cards(&others)
                    .await
                    .map_err(store_failed)?,
            );
        }
        Ok(known)
    }
}

/// The directory is for members.
pub(crate) fn staff(caller: &Caller) -> Result<(), Nay> {
    if caller.kind == PersonKind::Member {
        Ok(())
    } else {
        Err(Refusal::Forbidden.into())
    }
}

fn people_page(version: u64, mut items: Vec<rest::PersonItem>, limit: usize) -> rest::People {
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items
        .last()
        .filter(|_| more)
        .map(|item| item.card.id.to_string());
    rest::People {
        version,
        items,
        next,
    }
}

/// A cursor of the list of conversations; refused with `bad_field`.
pub fn cursor(after: &str) -> Result<(Millis, ConversationId), Nay> {
    let parsed = after.split_once('.').and_then(|(time, id)| {
        Some((
            Millis(time.parse().ok()?),
            ConversationId(uuid::Uuid::try_parse(id).ok()?),
        ))
    });
    parsed.ok_or_else(|| Nay::because(Refusal::BadField, "after: not a cursor of this list"))
}

fn conversation(row: ListRow, last: Option<Message>, cards: &[Person]) -> rest::Conversation {
    let person = row
        .peer
        .and_then(|peer| cards.iter().find(|card| card.id == peer));
    rest::Conversation {
        id: row.conversation.0,
        kind: row.kind.into(),
        title: person.map_or(row.title, |person| person.name.clone()),
        person: person.map(Into::into),
        unit: row.unit.map(|unit| unit.0),
        last_seq: row.last_seq,
        last,
        read_seq: row.read_seq,
        unread: row.unread,
        peer_read_seq: row.peer_read_seq,
        mentioned: row.mentioned,
    }
}
