//! Rulebooks: what the business wants, from when on.
//!
//! A [`Policy`] is one document that people write. A [`Rulebook`] is a policy with the instant it is in
//! force from. [`Rulebooks`] is the succession of them; every path that judges a customer first
//! catches up under the older one to the instant the newer one comes into force.

mod book;
mod books;
mod error;
mod policy;

pub use book::{Rulebook, RulebookRef};
pub use books::{RULEBOOKS_MAX, Rulebooks};
pub use error::{DocumentError, RulebookError};
pub use policy::{FUTURE_TOLERANCE_SECONDS_MAX, Policy};

pub(crate) use books::UnknownRulebook;
