//! The one scorer: whether a text has what a query asks for, how well, and where.
//!
//! All of it is integers over one text, so that the same text has the same score in every process, on every
//! database and among whatever other candidates. How rare a word is in the whole collection is left out on purpose:
//! databases count it differently, and candidates have all the words that are asked for anyway. The length of a
//! word stands in for it.

use std::cmp::Reverse;

use rust_stemmers::Stemmer;

use crate::fold::Folded;
use crate::query::{CLAUSES, Needle, Query, Shape};
use crate::show::{self, Snippet, Span};
use crate::terms::{stem, stemmer};
use crate::tokens::{Token, is_han, words};

/// Places of one text that are looked at; further ones neither score nor show.
const HITS: usize = 256;

/// Characters of an ordinary message: longer texts need more occurrences for the same score.
const ORDINARY: u64 = 64;

/// What a query found in one text.
#[derive(Debug)]
pub struct Found<'a> {
    text: &'a str,
    score: u64,
    /// Byte ranges of `text`, ascending, not touching each other.
    places: Vec<(usize, usize)>,
    /// Where the best of it begins and ends.
    best: (usize, usize),
}

impl Found<'_> {
    /// How well the text answers: without a unit, comparable between texts for one query, above zero.
    pub fn score(&self) -> u64 {
        self.score
    }

    /// What to highlight in the whole text: UTF-16 code units (as JavaScript counts), ascending, apart from each
    /// other, at most 256, never inside a grapheme.
    pub fn spans(&self) -> Vec<Span> {
        show::spans(self.text, &self.places)
    }

    /// At most `chars` characters around the best place (but one whole grapheme, however long), with what to highlight
    /// in them.
    pub fn snippet(&self, chars: usize) -> Snippet {
        show::snippet(self.text, &self.places, self.best, chars)
    }
}

/// One text that the database proposed.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a, K> {
    /// Decides between equal scores: the greater comes first. An id of version 7 makes the newer win.
    pub key: K,
    /// As it is stored.
    pub text: &'a str,
    /// How much is added to the score for being recent (or near, or pinned), in thousandths; see [`recency`].
    pub boost: u32,
}

/// Those of `candidates` that have what `query` asks for, best first, with their scores. The order depends on the
/// set only, never on the order in which they were given. About 1 microsecond for each ordinary message.
pub fn rank<K: Ord + Copy>(query: &Query, candidates: &[Candidate<'_, K>]) -> Vec<(K, u64)> {
    let mut ranked: Vec<(K, u64)> = candidates
        .iter()
        .filter_map(|candidate| {
            let found = query.look(candidate.text)?;
            let boosted = found.score * (1_000 + u64::from(candidate.boost.min(100_000))) / 1_000;
            Some((candidate.key, boosted))
        })
        .collect();
    ranked.sort_unstable_by_key(|(key, score)| (Reverse(*score), Reverse(*key)));
    ranked
}

/// A boost for age: 1,000 (the score doubles) for what is new, half of it after `half_life` and so on, 0 after ten
/// of them; straight lines between. Both in milliseconds; an age below zero is new.
pub fn recency(age: i64, half_life: i64) -> u32 {
    let (age, half) = (age.max(0).unsigned_abs(), half_life.max(1).unsigned_abs());
    let halvings = age / half;
    if halvings >= 10 {
        return 0;
    }
    let from = 1_000_u64 >> halvings;
    let within = u64::try_from(u128::from(from) * u128::from(age % half) / u128::from(half) / 2)
        .unwrap_or(0);
    u32::try_from(from - within).unwrap_or(0)
}

/// Where `phrase` stands in `folded` without beginning or ending inside a word of an alphabet.
fn whole<'a>(folded: &'a str, phrase: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
    let goes_on = |one: Option<char>, other: Option<char>| {
        let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_han(c));
        letter(one) && letter(other)
    };
    folded.match_indices(phrase).filter_map(move |(at, found)| {
        let end = at + found.len();
        let before = folded[..at].chars().next_back();
        let after = folded[end..].chars().next();
        let inside =
            goes_on(before, phrase.chars().next()) || goes_on(phrase.chars().next_back(), after);
        (!inside).then_some((at, end))
    })
}

/// One place in the folded text.
struct Hit {
    start: usize,
    end: usize,
    needle: usize,
}

impl Query {
    /// What `text` has of this; `None` unless it has something of every clause.
    pub fn look<'a>(&self, text: &'a str) -> Option<Found<'a>> {
        if self.is_empty() {
            return None;
        }
        let folded = Folded::new(text);
        let mut hits = self.hits(&folded.text);
        let mut clauses = [false; CLAUSES];
        for hit in &hits {
            if let Some(clause) = self.needles()[hit.needle].clause {
                clauses[clause] = true;
            }
        }
        if !clauses[..self.clauses().len()].iter().all(|there| *there) {
            return None;
        }
        let mut quoted = Vec::new();
        for phrase in self.quoted() {
            let before = quoted.len();
            quoted.extend(whole(&folded.text, phrase).take(HITS));
            if quoted.len() == before {
                return None;
            }
        }
        hits.sort_unstable_by_key(|hit| (hit.start, Reverse(hit.end)));
        let phrases: Vec<(usize, usize)> = folded
            .text
            .match_indices(self.phrase())
            .map(|(at, phrase)| (at, at + phrase.len()))
            .take(HITS)
            .collect();
        let window = self.window(&hits);
        let (words, asked) = self.worth(&hits, &folded.text);
        let near = 1_000 * asked / length(&folded.text[window.0..window.1]).max(asked).max(1);
        let exact = match phrases.first() {
            Some(_) if folded.text.trim() == self.phrase() => 2_000,
            Some(_) => 1_000,
            None => 0,
        };
        let best = phrases.first().or(quoted.first()).copied();
        let best = best.unwrap_or(window);
        let all = hits
            .iter()
            .filter(|hit| phrases.is_empty() || self.needles()[hit.needle].clause.is_some())
            .map(|hit| (hit.start, hit.end))
            .chain(phrases.iter().copied())
            .chain(quoted)
            .map(|(start, end)| folded.origin(start, end));
        Some(Found {
            text,
            score: (words * (1_000 + near + exact) / 1_000).max(1),
            places: show::merge(text, all),
            best: folded.origin(best.0, best.1),
        })
    }

    fn hits(&self, folded: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (number, needle) in self.needles().iter().enumerate() {
            if needle.shape == Shape::Part {
                let places = folded.match_indices(&needle.text).take(HITS);
                hits.extend(places.map(|(start, part)| Hit {
                    start,
                    end: start + part.len(),
                    needle: number,
                }));
            }
        }
        let wanted: Vec<(usize, &Needle)> = self
            .needles()
            .iter()
            .enumerate()
            .filter(|(_, needle)| needle.shape != Shape::Part)
            .collect();
        if !wanted.is_empty() {
            let english = stemmer();
            let mut counts = [0; CLAUSES * 4];
            words(folded, &mut |token| {
                let is = |(_, needle): &&(usize, &Needle)| needle.is(&english, token.text);
                for (number, _) in wanted.iter().filter(is) {
                    counts[*number] += 1;
                    hits.extend((counts[*number] <= HITS).then(|| hit(&token, *number)));
                }
            });
        }
        hits
    }

    /// What the words are worth together, and how many characters the query's words have.
    fn worth(&self, hits: &[Hit], folded: &str) -> (u64, u64) {
        // Okapi's shape (k = 1.2, b = 0.75) in thousandths.
        let long = 250 + 750 * length(folded) / ORDINARY;
        let mut worth = 0;
        let mut asked = 0;
        for (number, needle) in self.needles().iter().enumerate() {
            let times = hits
                .iter()
                .filter(|hit| hit.needle == number)
                .count()
                .min(HITS) as u64;
            if times == 0 {
                continue;
            }
            let chars = length(&needle.text).min(12);
            if needle.clause.is_some() {
                asked += chars;
            }
            // What is only half typed is worth half of a whole word.
            let weight = if needle.shape == Shape::Start { 40 } else { 80 } * (2 + chars);
            worth += weight * times * 2_200 / (1_000 * times + 1_200 * long / 1_000);
        }
        (worth, asked)
    }

    /// The shortest stretch with something of every clause.
    fn window(&self, hits: &[Hit]) -> (usize, usize) {
        let clauses = self.clauses().len();
        let mut last: [Option<(usize, usize)>; CLAUSES] = [None; CLAUSES];
        let mut best: Option<(usize, usize)> = None;
        for hit in hits {
            let Some(clause) = self.needles()[hit.needle].clause else {
                continue;
            };
            last[clause] = Some((hit.start, hit.end));
            let mut start = hit.start;
            let mut end = hit.end;
            let all = last[..clauses].iter().all(|place| {
                place.is_some_and(|(from, to)| {
                    start = start.min(from);
                    end = end.max(to);
                    true
                })
            });
            if all && best.is_none_or(|(from, to)| end - start < to - from) {
                best = Some((start, end));
            }
        }
        best.unwrap_or((0, 0))
    }
}

impl Needle {
    /// Whether `word` is what is looked for.
    fn is(&self, english: &Stemmer, word: &str) -> bool {
        // Stems keep the first letter, and most words are not looked for.
        self.text.as_bytes().first() == word.as_bytes().first()
            && match self.shape {
                Shape::Start => word.starts_with(&self.text),
                _ => stem(english, word) == self.text,
            }
    }
}

fn hit(token: &Token<'_>, needle: usize) -> Hit {
    Hit {
        start: token.start,
        end: token.end,
        needle,
    }
}

fn length(text: &str) -> u64 {
    text.chars().count() as u64
}
