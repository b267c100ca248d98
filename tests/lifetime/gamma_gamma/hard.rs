//! Data on which fits of spending go wrong.

use guanxi::value::lifetime::{Boundary, Fit, FitError, GammaGamma, Spenders, Spending};

use super::cdnow;

fn base(rows: &[(u32, f64)]) -> Spenders {
    rows.iter().map(|(purchases, mean)| Spending::new(*purchases, *mean).unwrap()).collect()
}

fn assert_finite(fit: &Fit<GammaGamma>) {
    let report = &fit.report;
    assert!(report.log_likelihood.is_finite() && report.gradient.is_finite(), "{report:?}");
    assert!(fit.model.parameters().iter().all(|(_, value)| value.is_finite()), "{report:?}");
    if let Some(covariance) = &report.covariance {
        assert!(covariance.iter().flatten().all(|entry| entry.is_finite()), "{report:?}");
    }
    let customer = Spending::new(3, 30.0).unwrap();
    let expected = fit.model.expected_spend(&customer);
    assert!(expected.is_none_or(|expected| expected.is_finite() && expected > 0.0), "{report:?}");
}

#[test]
fn too_little_variety_is_refused() {
    assert_eq!(GammaGamma::fit(&Spenders::default()), Err(FitError::NoCustomers));
    let equal = Err(FitError::TooFewDistinct { distinct: 1, parameters: 3 });
    assert_eq!(GammaGamma::fit(&base(&[(1, 20.0)])), equal);
    assert_eq!(GammaGamma::fit(&base(&[(5_000, 1e9)])), equal);
    assert_eq!(GammaGamma::fit(&base(&[(1, 20.0), (1, 20.0), (4, 20.0), (9, 20.0)])), equal);
}

/// Gamma with one rate for all: the variance of the means falls with the purchases as `1/x`, and faster.
#[test]
fn customers_who_spend_alike_are_a_limit() {
    let mut rows = Vec::new();
    for (purchases, spread) in [(1, 0.9), (4, 0.4), (16, 0.15), (64, 0.06)] {
        for step in [-1.4, -0.9, -0.6, -0.3, -0.1, 0.1, 0.3, 0.6, 0.9, 1.4] {
            rows.push((purchases, 20.0 * (1.0 + 0.7 * spread * step)));
        }
    }
    let fit = GammaGamma::fit(&base(&rows)).unwrap();
    assert_finite(&fit);
    assert_eq!(fit.report.boundary, Some(Boundary::EqualSpending), "{fit:?}");
    assert_eq!(fit.report.covariance, None);
    // All are expected to spend what the base does.
    let total: f64 = rows.iter().map(|(purchases, mean)| f64::from(*purchases) * mean).sum();
    let purchases: f64 = rows.iter().map(|(purchases, _)| f64::from(*purchases)).sum();
    let population = fit.model.population_mean().unwrap();
    assert!((population / (total / purchases) - 1.0).abs() < 1e-4, "{population}");
    let one = fit.model.expected_spend(&Spending::new(1, 60.0).unwrap()).unwrap();
    assert!((one / population - 1.0).abs() < 1e-3, "{one} {population}");
}

/// The means of those who bought often vary more than the others'.
#[test]
fn customers_who_always_spend_the_same_are_a_limit() {
    let amounts = [6.0, 11.0, 14.0, 17.0, 21.0, 27.0, 36.0, 55.0, 130.0_f64];
    let mut rows = Vec::new();
    for (purchases, spread) in [(1, 0.9), (3, 1.0), (10, 1.05), (40, 1.1)] {
        rows.extend(amounts.map(|mean| (purchases, 21.0 * (mean / 21.0).powf(spread))));
    }
    let fit = GammaGamma::fit(&base(&rows)).unwrap();
    assert_finite(&fit);
    assert_eq!(fit.report.boundary, Some(Boundary::ConstantSpending), "{fit:?}");
    // Each is expected to spend what it spent.
    let own = fit.model.expected_spend(&Spending::new(1, 130.0).unwrap()).unwrap();
    assert!((own / 130.0 - 1.0).abs() < 1e-3, "{own}");
}

#[test]
fn a_giant_among_others_does_not_break_the_fit() {
    for (purchases, mean) in [(5_000, 40.0), (2_000, 1e-6), (5_000, 1e9), (1, 1e9), (1, 1e-6)] {
        let mut with: Spenders = cdnow(2);
        with.extend([Spending::new(purchases, mean).unwrap()]);
        let fit = GammaGamma::fit(&with).unwrap();
        assert_finite(&fit);
        assert_eq!(fit.report.customers, 947);
        assert!(fit.report.gradient < 1e-5, "{fit:?}");
    }
}

#[test]
fn a_few_customers_are_fitted_or_refused() {
    let rows: [&[(u32, f64)]; 8] = [
        &[(1, 1.0), (1, 2.0)],
        &[(1, 20.0), (1, 20.0 + 1e-14)],
        &[(5_000, 1e-6), (1, 1e9)],
        &[(1, 1e-6), (5_000, 1e9)],
        &[(4_000, 1.0), (5_000, 1.0 + 1e-9), (4_500, 1.0 - 1e-9)],
        &[(1, 1e-300), (1, 1e300), (2, 1.0)],
        &[(u32::MAX, 3.0), (1, 4.0), (2, 5.0)],
        &[(1, 10.0), (1, 10.0), (1, 10.0), (2, 10.0), (3, 10.0), (1, 10.01)],
    ];
    for rows in rows {
        match GammaGamma::fit(&base(rows)) {
            Ok(fit) => assert_finite(&fit),
            Err(error) => assert!(
                matches!(error, FitError::NotConverged { .. } | FitError::OutOfRange),
                "{rows:?}: {error}"
            ),
        }
    }
}
