//! What the data say of everybody.

use guanxi::explain::{BasisPoints, ENGINE, Language};
use guanxi::tier::Tier;
use guanxi::{Currency, Day, Stage, Timestamp};
use serde::{Serialize, Serializer};

use crate::classes::{Classes, Sums, TIERS};
use crate::options::Options;
use crate::report::{LogSums, Source, Tally, decimal};
use crate::survey::Survey;

/// The sums over all customers, and what they were judged by.
#[derive(Serialize)]
pub(crate) struct Totals<'t> {
    customers: u64,
    customers_in_log: Option<u64>,
    rows: Option<u64>,
    accepted: Option<u64>,
    rejected: Option<u64>,
    orders: u64,
    purchase_days: u64,
    monetary: String,
    monetary_minor: i128,
    monetary_in_log: Option<String>,
    monetary_rejected: Option<String>,
    pub(super) currency: Currency,
    first_day: Option<Day>,
    last_day: Option<Day>,
    today: Day,
    as_of: Day,
    pub(super) language: Language,
    policy: String,
    calibration: Option<String>,
    taken_at: Option<Timestamp>,
    engine: u16,
    stages: Stages<'t>,
    tiers: Vec<TierRow>,
}

/// Customers by stage, in the order of the journey.
struct Stages<'t>(&'t Tally);

impl Serialize for Stages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Stage::ALL.map(|stage| (stage.code(), self.0.in_stage(stage))))
    }
}

#[derive(Serialize)]
struct TierRow {
    tier: Option<Tier>,
    customers: u64,
    share_of_customers: Option<BasisPoints>,
    monetary: String,
    monetary_minor: i128,
    share_of_monetary: Option<BasisPoints>,
}

impl<'t> Totals<'t> {
    /// Of everybody whom a survey went through.
    pub(crate) fn of(
        options: &Options,
        source: &Source,
        tally: &'t Tally,
        classes: &Classes,
        survey: &Survey<'_>,
    ) -> Self {
        let (currency, log) = (source.currency, source.log.as_ref());
        let calibration = survey.calibration();
        let tier = |(tier, sums): (&Option<Tier>, &Sums)| TierRow {
            tier: *tier,
            customers: sums.customers,
            share_of_customers: share(sums.customers.into(), tally.customers.into()),
            monetary: decimal(sums.minor, currency),
            monetary_minor: sums.minor,
            share_of_monetary: share(sums.minor, tally.minor),
        };
        Self {
            customers: tally.customers,
            customers_in_log: log.map(|log| log.customers),
            rows: log.map(|log| log.rows),
            accepted: log.map(LogSums::accepted),
            rejected: log.map(|log| log.rejected),
            orders: tally.orders,
            purchase_days: tally.purchase_days,
            monetary: decimal(tally.minor, currency),
            monetary_minor: tally.minor,
            monetary_in_log: log.map(|log| decimal(log.accepted_minor, currency)),
            monetary_rejected: log.map(|log| decimal(log.rejected_minor, currency)),
            currency,
            first_day: log.and_then(|log| log.first_day),
            last_day: log.and_then(|log| log.last_day),
            today: source.today,
            as_of: source.as_of,
            language: options.language,
            policy: survey.book().id().to_string(),
            calibration: calibration.map(|known| known.id().to_string()),
            taken_at: calibration.map(guanxi::Calibration::taken_at),
            engine: ENGINE,
            stages: Stages(tally),
            tiers: TIERS.iter().zip(&classes.tiers).map(tier).collect(),
        }
    }
}

/// A share, cut off to whole basis points; `None` of nothing, and of less than nothing.
fn share(part: i128, whole: i128) -> Option<BasisPoints> {
    let scaled = part.checked_mul(10_000)?.checked_div(whole).filter(|_| whole > 0)?;
    i64::try_from(scaled).ok().map(BasisPoints)
}
