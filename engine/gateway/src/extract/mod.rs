//! What handlers take: who calls, from where, and the parts of the request, each refused with a stable code.

mod body;
mod caller;
mod id;
mod key;
mod peer;
mod place;
mod query;
mod scoped;
mod version;

pub(crate) use body::{Body, Either, Form};
pub(crate) use caller::{Bearer, Signed, bearer, caller};
pub(crate) use id::Id;
pub(crate) use key::{Key, key};
pub(crate) use peer::{Address, Peer, origin};
pub(crate) use place::Place;
pub(crate) use query::{Query, fields};
pub(crate) use scoped::{DirectoryRead, DirectoryWrite, MessagesPush, Scoped, Who};
pub(crate) use version::{Name, Seen};
