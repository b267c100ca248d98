//! What the fuzz targets check; `README.md` says how to run them.

/// The very files that the tests of `guanxi` check with.
#[path = "../../tests/lifetime/arbitrary/checks/mod.rs"]
mod checks;

/// A base of any customers, fitted.
pub fn fit(bytes: &[u8]) {
    checks::fit(bytes);
}

/// Any parameters, and any customer.
pub fn predict(bytes: &[u8]) {
    checks::predict(bytes);
}

/// Spending, contracts, opportunities, survival.
pub fn others(bytes: &[u8]) {
    checks::others(bytes);
}
