//! BG/BB against its own definition, an independent program's numbers, and simulated customers.

use guanxi::value::lifetime::{
    BgBb, Boundary, FitError, FitOptions, Opportunities, OpportunityBuyers,
};
use proptest::prelude::*;

use super::data::cases;

fn model() -> BgBb {
    BgBb::new(1.20, 0.75, 0.66, 2.78).unwrap()
}

fn bought(x: u16, last: u16, n: u16) -> Opportunities {
    Opportunities::new(x, last, n).unwrap()
}

#[track_caller]
fn close(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance * expected.abs(), "{value} is not {expected}");
}

/// As the BTYD package's documentation prints them.
#[test]
fn a_new_customer_buys_as_printed() {
    let printed = [
        0.4973166, 0.9207078, 1.2927317, 1.6266289, 1.9309062, 2.2113893, 2.4722624, 2.7166434,
        2.9469256, 3.1649902,
    ];
    for (n, printed) in (1..).zip(printed) {
        assert!((model().expected_of_new(n) - printed).abs() < 5.1e-8, "{n}");
    }
}

/// Purchases, last, opportunities; log-likelihood, P(alive), expected at the next 1, 5 and 60, and residual
/// transactions at 10 %: computed with 30 digits from the sums of equation 5 and those of what is yet to come.
#[rustfmt::skip]
#[expect(clippy::excessive_precision, reason = "as printed by the program that computed them")]
const REFERENCE: [(u16, u16, u16, [f64; 6]); 4] = [
        (0, 0, 6, [-1.162563905454274, 0.10775606065378, 0.01626506575906113, 0.07238402793634121, 0.4476796989291329, 0.1138789182217181]),
        (4, 6, 6, [-5.389656609420505, 0.9300847457627119, 0.6083573179831574, 2.707357827658259, 16.74442790397642, 4.259378614906181]),
        (4, 4, 6, [-3.849758987805441, 0.1994130067535861, 0.1304336647947985, 0.5804657771571799, 3.590056422183774, 0.9132237684468634]),
        (3, 20, 200, [-13.97205426849618, 9.804338582035474e-5, 2.039030554322802e-6, 1.012985459417558e-5, 0.0001122312939585476, 1.977936965921764e-5]),
];

#[test]
fn customers_are_foretold_to_the_digits() {
    for (x, last, n, [likelihood, alive, one, five, sixty, residual]) in REFERENCE {
        let customer = bought(x, last, n);
        close(model().log_likelihood_of(&customer), likelihood, 1e-13);
        close(model().p_alive(&customer), alive, 1e-11);
        for (ahead, expected) in [(1, one), (5, five), (60, sixty)] {
            close(model().expected_purchases(&customer, ahead), expected, 1e-11);
        }
        close(model().residual_transactions(&customer, 0.1).unwrap(), residual, 1e-11);
        assert_eq!(model().residual_transactions(&customer, 0.0), None);
    }
}

/// The chances of every way to buy at six opportunities, each as likely as its summary, are all there is; so are those
/// of every number of purchases.
#[test]
fn every_way_to_buy_is_counted_once() {
    for n in 0..=8_u16 {
        let mut by_purchases = vec![0.0; usize::from(n) + 1];
        for way in 0..1_u32 << n {
            let (x, last) = (way.count_ones(), 32 - way.leading_zeros());
            let customer = bought(x.try_into().unwrap(), last.try_into().unwrap(), n);
            by_purchases[x as usize] += model().log_likelihood_of(&customer).exp();
        }
        close(by_purchases.iter().sum(), 1.0, 1e-13);
        for (x, chance) in (0..).zip(&by_purchases) {
            close(model().p_purchases(x, n), *chance, 1e-12);
        }
        let mean = (0..).zip(&by_purchases).map(|(x, chance)| f64::from(x) * chance).sum::<f64>();
        assert!((mean - model().expected_of_new(n)).abs() < 1e-12);
    }
    assert_eq!(model().p_purchases(7, 6), 0.0);
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn every_answer_is_finite_and_within_its_bounds(
        exponents in prop::array::uniform4(-3.0..3.0_f64),
        (x, off, silence) in (0..200_u16, 0..200_u16, 0..200_u16),
        rate in 1e-6..1.0_f64,
    ) {
        let [alpha, beta, gamma, delta] = exponents.map(|exponent| 10.0_f64.powf(exponent));
        let model = BgBb::new(alpha, beta, gamma, delta).unwrap();
        let last = if x == 0 { 0 } else { x + off };
        let (customer, later) = (bought(x, last, last + silence), bought(x, last, last + silence + 1));
        let alive = model.p_alive(&customer);
        prop_assert!((0.0..=1.0).contains(&alive));
        prop_assert!(model.p_alive(&later) <= alive + 1e-12);
        let likelihood = model.log_likelihood_of(&customer);
        prop_assert!(likelihood.is_finite() && likelihood <= 1e-9);
        let expected = model.expected_purchases(&customer, 50);
        prop_assert!((0.0..=50.0).contains(&expected));
        let residual = model.residual_transactions(&customer, rate).unwrap();
        prop_assert!(residual >= 0.0 && residual <= 1.0 / rate);
        // Discounted by next to nothing it is the plain sum, as far as that goes.
        let soon = model.residual_transactions(&customer, 1e-12).unwrap();
        prop_assert!(soon >= expected * (1.0 - 1e-9));
    }
}

#[test]
fn what_tells_nothing_is_refused_by_name() {
    let fit = |rows: &[(u16, u16, u16)]| {
        let buyers: OpportunityBuyers =
            rows.iter().map(|(x, last, n)| bought(*x, *last, *n)).collect();
        BgBb::fit(&buyers)
    };
    assert_eq!(fit(&[]).unwrap_err(), FitError::NoCustomers);
    assert_eq!(fit(&[(0, 0, 0)]).unwrap_err(), FitError::NoTime);
    assert_eq!(fit(&[(0, 0, 4), (0, 0, 5)]).unwrap_err(), FitError::NothingRepeats);
    let few = FitError::TooFewDistinct { distinct: 1, parameters: 4 };
    assert_eq!(fit(&[(1, 2, 4), (1, 2, 4)]).unwrap_err(), few);
    let always = fit(&[(4, 4, 4), (5, 5, 5), (6, 6, 6)]).unwrap();
    assert!(
        always.report.boundary.is_some() && always.report.log_likelihood.is_finite(),
        "{always:?}"
    );
    let stayed = fit(&[(1, 6, 6), (2, 6, 6), (3, 6, 6), (5, 6, 6), (6, 6, 6), (4, 6, 6)]).unwrap();
    assert_eq!(stayed.report.boundary, Some(Boundary::NoDropout), "{stayed:?}");
}

/// A simple generator, so that the test is the same on every machine.
struct Dice(u64);

impl Dice {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 + 0.5_f64.powi(54)
    }

    /// Of a beta distribution of whole shapes: the share of some waiting times in all.
    fn beta(&mut self, a: u32, b: u32) -> f64 {
        let mut wait = |times| (0..times).map(|_| -self.uniform().ln()).sum::<f64>();
        let (left, right) = (wait(a), wait(b));
        left / (left + right)
    }
}

#[test]
fn simulated_customers_give_back_their_parameters() {
    let mut dice = Dice(3);
    let customers: Vec<_> = (0..20_000)
        .map(|_| {
            let (buys, leaves) = (dice.beta(2, 3), dice.beta(1, 4));
            let (mut x, mut last) = (0, 0);
            for opportunity in 1..=12 {
                if dice.uniform() < leaves {
                    break;
                }
                if dice.uniform() < buys {
                    (x, last) = (x + 1, opportunity);
                }
            }
            bought(x, last, 12)
        })
        .collect();
    let whole: OpportunityBuyers = customers.iter().copied().collect();
    let fit = BgBb::fit(&whole).unwrap();
    for (name, truth) in [("alpha", 2.0), ("beta", 3.0), ("gamma", 1.0), ("delta", 4.0)] {
        let estimate = fit.report.parameter(name).unwrap();
        let error = estimate.standard_error.unwrap();
        assert!((estimate.value - truth).abs() < 3.0 * error, "{name}: {estimate:?}");
        assert!(error < 0.2 * truth, "{name}: {estimate:?}");
    }
    close(fit.model.log_likelihood(&whole), fit.report.log_likelihood, 1e-12);

    let (left, right) = customers.split_at(777);
    let mut merged: OpportunityBuyers = right.iter().copied().collect();
    merged.merge(&left.iter().copied().collect());
    assert_eq!(BgBb::fit_with(&merged, FitOptions::default().with_threads(3)).unwrap(), fit);
}
