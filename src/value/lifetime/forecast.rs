//! What a model tells of many customers at once.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::buyers::{Bits, Mixer};
use super::buying::RepeatBuying;
use super::discount::Horizon;
use super::model::RepeatModel;
use super::unit::{Span, TimeUnit};

/// How far purchases are looked for, and whether later ones count less.
///
/// ```
/// use guanxi::value::lifetime::{Ahead, Span, Weeks};
///
/// let year: Ahead<Weeks> = Span::whole(52).into();
/// assert_eq!(year, Ahead::Span(Span::whole(52)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Ahead<U> {
    /// All purchases within a time count alike.
    Span(Span<U>),
    /// Purchases of later steps are discounted.
    Horizon(Horizon<U>),
}

impl<U> From<Span<U>> for Ahead<U> {
    fn from(span: Span<U>) -> Self {
        Self::Span(span)
    }
}

impl<U> From<Horizon<U>> for Ahead<U> {
    fn from(horizon: Horizon<U>) -> Self {
        Self::Horizon(horizon)
    }
}

impl<U: TimeUnit> Ahead<U> {
    fn while_alive<M: RepeatModel<U>>(&self, model: &M, customer: &RepeatBuying<U>) -> f64 {
        match self {
            Self::Span(span) => model.expected_while_alive(customer, *span),
            Self::Horizon(horizon) => {
                horizon.discounted(|span| model.expected_while_alive(customer, span))
            }
        }
    }
}

/// What a model tells of many customers, in the order in which they were given.
///
/// Each number has the bits that [`RepeatModel`] gives when it is asked for that customer alone. But customers
/// who bought alike share the work, of whom a base has many.
///
/// ```
/// use guanxi::value::lifetime::{BgNbd, Forecast, RepeatBuying, RepeatModel, Span, Weeks};
///
/// let model = BgNbd::<Weeks>::new(0.243, 4.414, 0.793, 2.426)?;
/// let customers = [4, 26, 4].map(|age| RepeatBuying::once(Span::whole(age)));
/// let quarter = Span::whole(13);
/// let forecast = Forecast::of(&model, &customers, &[quarter.into()]);
/// assert_eq!(forecast.p_alive(), [1.0; 3]);
/// let alone = model.expected_purchases(&customers[1], quarter);
/// assert_eq!(forecast.purchases(0)[1], alone);
/// # Ok::<(), guanxi::value::lifetime::ParameterError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    p_alive: Vec<f64>,
    purchases: Vec<Vec<f64>>,
}

impl Forecast {
    /// Asks the model for every customer.
    #[must_use]
    pub fn of<U: TimeUnit, M: RepeatModel<U>>(
        model: &M,
        customers: &[RepeatBuying<U>],
        ahead: &[Ahead<U>],
    ) -> Self {
        let mut memory =
            Memory { model, ahead, alike: HashMap::default(), ages: HashMap::default() };
        let mut p_alive = Vec::with_capacity(customers.len());
        let mut purchases: Vec<Vec<f64>> =
            ahead.iter().map(|_| Vec::with_capacity(customers.len())).collect();
        let mut while_alive = Vec::new();
        for customer in customers {
            let (alive, place) = memory.of(customer, &mut while_alive);
            p_alive.push(alive);
            let expected = while_alive.get(place..).unwrap_or_default();
            for (column, expected) in purchases.iter_mut().zip(expected) {
                column.push(alive * expected);
            }
        }
        Self { p_alive, purchases }
    }

    /// The chance of each customer that it is still one.
    #[must_use]
    pub fn p_alive(&self) -> &[f64] {
        &self.p_alive
    }

    /// Purchases to be expected of each customer, discounted where a [`Horizon`] was asked for; `ahead` is the
    /// place of the question among those asked, and beyond them there are no answers.
    #[must_use]
    pub fn purchases(&self, ahead: usize) -> &[f64] {
        self.purchases.get(ahead).map_or(&[], Vec::as_slice)
    }
}

/// What was asked already.
struct Memory<'a, M, U> {
    model: &'a M,
    ahead: &'a [Ahead<U>],
    /// The chance, and where the answers for repeats and age stand.
    alike: HashMap<Bits, (f64, usize), BuildHasherDefault<Mixer>>,
    ages: HashMap<(u32, u64), usize, BuildHasherDefault<Mixer>>,
}

impl<U: TimeUnit, M: RepeatModel<U>> Memory<'_, M, U> {
    fn of(&mut self, customer: &RepeatBuying<U>, while_alive: &mut Vec<f64>) -> (f64, usize) {
        let (model, ahead, ages) = (self.model, self.ahead, &mut self.ages);
        *self.alike.entry(Bits::of(customer)).or_insert_with(|| {
            let age = (customer.repeats(), customer.age().get().to_bits());
            let place = *ages.entry(age).or_insert_with(|| {
                let place = while_alive.len();
                while_alive.extend(ahead.iter().map(|ahead| ahead.while_alive(model, customer)));
                place
            });
            (model.p_alive(customer), place)
        })
    }
}
