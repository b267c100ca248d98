//! Laws of Pareto/NBD, and data that models of this kind are known to fail on.

use guanxi::value::lifetime::{
    Boundary, Days, Discount, Fit, FitError, FitOptions, Forecast, Horizon, ParetoNbd,
    RepeatBuyers, RepeatBuying, RepeatModel, Weeks,
};
use proptest::prelude::*;

use super::data::{self, Shopper, bought, cases, span};

fn cdnow() -> RepeatBuyers<Weeks> {
    data::cdnow().iter().map(Shopper::published).collect()
}

/// Parameters of every size, either of the times the longer.
fn any_model() -> impl Strategy<Value = ParetoNbd<Weeks>> {
    let exponent = || -2.5..2.5_f64;
    (exponent(), exponent(), exponent(), exponent()).prop_map(|(r, alpha, s, beta)| {
        let of = |exponent: f64| 10.0_f64.powf(exponent);
        ParetoNbd::new(of(r), of(alpha + 1.0), of(s), of(beta + 1.0)).unwrap()
    })
}

fn any_customer() -> impl Strategy<Value = RepeatBuying<Weeks>> {
    let repeats = prop_oneof![0..5_u32, 0..100_u32, 0..5000_u32];
    (repeats, 0.001..1.0_f64, 0.001..500.0_f64).prop_map(|(x, share, age)| {
        if x == 0 { RepeatBuying::once(span(age)) } else { bought(x, share * age, age) }
    })
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn every_answer_is_finite_and_within_its_bounds(
        model in any_model(), customer in any_customer(), ahead in 0.0..5200.0_f64, rate in 1e-9..1.0_f64,
    ) {
        let alive = model.p_alive(&customer);
        prop_assert!((0.0..=1.0).contains(&alive));
        prop_assert!(model.log_likelihood_of(&customer).is_finite());
        let expected = model.expected_while_alive(&customer, span(ahead));
        let as_long = (model.r() + f64::from(customer.repeats())) / (model.alpha() + customer.age().get());
        // Nobody buys more than if it stayed for all the time.
        prop_assert!(expected >= 0.0 && expected <= as_long * ahead * (1.0 + 1e-12));
        let residual = model.residual_transactions(&customer, Discount::new(rate).unwrap()).unwrap();
        prop_assert!(residual >= 0.0 && residual <= alive * as_long / rate * (1.0 + 1e-12));
        let unbounded = model.residual_transactions(&customer, Discount::NONE);
        prop_assert_eq!(unbounded.is_some(), model.s() > 1.0);
        prop_assert!(unbounded.is_none_or(|all| all >= residual * (1.0 - 1e-12)));
        prop_assert!((0.0..=1.0).contains(&model.p_repeats(customer.repeats().min(300), span(ahead))));
    }

    /// The longer the silence, the less likely still there; and never more likely by having bought earlier.
    #[test]
    fn silence_only_lowers_the_chance(model in any_model(), customer in any_customer(), longer in 0.0..100.0_f64) {
        let (x, last, age) =
            (customer.repeats(), customer.age_at_last().0.get(), customer.age().get());
        let later = if x == 0 { RepeatBuying::once(span(age + longer)) } else { bought(x, last, age + longer) };
        prop_assert!(model.p_alive(&later) <= model.p_alive(&customer) + 1e-12);
        if x > 0 {
            let earlier = bought(x, last * 0.5, age);
            prop_assert!(model.p_alive(&earlier) <= model.p_alive(&customer) + 1e-12);
        }
    }

    #[test]
    fn units_of_time_change_nothing(model in any_model(), customer in any_customer()) {
        let (days, in_days) = (model.to::<Days>(), customer.to::<Days>());
        let off = |left: f64, right: f64| (left - right).abs() <= 1e-9 * right.abs() + 1e-300;
        prop_assert!(off(days.p_alive(&in_days), model.p_alive(&customer)));
        let ahead = span::<Weeks>(39.0);
        prop_assert!(off(
            days.expected_while_alive(&in_days, ahead.to()),
            model.expected_while_alive(&customer, ahead)
        ));
        prop_assert!(off(days.expected_of_new(ahead.to()), model.expected_of_new(ahead)));
        prop_assert!(off(days.p_repeats(3, ahead.to()), model.p_repeats(3, ahead)));
        // The likelihood is a density of the times of purchases: x of them.
        let density = f64::from(customer.repeats()) * 7.0_f64.ln();
        let likelihood = model.log_likelihood_of(&customer);
        let there = days.log_likelihood_of(&in_days) + density;
        prop_assert!((there - likelihood).abs() <= 1e-10 * (likelihood.abs() + density + 1.0));
    }

    #[test]
    fn the_chances_of_all_counts_add_up_to_1(
        r in 0.1..3.0_f64, alpha in 5.0..50.0_f64, s in 0.1..3.0_f64, beta in 1.0..50.0_f64,
    ) {
        let model = ParetoNbd::<Weeks>::new(r, alpha, s, beta).unwrap();
        let (mut sum, mut mean) = (0.0, 0.0);
        for x in 0..400 {
            let chance = model.p_repeats(x, span(39.0));
            sum += chance;
            mean += f64::from(x) * chance;
        }
        prop_assert!((sum - 1.0).abs() < 1e-10, "{}", sum);
        let expected = model.expected_of_new(span(39.0));
        prop_assert!((mean - expected).abs() < 1e-8 * expected, "{} {}", mean, expected);
    }
}

/// `r`, `alpha`, `s`, `beta`; repeats, span, chance: computed with 30 digits by the integral over the moment of
/// leaving.
#[rustfmt::skip]
const CHANCES: [([f64; 4], u32, f64, f64); 15] = [
        ([0.553, 10.578, 0.606, 11.669], 0, 39.0, 0.5936250316023839),
        ([0.553, 10.578, 0.606, 11.669], 1, 39.0, 0.1655629472771755),
        ([0.553, 10.578, 0.606, 11.669], 10, 39.0, 0.00419343933208042),
        ([0.553, 10.578, 0.606, 11.669], 3, 5200.0, 0.04150637413670591),
        ([0.553, 10.578, 0.606, 11.669], 200, 5200.0, 8.579997040005482e-5),
        ([0.2, 400.0, 3.0, 0.5], 0, 39.0, 0.9998752013633922),
        ([0.2, 400.0, 3.0, 0.5], 1, 39.0, 0.0001246187090395468),
        ([0.2, 400.0, 3.0, 0.5], 10, 39.0, 3.074018181874782e-18),
        ([0.2, 400.0, 3.0, 0.5], 3, 5200.0, 1.727954457591949e-9),
        ([0.2, 400.0, 3.0, 0.5], 200, 5200.0, 7.50553379745915e-22),
        ([5.0, 0.5, 0.1, 400.0], 0, 39.0, 3.123601708523592e-5),
        ([5.0, 0.5, 0.1, 400.0], 1, 39.0, 3.122299630856553e-5),
        ([5.0, 0.5, 0.1, 400.0], 10, 39.0, 3.137678285867527e-5),
        ([5.0, 0.5, 0.1, 400.0], 3, 5200.0, 3.119289491854877e-5),
        ([5.0, 0.5, 0.1, 400.0], 200, 5200.0, 2.868696995318463e-5),
];

#[test]
fn chances_of_counts_are_known() {
    for ([r, alpha, s, beta], x, weeks, expected) in CHANCES {
        let model = ParetoNbd::<Weeks>::new(r, alpha, s, beta).unwrap();
        let chance = model.p_repeats(x, span(weeks));
        assert!(
            (chance - expected).abs() <= 1e-10 * expected,
            "{model:?} {x} {weeks}: {chance} {expected}"
        );
    }
}

#[test]
fn threads_and_partitions_change_no_bit() {
    let shoppers: Vec<_> = data::cdnow().iter().map(Shopper::exact).collect();
    let whole: RepeatBuyers<Weeks> = shoppers.iter().copied().collect();
    let fit = ParetoNbd::fit(&whole).unwrap();
    for threads in [2, 3, 8] {
        let options = FitOptions::default().with_threads(threads);
        assert_eq!(ParetoNbd::fit_with(&whole, options).unwrap(), fit);
    }
    let (left, right) = shoppers.split_at(700);
    let mut merged: RepeatBuyers<Weeks> = right.iter().copied().collect();
    merged.merge(&left.iter().copied().collect());
    assert_eq!(ParetoNbd::fit(&merged).unwrap(), fit);
}

#[test]
fn a_forecast_has_the_bits_of_each_question_alone() {
    let model = ParetoNbd::<Weeks>::new(0.553, 10.578, 0.606, 11.669).unwrap();
    let customers: Vec<_> = data::cdnow().iter().map(Shopper::published).collect();
    let year = Horizon::new(12, span(4.345), 0.01).unwrap();
    let forecast = Forecast::of(&model, &customers, &[span(39.0).into(), year.into()]);
    for (place, customer) in customers.iter().enumerate() {
        assert_eq!(forecast.p_alive()[place], model.p_alive(customer));
        let expected = model.expected_purchases(customer, span(39.0));
        assert_eq!(forecast.purchases(0)[place], expected);
        let discounted = model.discounted_purchases(customer, &year);
        assert_eq!(forecast.purchases(1)[place], discounted);
    }
}

#[test]
fn units_of_time_change_no_fit() {
    let weeks = cdnow();
    let (in_weeks, in_days) =
        (ParetoNbd::fit(&weeks).unwrap(), ParetoNbd::fit(&weeks.to::<Days>()).unwrap());
    for ((_, left), (_, right)) in
        in_weeks.model.to::<Days>().parameters().into_iter().zip(in_days.model.parameters())
    {
        assert!((left / right - 1.0).abs() < 1e-6, "{in_weeks:?} {in_days:?}");
    }
    let options = FitOptions::default().with_penalty(1.0);
    let in_weeks = ParetoNbd::fit_with(&weeks, options).unwrap();
    let in_days = ParetoNbd::fit_with(&weeks.to::<Days>(), options).unwrap();
    assert!((in_weeks.model.s() / in_days.model.s() - 1.0).abs() < 1e-6);
}

#[test]
fn a_document_is_read_by_names_and_checked() {
    let model = ParetoNbd::<Weeks>::new(0.553, 10.578, 0.606, 11.669).unwrap();
    let text = serde_json::to_string(&model).unwrap();
    assert_eq!(text, r#"{"r":0.553,"alpha":10.578,"s":0.606,"beta":11.669}"#);
    assert_eq!(serde_json::from_str::<ParetoNbd<Weeks>>(&text).unwrap(), model);
    let wrong = text.replace("0.606", "-0.606");
    assert!(serde_json::from_str::<ParetoNbd<Weeks>>(&wrong).is_err());
    assert!(ParetoNbd::<Weeks>::new(0.5, f64::NAN, 1.0, 1.0).is_err());
}

/// Finite in everything, whatever boundary it came to.
#[track_caller]
fn sane(buyers: &RepeatBuyers<Weeks>) -> Fit<ParetoNbd<Weeks>> {
    let fit = ParetoNbd::fit(buyers).unwrap();
    assert!(fit.report.log_likelihood.is_finite(), "{fit:?}");
    for (_, value) in fit.model.parameters() {
        assert!(value.is_finite() && value > 0.0, "{fit:?}");
    }
    let exact = fit.model.log_likelihood(buyers);
    let off = (exact - fit.report.log_likelihood).abs();
    assert!(off <= 1e-6 + 1e-9 * exact.abs(), "{exact} {fit:?}");
    for row in buyers.rows() {
        let alive = fit.model.p_alive(&row.buying);
        assert!((0.0..=1.0).contains(&alive), "{fit:?}");
        let expected = fit.model.expected_purchases(&row.buying, span(52.0));
        assert!(expected.is_finite() && expected >= 0.0, "{fit:?}");
    }
    fit
}

fn base(rows: &[(u32, f64, f64)]) -> RepeatBuyers<Weeks> {
    rows.iter().map(|(x, last, age)| bought(*x, *last, *age)).collect()
}

#[test]
fn what_tells_nothing_is_refused_by_name() {
    assert_eq!(ParetoNbd::fit(&base(&[])).unwrap_err(), FitError::NoCustomers);
    let never = base(&[(0, 0.0, 10.0), (0, 0.0, 20.0)]);
    assert_eq!(ParetoNbd::fit(&never).unwrap_err(), FitError::NothingRepeats);
    let no_time = base(&[(0, 0.0, 0.0)]);
    assert_eq!(ParetoNbd::fit(&no_time).unwrap_err(), FitError::NoTime);
    let alike = base(&[(2, 5.0, 10.0), (2, 5.0, 10.0)]);
    let few = FitError::TooFewDistinct { distinct: 1, parameters: 4 };
    assert_eq!(ParetoNbd::fit(&alike).unwrap_err(), few);
}

#[test]
fn where_nobody_left_the_answer_is_nobody_leaves() {
    let rows: Vec<_> =
        (1..60).map(|n| (n % 13 + 1, 20.0 + f64::from(n), 20.0 + f64::from(n))).collect();
    let fit = sane(&base(&rows));
    assert_eq!(fit.report.boundary, Some(Boundary::NoDropout));
    assert!(fit.report.covariance.is_none());
    assert!((fit.model.p_alive(&bought(1, 1.0, 500.0)) - 1.0).abs() < 1e-9);
}

#[test]
fn a_giant_spoils_nothing() {
    let plain = ParetoNbd::fit(&cdnow()).unwrap();
    for x in [2000, 5000] {
        let mut buyers = cdnow();
        buyers.extend([bought(x, 38.71, 38.86)]);
        let fit = sane(&buyers);
        // Reachable by parameters as they were without the giant, and so the least to be found.
        assert!(fit.report.log_likelihood >= plain.model.log_likelihood(&buyers));
        assert!(fit.report.boundary.is_none(), "{fit:?}");
    }
}

#[test]
fn few_and_extreme_customers_have_finite_answers() {
    let two = [(3, 9.0, 10.0), (1, 2.0, 10.0)];
    let gone: Vec<_> = (1..40).map(|n| (n % 5 + 1, 0.5 + f64::from(n) / 50.0, 400.0)).collect();
    let split =
        [(0, 0.0, 100.0), (0, 0.0, 90.0), (0, 0.0, 80.0), (50, 100.0, 100.0), (40, 80.0, 80.0)];
    let poisson: Vec<_> = (1..80).map(|n| (10, 97.0 - f64::from(n % 7), 100.0)).collect();
    let long = [(0, 0.0, 1e6), (4000, 9e5, 1e6), (3, 1e3, 1e6), (1, 1e-3, 1e6)];
    let short = [(0, 0.0, 1e-6), (4, 9e-7, 1e-6), (3, 1e-8, 1e-6), (1, 1e-7, 1e-6)];
    for rows in [&two[..], &gone, &split, &poisson, &long, &short] {
        let fit = sane(&base(rows));
        assert!(fit.report.gradient.is_finite(), "{fit:?}");
    }
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

    fn waiting(&mut self, rate: f64) -> f64 {
        -self.uniform().ln() / rate
    }

    /// Of a gamma distribution whose shape is 1/2 times a whole number: a sum of squared normal numbers.
    fn gamma(&mut self, halves: u32, rate: f64) -> f64 {
        let square = |dice: &mut Self| {
            let normal = (-2.0 * dice.uniform().ln()).sqrt()
                * (std::f64::consts::TAU * dice.uniform()).cos();
            normal * normal
        };
        (0..halves).map(|_| 0.5 * square(self)).sum::<f64>() / rate
    }
}

#[test]
fn simulated_customers_give_back_their_parameters() {
    let truth = [("r", 0.5), ("alpha", 8.0), ("s", 1.0), ("beta", 30.0)];
    let mut dice = Dice(7);
    let customers = (0..6000_u32).map(|n| {
        let age = f64::from(60 + n % 40);
        let (rate, leaving) = (dice.gamma(1, 8.0), dice.gamma(2, 30.0));
        let end = dice.waiting(leaving).min(age);
        let (mut x, mut last, mut now) = (0, 0.0, dice.waiting(rate));
        while now < end {
            (x, last) = (x + 1, now);
            now += dice.waiting(rate);
        }
        bought::<Weeks>(x, last, age)
    });
    let all: RepeatBuyers<Weeks> = customers.collect();
    let fit = ParetoNbd::fit(&all).unwrap();
    // Twice what the truth falls short of the best is a chi-square of 4 degrees, above 18.5 once in a thousand.
    let model = ParetoNbd::<Weeks>::new(0.5, 8.0, 1.0, 30.0).unwrap();
    let short = fit.report.log_likelihood - model.log_likelihood(&all);
    assert!((0.0..9.2).contains(&short), "{short} {fit:?}");
    for (name, truth) in truth {
        let estimate = fit.report.parameter(name).unwrap();
        let error = estimate.standard_error.unwrap();
        assert!((estimate.value - truth).abs() < 3.0 * error, "{name}: {estimate:?}");
        assert!(error < 0.3 * truth, "{name}: {estimate:?}");
    }
}
