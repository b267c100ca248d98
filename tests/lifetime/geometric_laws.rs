//! What holds for BG/NBD and MBG/NBD whatever the customers.

use guanxi::value::lifetime::{
    BgNbd, Days, FitOptions, Forecast, Horizon, MbgNbd, RepeatBuyers, RepeatBuying, RepeatModel,
    Span, Weeks,
};
use proptest::prelude::*;

use super::data::{Shopper, bought, cases, cdnow, close, span};

/// A sequence of numbers that looks random and is the same everywhere (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    /// Between 0 and 1, both excluded.
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / 2_f64.powi(53) + 2_f64.powi(-54)
    }

    fn exponential(&mut self) -> f64 {
        -self.uniform().ln()
    }

    /// Of a beta distribution with whole or half shapes below: by powers of uniforms (Joehnk 1964).
    fn beta(&mut self, a: f64, b: f64) -> f64 {
        loop {
            let (x, y) = (self.uniform().powf(a.recip()), self.uniform().powf(b.recip()));
            if x + y <= 1.0 && x + y > 0.0 {
                return x / (x + y);
            }
        }
    }

    /// Of a gamma distribution with a shape below 1, from a beta and an exponential one (Joehnk 1964).
    fn gamma(&mut self, shape: f64) -> f64 {
        self.beta(shape, 1.0 - shape) * self.exponential()
    }
}

/// Customers who follow the model, half a year to a year and a half old.
fn simulated(at_first: bool, customers: u32) -> Vec<RepeatBuying<Weeks>> {
    let mut random = Random(42);
    let mut one = || {
        let age = 26.0 + (random.uniform() * 52.0).floor();
        let (rate, chance) = (random.gamma(0.5) / 6.0, random.beta(0.8, 2.4));
        let (mut time, mut repeats, mut last) = (0.0, 0, 0.0);
        let mut there = !at_first || random.uniform() >= chance;
        while there {
            time += random.exponential() / rate;
            if time > age {
                break;
            }
            (repeats, last) = (repeats + 1, time);
            there = random.uniform() >= chance;
        }
        bought(repeats, last, age)
    };
    (0..customers).map(|_| one()).collect()
}

#[test]
fn simulation_recovers_the_parameters() {
    fn assert_recovers<M: RepeatModel<Weeks>>(at_first: bool) {
        let buyers: RepeatBuyers<Weeks> = simulated(at_first, 30_000).into_iter().collect();
        let report = M::fit(&buyers).unwrap().report;
        for (estimate, true_value) in report.parameters.iter().zip([0.5, 6.0, 0.8, 2.4]) {
            let off = (estimate.value - true_value) / estimate.standard_error.unwrap();
            assert!(off.abs() < 3.5, "{estimate:?} is {off} standard errors off");
        }
    }
    assert_recovers::<BgNbd<Weeks>>(false);
    assert_recovers::<MbgNbd<Weeks>>(true);
}

#[test]
fn the_bits_of_a_fit_depend_on_the_base_alone() {
    let customers = simulated(false, 60_000);
    let whole: RepeatBuyers<Weeks> = customers.iter().copied().collect();
    let fit = BgNbd::fit(&whole).unwrap();
    for threads in [2, 3, 8] {
        let options = FitOptions::default().with_threads(threads);
        assert_eq!(BgNbd::fit_with(&whole, options).unwrap(), fit, "{threads}");
    }
    let mut merged = RepeatBuyers::default();
    for partition in customers.chunks(9_999).rev() {
        merged.merge(&partition.iter().rev().copied().collect());
    }
    assert_eq!(merged, whole);
    assert_eq!(BgNbd::fit(&merged).unwrap(), fit);
}

#[test]
fn units_of_time_do_not_matter() {
    let weeks: RepeatBuyers<Weeks> = cdnow().iter().map(Shopper::exact).collect();
    let days: RepeatBuyers<Days> = weeks.to();
    for penalty in [0.0, 3.0] {
        let options = FitOptions::default().with_penalty(penalty);
        let by_weeks = BgNbd::fit_with(&weeks, options).unwrap();
        let by_days = BgNbd::fit_with(&days, options).unwrap();
        let converted = by_days.model.to::<Weeks>();
        for (left, right) in converted.parameters().iter().zip(by_weeks.model.parameters()) {
            close(left.1, right.1, 1e-8, left.0);
        }
        // Each repeat is less likely to be at a time by the day than by the week.
        let moved = weeks.repeats() as f64 * 7_f64.ln();
        let (left, right) = (by_days.report.log_likelihood + moved, by_weeks.report.log_likelihood);
        close(left, right, 1e-10, "likelihood");
    }
    let free = BgNbd::fit(&weeks).unwrap().model;
    let drawn = BgNbd::fit_with(&weeks, FitOptions::default().with_penalty(1e3)).unwrap().model;
    let moved = |(left, right): (f64, f64)| (left / right - 1.0).abs() > 0.05;
    let pairs = [(free.r(), drawn.r()), (free.alpha(), drawn.alpha()), (free.a(), drawn.a())];
    assert!(pairs.into_iter().any(moved), "a penalty draws to the start: {drawn:?}");
}

#[test]
fn a_forecast_has_the_bits_of_each_question_alone() {
    let model = BgNbd::<Weeks>::new(0.243, 4.414, 0.793, 2.426).unwrap();
    let customers: Vec<_> = cdnow().iter().map(Shopper::published).collect();
    let year = Horizon::new(12, span(4.345), 0.01).unwrap();
    let forecast = Forecast::of(&model, &customers, &[span(39.0).into(), year.into()]);
    for (place, customer) in customers.iter().enumerate() {
        assert_eq!(forecast.p_alive()[place], model.p_alive(customer));
        let expected = model.expected_purchases(customer, span(39.0));
        assert_eq!(forecast.purchases(0)[place], expected);
        let discounted = model.discounted_purchases(customer, &year);
        assert_eq!(forecast.purchases(1)[place], discounted);
    }
    assert!(forecast.purchases(2).is_empty());
}

fn shapes() -> impl Strategy<Value = [f64; 4]> {
    let exponents = [-1.5..1.0, -1.0..2.0, -2.0..1.0, -1.0..1.5];
    exponents.prop_map(|exponents: [f64; 4]| exponents.map(|exponent| 10_f64.powf(exponent)))
}

fn assert_laws<M: RepeatModel<Weeks>>(model: &M, repeats: u32, silences: [f64; 2]) {
    let [short, long] = silences;
    let customer = |silence| bought(repeats, if repeats == 0 { 0.0 } else { 20.0 }, 20.0 + silence);
    let (sooner, later) = (customer(short), customer(long));
    assert!((0.0..=1.0).contains(&model.p_alive(&later)));
    assert!(model.p_alive(&later) <= model.p_alive(&sooner), "silence is no good sign");
    assert!(model.log_likelihood_of(&later).is_finite());

    let mut before = 0.0;
    for weeks in [1e-3, 1.0, 52.0, 520.0, 5_200.0] {
        let expected = model.expected_while_alive(&later, span(weeks));
        assert!(expected.is_finite() && expected >= before, "{expected} {before}");
        before = expected;
    }
    let counts: f64 = (0..400).map(|count| model.p_repeats(count, span(4.0))).sum();
    let mean: f64 =
        (1..400).map(|count| f64::from(count) * model.p_repeats(count, span(4.0))).sum();
    // Where next to nobody buys more often than can be counted here.
    if model.p_repeats(399, span(4.0)) < 1e-15 {
        assert!((counts - 1.0).abs() < 1e-11, "{counts}");
        close(mean, model.expected_of_new(span(4.0)), 1e-9, "mean count");
    }
    assert!((model.p_repeats(0, Span::ZERO) - 1.0).abs() < 1e-15);
    assert_eq!(model.p_repeats(1, Span::ZERO), 0.0);
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn bounds_order_and_sums(
        [r, alpha, a, b] in shapes(),
        repeats in 0..60_u32,
        short in 0.0..50.0,
        more in 0.0..500.0,
    ) {
        let silences = [short, short + more];
        assert_laws(&BgNbd::new(r, alpha, a, b).unwrap(), repeats, silences);
    }

    #[test]
    fn bounds_order_and_sums_with_dropout_at_first(
        [r, alpha, a, b] in shapes(),
        repeats in 0..60_u32,
        short in 0.0..50.0,
        more in 0.0..500.0,
    ) {
        let silences = [short, short + more];
        assert_laws(&MbgNbd::new(r, alpha, a, b).unwrap(), repeats, silences);
    }
}
