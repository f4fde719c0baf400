//! What a file is, how its name may be shown, what becomes of a picture, and where bytes are kept.
//!
//! The content decides what a file is; the claimed name and type decide nothing. Nothing is ever unpacked, no name is
//! ever a path, and no file is ever held whole in memory but a picture that is being re-encoded.
//!
//! [`sniff`], [`Policy`], [`clean`], [`disposition`] and [`range()`] are pure and cheap. [`prepare`] is pure CPU and
//! takes up to seconds: call it on a bounded pool of blocking threads. [`Store`] is asynchronous.

mod kind;
mod name;
mod picture;
mod policy;
mod range;
mod store;
#[cfg(test)]
mod tests;

pub use kind::{HEAD, Kind, Sniffed, sniff};
pub use name::{NAME_BYTES, NAME_CHARS, clean, disposition, honest};
pub use picture::{Encoded, PictureError, PictureLimits, Prepared, prepare};
pub use policy::{Denied, KindSet, Policy};
pub use range::{RangeHeader, Wanted, range};
pub use store::{
    Digest, Download, Half, Halves, Key, Listed, Part, Store, StoreError, StoreLimits, Stored,
    Upload,
};
