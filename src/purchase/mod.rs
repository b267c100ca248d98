//! What a customer bought: an exact ledger that is free of the order facts arrive in.
//!
//! Three things can happen to a customer's purchases. An **order** makes its business day a purchase
//! day. A **return** gives money back: the order was, and stays an order. A **cancellation** undoes
//! one order: it never was. Returns and cancellations are dated themselves and point at the day of
//! the purchase, so the ledger can be read as it stood at the end of any day, and never sees the
//! future when it is.
//!
//! A host reports with a [`PurchaseCommand`]. [`decide`] checks it against the [`PurchaseHistory`]
//! and fixes what depends on the business: the day, and the amount in the base currency.
//! [`PurchaseHistory::apply`] records the event. Reading is [`known`](PurchaseHistory::known) for
//! what is known now, [`up_to`](PurchaseHistory::up_to) for what was known at the end of a day,
//! [`window`](PurchaseHistory::window) for a span of days.
//!
//! ```
//! use guanxi::purchase::{Order, PurchaseCommand, PurchaseError, PurchaseHistory, Return, decide};
//! use guanxi::{Currency, Day, Money, Zone};
//!
//! fn record(history: &mut PurchaseHistory, command: PurchaseCommand) -> Result<(), PurchaseError> {
//!     let event = decide(history, &command, Currency::USD, Zone::UTC)?;
//!     history.apply(&event);
//!     Ok(())
//! }
//!
//! let usd = |minor| Money::from_minor(minor, Currency::USD);
//! let (bought, back) = (Day::from_ymd(2025, 12, 30)?, Day::from_ymd(2026, 1, 8)?);
//! let mut history = PurchaseHistory::default();
//! record(&mut history, Order::new(Zone::UTC.start_of(bought), usd(10_000)).into())?;
//! record(&mut history, Return::new(Zone::UTC.start_of(back), bought, usd(4_000)).into())?;
//!
//! // At the end of the year nobody knew that part of it would come back.
//! assert_eq!(history.up_to(Day::from_ymd(2025, 12, 31)?).net, 10_000);
//! assert_eq!(history.up_to(back).net, 6_000);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Money is held in minor units of one currency, the base's; `decide` bounds it so that every sum
//! is exact. A ledger is stored as one small document per year, see [`PurchasePart`].

mod command;
mod decode;
mod document;
mod error;
mod event;
mod opening;
mod past;
mod rules;
mod state;
mod tally;
mod view;

#[cfg(test)]
mod tests;

pub use command::{Cancel, Order, PurchaseCommand, Return};
pub use document::{PURCHASE_SCHEMA, PurchasePart};
pub use error::{OpeningError, PurchaseDocumentError, PurchaseError};
pub use event::{Cancelled, Ordered, PurchaseEvent, Returned};
pub use opening::Opening;
pub use rules::{check_opening, decide};
pub use state::{PurchaseDay, PurchaseHistory, Reversal, ReversalKind};
pub use tally::PurchaseTally;
pub use view::{Known, Summary, Window};
