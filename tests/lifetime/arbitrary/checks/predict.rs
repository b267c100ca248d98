//! Models of repeat buying with any parameters, asked about any customer.

use std::fmt::Debug;

use guanxi::value::lifetime::{
    AnyRepeatModel, BgNbd, Discount, Horizon, MbgNbd, Nbd, ParetoNbd, RepeatBuying, RepeatModel,
    Span, Weeks,
};

use super::draw::Draw;
use super::{assert_amount, assert_rising, assert_share};

pub(super) fn check(draw: &mut Draw<'_>) {
    let Some(model) = model(draw) else { return };
    let customer = draw.customer();
    let mut times = [draw.time(), draw.time(), draw.time()];
    times.sort_unstable_by(f64::total_cmp);
    match draw.byte() % 4 {
        0 => check_silence(&model, &customer, draw.share()),
        1 => check_discount(&model, &customer, draw.magnitude(-12.0, 3.0)),
        2 => check_chances(&model, draw),
        _ => {}
    }
    ask(&model, &customer, &times);
}

fn model(draw: &mut Draw<'_>) -> Option<AnyRepeatModel<Weeks>> {
    let which = draw.byte();
    let [first, time, third, mut fourth] = [(); 4].map(|()| draw.parameter());
    if which.is_multiple_of(16) {
        // Equal alpha and beta.
        fourth = time;
    }
    match which % 4 {
        0 => ParetoNbd::new(first, time, third, fourth).ok().map(AnyRepeatModel::ParetoNbd),
        1 => MbgNbd::new(first, time, third, fourth).ok().map(AnyRepeatModel::MbgNbd),
        2 => Nbd::new(first, time).ok().map(AnyRepeatModel::Nbd),
        _ => BgNbd::new(first, time, third, fourth).ok().map(AnyRepeatModel::BgNbd),
    }
}

fn weeks(length: f64) -> Span<Weeks> {
    Span::new(length).unwrap_or(Span::ZERO)
}

/// What is promised of every customer, and of these times ahead, which rise.
pub(super) fn ask<M: RepeatModel<Weeks> + Debug>(
    model: &M,
    customer: &RepeatBuying<Weeks>,
    times: &[f64],
) {
    let case = (model, customer, times);
    assert_share(model.p_alive(customer), "P(alive)", &case);
    let likelihood = model.log_likelihood_of(customer);
    assert!(!likelihood.is_nan(), "log-likelihood: {case:?}");
    let (mut before, mut before_new) = (0.0, 0.0);
    for time in times {
        let expected = model.expected_while_alive(customer, weeks(*time));
        assert_amount(expected, "purchases while alive", &case);
        assert_rising(before, expected, "purchases while alive", &case);
        assert_amount(model.expected_purchases(customer, weeks(*time)), "purchases", &case);
        let of_new = model.expected_of_new(weeks(*time));
        assert_amount(of_new, "purchases of a new customer", &case);
        assert_rising(before_new, of_new, "purchases of a new customer", &case);
        (before, before_new) = (expected, of_new);
    }
}

/// Who bought as often and was silent for longer is not more likely to be there.
fn check_silence<M: RepeatModel<Weeks> + Debug>(
    model: &M,
    customer: &RepeatBuying<Weeks>,
    share: f64,
) {
    let earlier = customer.age_at_last().0.get() * share;
    let at_last = guanxi::value::lifetime::AgeAtLastPurchase(weeks(earlier));
    let Ok(silent) = RepeatBuying::new(customer.repeats(), at_last, customer.age()) else { return };
    let (sooner, later) = (model.p_alive(&silent), model.p_alive(customer));
    assert_rising(sooner, later, "P(alive) by age at last", &(model, customer, share));
}

/// What counts less later is worth no more than if it counted as much.
fn check_discount<M: RepeatModel<Weeks> + Debug>(
    model: &M,
    customer: &RepeatBuying<Weeks>,
    rate: f64,
) {
    let case = (model, customer, rate);
    let all = model.residual_transactions(customer, Discount::NONE);
    let discount = Discount::new(rate).unwrap_or(Discount::NONE);
    let worth = model.residual_transactions(customer, discount);
    if let Some(all) = all {
        assert_amount(all, "residual purchases", &case);
        // Where the sum over all the future overflows, a part of it may be found.
        assert!(worth.is_some(), "no worth: {case:?}");
    }
    if let Some(worth) = worth {
        assert_amount(worth, "discounted residual purchases", &case);
        if let Some(all) = all {
            assert_rising(worth, all, "residual purchases by discount", &case);
        }
    }
    let Some(year) = Horizon::new(12, weeks(4.345), rate) else { return };
    assert_amount(model.discounted_purchases(customer, &year), "discounted purchases", &case);
}

/// Chances of few repeats are chances, and do not add up to more than 1.
fn check_chances<M: RepeatModel<Weeks> + Debug>(model: &M, draw: &mut Draw<'_>) {
    let span = weeks(draw.time());
    let mut all = 0.0;
    for repeats in (0..4).chain([draw.repeats().max(4)]) {
        let chance = model.p_repeats(repeats, span);
        assert_share(chance, "chance of repeats", &(model, repeats, span));
        all += chance;
    }
    assert!(all <= 1.0 + 1e-6, "chances add up to {all}: {model:?} {span:?}");
}
