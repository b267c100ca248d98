//! The model of contracts, fitted to any cohorts and asked about them.

use guanxi::value::lifetime::{Renewals, ShiftedBetaGeometric};

use super::draw::Draw;
use super::{assert_amount, assert_rising, assert_same, assert_share, checked};

pub(super) fn check(draw: &mut Draw<'_>) {
    let given = ShiftedBetaGeometric::new(draw.parameter(), draw.parameter());
    let rate = draw.magnitude(-9.0, 2.0);
    let period = draw.repeats();
    if let Ok(model) = given {
        ask(&model, period, rate);
    }
    let mut renewals = Renewals::default();
    while !draw.is_over() {
        renewals.merge(&cohort(draw));
    }
    if let Some(fit) = checked(ShiftedBetaGeometric::fit(&renewals), &renewals) {
        let (told, again) = (fit.report.log_likelihood, fit.model.log_likelihood(&renewals));
        assert_same(told, again, renewals.customers() as f64, &renewals);
        ask(&fit.model, period, rate);
    }
}

/// A cohort of up to `u64::MAX`, which some leave in each period.
fn cohort(draw: &mut Draw<'_>) -> Renewals {
    let mut left = match draw.byte() {
        0..200 => u64::from(draw.two()),
        200..250 => draw.eight(),
        250.. => u64::MAX,
    };
    let mut survivors = vec![left];
    for _ in 0..draw.byte() % 24 {
        left -= match draw.byte() {
            0..64 => 0,
            64 => left,
            share => left / u64::from(share),
        };
        survivors.push(left);
    }
    Renewals::of_survivors(&survivors).unwrap_or_default()
}

fn ask(model: &ShiftedBetaGeometric, period: u32, rate: f64) {
    let case = (model, period, rate);
    let next = period.saturating_add(1);
    for period in [period, next] {
        assert_share(model.survival(period), "survival", &case);
        assert_share(model.retention(period), "retention", &case);
        assert_share(model.lost(period), "lost", &case);
    }
    assert_rising(model.survival(next), model.survival(period), "survival", &case);
    if period > 0 {
        assert_rising(model.retention(period), model.retention(next), "retention", &case);
    }
    assert_share(model.mean_churn_probability(), "mean churn", &case);
    for rate in [0.0, rate] {
        if let Some(periods) = model.discounted_expected_lifetime(rate) {
            assert!(periods >= 1.0 - 1e-12 && periods.is_finite(), "{periods}: {case:?}");
        }
        if let Some(periods) = model.discounted_expected_residual_lifetime(period, rate) {
            assert_amount(periods, "residual lifetime", &case);
        }
    }
}
