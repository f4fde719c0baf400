//! What a person is found by: name, pinyin, initials, login.

use pinyin::ToPinyinMulti;

use super::surnames;
use crate::fold::fold;

/// Most keys of one person.
pub const PEOPLE_KEYS: usize = 96;

/// Longest key, in bytes; longer ones are cut, and so are queries.
pub(super) const KEY_BYTES: usize = 64;

/// Parts of a name (characters, or words of an alphabet) that count.
const PARTS: usize = 12;

/// Ways to read a whole name that count.
const READINGS: usize = 8;

/// What kind of key one is; the lesser counts more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// The name or the login from its beginning.
    Name,
    /// The pinyin from its beginning.
    Pinyin,
    /// The initials from their beginning.
    Initials,
    /// Any of those from inside.
    Inner,
}

/// The beginnings by which a person is found: any prefix of any of these, once written as [`people_keys`] writes them
/// (folded, letters and digits only). At most [`PEOPLE_KEYS`], of at most 64 bytes, each once.
pub fn people_keys(name: &str, login: &str) -> Vec<String> {
    keys(name, login).into_iter().map(|(key, _)| key).collect()
}

pub(super) fn keys(name: &str, login: &str) -> Vec<(String, Class)> {
    let mut keys = Keys::default();
    let folded = fold(name);
    let parts = parts(&folded);
    for at in 0..parts.len() {
        let text: String = parts[at..].iter().map(|part| part.text).collect();
        keys.add(&text, Class::Name, at);
    }
    keys.add(&squeeze(name), Class::Name, 0);
    keys.add(&squeeze(login), Class::Name, 0);
    let login = fold(login);
    for (number, word) in login.split(|c: char| !c.is_alphanumeric()).enumerate() {
        keys.add(word, Class::Name, number);
    }
    let surname = surnames::chars(&folded).min(parts.len());
    for reading in readings(&folded, &parts) {
        for at in 0..reading.len() {
            keys.add(&reading[at..].concat(), Class::Pinyin, at);
            keys.add(&initials(&reading[at..]), Class::Initials, at);
        }
        if parts.first().is_some_and(|part| part.han) {
            let (family, given) = reading.split_at(surname);
            keys.add(&(family.concat() + &initials(given)), Class::Pinyin, 0);
            keys.add(&(initials(family) + &given.concat()), Class::Pinyin, 0);
        }
    }
    keys.0
}

/// `text` folded, with nothing left but letters and digits, cut to the length of a key.
pub(super) fn squeeze(text: &str) -> String {
    // Folded, one character may be eighteen: no more of them than can matter.
    let some: String = text.chars().take(KEY_BYTES * 4).collect();
    let mut squeezed: String = fold(&some)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    squeezed.truncate(squeezed.floor_char_boundary(KEY_BYTES));
    squeezed
}

#[derive(Default)]
struct Keys(Vec<(String, Class)>);

impl Keys {
    fn add(&mut self, key: &str, class: Class, at: usize) {
        let key = &key[..key.floor_char_boundary(KEY_BYTES)];
        let class = if at == 0 { class } else { Class::Inner };
        if key.is_empty() {
            return;
        }
        if let Some(known) = self.0.iter_mut().find(|known| known.0 == key) {
            known.1 = known.1.min(class);
        } else if self.0.len() < PEOPLE_KEYS {
            self.0.push((key.to_owned(), class));
        }
    }
}

struct Part<'a> {
    text: &'a str,
    han: bool,
}

/// Each Chinese character, each word of an alphabet.
fn parts(folded: &str) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut open = None;
    let ends = folded
        .char_indices()
        .chain(std::iter::once((folded.len(), ' ')));
    for (at, c) in ends {
        let han = c.to_pinyin_multi().is_some();
        if (han || !c.is_alphanumeric())
            && let Some(start) = open.take()
        {
            parts.push(Part {
                text: &folded[start..at],
                han: false,
            });
        }
        if han {
            parts.push(Part {
                text: &folded[at..at + c.len_utf8()],
                han: true,
            });
        } else if c.is_alphanumeric() {
            open = open.or(Some(at));
        }
    }
    parts.truncate(PARTS);
    parts
}

/// The ways to read the whole, the likeliest first.
fn readings(folded: &str, parts: &[Part<'_>]) -> Vec<Vec<String>> {
    let surname = surnames::reading(folded).unwrap_or_default();
    let mut readings: Vec<Vec<String>> = vec![Vec::new()];
    for (number, part) in parts.iter().enumerate() {
        let ways = match part.text.chars().next() {
            Some(c) if part.han => ways(c, surname.get(number).copied()),
            _ => vec![part.text.to_owned()],
        };
        let mut longer = Vec::with_capacity(readings.len() * ways.len());
        // The first way of this part for all first, so that the bound cuts the unlikely ones off.
        for way in &ways {
            longer.extend(readings.iter().map(|reading| {
                let mut reading = reading.clone();
                reading.push(way.clone());
                reading
            }));
        }
        longer.truncate(READINGS);
        readings = longer;
    }
    readings
}

/// The ways to read one character: as a surname first where it is one. `ü` is typed as `v` and as `u`.
fn ways(c: char, surname: Option<&str>) -> Vec<String> {
    let mut ways: Vec<String> = surname.map(str::to_owned).into_iter().collect();
    let usual = c.to_pinyin_multi().into_iter().flatten();
    let most = if surname.is_some() { 1 } else { 3 };
    for way in usual.map(pinyin::Pinyin::plain).take(most) {
        let typed = way.replace('ü', "v");
        if typed == "lv" || typed == "nv" {
            ways.push(typed.replace('v', "u"));
        }
        ways.push(typed);
    }
    let mut seen = Vec::with_capacity(ways.len());
    ways.retain(|way| {
        let new = !seen.contains(way);
        seen.push(way.clone());
        new
    });
    ways
}

fn initials(reading: &[String]) -> String {
    reading
        .iter()
        .filter_map(|way| way.chars().next())
        .collect()
}
