//! Recency, frequency and spend, each graded from 1 (worst) up.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::answer::{ValueAnswer, ValueOutside};
use super::calibration::RfmCalibration;
use super::facts::RfmFacts;
use super::policy::RfmPolicy;
use super::rule::{CutSide, ValueRule};
use crate::explain::{Explained, Ids, Language, Measure, Points, Reason, Speak};
use crate::rank::{Cut, Direction, Ranked, Ranking};
use crate::time::Timestamp;

/// Three grades, 1 being the worst and the number of groups or bands the best.
///
/// ```
/// use guanxi::value::Rfm;
///
/// let grades = Rfm { recency: 5, frequency: 4, monetary: 5 };
/// assert_eq!(grades.to_string(), "R5 F4 M5");
/// assert_eq!(grades.sum(), 14);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rfm {
    /// How recently the customer bought.
    pub recency: u8,
    /// On how many days the customer bought.
    pub frequency: u8,
    /// For how much the customer bought.
    pub monetary: u8,
}

impl Rfm {
    /// The three grades together; equals the total of the answer's reasons, in whole points.
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
    /// Net spend.
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
/// use guanxi::value::{RfmCalibration, RfmFacts, RfmPolicy, ValueAnswer, rfm};
/// use guanxi::{Currency, CustomerId, Language, Money, PolicyId, TenantId, Timestamp};
///
/// let policy: RfmPolicy = serde_json::from_str(
///     r#"{ "method": { "bands": {
///         "recency": { "edges": [30, 90, 365], "on_edge": "better" },
///         "frequency": { "edges": [2, 5, 12], "on_edge": "better" },
///         "monetary": { "edges": [10000, 50000], "on_edge": "worse" }
///     } } }"#,
/// )?;
/// let facts = RfmFacts {
///     key: CustomerId::derive(TenantId::derive("example-shop"), "C-17"),
///     recency_days: Some(30),
///     purchase_days: 1,
///     net: Money::from_minor(10_000, Currency::USD),
/// };
/// let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
/// let answer = rfm(&facts, &policy, &RfmCalibration::default(), ids, Timestamp::UNIX_EPOCH);
/// assert_eq!(
///     answer.text(Language::English),
///     "R4 F1 M1, because last purchase 30 days ago, group from 30 days (+4); purchase days 1, \
///      next group from 2 (+1); spent 100.00 USD, next group from 100.01 USD (+1)"
/// );
/// assert_eq!(answer.total(), Some(Points(6_000)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn rfm(
    facts: &RfmFacts,
    policy: &RfmPolicy,
    calibration: &RfmCalibration,
    ids: Ids,
    at: Timestamp,
) -> Explained<ValueAnswer<Rfm>, ValueRule> {
    let [Some(recency), Some(frequency), Some(monetary)] =
        RfmMeasure::ALL.map(|measure| facts.ranked(measure))
    else {
        return ValueOutside::NoPurchase.explained(ids, at);
    };
    if let Some(lacking) = lacking(policy, calibration) {
        return lacking.explained(ids, at);
    }
    let mut reasons = Vec::with_capacity(RfmMeasure::ALL.len());
    let mut grade = |measure: RfmMeasure, member: Ranked| {
        let ranking = Ranking { direction: measure.direction(), ties: policy.ties() };
        let graded = match policy.bands(measure) {
            Some(bands) => Graded::by(ranking, member, |place| bands.cut(ranking.direction, place)),
            None => {
                let cuts = calibration.cuts(measure);
                Graded::by(ranking, member, |place| cuts.get(place).copied())
            }
        };
        reasons.push(graded.reason(facts, measure, member.value));
        graded.grade
    };
    let grades = Rfm {
        recency: grade(RfmMeasure::Recency, recency),
        frequency: grade(RfmMeasure::Frequency, frequency),
        monetary: grade(RfmMeasure::Monetary, monetary),
    };
    Explained::new(ValueAnswer::At(grades), reasons, ids, at)
}

/// What grading by groups lacks; fixed bands lack nothing.
fn lacking(policy: &RfmPolicy, calibration: &RfmCalibration) -> Option<ValueOutside> {
    if policy.bands(RfmMeasure::Recency).is_some() {
        return None;
    }
    match &calibration.made_for {
        Some(_) if calibration.customers == 0 => Some(ValueOutside::NotCalibrated),
        Some(made_for) if made_for == policy => None,
        Some(_) => Some(ValueOutside::OtherPolicy),
        None => Some(ValueOutside::NotCalibrated),
    }
}

/// One grade, and the value that this customer must keep for it or reach for the next.
struct Graded {
    grade: u8,
    side: CutSide,
    limit: Option<i64>,
}

impl Graded {
    fn by(ranking: Ranking, member: Ranked, cut: impl Fn(usize) -> Option<Cut>) -> Self {
        let (mut grade, mut reached, mut place) = (1_u8, None, 0_usize);
        loop {
            match cut(place) {
                Some(cut) if ranking.reaches(&cut, member) => {
                    reached = Some(cut);
                    grade = grade.saturating_add(1);
                    place = place.saturating_add(1);
                }
                missed => {
                    let side = if reached.is_some() { CutSide::Reached } else { CutSide::Missed };
                    let limit = reached.or(missed).and_then(|cut| ranking.least(&cut, member.key));
                    let side = if limit.is_some() { side } else { CutSide::Alone };
                    return Self { grade, side, limit };
                }
            }
        }
    }

    fn reason(&self, facts: &RfmFacts, measure: RfmMeasure, value: i64) -> Reason<ValueRule> {
        let limit = self.limit.map_or(Measure::Missing, |limit| facts.shown(measure, limit));
        Reason::new(measure.rule(self.side), facts.shown(measure, value), limit)
            .with_contribution(Points(i64::from(self.grade).saturating_mul(1_000)))
    }
}
