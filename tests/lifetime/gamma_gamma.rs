//! The Gamma-Gamma model of spending.

mod hard;
mod laws;
mod published;

use guanxi::value::lifetime::{Spenders, Spending};

use super::data;
use super::reference::count;

/// Repeat purchase days of CDNOW's customers in the calibration, and what they came to, in cents; by number,
/// which starts at 1.
fn repeats() -> Vec<(u32, u64)> {
    let cents = |mean: f64, repeats: u32| count(100.0 * mean * f64::from(repeats));
    let shoppers = data::cdnow().into_iter();
    shoppers.map(|shopper| (shopper.repeats, cents(shopper.mean, shopper.repeats))).collect()
}

/// A mean in dollars, to so many digits after those of the cents. As in the tables of the reference, a tie goes to
/// the even digit, but among cents to the greater.
fn mean((purchases, cents): (u32, u64), digits: u32) -> f64 {
    let scale = 10_u64.pow(digits);
    let (whole, rest) =
        (cents * scale / u64::from(purchases), cents * scale % u64::from(purchases));
    let half = (2 * rest).cmp(&u64::from(purchases));
    let up = half.is_gt() || (half.is_eq() && (digits == 0 || !whole.is_multiple_of(2)));
    (whole + u64::from(up)) as f64 / (100 * scale) as f64
}

fn cdnow(digits: u32) -> Spenders {
    let repeats = repeats().into_iter().filter(|(purchases, _)| *purchases > 0);
    repeats.map(|row| Spending::new(row.0, mean(row, digits)).unwrap()).collect()
}
