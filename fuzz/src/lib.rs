//! What the fuzz targets check; `README.md` says how to run them.

/// The very files that the tests of `guanxi` check with.
#[path = "../../tests/lifetime/arbitrary/checks/mod.rs"]
pub mod checks;
