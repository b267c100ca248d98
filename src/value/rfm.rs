//! Recency, frequency and net revenue, each graded from 1 (worst) up.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::answer::{ValueAnswer, ValueOutside};
use super::calibration::RfmCalibration;
use super::facts::RfmFacts;
use super::policy::{Bands, RfmMethod, RfmPolicy};
use super::rule::{CutSide, ValueRule};
use crate::calibrated::Calibrated;
use crate::explain::{Explained, Ids, Language, Measure, Points, Reason, Speak};
use crate::rank::{Cut, Direction, Ranked, Ranking};
use crate::time::Timestamp;

/// Three grades, 1 being the worst and the number of groups or bands the best.
///
/// ```
/// use guanxi::value::Rfm;
///
/// let grades = Rfm::new(5, 4, 5);
/// assert_eq!(grades.to_string(), "R5 F4 M5");
/// assert_eq!(grades.sum(), 14);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Rfm {
    /// How recently the customer bought.
    pub recency: u8,
    /// On how many days the customer bought.
    pub frequency: u8,
    /// For how much the customer bought.
    pub monetary: u8,
}

impl Rfm {
    /// Grades of recency, frequency and net revenue.
    ///
    /// [`Rfm`] has an example.
    #[must_use]
    pub const fn new(recency: u8, frequency: u8, monetary: u8) -> Self {
        Self { recency, frequency, monetary }
    }

    /// The three grades together; equals the total of the answer's reasons, in whole points.
    ///
    /// [`Rfm`] has an example.
    #[must_use]
    pub fn sum(self) -> u32 {
        [self.recency, self.frequency, self.monetary]
            .into_iter()
            .fold(0_u32, |sum, grade| sum.saturating_add(u32::from(grade)))
    }
}

impl fmt::Display for Rfm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "R{} F{} M{}", self.recency, self.frequency, self.monetary)
    }
}

impl Speak for Rfm {
    fn text(&self, _: Language) -> String {
        self.to_string()
    }
}

/// One of the three measures.
///
/// ```
/// use guanxi::rank::Direction;
/// use guanxi::value::RfmMeasure;
///
/// assert_eq!(RfmMeasure::Recency.direction(), Direction::LessIsBetter);
/// assert_eq!(RfmMeasure::Monetary.direction(), Direction::MoreIsBetter);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RfmMeasure {
    /// Whole days since the last purchase day.
    Recency,
    /// Purchase days.
    Frequency,
    /// Net revenue.
    Monetary,
}

impl RfmMeasure {
    /// Every measure, in the order of the name.
    pub const ALL: [Self; 3] = [Self::Recency, Self::Frequency, Self::Monetary];

    /// Which end of the measure is the good one.
    #[must_use]
    pub const fn direction(self) -> Direction {
        match self {
            Self::Recency => Direction::LessIsBetter,
            Self::Frequency | Self::Monetary => Direction::MoreIsBetter,
        }
    }

    /// Whether the measure can take a value: there are no negative days.
    pub(super) const fn can_be(self, value: i64) -> bool {
        match self {
            Self::Recency | Self::Frequency => value >= 0,
            Self::Monetary => true,
        }
    }

    const fn rule(self, side: CutSide) -> ValueRule {
        match self {
            Self::Recency => ValueRule::Recency(side),
            Self::Frequency => ValueRule::Frequency(side),
            Self::Monetary => ValueRule::Monetary(side),
        }
    }
}

/// The grades of one customer, with the cut that decided each.
///
/// The limit of a reason is the worst value with which this very customer has its grade; for the worst
/// grade, with which it would have the next one. The contributions are the grades, so their total is
/// [`Rfm::sum`]. There is no counterfactual: three units cannot be compared, and each reason has its
/// own limit.
///
/// No purchase in the window, or groups without a calibration of the same policy, give no grades.
///
/// ```
/// use guanxi::explain::{Ids, Points, Speak};
/// use guanxi::calibrated::Calibrated;
/// use guanxi::value::{RfmFacts, RfmPolicy, judge_rfm, rfm};
/// use guanxi::{Currency, CustomerId, Language, Money, PolicyId, TenantId, Timestamp};
///
/// let policy: RfmPolicy = serde_json::from_str(
///     r#"{ "method": { "bands": {
///         "recency": { "edges": [30, 90, 365], "on_edge": "better" },
///         "frequency": { "edges": [2, 5, 12], "on_edge": "better" },
///         "monetary": { "edges": [10000, 50000], "on_edge": "worse" }
///     } } }"#,
/// )?;
/// let key = CustomerId::derive(TenantId::derive("example-shop"), "C-17");
/// let facts = RfmFacts::new(key, Some(30), 1, Money::from_minor(10_000, Currency::USD));
/// let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
/// let answer = rfm(&facts, &policy, Calibrated::Missing, ids, Timestamp::UNIX_EPOCH);
/// assert_eq!(
///     answer.text(Language::English),
///     "R4 F1 M1, because last purchase 30 days ago, group from 30 days (+4); purchase days 1, \
///      next group from 2 (+1); net revenue 100.00 USD, next group from 100.01 USD (+1)"
/// );
/// assert_eq!(answer.total(), Some(Points(6_000)));
/// assert_eq!(judge_rfm(&facts, &policy, Calibrated::Missing), answer.value);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn rfm<'c>(
    facts: &RfmFacts,
    policy: &RfmPolicy,
    calibration: impl Into<Calibrated<'c, RfmCalibration>>,
    ids: Ids,
    at: Timestamp,
) -> Explained<ValueAnswer<Rfm>, ValueRule> {
    let ladders = match ladders(facts, policy, calibration.into()) {
        Ok(ladders) => ladders,
        Err(lacking) => return lacking.explained(ids, at),
    };
    let grades = Rfm::of(&ladders);
    let each = ladders.iter().zip([grades.recency, grades.frequency, grades.monetary]);
    let reasons = each.map(|(ladder, grade)| ladder.reason(facts, grade)).collect();
    Explained::new(ValueAnswer::At(grades), reasons, ids, at)
}

/// The grades of one customer without their reasons: the value of [`rfm()`], much cheaper.
///
/// [`rfm()`] has an example.
#[must_use]
pub fn judge_rfm<'c>(
    facts: &RfmFacts,
    policy: &RfmPolicy,
    calibration: impl Into<Calibrated<'c, RfmCalibration>>,
) -> ValueAnswer<Rfm> {
    match ladders(facts, policy, calibration.into()) {
        Ok(ladders) => ValueAnswer::At(Rfm::of(&ladders)),
        Err(lacking) => ValueAnswer::Outside(lacking),
    }
}

impl Rfm {
    fn of([recency, frequency, monetary]: &[Ladder<'_>; 3]) -> Self {
        Self::new(recency.grade(), frequency.grade(), monetary.grade())
    }
}

/// What each measure is graded by, in the order of [`RfmMeasure::ALL`].
fn ladders<'a>(
    facts: &RfmFacts,
    policy: &'a RfmPolicy,
    calibration: Calibrated<'a, RfmCalibration>,
) -> Result<[Ladder<'a>; 3], ValueOutside> {
    let [Some(recency), Some(frequency), Some(monetary)] =
        RfmMeasure::ALL.map(|measure| facts.ranked(measure))
    else {
        return Err(ValueOutside::NoPurchase);
    };
    let section = match (&policy.method, calibration) {
        (RfmMethod::Bands { .. }, _) => None,
        (RfmMethod::Quantiles { .. }, Calibrated::Known(section)) if section.customers > 0 => {
            Some(section)
        }
        (RfmMethod::Quantiles { .. }, Calibrated::Known(_) | Calibrated::Missing) => {
            return Err(ValueOutside::NotCalibrated);
        }
        (RfmMethod::Quantiles { .. }, Calibrated::OtherPolicy) => {
            return Err(ValueOutside::OtherPolicy);
        }
    };
    let ladder = |measure: RfmMeasure, member: Ranked| {
        let ranking = Ranking { direction: measure.direction(), ties: policy.ties() };
        let cuts = match (policy.bands(measure), section) {
            (Some(bands), _) => Cuts::Bands(bands),
            (None, Some(section)) => Cuts::Base(section.cuts(measure)),
            (None, None) => Cuts::Base(&[]),
        };
        Ladder { measure, ranking, member, cuts }
    };
    Ok([
        ladder(RfmMeasure::Recency, recency),
        ladder(RfmMeasure::Frequency, frequency),
        ladder(RfmMeasure::Monetary, monetary),
    ])
}

/// Where grades end and begin, from the worst up.
enum Cuts<'a> {
    Bands(&'a Bands),
    Base(&'a [Cut]),
}

/// The cuts of one measure, and the customer who climbs them.
struct Ladder<'a> {
    measure: RfmMeasure,
    ranking: Ranking,
    member: Ranked,
    cuts: Cuts<'a>,
}

impl Ladder<'_> {
    fn cut(&self, place: usize) -> Option<Cut> {
        match self.cuts {
            Cuts::Bands(bands) => bands.cut(self.ranking.direction, place),
            Cuts::Base(cuts) => cuts.get(place).copied(),
        }
    }

    /// One more than the number of cuts that the customer reaches.
    fn grade(&self) -> u8 {
        let reaches = |cut: &Cut| self.ranking.reaches(cut, self.member);
        let reached = match self.cuts {
            Cuts::Base(cuts) => cuts.iter().take_while(|cut| reaches(cut)).count(),
            Cuts::Bands(_) => (0..).map_while(|place| self.cut(place)).take_while(reaches).count(),
        };
        u8::try_from(reached).unwrap_or(u8::MAX).saturating_add(1)
    }

    /// The value that this customer must keep for its grade, or reach for the next.
    fn reason(&self, facts: &RfmFacts, grade: u8) -> Reason<ValueRule> {
        let above = usize::from(grade).saturating_sub(1);
        let reached = above.checked_sub(1);
        let cut = self.cut(reached.unwrap_or(above));
        let least = cut.and_then(|cut| self.ranking.least(&cut, self.member.key));
        // The best group may begin beyond what can be: more recent than on the day itself.
        let (side, limit) = match least.filter(|least| self.measure.can_be(*least)) {
            None => (CutSide::Alone, Measure::Missing),
            Some(limit) if reached.is_some() => {
                (CutSide::Reached, facts.shown(self.measure, limit))
            }
            Some(limit) => (CutSide::Missed, facts.shown(self.measure, limit)),
        };
        let observed = facts.shown(self.measure, self.member.value);
        Reason::new(self.measure.rule(side), observed, limit)
            .with_contribution(Points(i64::from(grade).saturating_mul(1_000)))
    }
}
