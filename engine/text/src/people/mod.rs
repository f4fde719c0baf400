//! The directory's people, to be found while somebody types.

mod keys;
mod surnames;

use webim_model::PersonId;

use self::keys::{Class, keys, squeeze};
pub use self::keys::{PEOPLE_KEYS, people_keys};
use crate::fold::fold;

/// Keys that one search looks at: a single letter begins those of half an organisation, and nobody reads them all.
const LOOKED_AT: usize = 4_096;

/// A person as the index is told of them.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Who.
    pub id: PersonId,
    /// As shown.
    pub name: &'a str,
    /// What they sign in with; may be empty.
    pub login: &'a str,
}

struct Place {
    /// Where the key begins in `text`, in bytes.
    start: u32,
    person: u32,
    len: u8,
    class: Class,
}

/// People by name, pinyin, initials and login; any beginning of any of them finds.
///
/// It never changes: for another version of the directory, build another (about 20 microseconds of CPU a person; with
/// many thousands, not on a thread that serves) and exchange them. About 400 bytes a person.
#[derive(Default)]
pub struct PeopleIndex {
    /// In the order of folded names, then ids: that of equally good hits.
    people: Vec<PersonId>,
    /// All keys, one after the other.
    text: String,
    /// In the order of keys.
    places: Vec<Place>,
}

impl PeopleIndex {
    /// An index of `people`. What does not fit into 4 GiB of keys is left out.
    pub fn new<'a>(people: impl IntoIterator<Item = Entry<'a>>) -> Self {
        let mut entries: Vec<(String, Entry<'_>)> = people
            .into_iter()
            .map(|entry| (fold(entry.name), entry))
            .collect();
        entries.sort_by(|(name, entry), (other, another)| {
            name.cmp(other).then(entry.id.cmp(&another.id))
        });
        let mut index = Self::default();
        for (person, (_, entry)) in entries.iter().enumerate() {
            index.people.push(entry.id);
            for (key, class) in keys(entry.name, entry.login) {
                let (Ok(start), Ok(person), Ok(len)) = (
                    index.text.len().try_into(),
                    person.try_into(),
                    key.len().try_into(),
                ) else {
                    continue;
                };
                index.text.push_str(&key);
                index.places.push(Place {
                    start,
                    person,
                    len,
                    class,
                });
            }
        }
        let text = index.text.as_str();
        index.places.sort_unstable_by(|a, b| {
            key_of(text, a)
                .cmp(key_of(text, b))
                .then(a.person.cmp(&b.person))
        });
        index
    }

    /// How many people it knows.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// About how much memory it holds, in bytes.
    pub fn bytes(&self) -> usize {
        self.text.capacity()
            + self.places.capacity() * size_of::<Place>()
            + self.people.capacity() * size_of::<PersonId>()
    }

    /// Whether it knows nobody.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// At most `limit` people whom `query` can mean, the likeliest first: whole keys before beginnings, names before
    /// pinyin before initials, beginnings before what stands inside; equals in the order of names. Signs and blanks
    /// in the query do not count (`zhang wei`, `Zhang-Wei`), nor does the order of two words (`wei zhang`).
    ///
    /// At most 64 bytes of the query and 4,096 keys count; under 0.1 milliseconds of CPU in an optimised build.
    pub fn search(&self, query: &str, limit: usize) -> Vec<PersonId> {
        let mut found = Vec::new();
        for wanted in wordings(query) {
            self.collect(&wanted, &mut found);
        }
        found.sort_unstable_by_key(|(rank, person)| (*person, *rank));
        found.dedup_by_key(|(_, person)| *person);
        found.sort_unstable();
        found
            .into_iter()
            .take(limit)
            .filter_map(|(_, person)| self.people.get(person as usize).copied())
            .collect()
    }

    fn collect(&self, wanted: &str, found: &mut Vec<((bool, Class), u32)>) {
        let from = self
            .places
            .partition_point(|place| key_of(&self.text, place) < wanted);
        found.extend(
            self.places[from..]
                .iter()
                .take(LOOKED_AT)
                .take_while(|place| key_of(&self.text, place).starts_with(wanted))
                .map(|place| {
                    (
                        (usize::from(place.len) != wanted.len(), place.class),
                        place.person,
                    )
                }),
        );
    }
}

fn key_of<'a>(text: &'a str, place: &Place) -> &'a str {
    &text[place.start as usize..place.start as usize + usize::from(place.len)]
}

/// The query as keys are written; of several words also with the first one last.
fn wordings(query: &str) -> Vec<String> {
    let whole = squeeze(query);
    if whole.is_empty() {
        return Vec::new();
    }
    let mut wordings = Vec::new();
    let query = query.trim();
    if let Some((first, rest)) = query.split_once(char::is_whitespace) {
        let turned = squeeze(&format!(
            "{} {}",
            rest.chars().take(256).collect::<String>(),
            first.chars().take(256).collect::<String>()
        ));
        if turned != whole {
            wordings.push(turned);
        }
    }
    wordings.insert(0, whole);
    wordings
}
