//! What only the host knows of a customer: margin, usage, open complaints, a sponsor who left.
//!
//! Each [`Observed`] figure is a level: what the host knew to be true on a business day, not by how much
//! it changed. So figures are never added up; of each kind the last one of a day not after the day that
//! is asked about counts. Satisfaction and the end of a contract move stages, so they are
//! [signals of the lifecycle](crate::lifecycle::Signal) instead.
//!
//! A host reports an [`Observation`]. [`decide`] checks it and fixes what depends on the business: the
//! day, and amounts in the base currency. [`Observations::apply`] records the event. Reading is one
//! method for each figure, or [`Observations::latest`] for a kind that is chosen later.
//!
//! ```
//! use guanxi::explain::BasisPoints;
//! use guanxi::observation::{Observation, Observations, Observed, decide};
//! use guanxi::{Currency, Day, Zone};
//!
//! let (june, july) = (Day::from_ymd(2026, 6, 30)?, Day::from_ymd(2026, 7, 31)?);
//! let mut observations = Observations::default();
//! for (day, share) in [(june, 8_100), (july, 6_200)] {
//!     let usage = Observed::Usage(BasisPoints(share));
//!     let observation = Observation::new(Zone::UTC.end_of(day), usage);
//!     observations.apply(&decide(&observation, Currency::USD, Zone::UTC)?);
//! }
//!
//! // The last one known on the day that is asked about, with the day it is of.
//! assert_eq!(observations.usage(july), Some((BasisPoints(6_200), july)));
//! assert_eq!(observations.usage(Day::from_ymd(2026, 7, 30)?), Some((BasisPoints(8_100), june)));
//! assert_eq!(observations.margin(july), None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is kept
//!
//! Of each kind one figure a day: the one of the latest instant, of one instant the greater. Of the
//! days the newest [`OBSERVATIONS_KEPT`] stay with the customer; the journal has all. Both are functions
//! of what was reported, never of the order it came in.

mod command;
mod document;
mod error;
mod event;
mod kind;
mod observed;
mod rules;
mod state;
mod view;

#[cfg(test)]
mod tests;

pub use command::Observation;
pub use document::{OBSERVATIONS_PART, OBSERVATIONS_SCHEMA};
pub use error::{ObservationDocumentError, ObservationError};
pub use event::ObservationEvent;
pub use kind::ObservationKind;
pub use observed::Observed;
pub use rules::decide;
pub use state::{OBSERVATIONS_KEPT, Observations};
