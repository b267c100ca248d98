//! What a model makes of a base, to be drawn beside what it was.

use std::collections::BTreeMap;
use std::num::NonZero;

use super::holdout::{Holdout, between, weight};
use super::holdout_report::RepeatClass;
use super::model::RepeatModel;
use super::unit::TimeUnit;
use crate::special::Sum;
use crate::time::Day;

/// The repeat purchases of a whole base until the end of a day.
///
/// [`Holdout::tracking`] has an example.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct TrackingPoint {
    /// The day.
    pub day: Day,
    /// How many there were.
    pub actual: u64,
    /// How many the model expected.
    pub expected: f64,
}

/// How many customers bought again so often in the calibration.
///
/// [`Holdout::frequency`] has an example.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct FrequencyClass {
    /// How often they bought again.
    pub class: RepeatClass,
    /// How many they are.
    pub actual: u64,
    /// How many the model expects.
    pub expected: f64,
}

impl Holdout {
    /// The repeat purchases of the whole base until the end of each step of so many days, and until the last
    /// day of all: as they came, and as the model would have expected them of customers of whom it knows
    /// nothing but the day of their first purchase. So the model is not told what it is compared with.
    ///
    /// Fader, Hardie, Lee (2005), figure 5; figure 4 has the differences of it.
    ///
    /// ```
    /// use std::num::NonZero;
    ///
    /// use guanxi::Day;
    /// use guanxi::value::lifetime::{BgNbd, Holdout, Weeks};
    ///
    /// let day = |text: &str| text.parse::<Day>();
    /// let mut holdout = Holdout::new(day("1997-09-30")?, day("1998-06-30")?)?;
    /// holdout.add(&[day("1997-01-01")?, day("1997-03-08")?, day("1998-01-02")?]);
    /// holdout.add(&[day("1997-02-01")?]);
    ///
    /// let model = BgNbd::<Weeks>::new(0.243, 4.414, 0.793, 2.426)?;
    /// let week = NonZero::new(7).expect("not zero");
    /// let points = holdout.tracking(&model, week);
    /// assert_eq!((points.len(), points[0].day), (78, day("1997-01-08")?));
    /// assert_eq!(points.last().map(|it| (it.day, it.actual)), Some((holdout.end(), 2)));
    /// // Who is new buys again 0.053 times in a week, by that model.
    /// assert!((points[0].expected - 0.053).abs() < 0.001);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn tracking<U: TimeUnit, M: RepeatModel<U>>(
        &self,
        model: &M,
        step_days: NonZero<u16>,
    ) -> Vec<TrackingPoint> {
        let cohorts = self.cohorts();
        let Some(start) = cohorts.keys().next().copied() else { return Vec::new() };
        // Many cohorts are of the same age on some day.
        let mut of_new: BTreeMap<i64, f64> = BTreeMap::new();
        let mut expected = |until: Day| {
            let joined = cohorts.range(..until);
            joined
                .map(|(first, customers)| {
                    let age = until.days_since(*first);
                    let each = of_new
                        .entry(age)
                        .or_insert_with(|| model.expected_of_new(between(*first, until).to::<U>()));
                    weight(*customers) * *each
                })
                .collect::<Sum>()
                .value()
        };
        let (mut points, mut actual, mut day) = (Vec::new(), 0_u64, start);
        let mut repeats = self.repeats.iter().peekable();
        while day < self.end() {
            day = day.saturating_add_days(i64::from(step_days.get())).min(self.end());
            while let Some((_, bought)) = repeats.next_if(|(bought_on, _)| **bought_on <= day) {
                actual = actual.saturating_add(*bought);
            }
            points.push(TrackingPoint { day, actual, expected: expected(day) });
        }
        points
    }

    /// How many customers bought again 0, 1, and so on times in the calibration, the last class being
    /// `classes_max` and more: as it was, and as the model has it.
    ///
    /// Fader, Hardie, Lee (2005), figure 2, with [`p_repeats`](RepeatModel::p_repeats) for each age.
    ///
    /// ```
    /// use guanxi::Day;
    /// use guanxi::value::lifetime::{BgNbd, Holdout, Weeks};
    ///
    /// let day = |text: &str| text.parse::<Day>();
    /// let mut holdout = Holdout::new(day("1997-09-30")?, day("1998-06-30")?)?;
    /// holdout.add(&[day("1997-01-01")?, day("1997-03-08")?, day("1998-01-02")?]);
    /// holdout.add(&[day("1997-02-01")?]);
    ///
    /// let classes = holdout.frequency(&BgNbd::<Weeks>::new(0.243, 4.414, 0.793, 2.426)?, 2);
    /// assert_eq!(classes.iter().map(|it| it.actual).collect::<Vec<_>>(), [1, 1, 0]);
    /// assert!(classes[2].class.has(2) && classes[2].class.is_open);
    /// assert!((classes.iter().map(|it| it.expected).sum::<f64>() - 2.0).abs() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn frequency<U: TimeUnit, M: RepeatModel<U>>(
        &self,
        model: &M,
        classes_max: u8,
    ) -> Vec<FrequencyClass> {
        let cohorts = self.cohorts();
        let actual = |class: RepeatClass| {
            let customers = self.customers.iter();
            let alike = customers.filter(|((customer, _), _)| class.has(customer.repeats));
            alike.fold(0_u64, |sum, (_, alike)| sum.saturating_add(*alike))
        };
        let expected = |repeats: u32| {
            let cohorts = cohorts.iter().map(|(first, customers)| {
                let age = between(*first, self.calibration_end()).to::<U>();
                weight(*customers) * model.p_repeats(repeats, age)
            });
            cohorts.collect::<Sum>().value()
        };
        let mut rest = Sum::default();
        rest.add(weight(self.customers()));
        let mut class = |class: RepeatClass| {
            // Rounding must not leave less than nobody to the open class.
            let expected =
                if class.is_open { rest.value().max(0.0) } else { expected(class.repeats) };
            rest.add(-expected);
            FrequencyClass { class, actual: actual(class), expected }
        };
        RepeatClass::all(classes_max).map(&mut class).collect()
    }

    /// How many customers bought for the first time on each day.
    fn cohorts(&self) -> BTreeMap<Day, u64> {
        let mut cohorts: BTreeMap<Day, u64> = BTreeMap::new();
        for ((customer, _), alike) in &self.customers {
            let joined = cohorts.entry(customer.first).or_default();
            *joined = joined.saturating_add(*alike);
        }
        cohorts
    }
}
