//! Grouped is as good as one by one, and twice the customers tell the same, with half the variance.

use std::collections::BTreeSet;

use guanxi::value::lifetime::{
    BgBb, BgNbd, FitReport, GammaGamma, MbgNbd, Nbd, Opportunities, OpportunityBuyers, ParetoNbd,
    RepeatBuyers, RepeatBuying, RepeatModel, Spenders, Spending, Weeks,
};
use proptest::prelude::*;

use super::data::{self, Shopper, bought, cases, close};

/// Many of the same row among few different ones.
fn customers() -> impl Strategy<Value = Vec<RepeatBuying<Weeks>>> {
    let customer = (0..4_u32, 1..4_u32, 0..3_u32).prop_map(|(x, last, silence)| {
        let last = if x == 0 { 0 } else { last };
        bought(x, f64::from(last), f64::from(last + silence))
    });
    prop::collection::vec(customer, 1..40)
}

fn shapes() -> impl Strategy<Value = [f64; 4]> {
    prop::array::uniform4(-2.0..2.0_f64).prop_map(|exponents| exponents.map(f64::exp))
}

fn assert_sum<M: RepeatModel<Weeks>>(model: &M, customers: &[RepeatBuying<Weeks>]) {
    let buyers: RepeatBuyers<Weeks> = customers.iter().copied().collect();
    assert_eq!(buyers.customers(), customers.len() as u64);
    let sum: f64 = customers.iter().map(|customer| model.log_likelihood_of(customer)).sum();
    let whole = model.log_likelihood(&buyers);
    assert!((whole - sum).abs() <= 1e-12 * sum.abs().max(1.0), "{whole} {sum}");
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn a_base_is_as_likely_as_its_customers([r, alpha, a, b] in shapes(), customers in customers()) {
        assert_sum(&BgNbd::new(r, alpha, a, b).unwrap(), &customers);
        assert_sum(&MbgNbd::new(r, alpha, a, b).unwrap(), &customers);
        assert_sum(&ParetoNbd::new(r, alpha, a, b).unwrap(), &customers);
        assert_sum(&Nbd::new(r, alpha).unwrap(), &customers);
    }

    #[test]
    fn a_base_of_opportunities_is_as_likely_as_its_customers(
        [alpha, beta, gamma, delta] in shapes(),
        rows in prop::collection::vec((0..3_u16, 0..2_u16, 0..3_u16), 1..40),
    ) {
        let customer = |(x, off, silence)| {
            let last = if x == 0 { 0 } else { x + off };
            Opportunities::new(x, last, last + silence).unwrap()
        };
        let customers: Vec<_> = rows.into_iter().map(customer).collect();
        let model = BgBb::new(alpha, beta, gamma, delta).unwrap();
        let buyers: OpportunityBuyers = customers.iter().copied().collect();
        let sum: f64 = customers.iter().map(|customer| model.log_likelihood_of(customer)).sum();
        let whole = model.log_likelihood(&buyers);
        prop_assert!((whole - sum).abs() <= 1e-12 * sum.abs().max(1.0), "{} {}", whole, sum);
    }

    #[test]
    fn a_base_of_spenders_is_as_likely_as_its_customers(
        [p, q, v, _] in shapes(),
        rows in prop::collection::vec((1..4_u32, 1..6_u32), 1..40),
    ) {
        let customer = |(x, mean)| Spending::new(x, f64::from(mean)).unwrap();
        let customers: Vec<_> = rows.into_iter().map(customer).collect();
        let model = GammaGamma::new(p, q, v).unwrap();
        let spenders: Spenders = customers.iter().copied().collect();
        let sum: f64 = customers.iter().map(|customer| model.log_likelihood_of(customer)).sum();
        let whole = model.log_likelihood(&spenders);
        prop_assert!((whole - sum).abs() <= 1e-11 * sum.abs().max(1.0), "{} {}", whole, sum);
    }
}

/// The report of a base, and that of the same base twice.
#[track_caller]
fn assert_doubled(once: &FitReport, twice: &FitReport) {
    assert_eq!(2 * once.customers, twice.customers);
    close(twice.log_likelihood, 2.0 * once.log_likelihood, 1e-12, "likelihood");
    assert!(once.boundary.is_none() && twice.boundary.is_none(), "{once:?}");
    for (one, two) in once.parameters.iter().zip(&twice.parameters) {
        close(two.value, one.value, 1e-8, &one.name);
    }
    let entries = |report: &FitReport| report.covariance.clone().unwrap().concat();
    for (one, two) in entries(once).into_iter().zip(entries(twice)) {
        close(two, 0.5 * one, 1e-6, "variance");
    }
}

#[test]
fn twice_the_customers_have_the_same_parameters_and_half_the_variance() {
    fn assert_of<M: RepeatModel<Weeks>>(once: &RepeatBuyers<Weeks>) {
        let mut twice = once.clone();
        twice.merge(once);
        let report = |buyers| M::fit(buyers).unwrap().report;
        assert_doubled(&report(once), &report(&twice));
    }
    let once: RepeatBuyers<Weeks> = data::cdnow().iter().map(Shopper::published).collect();
    assert_of::<BgNbd<Weeks>>(&once);
    assert_of::<MbgNbd<Weeks>>(&once);
    assert_of::<ParetoNbd<Weeks>>(&once);
    assert_of::<Nbd<Weeks>>(&once);
}

#[test]
fn twice_the_opportunities_have_the_same_parameters_and_half_the_variance() {
    // Whether somebody bought in each of the first eight months, of 30 days, after the first purchase.
    let customers = data::cdnow_purchases().into_values().map(|days| {
        let first = *days.first_key_value().unwrap().0;
        let months = days.keys().map(|day| day.days_since(first) / 30);
        let months: BTreeSet<_> = months.filter(|month| (1..=8).contains(month)).collect();
        let last = months.last().copied().unwrap_or(0);
        let short = |number: i64| u16::try_from(number).unwrap();
        Opportunities::new(u16::try_from(months.len()).unwrap(), short(last), 8).unwrap()
    });
    let once: OpportunityBuyers = customers.collect();
    let mut twice = once.clone();
    twice.merge(&once);
    let report = |buyers| BgBb::fit(buyers).unwrap().report;
    assert_doubled(&report(&once), &report(&twice));
}

#[test]
fn twice_the_spenders_have_the_same_parameters_and_half_the_variance() {
    let shoppers = data::cdnow().into_iter().filter(|shopper| shopper.mean > 0.0);
    let once: Spenders =
        shoppers.map(|shopper| Spending::new(shopper.repeats, shopper.mean).unwrap()).collect();
    let mut twice = once.clone();
    twice.merge(&once);
    let report = |spenders| GammaGamma::fit(spenders).unwrap().report;
    assert_doubled(&report(&once), &report(&twice));
}
