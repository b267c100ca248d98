//! BG/NBD and MBG/NBD of hard customers and of bases that do not tell their parameters.

use guanxi::value::lifetime::{
    BgNbd, Boundary, Candidates, Discount, Fit, FitError, FitOptions, MbgNbd, Nbd, ParetoNbd,
    RepeatBuyers, RepeatModel, Weeks,
};

use super::data::{Shopper, bought, cdnow, close, reference, span};
use super::geometric_reference::{assert_customer, of_parameters};

#[test]
fn hard_customers() {
    let reference = &reference()["edge_bgnbd"];
    let model = of_parameters(&reference["params"]);
    for expected in reference["customers"].as_array().unwrap() {
        assert_customer(&model, expected, 1e-9);
    }
}

#[test]
fn shapes_near_1() {
    for reference in reference()["edge_bgnbd_a_near_1"].as_array().unwrap() {
        let model = of_parameters(&reference["params"]);
        for expected in reference["customers"].as_array().unwrap() {
            assert_customer(&model, expected, 1e-9);
        }
    }
}

fn base(customers: &[(u32, f64, f64)]) -> RepeatBuyers<Weeks> {
    customers.iter().map(|(repeats, last, age)| bought(*repeats, *last, *age)).collect()
}

/// Buys at a rate of its own, up to the very end: nothing says that anybody leaves.
fn nobody_leaves() -> RepeatBuyers<Weeks> {
    let customer = |k: u32| {
        let repeats = [1, 2, 4, 9, 1, 3, 15][(k % 7) as usize] + k % 3;
        let age = 20.0 + f64::from(k % 20);
        (repeats, age, age)
    };
    base(&(0..60).map(customer).collect::<Vec<_>>())
}

#[test]
fn nobody_left() {
    let buyers = nobody_leaves();
    let limit = Nbd::fit(&buyers).unwrap();
    assert_eq!(limit.report.boundary, None);
    fn assert_limit<M: RepeatModel<Weeks>>(fit: &Fit<M>, limit: &Fit<Nbd<Weeks>>) {
        let (report, known) = (&fit.report, &limit.report);
        assert_eq!(report.boundary, Some(Boundary::NoDropout));
        assert_eq!(report.log_likelihood, known.log_likelihood);
        assert!(report.covariance.is_none() && report.parameters.len() == 4);
        for (estimate, known) in report.parameters.iter().zip(&known.parameters) {
            assert_eq!((&estimate.name, estimate.value), (&known.name, known.value));
            assert_eq!(estimate.standard_error, None);
        }
        for customer in [bought(0, 0.0, 30.0), bought(3, 12.0, 40.0), bought(40, 39.0, 39.5)] {
            assert_eq!(fit.model.p_alive(&customer), 1.0);
            let alone = |time| fit.model.expected_purchases(&customer, span(time));
            for time in [1.0, 52.0, 5_200.0] {
                let known = limit.model.expected_purchases(&customer, span(time));
                close(alone(time), known, 1e-12, "expected");
            }
            close(
                fit.model.log_likelihood_of(&customer),
                limit.model.log_likelihood_of(&customer),
                1e-12,
                "likelihood",
            );
        }
    }
    assert_limit(&BgNbd::fit(&buyers).unwrap(), &limit);
    assert_limit(&MbgNbd::fit(&buyers).unwrap(), &limit);

    let candidates = Candidates::fit(&buyers, FitOptions::default());
    assert_eq!(candidates.best().unwrap().model.name(), "nbd");
    assert!(candidates.telling_silence().best().is_none());
}

/// A finite answer, that of an ordinary fit or one that says at which limit it is.
fn assert_finite<M: RepeatModel<Weeks>>(buyers: &RepeatBuyers<Weeks>) -> Fit<M> {
    let fit = M::fit(buyers).unwrap();
    let report = &fit.report;
    assert!(report.log_likelihood.is_finite() && report.gradient < 1e-4, "{report:?}");
    let whole = fit.model.log_likelihood(buyers);
    assert!((whole - report.log_likelihood).abs() < 1e-8 * whole.abs(), "{whole} {report:?}");
    assert_eq!(report.boundary.is_none(), report.covariance.is_some(), "{report:?}");
    for row in buyers.rows() {
        let alive = fit.model.p_alive(&row.buying);
        assert!((0.0..=1.0).contains(&alive));
        for weeks in [0.1, 52.0, 5_200.0] {
            let expected = fit.model.expected_purchases(&row.buying, span(weeks));
            assert!(expected.is_finite() && expected >= 0.0, "{expected} {report:?}");
        }
    }
    fit
}

#[test]
fn bases_that_tell_nothing_are_refused() {
    fn assert_refused<M: RepeatModel<Weeks> + std::fmt::Debug>(parameters: u64) {
        let error = |customers: &[(u32, f64, f64)]| M::fit(&base(customers)).unwrap_err();
        assert_eq!(error(&[]), FitError::NoCustomers);
        assert_eq!(error(&[(0, 0.0, 0.0)]), FitError::NoTime);
        assert_eq!(error(&[(0, 0.0, 9.0), (0, 0.0, 12.0)]), FitError::NothingRepeats);
        let few = FitError::TooFewDistinct { distinct: 1, parameters };
        assert_eq!(error(&[(2, 5.0, 9.0)]), few);
        assert_eq!(error(&[(2, 5.0, 9.0); 100]), few);
    }
    assert_refused::<BgNbd<Weeks>>(4);
    assert_refused::<MbgNbd<Weeks>>(4);
    assert_refused::<Nbd<Weeks>>(2);
}

#[test]
fn bases_of_little_variety_end_somewhere() {
    let bases = [
        vec![(0, 0.0, 30.0), (1, 10.0, 30.0)],
        vec![(1, 10.0, 30.0), (1, 29.0, 30.0)],
        vec![(3, 30.0, 30.0), (0, 0.0, 30.0)],
        vec![(1, 1e-3, 30.0), (0, 0.0, 30.0), (0, 0.0, 31.0)],
        vec![(5, 10.0, 30.0), (5, 11.0, 30.0), (5, 12.0, 30.0)],
        vec![(5, 30.0, 30.0), (5, 31.0, 31.0), (5, 32.0, 32.0), (6, 33.0, 33.0)],
        (1..40).map(|k| (k, f64::from(k) / 2.0, 20.0)).collect(),
        (1..40).map(|k| (1, f64::from(k) / 2.0, 20.0)).collect(),
    ];
    for customers in bases {
        assert_finite::<BgNbd<Weeks>>(&base(&customers));
        assert_finite::<MbgNbd<Weeks>>(&base(&customers));
        assert_finite::<ParetoNbd<Weeks>>(&base(&customers));
        assert_finite::<Nbd<Weeks>>(&base(&customers));
    }
}

/// One customer with thousands of purchases among ordinary ones.
#[test]
fn a_giant() {
    for (repeats, last) in [(2_000, 38.5), (5_000, 38.8), (5_000, 20.0)] {
        let giant = bought(repeats, last, 38.86);
        let buyers: RepeatBuyers<Weeks> =
            cdnow().iter().map(Shopper::published).chain([giant]).collect();
        let fit = assert_finite::<BgNbd<Weeks>>(&buyers);
        assert!(fit.report.boundary.is_none(), "{:?}", fit.report);
        assert_maximum(&fit.model, &buyers);
        assert_finite::<MbgNbd<Weeks>>(&buyers);
    }
}

/// No parameters near these are likelier.
fn assert_maximum(model: &BgNbd<Weeks>, buyers: &RepeatBuyers<Weeks>) {
    let best = model.log_likelihood(buyers);
    let [r, alpha, a, b] = [model.r(), model.alpha(), model.a(), model.b()];
    for place in 0..4 {
        for factor in [0.9, 0.999, 1.001, 1.1] {
            let mut moved = [r, alpha, a, b];
            moved[place] *= factor;
            let [r, alpha, a, b] = moved;
            let other = BgNbd::new(r, alpha, a, b).unwrap().log_likelihood(buyers);
            assert!(other < best, "{place} {factor}");
        }
    }
}

/// P(alive) and residual purchases where customers leave at once or never, and where both are discounted.
#[test]
fn purchases_over_all_the_future() {
    let discount = |rate| Discount::new(rate).unwrap();
    let customer = bought(2, 30.43, 38.86);
    let model = BgNbd::<Weeks>::new(0.243, 4.414, 0.793, 2.426).unwrap();
    // Who leaves with a chance that is often tiny buys for ever, on average.
    assert_eq!(model.residual_transactions(&customer, Discount::NONE), None);
    let model = BgNbd::<Weeks>::new(0.243, 4.414, 1.5, 2.426).unwrap();
    let all = model.residual_transactions(&customer, Discount::NONE).unwrap();
    let far = model.expected_purchases(&customer, span(1e12));
    close(far, all, 1e-4, "the far future");
    let hardly = model.residual_transactions(&customer, discount(1e-14)).unwrap();
    close(hardly, all, 1e-4, "hardly any discount");

    let never = Nbd::<Weeks>::new(0.243, 4.414).unwrap();
    assert_eq!(never.residual_transactions(&customer, Discount::NONE), None);
    let some = never.residual_transactions(&customer, discount(0.01)).unwrap();
    close(some, 2.243 / (4.414 + 38.86) / 0.01, 1e-14, "for ever");
}
