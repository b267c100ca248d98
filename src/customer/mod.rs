//! The customer: the aggregate of all rooms, and the one door through which it changes.
//!
//! [`Customer::decide`] takes a [`Command`] and gives back what to record; [`Customer::fold`] makes
//! the customer from what was recorded. [`Customer::assess`] answers what is true at an instant, with
//! reasons, and never writes. [`Customer::as_of`] asks what was known at another time.

mod answers;
mod assess;
mod command;
mod decide;
mod derive;
mod document;
mod error;
mod event;
mod facts;
mod measured;
mod outcome;
mod requests;
mod review;
mod session;
mod state;
mod verdict;
mod view;

pub use assess::{Assessment, StageAnswer};
pub use command::{Admit, Command, Context, Fact, IMPORT_FACTS_MAX};
pub use derive::{Derived, derive_customer, derive_track, reported};
pub use document::{CustomerDocumentError, Part, PartName};
pub use error::DecideError;
pub use event::{Admitted, Entry, Event};
pub use measured::Measured;
pub use outcome::{Change, Outcome};
pub use review::{Reviewed, Reviews};
pub use session::CATCH_UP_MOVES_MAX;
pub use state::Customer;
pub use verdict::Verdict;
pub use view::View;
