//! BG/NBD and MBG/NBD of CDNOW: what they are fitted to, and what they tell of its customers.

use guanxi::value::lifetime::{
    BgNbd, Fit, FitReport, Horizon, MbgNbd, RepeatBuyers, RepeatModel, Weeks,
};
use serde_json::Value;

use super::data::{Shopper, cdnow, close, customer, number, reference, span};

fn published() -> RepeatBuyers<Weeks> {
    cdnow().iter().map(Shopper::published).collect()
}

/// Parameters and standard errors within 1e-5, the log-likelihood within 1e-8.
pub(crate) fn assert_fit(report: &FitReport, expected: &Value) {
    assert_eq!(report.parameters.len(), expected["params"].as_object().unwrap().len());
    for estimate in &report.parameters {
        let name = &estimate.name;
        close(estimate.value, number(&expected["params"][name]), 1e-5, name);
        let error = estimate.standard_error.unwrap();
        close(error, number(&expected["std_err"][name]), 1e-5, name);
    }
    let off = (report.log_likelihood - number(&expected["log_likelihood"])).abs();
    assert!(off <= 1e-8, "{} {off:e}", report.log_likelihood);
    assert!(report.gradient < 1e-5 && report.boundary.is_none(), "{report:?}");
}

/// Rounded as printed, the parameters are the published ones.
fn assert_printed(report: &FitReport, expected: &Value) {
    for estimate in &report.parameters {
        let rounded = (estimate.value * 1e3).round() / 1e3;
        assert_eq!(rounded, number(&expected["published"][&estimate.name]), "{}", estimate.name);
    }
}

/// What is said of the table that the references were made from.
#[test]
fn the_base_of_cdnow() {
    let shoppers = cdnow();
    let repeats = |one: &Shopper| one.repeats;
    assert_eq!((shoppers.len(), published().rows().len()), (2_357, 1_016));
    assert_eq!(shoppers.iter().map(repeats).sum::<u32>(), 2_457);
    assert_eq!(shoppers.iter().map(repeats).max(), Some(29));
    assert_eq!(shoppers.iter().filter(|one| one.repeats > 0 && one.mean > 0.0).count(), 946);
}

#[test]
fn bgnbd_of_cdnow() {
    let reference = &reference()["bgnbd_cdnow"];
    let Fit { model, report, .. } = BgNbd::fit(&published()).unwrap();
    assert_eq!(report.customers, 2_357);
    assert_fit(&report, reference);
    assert_printed(&report, reference);
    let printed = number(&reference["published"]["log_likelihood"]);
    assert_eq!((report.log_likelihood * 10.0).round() / 10.0, printed);
    assert!((model.log_likelihood(&published()) - report.log_likelihood).abs() < 1e-8);
}

#[test]
fn bgnbd_of_cdnow_by_exact_days() {
    let buyers: RepeatBuyers<Weeks> = cdnow().iter().map(Shopper::exact).collect();
    let report = BgNbd::fit(&buyers).unwrap().report;
    assert_fit(&report, &reference()["bgnbd_cdnow_exact_days"]);
}

#[test]
fn mbgnbd_of_cdnow() {
    let reference = &reference()["mbgnbd_cdnow"];
    let report = MbgNbd::fit(&published()).unwrap().report;
    assert_fit(&report, reference);
    assert_printed(&report, reference);
}

/// The model with the reference's own parameters.
pub(crate) fn of_parameters(parameters: &Value) -> BgNbd<Weeks> {
    let of = |name: &str| number(&parameters[name]);
    BgNbd::new(of("r"), of("alpha"), of("a"), of("b")).unwrap()
}

#[test]
fn what_bgnbd_tells_of_customers_of_cdnow() {
    let reference = &reference()["bgnbd_cdnow"];
    let model = of_parameters(&reference["params"]);
    let year = Horizon::new(12, span(4.345), 0.01).unwrap();
    for expected in reference["customers"].as_array().unwrap() {
        assert_customer(&model, expected, 1e-10);
        let value = model.discounted_purchases(&customer(expected), &year)
            * number(&expected["expected_mean_value"]);
        let expected = number(&expected["clv_12_steps_of_4.345_weeks_at_1pct"]);
        close(value, expected, 1e-10, "discounted value");
    }
    for (weeks, expected) in reference["unconditional"].as_object().unwrap() {
        let value = model.expected_of_new(span(weeks.parse().unwrap()));
        close(value, number(expected), 1e-10, weeks);
    }
}

/// Log-likelihood, P(alive) and purchases to be expected, within a relative tolerance.
pub(crate) fn assert_customer(model: &BgNbd<Weeks>, expected: &Value, tolerance: f64) {
    let buying = customer(expected);
    let what = format!("{model:?} of {buying:?}");
    let log_likelihood = number(&expected["log_likelihood"]);
    close(model.log_likelihood_of(&buying), log_likelihood, tolerance, &what);
    close(model.p_alive(&buying), number(&expected["p_alive"]), tolerance, &what);
    for (weeks, expected) in expected["expected"].as_object().unwrap() {
        let value = model.expected_purchases(&buying, span(weeks.parse().unwrap()));
        close(value, number(expected), tolerance, &format!("{weeks} weeks of {what}"));
    }
}

#[test]
fn all_purchases_of_the_next_39_weeks() {
    let reference = &reference()["bgnbd_cdnow"];
    let model = of_parameters(&reference["params"]);
    let shoppers = cdnow();
    let expected: f64 =
        shoppers.iter().map(|one| model.expected_purchases(&one.published(), span(39.0))).sum();
    close(expected, number(&reference["total_expected_39"]), 1e-10, "expected");
    let actual: u32 = shoppers.iter().map(|one| one.repeats_after).sum();
    assert_eq!(f64::from(actual), number(&reference["actual_holdout_39"]));
}
