//! The SQLite store under the axe: processes that write are killed at any moment, and what they leave
//! behind is examined.
//!
//! The tests start this very binary again as a child, let it work on a database file, kill it, and read
//! from its output what it was told was done. After that must hold: what was acknowledged is there,
//! nothing is there by half, and everything fits together ([`Crm::verify`](guanxi::Crm::verify)).
//!
//! - `commits`: kills under load, one file through more than a hundred of them;
//! - `opening`: kills while the tables are being made;
//! - `erasing`: kills while customers are being erased, with a look at the raw bytes of the files.
//!
//! What this does not prove: that anything survives a loss of power. The operating system outlives a
//! killed process and still writes what that handed over, so these tests pass with any
//! [`Durability`](guanxi::store::sqlite::Durability). That a commit is on the disk before it returns is
//! left to SQLite's `synchronous = FULL`, and to disks that do what they confirm.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "debug builds panic on overflow, which is what a test wants"
)]
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "what a match is not about is one case, however many there will be"
)]

#[cfg(test)]
mod crash {
    mod base;
    mod carry;
    mod child;
    mod commits;
    mod erasing;
    mod ledger;
    mod load;
    mod opening;
    mod operation;
    mod process;
    mod shop;
}
