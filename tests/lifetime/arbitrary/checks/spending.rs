//! The model of spending, fitted to any amounts and asked about them.

use guanxi::value::lifetime::{GammaGamma, Spenders, Spending};

use super::draw::Draw;
use super::{assert_amount, assert_same, checked, told_apart};

/// Customers that a base has at most.
const CUSTOMERS_MAX: usize = 300;

pub(super) fn check(draw: &mut Draw<'_>) {
    let given = GammaGamma::new(draw.parameter(), draw.parameter(), draw.parameter());
    let mut customers = Vec::new();
    while !draw.is_over() && customers.len() < CUSTOMERS_MAX {
        customers.push(Spending::new(draw.repeats(), amount(draw)));
    }
    let (spenders, left_out) = Spenders::leaving_out(customers.iter().copied());
    assert_eq!(spenders.customers() + left_out, customers.len() as u64);
    if let Ok(model) = given {
        ask(&model, &spenders);
    }
    if let Some(fit) = checked(GammaGamma::fit(&spenders), &spenders) {
        let usual = spenders.iter().all(|one| ordinary(&one));
        if usual && told_apart(&fit.model.parameters(), 1e4) {
            let (told, again) = (fit.report.log_likelihood, fit.model.log_likelihood(&spenders));
            assert_same(told, again, spenders.customers() as f64, &spenders);
        }
        ask(&fit.model, &spenders);
    }
}

/// No more purchases than ten thousand, of amounts from a millionth to a billion.
fn ordinary(spending: &Spending) -> bool {
    spending.purchases() <= 10_000 && (1e-6..=1e9).contains(&spending.mean())
}

/// Cents of some dollars, mostly; and whatever else a number can be.
fn amount(draw: &mut Draw<'_>) -> f64 {
    match draw.byte() {
        0..160 => f64::from(draw.two()) / 100.0,
        160..220 => draw.magnitude(-6.0, 9.0),
        220..250 => draw.magnitude(-307.0, 308.0),
        250.. => f64::from_bits(draw.eight()),
    }
}

fn ask(model: &GammaGamma, spenders: &Spenders) {
    if let Some(mean) = model.population_mean() {
        assert_amount(mean, "population mean", model);
    }
    for spending in spenders.iter().take(8) {
        let case = (model, spending);
        assert!(!model.log_likelihood_of(&spending).is_nan(), "{case:?}");
        if let Some(expected) = model.expected_spend(&spending) {
            assert_amount(expected, "expected spend", &case);
        }
    }
}
