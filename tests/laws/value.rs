//! Value: grades as another program gives them, parts that add up, and changes that turn the answer.

mod cards;
mod faults;
mod flips;
mod grades;
pub(super) mod random;
mod words;

use guanxi::calibrated::Calibrated;
use guanxi::explain::{Explained, Ids};
use guanxi::rank::Ties;
use guanxi::time::Lookback;
use guanxi::value::{
    Rfm, RfmCalibration, RfmFacts, RfmMethod, RfmPolicy, ValueAnswer, ValueRule, judge_rfm, rfm,
};
use guanxi::{Currency, Money, PolicyId, Timestamp};

fn ids() -> Ids {
    Ids::of_policy(PolicyId::of_document(b"{}"))
}

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD)
}

fn quantiles(groups: u8, ties: Ties) -> RfmPolicy {
    RfmPolicy { window: Lookback::AllTime, method: RfmMethod::Quantiles { groups, ties } }
}

type Graded = Explained<ValueAnswer<Rfm>, ValueRule>;

/// Grades with their reasons; whatever is asked, those without reasons are the same.
fn grade<'c>(
    facts: &RfmFacts,
    policy: &RfmPolicy,
    calibration: impl Into<Calibrated<'c, RfmCalibration>>,
) -> Graded {
    let calibration = calibration.into();
    let answer = rfm(facts, policy, calibration, ids(), Timestamp::UNIX_EPOCH);
    assert_eq!(judge_rfm(facts, policy, calibration), answer.value, "{facts:?} {policy:?}");
    answer
}
