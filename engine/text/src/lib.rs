//! Words: what a text is found by, what a query asks for, how well a text answers it, and who a name is.
//!
//! Everything here is CPU over texts in memory and depends on nothing outside: the same text gives the same terms,
//! scores and order in every process and on every database. A database keeps [`postings`] as bytes and so proposes
//! candidates for a [`Query`]'s clauses; [`rank`] is the only scorer. No input is refused and none panics.

mod fold;
mod look;
mod markup;
mod people;
pub mod postings;
mod query;
mod show;
mod terms;
#[cfg(test)]
mod tests;
mod tokens;

pub use fold::fold;
pub use look::{Candidate, Found, rank, recency};
pub use markup::plain;
pub use people::{Entry, PEOPLE_KEYS, PeopleIndex, people_keys};
pub use query::{CLAUSES, Clause, Key, QUERY_CHARS, Query};
pub use show::{Snippet, Span, scalars};
pub use terms::{TERMS, Terms, VERSION, terms};
pub use tokens::{TERM_BYTES, warm};
