//! From facts and fitted models to what a relationship is worth.

use super::answer::{Worth, WorthAnswer, WorthLack, WorthOutside};
use super::calibration::{Fitted, FittedModel, WorthCalibration};
use super::facts::WorthFacts;
use super::policy::WorthPolicy;
use super::rule::WorthRule;
use crate::calibrated::Calibrated;
use crate::explain::{BasisPoints, Explained, Flip, Ids, Measure, Reason, Thousandths};
use crate::fixed::WHOLE;
use crate::money::Money;
use crate::time::Timestamp;
use crate::value::lifetime::{
    AnyRepeatModel, DAYS_OF_YEAR, Days, GammaGamma, Horizon, RepeatBuying, RepeatModel, Span,
};

/// How long a step of the horizon that is discounted as one is at most.
const STEP_DAYS: u16 = 30;

/// What a relationship is worth, with its reasons.
///
/// The chance of being still a customer and the purchases to come are the model's, quantised: the chance
/// is rounded down, so that nobody silent is taken for surely there. What is expected to be earned is the
/// product of the margin, the spend expected of each purchase, and the purchases expected in each of the
/// equal steps, of 30 days at most, that the horizon is cut into, discounted from the end of that step. The counterfactual is the silence at which the customer
/// would fall under, or just keep to, the policy's limit for active customers, all else unchanged.
///
/// ```
/// use guanxi::explain::{Ids, Speak};
/// use guanxi::purchase::{Ordered, PurchaseEvent, PurchaseHistory};
/// use guanxi::value::{WorthCalibration, WorthFacts, WorthPolicy, judge_worth, worth};
/// use guanxi::{Currency, Language, Money, PolicyId, Timestamp};
///
/// let calibration: WorthCalibration = serde_json::from_str(
///     r#"{
///         "through": "1997-09-30",
///         "buying": { "by": {
///             "model": { "model": "mbgnbd", "r": 0.525, "alpha": 43.3, "a": 0.891, "b": 1.614 },
///             "customers": 2357, "log_likelihood": -14363.2, "standard_errors": [], "boundary": null
///         } },
///         "spending": { "by": {
///             "model": { "p": 6.25, "q": 3.74, "v": 1544.0 },
///             "customers": 946, "log_likelihood": -8412.5, "standard_errors": [], "boundary": null
///         } }
///     }"#,
/// )?;
/// let mut history = PurchaseHistory::default();
/// for (day, minor) in [("1997-01-10", 2_933), ("1997-03-02", 2_250), ("1997-08-20", 3_150)] {
///     let paid = Money::from_minor(minor, Currency::USD);
///     let order = Ordered::new(Timestamp::UNIX_EPOCH, day.parse()?, paid, paid);
///     history.apply(&PurchaseEvent::Ordered(order));
/// }
/// let facts = WorthFacts::new("1997-09-30".parse()?, Currency::USD, history.tally());
/// let (policy, ids) = (WorthPolicy::default(), Ids::of_policy(PolicyId::of_document(b"{}")));
/// let answer = worth(&facts, &policy, (&calibration).into(), ids, Timestamp::UNIX_EPOCH);
/// assert_eq!(
///     answer.text(Language::English),
///     "still a customer with a chance of 73.83 %, 1.713 purchases to come, worth 46.53 USD, because \
///      bought again on 2 days, last 41 days ago; still a customer with a chance of 73.83 %, active from \
///      50 %; 1.713 purchases expected within 365 days; each expected to come to 28.48 USD, so far \
///      27.00 USD; 100 % of it is earned, at 10 % interest a year; by MBG/NBD, fitted to 2357 customers \
///      until 1997-09-30. It would change at: inactive when silent for 197 days instead of 41 days"
/// );
/// assert_eq!(judge_worth(&facts, &policy, (&calibration).into()), answer.value);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn worth(
    facts: &WorthFacts,
    policy: &WorthPolicy,
    calibration: Calibrated<'_, WorthCalibration>,
    ids: Ids,
    at: Timestamp,
) -> Explained<WorthAnswer, WorthRule> {
    match Judging::of(facts, policy, calibration) {
        Ok(judging) => judging.explained(ids, at),
        Err(outside) => {
            let reason = Reason::new(outside.into(), Measure::Missing, Measure::Missing);
            Explained::new(WorthAnswer::Outside(outside), vec![reason], ids, at)
        }
    }
}

/// The value of [`worth`] without its reasons.
///
/// [`worth`] has an example.
#[must_use]
pub fn judge_worth(
    facts: &WorthFacts,
    policy: &WorthPolicy,
    calibration: Calibrated<'_, WorthCalibration>,
) -> WorthAnswer {
    match Judging::of(facts, policy, calibration) {
        Ok(judging) => WorthAnswer::At(judging.worth()),
        Err(outside) => WorthAnswer::Outside(outside),
    }
}

/// The chance that the customer has left, alone: cheaper than [`judge_worth`].
pub(crate) fn judge_inactive(
    facts: &WorthFacts,
    policy: &WorthPolicy,
    calibration: Calibrated<'_, WorthCalibration>,
) -> Option<BasisPoints> {
    let judging = Judging::of(facts, policy, calibration).ok()?;
    Some(Worth::new(judging.alive(&judging.buying), Thousandths::default()).inactive())
}

/// A customer, and the models that it is judged by.
struct Judging<'a> {
    facts: &'a WorthFacts,
    policy: &'a WorthPolicy,
    calibration: &'a WorthCalibration,
    buying: RepeatBuying<Days>,
    fitted: &'a FittedModel<AnyRepeatModel<Days>>,
}

impl<'a> Judging<'a> {
    fn of(
        facts: &'a WorthFacts,
        policy: &'a WorthPolicy,
        calibration: Calibrated<'a, WorthCalibration>,
    ) -> Result<Self, WorthOutside> {
        let calibration = match calibration {
            Calibrated::Known(calibration) => calibration,
            Calibrated::Missing => return Err(WorthOutside::NotCalibrated),
            Calibrated::OtherPolicy => return Err(WorthOutside::OtherPolicy),
        };
        let buying = facts.buying().ok_or(WorthOutside::NoPurchase)?;
        match &calibration.buying {
            // Nobody silent is taken for surely there, whatever a document says.
            Fitted::By(fitted) if !fitted.model.tells_silence() => {
                Err(WorthOutside::NotFitted(WorthLack::NobodyLeft))
            }
            Fitted::By(fitted) => Ok(Self { facts, policy, calibration, buying, fitted }),
            Fitted::Lacking(lack) => Err(WorthOutside::NotFitted(*lack)),
        }
    }

    fn alive(&self, buying: &RepeatBuying<Days>) -> BasisPoints {
        let chance = self.fitted.model.p_alive(buying);
        BasisPoints(whole(libm::floor(chance * 10_000.0)).clamp(0, WHOLE))
    }

    fn worth(&self) -> Worth {
        let days = Span::whole(self.policy.horizon_days.into());
        let purchases = self.fitted.model.expected_purchases(&self.buying, days);
        let mut worth = Worth::new(
            self.alive(&self.buying),
            Thousandths(whole(libm::round(purchases * 1_000.0))),
        );
        if let Some((spend, horizon)) = self.spend().zip(self.horizon()) {
            let margin = f64::from(i32::try_from(self.policy.margin.0).unwrap_or(0)) / 10_000.0;
            let discounted = self.fitted.model.discounted_purchases(&self.buying, &horizon);
            worth.spend = Some(self.money(spend));
            worth.value = Some(self.money(spend * discounted * margin));
        }
        worth
    }

    /// `None` of a policy that was not linted only.
    fn horizon(&self) -> Option<Horizon<Days>> {
        let days = self.policy.horizon_days.max(1);
        let steps = days.div_ceil(STEP_DAYS);
        let step = f64::from(days) / f64::from(steps);
        let yearly =
            f64::from(i32::try_from(self.policy.yearly_interest.0).unwrap_or(0)) / 10_000.0;
        let rate = libm::expm1(libm::log1p(yearly) * step / DAYS_OF_YEAR);
        let step = Span::new(step).unwrap_or(Span::ZERO);
        Horizon::new(steps, step, rate)
    }

    fn spend(&self) -> Option<f64> {
        let model: &GammaGamma = self.calibration.spending.model()?;
        match self.facts.spending() {
            Some(spending) => model.expected_spend(&spending),
            None => model.population_mean(),
        }
    }

    fn money(&self, minor: f64) -> Money {
        Money::from_minor(whole(libm::round(minor)), self.facts.currency)
    }

    fn explained(&self, ids: Ids, at: Timestamp) -> Explained<WorthAnswer, WorthRule> {
        let worth = self.worth();
        let silence = Measure::Days(self.facts.silence_days().unwrap_or(0));
        let count = |count| Measure::Count(i64::try_from(count).unwrap_or(i64::MAX));
        let repeats = match self.buying.repeats() {
            0 => Reason::new(WorthRule::Once, Measure::Missing, silence),
            repeats => Reason::new(WorthRule::Repeats, count(repeats.into()), silence),
        };
        let mut reasons = vec![
            repeats,
            Reason::new(
                WorthRule::Alive,
                Measure::Share(worth.alive),
                Measure::Share(self.policy.active_min),
            ),
            Reason::new(
                WorthRule::Purchases,
                Measure::Number(worth.purchases),
                Measure::Days(self.policy.horizon_days.into()),
            ),
        ];
        reasons.extend(self.spend_reasons(&worth));
        let by = match self.fitted.model {
            AnyRepeatModel::ParetoNbd(_) => WorthRule::ByParetoNbd,
            // Of these only the first tells silence, so the others do not get here.
            AnyRepeatModel::MbgNbd(_) | AnyRepeatModel::BgNbd(_) | AnyRepeatModel::Nbd(_) => {
                WorthRule::ByMbgNbd
            }
        };
        let through = self.calibration.through.map_or(Measure::Missing, Measure::Day);
        reasons.push(Reason::new(by, count(self.fitted.customers), through));
        Explained::new(WorthAnswer::At(worth), reasons, ids, at).with_flip(self.flip(&worth))
    }

    fn spend_reasons(&self, worth: &Worth) -> Vec<Reason<WorthRule>> {
        let Some(spend) = worth.spend else {
            let (observed, limit) = (Measure::Missing, Measure::Missing);
            return vec![Reason::new(WorthRule::SpendUnknown, observed, limit)];
        };
        let so_far = self.facts.spending().and(self.facts.mean_spend());
        let rule = if so_far.is_some() { WorthRule::Spend } else { WorthRule::SpendOfBase };
        let so_far = so_far.map_or(Measure::Missing, Measure::Money);
        let (margin, interest) = (self.policy.margin, self.policy.yearly_interest);
        vec![
            Reason::new(rule, Measure::Money(spend), so_far),
            Reason::new(WorthRule::Earned, Measure::Share(margin), Measure::Share(interest)),
        ]
    }

    /// The nearest silence at which the customer stands on the other side of the limit for active ones: the
    /// chance falls with every day of silence.
    fn flip(&self, worth: &Worth) -> Option<Flip<WorthRule>> {
        let now = self.facts.silence_days()?;
        let last = self.facts.tally?.last_day;
        let active = |silence: i64| {
            let buying = self.facts.buying_at(last.saturating_add_days(silence))?;
            Some(self.alive(&buying) >= self.policy.active_min)
        };
        let is_active = worth.alive >= self.policy.active_min;
        let target = if is_active {
            first(now, now.saturating_add(SILENCE_MAX), |silence| active(silence) == Some(false))?
        } else {
            let inactive = first(0, now, |silence| active(silence) == Some(false))?;
            // Who is inactive on the very day of a purchase has no silence that would do.
            inactive.checked_sub(1).filter(|silence| *silence >= 0)?
        };
        let rule = if is_active { WorthRule::InactiveTarget } else { WorthRule::ActiveTarget };
        Some(Flip::Measure(Reason::new(rule, Measure::Days(now), Measure::Days(target))))
    }
}

/// How much longer a silence is looked for: a hundred years.
const SILENCE_MAX: i64 = 36_525;

/// The first from `low` to `high` that holds, when all beyond it hold; `None` when not even `high` does.
fn first(low: i64, high: i64, holds: impl Fn(i64) -> bool) -> Option<i64> {
    if !holds(high) {
        return None;
    }
    let (mut low, mut high) = (low, high);
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) { high = middle } else { low = middle.saturating_add(1) }
    }
    Some(high)
}

/// A whole number, or the nearest end of the range.
fn whole(value: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "saturates, which is what is wanted")]
    let whole = value as i64;
    whole
}
