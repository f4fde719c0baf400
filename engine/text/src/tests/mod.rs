//! Examples in tables, and properties over generated texts.
