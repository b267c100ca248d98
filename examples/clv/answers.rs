//! What the library makes of a log: a fitted model, how it did on days that it had not seen, and what it says
//! of each customer.

use std::num::NonZero;

use guanxi::Day;
use guanxi::value::lifetime::{
    AgeAtLastPurchase, AnyRepeatModel, Boundary, Candidates, Days, Fit, FitError, FitOptions,
    FitReport, Forecast, FrequencyClass, GammaGamma, HeldOut, Holdout, HoldoutReport, Horizon,
    RepeatBuyers, RepeatBuying, RepeatModel, Span, Spenders, Spending, TimeUnit, TrackingPoint,
    Weeks,
};
use rust_decimal::Decimal;

use crate::failure::Failure;
use crate::log::{Customer, Log};
use crate::options::{Model, Options, Unit};

/// The last class of repeat purchases takes all that are more, as in the paper's figures.
const CLASSES_MAX: u8 = 7;

/// Points of the tracking plot are a week apart, whatever the unit of time.
const TRACKING_DAYS: NonZero<u16> = NonZero::new(7).unwrap();

/// A value is that of a year of months.
const MONTHS: u16 = 12;
const MONTH_WEEKS: f64 = 4.345;

/// Cells of the heat map from the first to the last day, and repeat purchases beside each other at most.
const HEAT_ROWS: u32 = 20;
const HEAT_REPEATS_MAX: u32 = 12;

/// All that is told, in the unit of time that was asked for.
pub(crate) struct Answers<'l> {
    pub(crate) calibration_end: Day,
    pub(crate) end: Day,
    /// Customers who bought first after the calibration.
    pub(crate) left_out: u64,
    /// The name of the fitted model, as programs write it.
    pub(crate) model: &'static str,
    /// Whether silence says something of everybody.
    pub(crate) tells_silence: bool,
    pub(crate) fit: FitReport,
    /// All that were tried, the least AIC first, if the best was asked for.
    pub(crate) candidates: Vec<(&'static str, Result<FitReport, FitError>)>,
    pub(crate) money: Money,
    pub(crate) holdout: HoldoutReport,
    pub(crate) tracking: Vec<TrackingPoint>,
    pub(crate) frequency: Vec<FrequencyClass>,
    pub(crate) heat: Heat,
    /// In the order of the log.
    pub(crate) customers: Vec<Worth<'l>>,
}

/// What is known of spending.
pub(crate) enum Money {
    /// The log has no amounts.
    Unknown,
    /// There are amounts, but they tell no model.
    Untold(FitError),
    /// Whose repeat purchases came to nothing is not in it; so many are they.
    Known { fit: FitReport, population_mean: Option<f64>, left_out: u64 },
}

/// How likely a customer of the longest age is still one, by repeat purchases (from 0) and the age at the last
/// (in equal parts of the whole age, the earliest first); a customer without repeats bought last at first.
pub(crate) struct Heat {
    pub(crate) age: f64,
    pub(crate) columns: Vec<Vec<f64>>,
}

/// One customer.
pub(crate) struct Worth<'l> {
    pub(crate) key: &'l str,
    pub(crate) repeats: u32,
    pub(crate) age_at_last: f64,
    pub(crate) age: f64,
    pub(crate) p_alive: f64,
    /// Whether silence says something of it; if not, it is surely there, however long it was silent.
    pub(crate) is_told: bool,
    /// Purchases within each horizon.
    pub(crate) expected: Vec<f64>,
    /// What a purchase is expected to come to.
    pub(crate) mean_value: Option<f64>,
    /// None also where it is beyond all numbers.
    pub(crate) value: Option<f64>,
}

impl Answers<'_> {
    /// Those who are worth most, or, without money, buy most; the first first.
    pub(crate) fn top(&self, count: usize) -> Vec<&Worth<'_>> {
        let worth = |one: &Worth<'_>| one.value.or(one.expected.last().copied()).unwrap_or(0.0);
        let mut all: Vec<_> = self.customers.iter().collect();
        all.sort_by(|one, other| worth(other).total_cmp(&worth(one)));
        all.truncate(count);
        all
    }
}

/// Fits what the options ask for, and asks it everything.
///
/// # Errors
///
/// [`Failure`], when the days do not fit the log or no model does.
pub(crate) fn answers<'l>(log: &'l Log, options: &Options) -> Result<Answers<'l>, Failure> {
    match options.unit {
        Unit::Days => in_unit::<Days>(log, options),
        Unit::Weeks => in_unit::<Weeks>(log, options),
    }
}

/// A customer of whom a model has learned.
struct Learned<'l, U> {
    key: &'l str,
    buying: RepeatBuying<U>,
    /// None without repeat purchases, or if they came to nothing.
    spending: Option<Spending>,
}

fn in_unit<'l, U: TimeUnit>(log: &'l Log, options: &Options) -> Result<Answers<'l>, Failure> {
    let calibration_end = options.calibration_end.unwrap_or(log.last_day);
    let mut holdout = Holdout::new(calibration_end, log.last_day.max(calibration_end))?;
    let learned: Vec<_> =
        log.customers.iter().filter_map(|customer| learned::<U>(customer, &mut holdout)).collect();
    if learned.is_empty() {
        let (log_path, first) = (options.log_path().to_owned(), log.first_day);
        return Err(Failure::NobodyYet { log: log_path, calibration_end, first });
    }
    let Fitted { model, report, candidates } = fit(&holdout.buyers::<U>(), options.model)
        .map_err(|source| Failure::Fit { calibration_end, source })?;
    let (money, spending) = money(log, &learned);
    let has_dropout = found_dropout(&report);
    Ok(Answers {
        calibration_end,
        end: holdout.end(),
        left_out: holdout.left_out(),
        model: model.name(),
        tells_silence: model.tells_silence() && has_dropout,
        fit: report,
        candidates,
        holdout: holdout.evaluate(&model, CLASSES_MAX),
        tracking: holdout.tracking(&model, TRACKING_DAYS),
        frequency: holdout.frequency(&model, CLASSES_MAX),
        heat: heat(&model, &learned),
        customers: worths((&model, has_dropout), spending.as_ref(), &learned, options),
        money,
    })
}

fn learned<'l, U: TimeUnit>(
    customer: &'l Customer,
    holdout: &mut Holdout,
) -> Option<Learned<'l, U>> {
    let days: Vec<Day> = customer.purchases.iter().map(|(day, _)| *day).collect();
    let HeldOut { buying, .. } = holdout.add(&days)?;
    let first = days.iter().min()?;
    let is_repeat = |day: &Day| day > first && *day <= holdout.calibration_end();
    let repeats = customer.purchases.iter().filter(|(day, _)| is_repeat(day));
    let spent: Decimal = repeats.map(|(_, amount)| *amount).sum();
    // Text to number is rounded once, whatever the number of decimals.
    let spent: f64 = spent.to_string().parse().ok()?;
    let mean = spent / f64::from(buying.repeats());
    let spending = Spending::new(buying.repeats(), mean).ok();
    Some(Learned { key: &customer.key, buying: buying.to(), spending })
}

/// Whether it can tell who left: to others silence says nothing, whatever they are called.
fn found_dropout(fit: &FitReport) -> bool {
    fit.boundary != Some(Boundary::NoDropout)
}

/// The model that was asked for, and those that it was preferred to.
struct Fitted<U> {
    model: AnyRepeatModel<U>,
    report: FitReport,
    candidates: Vec<(&'static str, Result<FitReport, FitError>)>,
}

fn fit<U: TimeUnit>(buyers: &RepeatBuyers<U>, wanted: Model) -> Result<Fitted<U>, FitError> {
    match wanted {
        Model::BgNbd => alone(buyers, AnyRepeatModel::BgNbd),
        Model::MbgNbd => alone(buyers, AnyRepeatModel::MbgNbd),
        Model::ParetoNbd => alone(buyers, AnyRepeatModel::ParetoNbd),
        Model::Nbd => alone(buyers, AnyRepeatModel::Nbd),
        Model::Best => {
            let all = Candidates::fit(buyers, FitOptions::default());
            let report = |fit: &Fit<AnyRepeatModel<U>>| fit.report.clone();
            let candidates = all.all().iter();
            let candidates = candidates
                .map(|it| (it.name, it.fit.as_ref().map(report).map_err(|error| *error)))
                .collect();
            let Fit { model, report, .. } = all.into_preferred()?;
            Ok(Fitted { model, report, candidates })
        }
    }
}

fn alone<U: TimeUnit, M: RepeatModel<U>>(
    buyers: &RepeatBuyers<U>,
    any: impl FnOnce(M) -> AnyRepeatModel<U>,
) -> Result<Fitted<U>, FitError> {
    let Fit { model, report, .. } = M::fit(buyers)?;
    Ok(Fitted { model: any(model), report, candidates: Vec::new() })
}

fn money<U>(log: &Log, learned: &[Learned<'_, U>]) -> (Money, Option<GammaGamma>)
where
    U: TimeUnit,
{
    if !log.has_money {
        return (Money::Unknown, None);
    }
    let spenders: Spenders = learned.iter().filter_map(|one| one.spending).collect();
    let is_left_out = |one: &&Learned<'_, U>| one.buying.repeats() > 0 && one.spending.is_none();
    let left_out = u64::try_from(learned.iter().filter(is_left_out).count()).unwrap_or(u64::MAX);
    match GammaGamma::fit(&spenders) {
        Ok(Fit { model, report, .. }) => {
            let population_mean = model.population_mean();
            (Money::Known { fit: report, population_mean, left_out }, Some(model))
        }
        Err(error) => (Money::Untold(error), None),
    }
}

fn heat<U: TimeUnit>(model: &AnyRepeatModel<U>, learned: &[Learned<'_, U>]) -> Heat {
    let age = learned.iter().map(|one| one.buying.age().get()).fold(0.0, f64::max);
    let most = learned.iter().map(|one| one.buying.repeats()).max().unwrap_or(0);
    let cell = |repeats: u32, row: u32| {
        let last = age * (f64::from(row) + 0.5) / f64::from(HEAT_ROWS);
        let last = AgeAtLastPurchase(Span::new(last)?);
        Some(model.p_alive(&RepeatBuying::new(repeats, last, Span::new(age)?).ok()?))
    };
    let once = Span::new(age).map(|age| model.p_alive(&RepeatBuying::once(age)));
    let again = (1..=most.min(HEAT_REPEATS_MAX))
        .map(|repeats| (0..HEAT_ROWS).filter_map(|row| cell(repeats, row)).collect());
    Heat { age, columns: std::iter::once(once.into_iter().collect()).chain(again).collect() }
}

fn worths<'l, U: TimeUnit>(
    (model, has_dropout): (&AnyRepeatModel<U>, bool),
    spending: Option<&GammaGamma>,
    learned: &[Learned<'l, U>],
    options: &Options,
) -> Vec<Worth<'l>> {
    let spans = options.horizons.iter().filter_map(|ahead| Span::new(ahead.length));
    let month = Span::<Weeks>::new(MONTH_WEEKS).map(Span::to::<U>);
    let year = month.and_then(|it| Horizon::new(MONTHS, it, options.discount_percent / 100.0));
    let ahead: Vec<_> = spans.map(Into::into).chain(year.map(Into::into)).collect();
    let buying: Vec<_> = learned.iter().map(|one| one.buying).collect();
    let forecast = Forecast::of(model, &buying, &ahead);
    let at = |horizon: usize, place: usize| forecast.purchases(horizon).get(place).copied();
    let worth = |(place, one): (usize, &Learned<'l, U>)| {
        let mean_value = spending.and_then(|model| match &one.spending {
            Some(spending) => model.expected_spend(spending),
            None => model.population_mean(),
        });
        let year = options.horizons.len();
        Worth {
            key: one.key,
            repeats: one.buying.repeats(),
            age_at_last: one.buying.age_at_last().0.get(),
            age: one.buying.age().get(),
            p_alive: forecast.p_alive().get(place).copied().unwrap_or(0.0),
            is_told: has_dropout && model.tells_silence_of(&one.buying),
            expected: (0..year).filter_map(|horizon| at(horizon, place)).collect(),
            mean_value,
            value: at(year, place).zip(mean_value).and_then(value),
        }
    };
    learned.iter().enumerate().map(worth).collect()
}

/// So many purchases of such a mean. What is too large for a number would be no number in the data either.
fn value((purchases, mean): (f64, f64)) -> Option<f64> {
    Some(purchases * mean).filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_beyond_all_numbers_is_not_told() {
        assert_eq!((value((2.0, 1.5)), value((0.0, f64::MAX))), (Some(3.0), Some(0.0)));
        assert_eq!(value((2.0, f64::MAX)), None);
    }
}
