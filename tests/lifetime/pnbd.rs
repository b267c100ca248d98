//! Pareto/NBD against the published fit of CDNOW, and values that were computed with 50 digits.

use guanxi::value::lifetime::{Discount, Fit, ParetoNbd, RepeatBuyers, RepeatModel, Weeks};
use serde_json::Value;

use super::data::{self, Shopper, bought as buying, number, reference, span};

fn cdnow() -> RepeatBuyers<Weeks> {
    data::cdnow().iter().map(Shopper::published).collect()
}

fn model(params: &Value) -> ParetoNbd<Weeks> {
    let of = |name| number(&params[name]);
    ParetoNbd::new(of("r"), of("alpha"), of("s"), of("beta")).unwrap()
}

#[track_caller]
fn close(value: f64, expected: f64, tolerance: f64, what: &str) {
    // Below the smallest normal number digits are lost by definition.
    let off = (value - expected).abs();
    assert!(
        off <= tolerance * expected.abs() + f64::MIN_POSITIVE,
        "{what}: {value}, not {expected}"
    );
}

/// Every customer of a set.
fn customers(model: &ParetoNbd<Weeks>, set: &Value, tolerance: f64) {
    let discount = Discount::new(0.0027).unwrap();
    for customer in set["customers"].as_array().unwrap() {
        let x = u32::try_from(customer["x"].as_u64().unwrap()).unwrap();
        let (t_x, age) = (number(&customer["t_x"]), number(&customer["T"]));
        let buying = buying(x, t_x, age);
        let what = |of: &str| format!("{of} of x {x}, t_x {t_x}, T {age}, {model:?}");
        // A logarithm near 0 is as exact as the likelihood near 1 that it stands for.
        let log_likelihood = number(&customer["log_likelihood"]);
        let off = (model.log_likelihood_of(&buying) - log_likelihood).abs();
        assert!(off <= tolerance * log_likelihood.abs() + 1e-14, "{} {off}", what("likelihood"));
        close(model.p_alive(&buying), number(&customer["p_alive"]), tolerance, &what("P(alive)"));
        for (weeks, expected) in customer["expected"].as_object().unwrap() {
            let expectation = model.expected_purchases(&buying, span(weeks.parse().unwrap()));
            close(expectation, number(expected), tolerance, &what(&format!("E({weeks})")));
        }
        if let Some(dert) = customer.get("dert_delta_0_0027") {
            let residual = model.residual_transactions(&buying, discount).unwrap();
            close(residual, number(dert), tolerance, &what("DERT"));
        }
    }
}

fn fitted(fit: &Fit<ParetoNbd<Weeks>>, set: &Value) {
    for (name, value) in fit.model.parameters() {
        close(value, number(&set["params"][name]), 1e-5, name);
        let error = fit.report.parameter(name).unwrap().standard_error.unwrap();
        close(error, number(&set["std_err"][name]), 1e-5, name);
    }
    let log_likelihood = number(&set["log_likelihood"]);
    assert!((fit.report.log_likelihood - log_likelihood).abs() <= 1e-8, "{:?}", fit.report);
    assert!(fit.report.boundary.is_none() && fit.report.gradient < 1e-6, "{:?}", fit.report);
}

/// Fader, Hardie and Lee (2005), Marketing Science 24(2), table 2.
#[test]
fn cdnow_is_fitted_as_published() {
    let fit = ParetoNbd::fit(&cdnow()).unwrap();
    let published = [("r", 0.553), ("alpha", 10.578), ("s", 0.606), ("beta", 11.669)];
    for ((name, value), (_, published)) in fit.model.parameters().into_iter().zip(published) {
        // Maximum likelihood to all digits is 11.668 in the last, where the table has 11.669.
        assert!((value - published).abs() < 1.2e-3, "{name} {value}");
    }
    assert!((fit.report.log_likelihood - -9594.98).abs() < 0.01);
    assert_eq!(fit.report.customers, 2357);
}

#[test]
fn cdnow_is_fitted_and_foretold_to_the_digits() {
    let set = &reference()["pnbd_cdnow"];
    let base = cdnow();
    let fit = ParetoNbd::fit(&base).unwrap();
    fitted(&fit, set);
    let exact = model(&set["params"]);
    let log_likelihood = number(&set["log_likelihood"]);
    assert!((exact.log_likelihood(&base) - log_likelihood).abs() <= 1e-8);
    for (weeks, expected) in set["unconditional"].as_object().unwrap() {
        let expectation = exact.expected_of_new(span(weeks.parse().unwrap()));
        close(expectation, number(expected), 1e-10, "of a new customer");
    }
    customers(&exact, set, 1e-10);
}

#[test]
fn hard_customers_are_foretold_to_the_digits() {
    for set in reference()["edge_pnbd"].as_array().unwrap() {
        customers(&model(&set["params"]), set, 1e-9);
    }
}

#[test]
fn the_grocer_is_fitted_and_foretold_to_the_digits() {
    let Some(shoppers) = data::grocery() else { return };
    let set = &reference()["pnbd_grocery"];
    fitted(&ParetoNbd::fit(&shoppers.iter().map(Shopper::exact).collect()).unwrap(), set);
    customers(&model(&set["params"]), set, 1e-10);
}
