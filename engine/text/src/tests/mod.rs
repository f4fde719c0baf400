//! Examples in tables, and properties over generated texts.

mod people;
mod properties;
mod score;
mod show;
mod words;
