//! What lifetime models promise whatever they are given, checked for the case that some bytes stand for.
//!
//! The fuzz targets (`fuzz/`) read these very files, so that a fuzzer, which needs more than a stable compiler,
//! and the tests check the same.

mod contracts;
mod draw;
mod opportunities;
mod predict;
mod repeat;
mod spending;
mod survival;

pub(crate) use repeat::fit;

use draw::Draw;
use guanxi::value::lifetime::{Fit, FitError, FitReport};

/// Parameters of any magnitude, and one customer: every prediction is finite, within its bounds, and rises with the
/// time ahead.
pub(crate) fn predict(bytes: &[u8]) {
    predict::check(&mut Draw::new(bytes));
}

/// The models beside those of repeat buying: spending, contracts, opportunities, survival.
pub(crate) fn others(bytes: &[u8]) {
    let mut draw = Draw::new(bytes);
    match draw.byte() % 4 {
        0 => spending::check(&mut draw),
        1 => contracts::check(&mut draw),
        2 => opportunities::check(&mut draw),
        _ => survival::check(&mut draw),
    }
}

/// So far, relatively, rounding takes what should rise or be equal.
const ROUNDING: f64 = 1e-9;

#[track_caller]
fn assert_amount(value: f64, what: &str, case: &dyn std::fmt::Debug) {
    assert!(value.is_finite() && value >= 0.0, "{what} is {value}: {case:?}");
}

#[track_caller]
fn assert_share(value: f64, what: &str, case: &dyn std::fmt::Debug) {
    assert!((0.0..=1.0).contains(&value), "{what} is {value}: {case:?}");
}

/// The last may fall by no more than rounding takes.
#[track_caller]
fn assert_rising(before: f64, after: f64, what: &str, case: &dyn std::fmt::Debug) {
    assert!(after >= before * (1.0 - ROUNDING), "{what} falls from {before} to {after}: {case:?}");
}

/// Whether parameters are so far from the limits of their model that sums of its terms keep their digits.
fn told_apart(parameters: &[(&'static str, f64)], most: f64) -> bool {
    parameters.iter().all(|(_, value)| (1e-15..most).contains(value))
}

/// A log-likelihood is what the fitted model gives, whose sum has so many terms.
#[track_caller]
fn assert_same(told: f64, again: f64, terms: f64, case: &dyn std::fmt::Debug) {
    let off = (told - again).abs();
    assert!(off <= ROUNDING * told.abs().max(terms), "{told}, not {again}: {case:?}");
}

/// A fit has numbers everywhere, or says why it has none.
#[track_caller]
fn checked<M>(fit: Result<Fit<M>, FitError>, case: &dyn std::fmt::Debug) -> Option<Fit<M>> {
    let fit = match fit {
        Ok(fit) => fit,
        Err(error) => {
            assert!(!error.to_string().contains("NaN"), "{error}: {case:?}");
            return None;
        }
    };
    check_report(&fit.report, case);
    Some(fit)
}

fn check_report(report: &FitReport, case: &dyn std::fmt::Debug) {
    assert!(report.log_likelihood.is_finite(), "{report:?}: {case:?}");
    assert!(report.gradient.is_finite() && report.gradient >= 0.0, "{report:?}: {case:?}");
    assert!(!report.condition.is_nan(), "{report:?}: {case:?}");
    for parameter in &report.parameters {
        assert!(parameter.value.is_finite() && parameter.value > 0.0, "{report:?}: {case:?}");
        let error = parameter.standard_error.unwrap_or_default();
        assert!(error >= 0.0, "{report:?}: {case:?}");
    }
    let covariance = report.covariance.iter().flatten().flatten();
    assert!(covariance.into_iter().all(|entry| !entry.is_nan()), "{report:?}: {case:?}");
}
