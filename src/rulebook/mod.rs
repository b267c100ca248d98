//! Rulebooks: what the business wants, from when on.
//!
//! A [`Policy`] is one document that people write. A [`Rulebook`] is a policy with the instant it is in
//! force from. [`Rulebooks`] is the succession of them; every path that judges a customer first
//! catches up under the older one to the instant the newer one comes into force. A [`Calibration`] is
//! what the whole base says; answers that compare with the base are given by it.

mod book;
mod books;
mod calibration;
mod document;
mod error;
mod policy;
#[cfg(feature = "schema")]
mod schema;

pub use book::{Rulebook, RulebookRef};
pub use books::{CALIBRATIONS_MAX, RULEBOOKS_MAX, Rulebooks};
pub use calibration::{Basis, Calibration};
pub use document::{DOCUMENT_BYTES_MAX, DOCUMENT_FAULTS_MAX};
pub use error::{DocumentError, RulebookError};
pub use policy::{FUTURE_TOLERANCE_SECONDS_MAX, Policy};

pub(crate) use books::{Judging, UnknownRulebook};
pub(crate) use calibration::Sections;
