//! The one HTTP client for what the outside asks of us to call.
