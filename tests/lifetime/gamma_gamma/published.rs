//! CDNOW, against the published table and an independent computation with 50 digits.

use guanxi::value::lifetime::{Fit, GammaGamma, Spending};
use serde_json::Value;

use super::super::data::number;
use super::super::reference::{close, of_model};
use super::{cdnow, mean, repeats};

fn fit(digits: u32) -> Fit<GammaGamma> {
    GammaGamma::fit(&cdnow(digits)).unwrap()
}

fn assert_fit(fit: &Fit<GammaGamma>, expected: &Value) {
    for (name, value) in fit.model.parameters() {
        close(value, number(&expected["params"][name]), 1e-5);
        let estimate = fit.report.parameter(name).unwrap();
        assert_eq!(estimate.value, value);
        close(estimate.standard_error.unwrap(), number(&expected["std_err"][name]), 1e-5);
    }
    let log_likelihood = number(&expected["log_likelihood"]);
    assert!((fit.report.log_likelihood - log_likelihood).abs() < 1e-8, "{:?}", fit.report);
    assert!(fit.report.gradient < 1e-6 && fit.report.boundary.is_none(), "{:?}", fit.report);
}

#[test]
fn parameters_errors_and_likelihood_are_those_of_the_reference() {
    let expected = of_model("gamma_gamma_cdnow");
    let four = fit(2);
    assert_eq!(four.report.customers, expected["rows"].as_u64().unwrap());
    assert_fit(&four, &expected);
    assert_fit(&fit(0), &expected["fit_on_means_rounded_to_cents"]);
    let base = cdnow(2);
    assert!((four.model.log_likelihood(&base) - four.report.log_likelihood).abs() < 1e-9);
}

/// Fader and Hardie (2013), note 025: means rounded to cents, parameters to two digits.
#[test]
fn the_published_table_is_met() {
    let published = &of_model("gamma_gamma_cdnow")["published"];
    for (name, value) in fit(0).model.parameters() {
        assert!((value - number(&published[name])).abs() <= 0.01, "{name} is {value}");
    }
}

/// At the parameters of the reference, so that fits have no part in it.
#[test]
fn expectations_are_those_of_the_reference() {
    let expected = of_model("gamma_gamma_cdnow");
    let repeats = repeats();
    let at = |name: &str| number(&expected["params"][name]);
    let model = GammaGamma::new(at("p"), at("q"), at("v")).unwrap();
    close(model.population_mean().unwrap(), number(&expected["population_mean"]), 1e-12);

    let bgnbd = of_model("bgnbd_cdnow");
    let used = &bgnbd["gamma_gamma_used"];
    assert_eq!(used, &expected["params"]);
    let mut compared = 0;
    let customers = [&expected, &bgnbd].map(|model| model["customers"].as_array().unwrap());
    for customer in customers.into_iter().flatten() {
        let number_of: usize = customer["customer_id"].as_str().unwrap().parse().unwrap();
        let row = repeats[number_of - 1];
        assert_eq!(u64::from(row.0), customer["x"].as_u64().unwrap());
        let found = if row.0 == 0 {
            model.population_mean()
        } else {
            let observed = customer.get("m").or(customer.get("mean_value_observed")).unwrap();
            close(mean(row, 2), number(observed), 1e-15);
            model.expected_spend(&Spending::new(row.0, mean(row, 2)).unwrap())
        };
        close(found.unwrap(), number(&customer["expected_mean_value"]), 1e-12);
        compared += 1;
    }
    assert!(compared >= 30, "{compared}");
}
