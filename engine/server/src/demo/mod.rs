//! What `webim demo` holds: a company of sample people, and a few messages between them.

mod messages;
mod people;
mod service;

pub use messages::seed as seed_messages;
pub use people::{SAMPLES, Sample, directory, password};
pub use service::{CHANNELS, fill as fill_service};
