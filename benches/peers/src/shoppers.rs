//! Customers who buy again, as models of lifetime value learn from them: the CDNOW sample, and simulated ones.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use guanxi::Day;
use guanxi::value::lifetime::{AgeAtLastPurchase, RepeatBuying, Span, Spending, Weeks};

use crate::base::Base;

/// Simulated customers came within so many days.
const COHORT_DAYS: u32 = 84;
/// Days from the first of them to the end of the observation.
const OBSERVED_DAYS: u32 = 728;

/// One customer at the end of an observation, in whole days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shopper {
    /// Days on which it bought again.
    pub repeats: u32,
    /// Its age at the last of them.
    pub last_days: u32,
    /// Its age.
    pub age_days: u32,
    /// What such a day came to on average; 0 when there is none.
    pub mean: f64,
}

impl Shopper {
    /// In weeks.
    ///
    /// # Panics
    ///
    /// When the numbers are not those of a customer.
    #[must_use]
    pub fn buying(&self) -> RepeatBuying<Weeks> {
        let weeks = |days: u32| Span::new(f64::from(days) / 7.0).expect("a length");
        let last = AgeAtLastPurchase(weeks(self.last_days));
        RepeatBuying::new(self.repeats, last, weeks(self.age_days)).expect("a customer")
    }

    /// What it spent, if it bought again for money.
    #[must_use]
    pub fn spending(&self) -> Option<Spending> {
        Spending::new(self.repeats, self.mean).ok()
    }
}

/// The 2,357 customers of the CDNOW sample, 39 weeks after the first of them came.
///
/// # Panics
///
/// When the sample is not the one of this repository.
#[must_use]
pub fn cdnow() -> Vec<Shopper> {
    let end = Day::from_ymd(1997, 9, 30).expect("a day");
    let base = Base::cdnow();
    let mut days = vec![BTreeSet::new(); base.customers];
    let mut cents = vec![0_i64; base.customers];
    // In the order of days, so the first one is there before the others.
    for sale in base.sales.iter().filter(|sale| sale.day <= end) {
        let all = &mut days[sale.customer];
        all.insert(sale.day);
        if all.len() > 1 {
            cents[sale.customer] += sale.minor;
        }
    }
    let since = |day: Day, first: Day| u32::try_from(day.days_since(first)).expect("not before");
    let shopper = |(days, cents): (&BTreeSet<Day>, &i64)| {
        let (first, last) = (*days.first().expect("it bought"), *days.last().expect("it bought"));
        let repeats = u32::try_from(days.len() - 1).expect("few");
        let mean = if repeats == 0 { 0.0 } else { *cents as f64 / 100.0 / f64::from(repeats) };
        Shopper { repeats, last_days: since(last, first), age_days: since(end, first), mean }
    };
    days.iter().zip(&cents).map(shopper).collect()
}

/// So many customers who follow BG/NBD with the parameters of CDNOW (r .243, alpha 4.414 weeks, a .793, b 2.426), and
/// Gamma-Gamma with those published for it (p 6.25, q 3.74, v 15.44). Always the same ones.
#[must_use]
pub fn simulated(customers: usize) -> Vec<Shopper> {
    let mut random = Random(6);
    (0..customers).map(|_| shopper(&mut random)).collect()
}

fn shopper(random: &mut Random) -> Shopper {
    let age_days = OBSERVED_DAYS - (random.uniform() * f64::from(COHORT_DAYS)) as u32;
    let (rate, leaving) = (random.gamma(0.243) / 4.414, random.beta(0.793, 2.426));
    let (mut weeks, mut repeats, mut last_days) = (0.0, 0, 0);
    loop {
        weeks += random.exponential() / rate;
        let day = (weeks * 7.0).ceil();
        if day > f64::from(age_days) {
            break;
        }
        // Purchases of one day are one, and those of the first day belong to the first.
        let day = day as u32;
        repeats += u32::from(day > last_days);
        last_days = day;
        if random.uniform() < leaving {
            break;
        }
    }
    let spent = random.gamma(6.25 * f64::from(repeats.max(1))) * 15.44 / random.gamma(3.74);
    let mean = if repeats == 0 { 0.0 } else { spent / f64::from(repeats) };
    Shopper { repeats, last_days, age_days, mean }
}

/// Writes the table that other programs read: x, t_x and T in weeks, and m, to the last digit.
///
/// # Errors
///
/// When it cannot be written.
pub fn write(shoppers: &[Shopper], path: &Path) -> io::Result<()> {
    let mut file = io::BufWriter::new(std::fs::File::create(path)?);
    writeln!(file, "x,t_x,T,m")?;
    for shopper in shoppers {
        let [last, age] = [shopper.last_days, shopper.age_days].map(|days| f64::from(days) / 7.0);
        writeln!(file, "{},{last},{age},{}", shopper.repeats, shopper.mean)?;
    }
    file.flush()
}

/// A sequence of numbers that looks random and is the same everywhere (Steele, Lea and Flood 2014, OOPSLA, 453-472).
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

    /// Of the normal distribution (Box and Muller 1958, Ann. Math. Stat. 29, 610-611).
    fn normal(&mut self) -> f64 {
        let radius = (2.0 * self.exponential()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Of the gamma distribution of a shape and rate 1 (Marsaglia and Tsang 2000, ACM TOMS 26, 363-372).
    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            return self.gamma(shape + 1.0) * self.uniform().powf(shape.recip());
        }
        let d = shape - 1.0 / 3.0;
        let c = (9.0 * d).sqrt().recip();
        loop {
            let normal = self.normal();
            let v = (1.0 + c * normal).powi(3);
            if v > 0.0 && self.uniform().ln() < 0.5 * normal * normal + d * (1.0 - v + v.ln()) {
                return d * v;
            }
        }
    }

    fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (left, right) = (self.gamma(a), self.gamma(b));
        left / (left + right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_the_published_one() {
        let shoppers = cdnow();
        assert_eq!(shoppers.len(), 2_357);
        assert_eq!(shoppers.iter().map(|one| one.repeats).sum::<u32>(), 2_457);
        assert_eq!(shoppers.iter().filter(|one| one.repeats == 0).count(), 1_411);
    }

    #[test]
    fn simulated_customers_are_like_those_of_their_parameters() {
        let shoppers = simulated(20_000);
        assert_eq!(shoppers[..100], simulated(100));
        let ages = shoppers.iter().map(|one| one.age_days);
        assert_eq!((ages.clone().min(), ages.max()), (Some(645), Some(728)));
        // As the model has it for 98 weeks: a little above what is left when days with two purchases count once.
        let mean = shoppers.iter().map(|one| f64::from(one.repeats)).sum::<f64>() / 20_000.0;
        assert!((1.5..2.2).contains(&mean), "{mean}");
        for shopper in &shoppers {
            let _ = shopper.buying();
            assert_eq!(shopper.spending().is_some(), shopper.repeats > 0);
        }
    }
}
