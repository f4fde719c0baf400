//! Search: messages, files by name, people; what the caller may read and nothing else.
//!
//! The store finds the newest that have what is asked for; here they are read, scored, put in order and cut into pages.

mod cursor;
mod people;
mod stored;

use std::cmp::Reverse;
use std::sync::Arc;

use webim_model::{ConversationId, MessageId, Millis, PersonKind, Refusal};
use webim_store::search::{Asked, searchable};
use webim_text::postings::{Doc, Field};
use webim_text::{QUERY_CHARS, Query, Snippet, Span, recency, scalars};
use webim_wire::search::{FoundFile, FoundMessage, FoundPerson, SearchIn, SearchResults};

use self::cursor::{Cursor, Place};
use self::people::PeopleByName;
use self::stored::StoredSince;
pub(crate) use self::stored::noted;
use crate::directory::item;
use crate::fold::states_at;
use crate::journey::store_failed;
use crate::queries::staff;
use crate::{Caller, Nay, Router};

/// Of so many messages, the newest that have what is asked for, the best come first; older ones are not looked at.
const CANDIDATES: usize = 400;
/// Entries of one kind in a page.
const PAGE: u64 = 50;
/// People whom one search can find.
const PEOPLE: usize = 200;
/// Characters of a message that are shown.
const SHOWN: usize = 120;
/// After this time being new is worth half as much: 30 days in milliseconds.
const HALF_LIFE: i64 = 30 * 24 * 3_600_000;

/// What the router keeps for searching.
pub(crate) struct Searching {
    /// People by name.
    pub people: PeopleByName,
    /// What the index does not have yet.
    pub stored: Arc<StoredSince>,
}

impl Searching {
    pub fn new(stored: Arc<StoredSince>) -> Self {
        Self {
            people: PeopleByName::default(),
            stored,
        }
    }
}

/// What somebody looks for.
#[derive(Clone, Copy, Debug)]
pub struct SearchFor<'a> {
    /// As typed.
    pub text: &'a str,
    /// Only these; everything if absent.
    pub only: Option<SearchIn>,
    /// Only in this conversation.
    pub conversation: Option<ConversationId>,
    /// `next` of the page before.
    pub after: Option<&'a str>,
    /// Entries of each kind.
    pub limit: u64,
}

impl SearchFor<'_> {
    fn wants(&self, what: SearchIn) -> bool {
        self.only.is_none_or(|only| only == what)
    }
}

/// A question that was understood.
struct Question<'a> {
    caller: &'a Caller,
    query: Query,
    text: &'a str,
    conversation: Option<ConversationId>,
    /// When the first page was asked for: later messages are not on later pages, and nothing grows old between them.
    until: Millis,
    limit: usize,
}

/// One hit and what decides its place.
struct Ranked<T> {
    place: Place,
    hit: T,
}

impl Router {
    /// What the caller may read and `asked` finds.
    pub async fn search(
        &self,
        caller: &Caller,
        asked: &SearchFor<'_>,
    ) -> Result<SearchResults, Nay> {
        self.0.pace.check(caller.person)?;
        if !self.0.config.search {
            return Err(Nay::because(Refusal::Forbidden, "search is switched off"));
        }
        let question = Question::new(caller, asked)?;
        let from = match asked.after {
            Some(after) => Cursor::parse(after)?,
            None => self.first(caller, asked)?,
        };
        let question = Question {
            until: from.until,
            ..question
        };
        let mut next = Cursor {
            until: from.until,
            ..Cursor::default()
        };
        let mut results = SearchResults::default();
        if let Some(place) = from.messages {
            let ranked = self.messages_for(&question).await?;
            (results.messages, next.messages) = page(ranked, place, question.limit);
        }
        if let Some(place) = from.files {
            let ranked = self.files_for(&question).await?;
            (results.files, next.files) = page(ranked, place, question.limit);
        }
        if let Some(skip) = from.people {
            (results.people, next.people) = self.people_for(&question, skip).await?;
        }
        results.next = next.encode();
        Ok(results)
    }

    /// Where a search begins.
    fn first(&self, caller: &Caller, asked: &SearchFor<'_>) -> Result<Cursor, Nay> {
        if asked.only == Some(SearchIn::People) {
            staff(caller)?;
            if asked.conversation.is_some() {
                let detail = "conversation: not together with in=people";
                return Err(Nay::because(Refusal::BadField, detail));
            }
        }
        let people = asked.wants(SearchIn::People)
            && asked.conversation.is_none()
            && caller.kind == PersonKind::Member;
        Ok(Cursor {
            until: self.0.journey.sources.now(),
            messages: asked.wants(SearchIn::Messages).then_some(Place::BEST),
            files: asked.wants(SearchIn::Files).then_some(Place::BEST),
            people: people.then_some(0),
        })
    }

    async fn candidates(&self, question: &Question<'_>, field: Field) -> Result<Vec<Doc>, Nay> {
        let asked = Asked {
            person: question.caller.person,
            query: &question.query,
            field,
            conversation: question.conversation,
            until: question.until,
            limit: CANDIDATES,
        };
        let found = self.0.store.search(&asked).await.map_err(store_failed)?;
        found.ok_or_else(|| Refusal::ConversationUnknown.into())
    }

    async fn messages_for(
        &self,
        question: &Question<'_>,
    ) -> Result<Vec<Ranked<FoundMessage>>, Nay> {
        let docs = self.candidates(question, Field::Text).await?;
        let person = question.caller.person;
        let messages = self.0.store.found_messages(person, &docs).await;
        let messages = messages.map_err(store_failed)?;
        let now = states_at(&self.0.store, &messages)
            .await
            .map_err(store_failed)?;
        let mut ranked = Vec::with_capacity(docs.len());
        for message in messages {
            let now = now.get(&(message.conversation, message.seq));
            let now = now.cloned().unwrap_or_default();
            // What it says now, which the index may not know yet.
            let body = now.body(&message.body);
            let Some(text) = searchable(&body) else {
                continue;
            };
            let Some(found) = question.query.look(&text) else {
                continue;
            };
            let Snippet {
                text: shown, spans, ..
            } = found.snippet(SHOWN);
            ranked.push(Ranked {
                place: question.place(found.score(), message.time, message.id),
                hit: FoundMessage {
                    item: now.show(&message),
                    spans: pairs(&shown, &spans),
                    shown,
                },
            });
        }
        Ok(ranked)
    }

    async fn files_for(&self, question: &Question<'_>) -> Result<Vec<Ranked<FoundFile>>, Nay> {
        let docs = self.candidates(question, Field::Names).await?;
        let person = question.caller.person;
        let files = self.0.store.found_files(person, &docs).await;
        let mut ranked = Vec::with_capacity(docs.len());
        for file in files.map_err(store_failed)? {
            let Some(found) = question.query.look(&file.name) else {
                continue;
            };
            let spans = pairs(&file.name, &found.spans());
            let mut place = question.place(found.score(), file.time, file.message);
            place.file = file.file.0;
            ranked.push(Ranked {
                place,
                hit: FoundFile {
                    conversation: file.conversation.0,
                    seq: file.seq,
                    message: file.message.0,
                    file: file.file.0,
                    name: file.name,
                    spans,
                    time: file.time.0,
                    sender: file.sender.map(|sender| sender.0),
                },
            });
        }
        Ok(ranked)
    }

    /// People after the first `skip`, and where the next page begins.
    async fn people_for(
        &self,
        question: &Question<'_>,
        skip: usize,
    ) -> Result<(Vec<FoundPerson>, Option<usize>), Nay> {
        let directory = self.0.directories.get().await.map_err(store_failed)?;
        let index = self.0.search.people.of(&directory).await?;
        let found = index.search(question.text, PEOPLE);
        let end = skip.saturating_add(question.limit);
        let next = (end < found.len()).then_some(end);
        let hits = found
            .into_iter()
            .skip(skip)
            .take(question.limit)
            .filter_map(|person| directory.person(person))
            .map(|person| {
                let name = &person.0.name;
                let found = question.query.look(name);
                FoundPerson {
                    spans: found.map_or_else(Vec::new, |found| pairs(name, &found.spans())),
                    person: item(person),
                }
            })
            .collect();
        Ok((hits, next))
    }
}

impl<'a> Question<'a> {
    /// What was asked, if it can be.
    fn new(caller: &'a Caller, asked: &SearchFor<'a>) -> Result<Self, Nay> {
        // Bytes first: counting the characters of what is far too long would be work for nothing.
        let text = asked.text.trim();
        if text.len() > QUERY_CHARS * 4 || text.chars().count() > QUERY_CHARS {
            let detail = format!("at most {QUERY_CHARS} characters");
            return Err(Nay::because(Refusal::QueryTooLong, detail));
        }
        let query = Query::parse(text);
        if query.is_empty() {
            return Err(Refusal::QueryEmpty.into());
        }
        Ok(Self {
            caller,
            query,
            text,
            conversation: asked.conversation,
            until: Millis(0),
            limit: usize::try_from(asked.limit.clamp(1, PAGE)).unwrap_or(1),
        })
    }

    fn place(&self, score: u64, time: Millis, message: MessageId) -> Place {
        let boost = u64::from(recency(self.until.since(time), HALF_LIFE));
        Place {
            score: score.saturating_mul(1_000 + boost) / 1_000,
            time,
            message,
            file: uuid::Uuid::nil(),
        }
    }
}

/// Those after `place`, the best first, and where the next page begins.
fn page<T>(mut ranked: Vec<Ranked<T>>, place: Place, limit: usize) -> (Vec<T>, Option<Place>) {
    ranked.retain(|one| one.place < place);
    ranked.sort_unstable_by_key(|one| Reverse(one.place));
    let more = ranked.len() > limit;
    ranked.truncate(limit);
    let next = ranked.last().filter(|_| more).map(|last| last.place);
    (ranked.into_iter().map(|one| one.hit).collect(), next)
}

/// Spans as the wire has them.
fn pairs(text: &str, spans: &[Span]) -> Vec<[u32; 2]> {
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let pairs = scalars(text, spans).into_iter();
    pairs.map(|(from, to)| [number(from), number(to)]).collect()
}
