//! The PostgreSQL store when things fail: processes, connections, the server, its disk.
//!
//! Each test starts a server of its own and removes it at the end. After every fault must hold: what was
//! acknowledged is there, nothing is there twice or by half, a command that is sent again gives its first
//! receipt, and everything fits together ([`Crm::verify`](guanxi::Crm::verify)). And the error says whether
//! to send it again.
//!
//! - `kills`: processes that write are killed;
//! - `terminated`: connections are ended by the server;
//! - `stops`: the server is stopped at once, and started again;
//! - `pool`: no connection is free;
//! - `disk`: no space is left;
//! - `waits`: timeouts, failed serializations, deadlocks;
//! - `tls`: encrypted connections, and to whom.
//!
//! Operations and the ledger are those of the test `crash`, on another store.
//!
//! What this does not prove: that anything survives a loss of power. The operating system outlives a server
//! that stops at once; that is left to PostgreSQL's `fsync`, and to disks that do what they confirm.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "debug builds panic on overflow, which is what a test wants"
)]
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "what a match is not about is one case, however many there will be"
)]

#[cfg(unix)]
#[cfg(test)]
mod faults {
    mod base;
    mod binaries;
    mod disk;
    mod kills;
    mod load;
    mod pool;
    mod process;
    mod server;
    mod stops;
    mod terminated;
    #[cfg(feature = "postgres-tls")]
    mod tls;
    mod waits;

    #[path = "../crash/carry.rs"]
    mod carry;
    #[path = "../crash/child.rs"]
    mod child;
    #[path = "../crash/ledger.rs"]
    mod ledger;
    #[path = "../crash/operation.rs"]
    mod operation;
    #[path = "../crash/shop.rs"]
    mod shop;
}
