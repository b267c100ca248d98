//! Benchmarks of `guanxi` beside published peers, on the same facts.
//!
//! [`base`] holds the facts: the CDNOW sample of customers and what is made of it. [`ours`] puts them
//! to `guanxi`. [`model`] is the same lifecycle written by hand, as a host would without this library;
//! [`cqrs`] and [`streams`] hang that one model into the frameworks they are named after, and
//! [`chart`] draws the edge table as a `statig` machine. So what differs between the peers is the
//! framework, never the rules.
//!
//! [`by_hand`] grades customers as a host would without this library.
//!
//! [`sqlx_by_hand`] is the peer of the SQLite store: the same rows in the same tables, written as one does
//! without it. [`contender`] lets both be measured by the same lines, with [`commits`] made beforehand
//! or a whole [`import`], on [`files`].
//!
//! [`postgres_by_hand`] is the peer of the PostgreSQL store, in a [`database`] with [`orders`] coming in;
//! there contenders take [`turns`].
//!
//! [`shoppers`] buy again, as models of lifetime value learn from them; the peer there is a package in Python.
//!
//! Tests hold all of them to the same decisions and the same rows: a benchmark of peers that do
//! something else compares nothing.

pub mod base;
pub mod by_hand;
pub mod chart;
pub mod commits;
pub mod contender;
pub mod cqrs;
pub mod database;
pub mod files;
pub mod import;
pub mod model;
pub mod orders;
pub mod ours;
pub mod postgres_by_hand;
pub mod shoppers;
pub mod sqlx_by_hand;
pub mod streams;
pub mod turns;
