//! The model of set opportunities, fitted to any base and asked about it.

use guanxi::value::lifetime::{BgBb, Opportunities, OpportunityBuyers};

use super::draw::Draw;
use super::{assert_amount, assert_rising, assert_same, assert_share, checked};

/// Rows that a base has at most.
const ROWS_MAX: usize = 60;

pub(super) fn check(draw: &mut Draw<'_>) {
    let [alpha, beta, gamma, delta] = [(); 4].map(|()| draw.parameter());
    let (rate, next) = (draw.magnitude(-9.0, 2.0), draw.two() % 1_000);
    let mut base = OpportunityBuyers::default();
    let mut rows = 0;
    while !draw.is_over() && rows < ROWS_MAX {
        let all = match draw.byte() {
            0..230 => u16::from(draw.byte() % 25),
            230..254 => draw.two() % 1_000,
            254.. => draw.two(),
        };
        let last = draw.two() % all.saturating_add(1);
        let purchases = draw.two() % last.saturating_add(1);
        let customers = match draw.byte() {
            0..240 => u64::from(draw.byte()),
            240.. => draw.eight(),
        };
        if let Ok(buying) = Opportunities::new(purchases, last, all) {
            base.add(buying, customers);
        }
        rows += 1;
    }
    if let Ok(model) = BgBb::new(alpha, beta, gamma, delta) {
        ask(&model, &base, next, rate);
    }
    if let Some(fit) = checked(BgBb::fit(&base), &base) {
        if base.customers() < 1_000_000_000_000 {
            let (told, again) = (fit.report.log_likelihood, fit.model.log_likelihood(&base));
            assert_same(told, again, base.customers() as f64, &base);
        }
        ask(&fit.model, &base, next, rate);
    }
}

fn ask(model: &BgBb, base: &OpportunityBuyers, next: u16, rate: f64) {
    let new = model.expected_of_new(next);
    assert_amount(new, "purchases of a new customer", &(model, next));
    assert_rising(new, model.expected_of_new(next + 1), "purchases of a new", &(model, next));
    assert!(new <= f64::from(next) * (1.0 + 1e-9), "{new}: {model:?} {next}");
    assert_share(model.p_purchases(next / 3, next), "chance of purchases", &(model, next));
    for (buying, _) in base.rows().take(4) {
        let case = (model, buying, next, rate);
        assert_share(model.p_alive(&buying), "P(alive)", &case);
        assert!(!model.log_likelihood_of(&buying).is_nan(), "{case:?}");
        let expected = model.expected_purchases(&buying, next);
        assert_amount(expected, "purchases", &case);
        assert_rising(expected, model.expected_purchases(&buying, next + 1), "purchases", &case);
        for rate in [0.0, rate] {
            if let Some(residual) = model.residual_transactions(&buying, rate) {
                assert_amount(residual, "residual purchases", &case);
            }
        }
    }
}
