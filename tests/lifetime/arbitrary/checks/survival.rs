//! Survival without a model, and whether groups differ.

use guanxi::churn::survival::{KaplanMeier, LifeTable, LogRank};

use super::draw::Draw;
use super::{assert_amount, assert_rising, assert_share};

pub(super) fn check(draw: &mut Draw<'_>) {
    let groups = usize::from(draw.byte() % 6);
    let level = draw.share();
    let mut tables = vec![LifeTable::default(); groups];
    while !draw.is_over() {
        let place = usize::from(draw.byte());
        let duration = match draw.byte() {
            duration @ 0..200 => u32::from(duration % 40),
            200..250 => u32::from(draw.two()),
            250.. => draw.four(),
        };
        let customers = match draw.byte() {
            customers @ 0..200 => u64::from(customers % 8),
            200..250 => u64::from(draw.two()),
            250.. => draw.eight(),
        };
        let Some(table) = tables.get_mut(place % groups.max(1)) else { continue };
        if place >= 128 {
            table.still_there(duration, customers);
        } else {
            table.lost(duration, customers);
        }
    }
    tables.iter().for_each(|table| estimate(table, level));
    compare(&tables);
}

fn estimate(table: &LifeTable, level: f64) {
    let Some(estimate) = KaplanMeier::of(table) else {
        assert_eq!(table.customers(), 0);
        return;
    };
    let durations = estimate.steps().iter().map(|step| step.duration);
    let mut before = 1.0;
    for duration in durations.chain([0, 39, estimate.duration_max(), u32::MAX]) {
        let case = (table, duration, level);
        let survival = estimate.survival(duration);
        assert_share(survival, "survival", &case);
        if let Some(variance) = estimate.variance(duration) {
            assert_amount(variance, "variance", &case);
        }
        if let Some((lower, upper)) = estimate.bounds(duration, level) {
            assert_share(lower, "lower bound", &case);
            assert_share(upper, "upper bound", &case);
            assert_rising(lower, survival, "survival from its lower bound", &case);
            assert_rising(survival, upper, "survival to its upper bound", &case);
        }
        assert_amount(estimate.restricted_mean(duration), "restricted mean", &case);
    }
    for step in estimate.steps() {
        assert_rising(step.survival, before, "survival", table);
        before = step.survival;
    }
}

fn compare(tables: &[LifeTable]) {
    let groups: Vec<&LifeTable> = tables.iter().collect();
    let Ok(test) = LogRank::of(&groups) else { return };
    assert_amount(test.statistic(), "statistic", &tables);
    assert_share(test.p(), "p", &tables);
    assert!(test.ln_p() <= 0.0, "{}: {tables:?}", test.ln_p());
    let expected: f64 = test.groups().iter().map(|group| group.expected).sum();
    let lost: f64 = tables.iter().map(|table| table.losses() as f64).sum();
    // Counts stop at the end of their range.
    let counted = lost < u64::MAX as f64 / 2.0;
    assert!(
        !counted || (expected - lost).abs() <= 1e-9 * lost,
        "{expected}, not {lost}: {tables:?}"
    );
}
