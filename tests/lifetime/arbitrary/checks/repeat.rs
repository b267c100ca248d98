//! Models of repeat buying, fitted to a base and asked about its customers.

use guanxi::value::lifetime::{
    BgNbd, FitError, MbgNbd, Nbd, ParetoNbd, RepeatBuyers, RepeatModel, Weeks,
};

use super::draw::Draw;
use super::{assert_same, assert_share, checked, predict, told_apart};

/// Rows that a base has at most: what takes long here takes long because of its numbers.
const ROWS_MAX: usize = 200;

/// Customers of a base whom the fitted model is asked about.
const ASKED: usize = 3;

/// A base of any customers: each model fits it with finite numbers, or says why not.
pub(crate) fn fit(bytes: &[u8]) {
    let mut draw = Draw::new(bytes);
    let which = draw.byte() % 8;
    let base = draw.base(ROWS_MAX);
    // All of them by turns, and alone as well, which the slowest ones need to be tried more often.
    if matches!(which, 0 | 1) {
        check::<BgNbd<Weeks>>(&base);
    }
    if matches!(which, 0 | 2) {
        check::<MbgNbd<Weeks>>(&base);
    }
    if matches!(which, 0 | 3 | 4 | 5) {
        check::<ParetoNbd<Weeks>>(&base);
    }
    if matches!(which, 0 | 6 | 7) {
        check::<Nbd<Weeks>>(&base);
    }
}

fn check<M: RepeatModel<Weeks> + std::fmt::Debug>(base: &RepeatBuyers<Weeks>) {
    let fitted = M::fit(base);
    check_reason(&fitted, base);
    let Some(fit) = checked(fitted, &(M::NAME, base)) else { return };
    if !told_apart(&fit.model.parameters(), 1e12) {
        // At a limit of the model only what it says of the chances is held to.
        for row in base.rows().iter().take(ASKED) {
            assert_share(fit.model.p_alive(&row.buying), "P(alive)", &(M::NAME, base));
        }
        return;
    }
    if ordinary(base) {
        let (told, again) = (fit.report.log_likelihood, fit.model.log_likelihood(base));
        assert_same(told, again, base.customers() as f64, &(M::NAME, base));
    }
    for row in base.rows().iter().take(ASKED) {
        predict::ask(&fit.model, &row.buying, &[1.0, 52.0]);
    }
}

/// Whether sums over the base keep their digits: no more customers than a trillion, no more repeats than ten
/// thousand, and ages from seconds to centuries.
fn ordinary(base: &RepeatBuyers<Weeks>) -> bool {
    let lasting = |time: f64| time == 0.0 || (1e-6..1e5).contains(&time);
    base.customers() < 1_000_000_000_000
        && base.rows().iter().map(|row| &row.buying).all(|buying| {
            let (age, last) = (buying.age().get(), buying.age_at_last().0.get());
            buying.repeats() <= 10_000 && lasting(age) && lasting(last)
        })
}

/// What an error says of the data is so.
fn check_reason<M>(fitted: &Result<M, FitError>, base: &RepeatBuyers<Weeks>) {
    match fitted {
        Err(FitError::NoCustomers) => assert_eq!(base.customers(), 0),
        Err(FitError::NothingRepeats) => assert_eq!(base.repeats(), 0),
        Err(FitError::NoTime) => {
            assert!(base.rows().iter().all(|row| row.buying.age().get() == 0.0));
        }
        Err(FitError::TooFewDistinct { .. }) => assert_eq!(base.rows().len(), 1),
        _ => {}
    }
}
