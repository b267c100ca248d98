//! # guanxi (关系, "relationship")
//!
//! A customer-relationship domain library to embed in Rust services. You report what happened to a
//! customer; guanxi decides where the customer stands, says why, and tells you when to ask again. You
//! store the result, in your own database or in a store off the shelf.
//!
//! Everything that decides is a pure function: no clock, no randomness, no I/O, the same bits on every
//! machine. Every answer carries its reasons, in English and Simplified Chinese.
//!
//! # One customer
//!
//! ```
//! use guanxi::purchase::Order;
//! use guanxi::{
//!     Actor, CommandId, Context, Currency, Customer, CustomerId, Language, Money, Policy, Rulebook,
//!     Rulebooks, Speak, Stage, TenantId, Timestamp,
//! };
//!
//! // What the business wants. The default is documented; change what you need.
//! let mut policy = Policy::new(Currency::USD);
//! policy.lifecycle.loyalty.orders_min = 3;
//! let books = Rulebooks::from(Rulebook::new(policy, Timestamp::MIN)?);
//!
//! // What happened.
//! let shop = TenantId::derive("example-shop");
//! let mut customer = Customer::unknown(CustomerId::derive(shop, "C-17"));
//! for (number, day) in ["2026-01-10", "2026-03-02", "2026-05-20"].iter().enumerate() {
//!     let at: Timestamp = format!("{day}T12:00:00Z").parse()?;
//!     let order = Order::new(at, Money::parse("29.33", Currency::USD)?);
//!     let context = Context::new(at, Actor::System, CommandId::derive("orders", &number.to_string()));
//!     customer.decide(&order.into(), &context, &books)?;
//! }
//! assert_eq!(customer.stage(), Stage::Growing);
//!
//! // What is true on a later day, and what comes next.
//! let now: Timestamp = "2026-08-01T09:00:00Z".parse()?;
//! let assessment = customer.assess(now, &books)?;
//! assert_eq!(assessment.stage.value, Stage::Loyal);
//! assert_eq!(
//!     assessment.stage.text(Language::English),
//!     "Loyal, because orders 3, 3 needed; a customer for 180 days, 180 days needed"
//! );
//! let next = assessment.next.expect("silence will be judged one day");
//! assert_eq!((next.to.stage(), next.at.to_string().as_str()), (Stage::Lost, "2026-12-02T00:00:00Z"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The house
//!
//! | floor | rooms | what |
//! |---|---|---|
//! | callers | [`crm`] | load, decide, commit |
//! | storage | [`store`] | the contract, and stores off the shelf |
//! | hall | [`customer`], [`rulebook`], [`strategy`], [`portfolio`] | where the rooms meet |
//! | rules | [`churn`], [`lifecycle`], [`tier`], [`value`] | pure functions over facts; a policy section each |
//! | facts | [`purchase`], [`observation`], [`profile`] | what happened, what only the host knows, and who it happened to |
//! | ground | [`id`], [`money`], [`time`], [`explain`], [`machine`], [`lint`], `fixed`, [`rank`], [`scale`], [`slot`], [`calibrated`] | words everything speaks |
//!
//! A file imports from lower floors only, and rooms of one floor do not know each other; a test checks
//! it.
//!
//! # Four kinds of thing
//!
//! - An **event** is what happened to one customer: immutable, journalled, free of personal data. See
//!   [`Event`] and [`Entry`].
//! - A **policy** is what the business wants: one document, linted. See [`Policy`].
//! - A **calibration** is what the whole base says: exact cuts and counts, dated. See [`Calibration`].
//! - An **assessment** is a pure function of the first three and an instant. See [`Customer::assess`].
//!
//! # Asking the past
//!
//! [`Customer::as_of`] folds the journal up to what was recorded by some instant;
//! [`Customer::at`] reads a customer at a business instant;
//! [`derive_track`](customer::derive_track) tries a policy on the past before it goes live.
//!
//! # Features
//!
//! - `tz`: named time zones in policies (`Asia/Shanghai`), beside UTC and fixed offsets.
//! - `sqlite`: a store in a SQLite file, `store::sqlite`. Its futures need a Tokio runtime, and building it
//!   a C compiler.
//! - `postgres`: a store in a PostgreSQL database, `store::postgres`; `postgres-tls` encrypts its connections.
//!   Its futures need a Tokio runtime.
//! - `schema`: the JSON Schema of the policy document, `Policy::json_schema`.
//! - `conformance`: the kit that tests a store of your own against the contract, `store::conformance`.

/// Tests inside and outside share what finds their database server, which names this crate.
#[cfg(all(test, feature = "postgres"))]
extern crate self as guanxi;

pub mod calibrated;
pub mod churn;
pub mod crm;
pub mod customer;
pub mod explain;
mod fixed;
pub mod id;
pub mod lifecycle;
pub mod lint;
pub mod machine;
pub mod money;
pub mod observation;
pub mod portfolio;
pub mod profile;
pub mod purchase;
pub mod rank;
pub mod rulebook;
pub mod scale;
pub mod slot;
mod special;
pub mod store;
pub mod strategy;
pub mod tier;
pub mod time;
pub mod value;

pub use crm::Crm;
pub use customer::{Assessment, Command, Context, Customer, DecideError, Entry, Event, Outcome};
pub use explain::{Explained, Language, Reason, Speak};
pub use id::{Actor, BasisId, CalibrationId, CommandId, CustomerId, PolicyId, TenantId, UserId};
pub use lifecycle::{Position, Stage, Trigger};
pub use money::{Currency, Money, MoneyError};
pub use rulebook::{Calibration, Policy, Rulebook, Rulebooks};
pub use time::{Day, TimeError, Timestamp, Zone};

/// The README's examples are tests, too; one of them needs SQLite.
#[cfg(all(doctest, feature = "sqlite"))]
#[doc = include_str!("../README.md")]
struct Readme;
