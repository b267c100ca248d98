//! Laws of the model of spending.

use guanxi::value::lifetime::{FitOptions, GammaGamma, Spenders, Spending};
use proptest::collection::vec;
use proptest::prelude::*;

use super::super::reference::close;
use super::cdnow;

fn spending() -> impl Strategy<Value = Spending> {
    (prop_oneof![4 => 1_u32..6, 1 => 1_u32..400], 1e-2..1e4_f64)
        .prop_map(|(purchases, mean)| Spending::new(purchases, mean).unwrap())
}

fn model() -> impl Strategy<Value = GammaGamma> {
    (-3.0..4.0_f64, -3.0..4.0_f64, -5.0..8.0_f64)
        .prop_map(|(p, q, v)| GammaGamma::new(p.exp(), q.exp(), v.exp()).unwrap())
}

fn scaled(customer: &Spending, by: f64) -> Spending {
    Spending::new(customer.purchases(), customer.mean() * by).unwrap()
}

proptest! {
    /// Between the customer's own mean and the base's, nearer to its own the oftener it bought.
    #[test]
    fn an_expectation_lies_between_the_means(model in model(), customer in spending()) {
        let expected = model.expected_spend(&customer);
        prop_assert!(expected.is_none_or(|expected| expected > 0.0 && expected.is_finite()));
        let x = f64::from(customer.purchases());
        prop_assert_eq!(expected.is_some(), model.p() * x + model.q() > 1.0);
        prop_assert_eq!(model.population_mean().is_some(), model.q() > 1.0);
        if let (Some(base), Some(expected)) = (model.population_mean(), expected) {
            let (low, high) = (base.min(customer.mean()), base.max(customer.mean()));
            let rounding = 1e-13 * high;
            prop_assert!(low - rounding <= expected && expected <= high + rounding);
            let oftener = Spending::new(customer.purchases() + 1, customer.mean()).unwrap();
            let nearer = model.expected_spend(&oftener).unwrap();
            let off = |value: f64| (value - customer.mean()).abs();
            prop_assert!(off(nearer) <= off(expected) + rounding);
        }
    }

    #[test]
    fn the_unit_of_money_scales_amounts_and_nothing_else(
        model in model(),
        customer in spending(),
        ln_unit in -10.0..10.0_f64,
    ) {
        let unit = ln_unit.exp();
        let other = GammaGamma::new(model.p(), model.q(), model.v() * unit).unwrap();
        let (here, there) =
            (model.expected_spend(&customer), other.expected_spend(&scaled(&customer, unit)));
        if let (Some(here), Some(there)) = (here, there) {
            close(there, here * unit, 1e-12);
        }
        // A density is by the unit.
        let found = other.log_likelihood_of(&scaled(&customer, unit)) + unit.ln();
        let expected = model.log_likelihood_of(&customer);
        prop_assert!((found - expected).abs() < 1e-11 * expected.abs().max(1e3));
    }

    #[test]
    fn parts_add_up_to_the_whole(
        customers in vec(spending(), 2..80),
        cut in any::<prop::sample::Index>(),
    ) {
        let whole: Spenders = customers.iter().copied().collect();
        let (left, right) = customers.split_at(cut.index(customers.len()));
        let mut merged: Spenders = right.iter().copied().collect();
        merged.merge(&left.iter().copied().collect());
        let mut extended: Spenders = right.iter().copied().collect();
        extended.extend(left.iter().rev().copied());
        prop_assert_eq!(&merged, &whole);
        prop_assert_eq!(&extended, &whole);
        prop_assert_eq!(merged.iter().count(), customers.len());
        let bits = |base| GammaGamma::fit(base).map(|fit| {
            let parameters = fit.model.parameters().into_iter().map(|(_, value)| value.to_bits());
            (parameters.collect::<Vec<_>>(), fit.report.log_likelihood.to_bits())
        });
        prop_assert_eq!(bits(&merged), bits(&whole));
    }

    /// Its sums over classes against the plain formula, and the maximum against its surroundings.
    #[test]
    fn a_fit_is_a_maximum_of_the_likelihood(customers in vec(spending(), 12..60)) {
        let base: Spenders = customers.into_iter().collect();
        let fit = GammaGamma::fit(&base).unwrap();
        let found = fit.report.log_likelihood;
        prop_assert!((found - fit.model.log_likelihood(&base)).abs() < 1e-9 * found.abs().max(10.0));
        let parameters = fit.model.parameters();
        for place in 0..3 {
            for factor in [0.97, 1.0 / 0.97] {
                let at = |which: usize| parameters[which].1 * if which == place { factor } else { 1.0 };
                let beside = GammaGamma::new(at(0), at(1), at(2)).unwrap().log_likelihood(&base);
                prop_assert!(beside <= found + 1e-9 * found.abs().max(10.0), "{:?}", fit);
            }
        }
    }
}

#[test]
fn a_fit_scales_with_the_unit_of_money() {
    let base = cdnow(2);
    let fit = GammaGamma::fit(&base).unwrap();
    for unit in [1e-6, 0.01, 7.1, 2.0_f64.powi(20), 1e9] {
        let other = base.iter().map(|customer| scaled(&customer, unit)).collect();
        let scaled = GammaGamma::fit(&other).unwrap();
        close(scaled.model.p(), fit.model.p(), 1e-11);
        close(scaled.model.q(), fit.model.q(), 1e-11);
        close(scaled.model.v(), fit.model.v() * unit, 1e-11);
        let error = |fit: &guanxi::value::lifetime::Fit<GammaGamma>| {
            fit.report.parameter("v").unwrap().standard_error.unwrap()
        };
        close(error(&scaled), error(&fit) * unit, 1e-9);
        let customers = 946.0;
        let off = scaled.report.log_likelihood + customers * unit.ln() - fit.report.log_likelihood;
        assert!(off.abs() < 1e-8, "{unit}: {off:e}");
        // What draws a fit to the start does not know the unit either.
        let penalty = FitOptions::default().with_penalty(20.0);
        let (here, there) =
            (GammaGamma::fit_with(&base, penalty), GammaGamma::fit_with(&other, penalty));
        close(there.unwrap().model.p(), here.unwrap().model.p(), 1e-9);
    }
}

#[test]
fn a_covariance_is_symmetric_and_a_penalty_draws_to_the_start() {
    let base = cdnow(2);
    let fit = GammaGamma::fit(&base).unwrap();
    let covariance = fit.report.covariance.clone().unwrap();
    for (row, entries) in covariance.iter().enumerate() {
        for (column, entry) in entries.iter().enumerate() {
            assert_eq!(*entry, covariance[column][row]);
        }
    }
    let drawn = GammaGamma::fit_with(&base, FitOptions::default().with_penalty(5.0)).unwrap();
    assert!(drawn.report.log_likelihood < fit.report.log_likelihood);
    assert!(drawn.model.p() != fit.model.p());
}

#[test]
fn a_model_is_written_by_names_and_read_with_care() {
    let model = GammaGamma::new(6.25, 3.74, 15.44).unwrap();
    let text = serde_json::to_string(&model).unwrap();
    assert_eq!(text, r#"{"p":6.25,"q":3.74,"v":15.44}"#);
    assert_eq!(serde_json::from_str::<GammaGamma>(&text).unwrap(), model);
    for wrong in [
        r#"{"p":6.25,"q":3.74,"v":0.0}"#,
        r#"{"p":-6.25,"q":3.74,"v":1.0}"#,
        r#"{"p":6.25,"q":3.74}"#,
        r#"{"p":6.25,"q":3.74,"v":1.0,"w":1.0}"#,
    ] {
        assert!(serde_json::from_str::<GammaGamma>(wrong).is_err(), "{wrong}");
    }
    let error = GammaGamma::new(1.0, f64::NAN, 1.0).unwrap_err();
    assert_eq!(error.name, "q");
}

/// Uniform numbers between 0 and 1, always the same (Steele and others 2014, SplitMix64).
struct Draws(u64);

impl Draws {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((mixed ^ (mixed >> 31)) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Of a gamma distribution with a whole shape and rate 1: so many waiting times.
    fn gamma(&mut self, shape: u32) -> f64 {
        (0..shape).map(|_| -self.uniform().ln()).sum()
    }
}

#[test]
fn simulated_customers_give_back_the_parameters() {
    let (p, q, v) = (6_u32, 4_u32, 15.0);
    let mut draws = Draws(2_013);
    let customer = |number: u32| {
        let purchases = 1 + number % 7 + 10 * u32::from(number.is_multiple_of(50));
        let rate = draws.gamma(q) / v;
        let total: f64 = (0..purchases).map(|_| draws.gamma(p) / rate).sum();
        Spending::new(purchases, total / f64::from(purchases)).unwrap()
    };
    // So many that the search starts on a part of them.
    let base: Spenders = (0..60_000).map(customer).collect();
    let report = GammaGamma::fit(&base).unwrap().report;
    for (name, truth) in [("p", f64::from(p)), ("q", f64::from(q)), ("v", v)] {
        let estimate = report.parameter(name).unwrap();
        let error = estimate.standard_error.unwrap();
        assert!((estimate.value - truth).abs() < 3.0 * error, "{estimate:?}");
        assert!(error < 0.1 * truth, "{estimate:?}");
    }
    assert!(report.gradient < 1e-6, "{report:?}");
}
