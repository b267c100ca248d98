//! What customers spent, as the model of spending learns from it.

use std::collections::BTreeMap;

use super::error::SpendingError;

/// What one customer spent: how often it bought, and the mean of its purchases (`x` and `m` in the papers, the
/// latter `z` with a bar in some).
///
/// Where repeat buying is modelled beside it, `x` counts repeat purchases and `m` is their mean: the first
/// purchase is often unlike the others. Refunds and gifts are no purchases, so a mean is above zero. Money is
/// in a unit of the caller's, the same for all.
///
/// ```
/// use guanxi::value::lifetime::{Spending, SpendingError};
///
/// let spending = Spending::new(2, 54.50)?;
/// assert_eq!((spending.purchases(), spending.mean()), (2, 54.50));
/// assert_eq!(Spending::new(0, 54.50), Err(SpendingError::NoPurchases));
/// assert_eq!(Spending::new(2, 0.0), Err(SpendingError::NotPositive));
/// assert_eq!(Spending::new(2, f64::NAN), Err(SpendingError::NotFinite));
/// # Ok::<(), SpendingError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spending {
    purchases: u32,
    mean: f64,
}

impl Spending {
    /// A customer who bought so often, for so much on average.
    ///
    /// # Errors
    ///
    /// [`SpendingError`] when nothing was bought, or when the mean is not a positive, finite number.
    pub fn new(purchases: u32, mean: f64) -> Result<Self, SpendingError> {
        if purchases == 0 {
            return Err(SpendingError::NoPurchases);
        }
        if !mean.is_finite() {
            return Err(SpendingError::NotFinite);
        }
        if mean <= 0.0 {
            return Err(SpendingError::NotPositive);
        }
        Ok(Self { purchases, mean })
    }

    /// How often the customer bought.
    #[must_use]
    pub const fn purchases(&self) -> u32 {
        self.purchases
    }

    /// What a purchase came to on average, in the caller's unit of money.
    #[must_use]
    pub const fn mean(&self) -> f64 {
        self.mean
    }
}

/// A base of customers who spent.
///
/// They stand in an order of their own, so bases are equal, and give bit-equal fits, whatever order they were
/// collected in and however they were partitioned. A customer takes eight bytes.
///
/// ```
/// use guanxi::value::lifetime::{Spenders, Spending};
///
/// let [a, b, c] = [Spending::new(1, 20.0)?, Spending::new(3, 35.0)?, Spending::new(1, 12.5)?];
/// let whole: Spenders = [a, b, c].into_iter().collect();
/// assert_eq!((whole.customers(), whole.purchases()), (3, 5));
///
/// let mut merged: Spenders = [c].into_iter().collect();
/// merged.merge(&[b, a].into_iter().collect());
/// assert_eq!(merged, whole);
/// # Ok::<(), guanxi::value::lifetime::SpendingError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spenders {
    /// The means of those who bought so often, ascending; never empty.
    classes: BTreeMap<u32, Vec<f64>>,
}

/// Below so many purchases a class is found by its place, which is quicker than by a search.
const NEAR: usize = 256;

impl Spenders {
    /// Collects those who can be learnt from, and counts those left out because they are [in error].
    ///
    /// ```
    /// use guanxi::value::lifetime::{Spenders, Spending};
    ///
    /// let rows = [(0, 0.0), (2, 54.50), (1, 0.0), (3, 20.0)];
    /// let (spenders, left_out) =
    ///     Spenders::leaving_out(rows.map(|(purchases, mean)| Spending::new(purchases, mean)));
    /// assert_eq!((spenders.customers(), left_out), (2, 2));
    /// ```
    ///
    /// [in error]: SpendingError
    #[must_use]
    pub fn leaving_out(
        customers: impl IntoIterator<Item = Result<Spending, SpendingError>>,
    ) -> (Self, u64) {
        let mut left_out: u64 = 0;
        let kept = customers.into_iter().filter_map(|customer| {
            left_out = left_out.saturating_add(u64::from(customer.is_err()));
            customer.ok()
        });
        let spenders = kept.collect();
        (spenders, left_out)
    }

    /// How many customers there are.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.classes().fold(0, |sum, (_, means)| sum.saturating_add(count(means)))
    }

    /// How often they bought, all together.
    #[must_use]
    pub fn purchases(&self) -> u64 {
        let of =
            |(purchases, means): (u32, &[f64])| u64::from(purchases).saturating_mul(count(means));
        self.classes().fold(0, |sum, class| sum.saturating_add(of(class)))
    }

    /// All customers, by purchases, then mean.
    pub fn iter(&self) -> impl Iterator<Item = Spending> {
        self.classes().flat_map(|(purchases, means)| {
            means.iter().map(move |mean| Spending { purchases, mean: *mean })
        })
    }

    /// Takes in the customers of another partition, none of whom is in this one.
    pub fn merge(&mut self, other: &Self) {
        for (purchases, means) in &other.classes {
            self.take_in(*purchases, means.clone());
        }
    }

    /// A base in which one of so many customers stands for as many like it, spread over all who bought
    /// as often.
    pub(super) fn thinned(&self, step: usize) -> Self {
        let classes = self.classes().map(|(purchases, means)| {
            (purchases, means.iter().copied().skip(step / 2).step_by(step).collect())
        });
        Self { classes: classes.filter(|(_, means): &(_, Vec<f64>)| !means.is_empty()).collect() }
    }

    /// The means of those who bought so often, ascending, by how often that is.
    pub(super) fn classes(&self) -> impl Iterator<Item = (u32, &[f64])> {
        self.classes.iter().map(|(purchases, means)| (*purchases, means.as_slice()))
    }

    /// Takes in a class whose means are sorted.
    fn take_in(&mut self, purchases: u32, means: Vec<f64>) {
        if means.is_empty() {
            return;
        }
        let ours = self.classes.entry(purchases).or_default();
        if ours.is_empty() {
            *ours = means;
        } else {
            *ours = merged(ours, &means);
        }
    }
}

fn count(means: &[f64]) -> u64 {
    u64::try_from(means.len()).unwrap_or(u64::MAX)
}

/// Two sorted lists in one.
fn merged(left: &[f64], right: &[f64]) -> Vec<f64> {
    let mut all = Vec::with_capacity(left.len().saturating_add(right.len()));
    let (mut left, mut right) = (left.iter().copied().peekable(), right.iter().copied().peekable());
    while let (Some(ours), Some(theirs)) = (left.peek(), right.peek()) {
        all.extend(if ours <= theirs { left.next() } else { right.next() });
    }
    all.extend(left);
    all.extend(right);
    all
}

impl FromIterator<Spending> for Spenders {
    fn from_iter<I: IntoIterator<Item = Spending>>(customers: I) -> Self {
        let mut spenders = Self::default();
        spenders.extend(customers);
        spenders
    }
}

impl Extend<Spending> for Spenders {
    fn extend<I: IntoIterator<Item = Spending>>(&mut self, customers: I) {
        let mut near: Vec<Vec<f64>> = vec![Vec::new(); NEAR];
        let mut far: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
        for Spending { purchases, mean } in customers {
            let place = usize::try_from(purchases).ok().and_then(|place| near.get_mut(place));
            match place {
                Some(means) => means.push(mean),
                None => far.entry(purchases).or_default().push(mean),
            }
        }
        for (purchases, mut means) in (0..).zip(near).chain(far) {
            means.sort_unstable_by(f64::total_cmp);
            self.take_in(purchases, means);
        }
    }
}
