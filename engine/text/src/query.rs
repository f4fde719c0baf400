//! What somebody looks for, as the database and the scorer understand it.

use crate::fold::fold;
use crate::terms::{has_filler, stem, stemmer};
use crate::tokens::{Kind, Token, clip, is_filler, tokens};

/// Characters of a query that count; the rest is left out and [`Query::was_cut`] says so.
pub const QUERY_CHARS: usize = 256;

/// Most clauses of a query; words after them do not narrow it.
pub const CLAUSES: usize = 16;

/// One term as an index keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Letters, digits and marks only, at most [`crate::TERM_BYTES`] bytes.
    pub term: String,
    /// Whether every term that begins so is meant.
    pub prefix: bool,
}

/// A text must have one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// One to three keys.
    pub any: Vec<Key>,
}

/// A parsed query. Words must all be there, and what stands in quotes must stand there so. Nothing else is an operator:
/// `AND`, `*`, `-` and the rest are words or nothing, and so is a quote that is never closed.
///
/// A text is a candidate if **each** clause has **one** of its keys among the text's [`crate::terms()`]; the database
/// finds the candidates by that alone, and [`Query::look`] decides and scores.
///
/// Chinese is found by words: every word of the dictionary that stands in a text finds it, wherever the query's own
/// words begin and end, and so does a name or other unknown word of two characters or more. One character alone finds
/// the words that begin with it and itself where it stands alone, but not words that end with it (`纸`: `纸张`, not
/// `白纸`). The last word of an alphabet, two letters or more, also finds what it is the beginning of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    clauses: Vec<Clause>,
    needles: Vec<Needle>,
    phrase: String,
    quoted: Vec<String>,
    cut: bool,
}

/// What is looked for in a candidate's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Needle {
    /// As the text must hold it: a stem for [`Shape::Word`], characters for [`Shape::Part`].
    pub text: String,
    pub shape: Shape,
    /// The clause that it satisfies; one without is looked for but need not be there.
    pub clause: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A whole word whose stem is this, or digits in groups that are this when joined.
    Word,
    /// A word that begins so.
    Start,
    /// These characters, anywhere.
    Part,
}

/// What is collected while the words go by.
#[derive(Default)]
struct Parse {
    words: Vec<(usize, usize, String)>,
    joined: Vec<(usize, usize, String)>,
    /// Path words and pairs of scripts without spaces: all are asked for.
    parts: Vec<(usize, String)>,
    singles: Vec<(usize, usize, String)>,
    pairs: Vec<(usize, usize, String)>,
    fillers: Vec<(usize, String)>,
}

impl Parse {
    fn take(&mut self, token: &Token<'_>) {
        let (start, end, text) = (token.start, token.end, token.text.to_owned());
        match token.kind {
            _ if is_filler(token.text) => self.fillers.push((start, text)),
            Kind::Word => self.words.push((start, end, text)),
            Kind::Joined => self.joined.push((start, end, text)),
            Kind::Path | Kind::Gram => self.parts.push((start, text)),
            Kind::Single => self.singles.push((start, end, text)),
            Kind::Pair if !has_filler(token.text) => self.pairs.push((start, end, text)),
            Kind::Pair | Kind::Inner => {}
        }
    }

    /// Only pairs of two characters that both stand alone: the others are half of a word that is asked for itself.
    fn keep_lone_pairs(&mut self) {
        let singles = &self.singles;
        self.pairs.retain(|(start, end, _)| {
            singles.iter().any(|single| single.0 == *start)
                && singles.iter().any(|single| single.1 == *end)
        });
        let pairs = &self.pairs;
        self.singles
            .retain(|(start, end, _)| !pairs.iter().any(|pair| pair.0 <= *start && *end <= pair.1));
    }
}

impl Query {
    /// What `text` asks for. Any text is accepted; one without words gives a query that [`Query::is_empty`].
    pub fn parse(text: &str) -> Self {
        let end = text
            .char_indices()
            .nth(QUERY_CHARS)
            .map_or(text.len(), |(at, _)| at);
        let (folded, quoted) = unquote(&fold(&text[..end]));
        let mut parse = Parse::default();
        tokens(&folded, &mut |token| parse.take(&token));
        parse.keep_lone_pairs();
        let mut query = Self {
            phrase: folded.trim().to_owned(),
            quoted,
            cut: end < text.len(),
            ..Self::default()
        };
        query.build(parse, folded.len());
        query
    }

    /// Whether it asks for nothing: no letter, digit or character in it. Nothing matches it.
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// What a text must have, at most [`CLAUSES`], in the order of the query.
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// Whether it was longer than [`QUERY_CHARS`] or had more than [`CLAUSES`] clauses.
    pub fn was_cut(&self) -> bool {
        self.cut
    }

    pub(crate) fn needles(&self) -> &[Needle] {
        &self.needles
    }

    /// The whole query, folded, without blanks at its ends.
    pub(crate) fn phrase(&self) -> &str {
        &self.phrase
    }

    /// What must stand in a text as it is, folded.
    pub(crate) fn quoted(&self) -> &[String] {
        &self.quoted
    }

    fn build(&mut self, parse: Parse, end: usize) {
        let mut asked: Vec<(usize, Vec<Needle>)> = Vec::new();
        let stemmer = stemmer();
        for (start, until, raw) in &parse.words {
            let mut any = vec![needle(stem(&stemmer, raw).into_owned(), Shape::Word)];
            // The word that is still being typed.
            if *until == end && raw.chars().nth(1).is_some() {
                any.push(needle(clip(raw).to_owned(), Shape::Start));
            }
            if let Some((.., digits)) = parse
                .joined
                .iter()
                .find(|(from, to, _)| from <= start && until <= to)
            {
                any.push(needle(digits.clone(), Shape::Word));
            }
            asked.push((*start, any));
        }
        let parts = parse.parts.into_iter();
        let pairs = parse
            .pairs
            .into_iter()
            .map(|(start, _, text)| (start, text));
        asked.extend(
            parts
                .chain(pairs)
                .map(|(start, text)| (start, vec![needle(text, Shape::Part)])),
        );
        let singles = parse
            .singles
            .into_iter()
            .map(|(start, _, text)| (start, text));
        if asked.is_empty() {
            asked.extend(singles.map(|(start, text)| (start, vec![needle(text, Shape::Part)])));
        } else {
            self.needles.extend(
                singles
                    .map(|(_, text)| needle(text, Shape::Part))
                    .take(CLAUSES),
            );
        }
        if asked.is_empty() {
            asked.extend(parse.fillers.into_iter().map(|(start, text)| {
                let shape = if text.is_ascii() {
                    Shape::Word
                } else {
                    Shape::Part
                };
                (start, vec![needle(text, shape)])
            }));
        }
        asked.sort_by_key(|(start, _)| *start);
        for (_, any) in asked {
            self.ask(any);
        }
    }

    fn ask(&mut self, any: Vec<Needle>) {
        let clause = Clause {
            any: any.iter().map(Needle::key).collect(),
        };
        if self.clauses.contains(&clause) {
            return;
        }
        if self.clauses.len() == CLAUSES {
            self.cut = true;
            return;
        }
        let number = self.clauses.len();
        self.clauses.push(clause);
        self.needles.extend(any.into_iter().map(|needle| Needle {
            clause: Some(number),
            ..needle
        }));
    }
}

/// A folded query without its quotes, and what stood between them.
fn unquote(folded: &str) -> (String, Vec<String>) {
    let mut plain = String::with_capacity(folded.len());
    let mut quoted = Vec::new();
    let mut open: Option<usize> = None;
    for c in folded.chars() {
        if !matches!(c, '"' | '“' | '”') {
            plain.push(c);
            continue;
        }
        if !plain.ends_with(' ') {
            plain.push(' ');
        }
        match open.take() {
            None => open = Some(plain.len()),
            Some(start) => {
                let inside = plain[start..].trim();
                if inside.contains(char::is_alphanumeric) && quoted.len() < CLAUSES {
                    quoted.push(inside.to_owned());
                }
            }
        }
    }
    (plain, quoted)
}

impl Needle {
    /// One Chinese character is the beginning of words, too.
    fn key(&self) -> Key {
        Key {
            term: self.text.clone(),
            prefix: match self.shape {
                Shape::Start => true,
                Shape::Part => self.text.chars().nth(1).is_none(),
                Shape::Word => false,
            },
        }
    }
}

fn needle(text: String, shape: Shape) -> Needle {
    Needle {
        text,
        shape,
        clause: None,
    }
}
