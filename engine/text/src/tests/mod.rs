//! Examples in tables, and properties over generated texts.

mod markup;
mod people;
mod postings;
mod properties;
mod score;
mod show;
mod words;
