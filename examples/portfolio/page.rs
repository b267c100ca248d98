//! The report as a page: its numbers, put into the [model](crate::html) that the page is made of.

use std::io::Write as _;
use std::path::Path;

use guanxi::explain::{BasisPoints, ENGINE};
use guanxi::{Calibration, Stage};

use crate::attention::Attention;
use crate::classes::{self, Classes, TIERS};
use crate::html::{self, PageError};
use crate::options::Options;
use crate::output::{Output, OutputError};
use crate::plan::ZONE;
use crate::report::{Source, Tally, pick, short};
use crate::survey::Survey;

/// How many points of the curve are drawn.
const POINTS_MAX: usize = 200;

/// What the page is made of.
pub(crate) struct Page<'p> {
    pub(crate) options: &'p Options,
    pub(crate) source: &'p Source,
    pub(crate) tally: &'p Tally,
    pub(crate) classes: &'p Classes,
    pub(crate) attention: &'p [Attention],
    pub(crate) survey: &'p Survey<'p>,
}

/// The page cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum PaperError {
    /// It cannot be made.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The file cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}

impl Page<'_> {
    /// Writes the page to a file of this name.
    ///
    /// # Errors
    ///
    /// [`PaperError`].
    pub(crate) fn write(&self, path: &Path) -> Result<(), PaperError> {
        let text = html::page(&self.model(), self.options.language)?;
        let mut output = Output::begin(path)?;
        output.put(|file| file.write_all(text.as_bytes()))?;
        Ok(output.finish()?)
    }

    fn model(&self) -> html::Model {
        let as_of = self.source.as_of;
        let stage = |stage| html::StageSums { stage, customers: self.tally.in_stage(stage) };
        html::Model {
            title: pick(
                self.options.language,
                format!("Customers on {as_of}"),
                format!("客户概况（{as_of}）"),
            ),
            summary: self.summary(),
            stages: if self.tally.customers > 0 { Stage::ALL.map(stage).to_vec() } else { vec![] },
            tiers: self.tiers(),
            pareto: self.pareto(),
            rfm: self.grades(),
            risks: self.risks(),
            months: self.months(),
            attention: self.attention.iter().map(attention).collect(),
        }
    }

    fn summary(&self) -> html::Summary {
        let (tally, survey) = (self.tally, self.survey);
        let calibration =
            |known: &Calibration| (short(&known.id().to_string()), ZONE.day_of(known.taken_at()));
        html::Summary {
            customers: tally.customers,
            orders: tally.orders,
            net_minor: tally.minor,
            currency: self.source.currency,
            as_of: self.source.as_of,
            policy: short(&survey.book().id().to_string()),
            calibration: survey.calibration().map(calibration),
            engine: ENGINE,
        }
    }

    fn tiers(&self) -> Vec<html::TierSums> {
        let tier = |(tier, found): (_, &_)| html::TierSums { tier, sums: sums(found) };
        let tiers = TIERS.into_iter().zip(&self.classes.tiers).map(tier);
        tiers.filter(|it| it.tier.is_some() || it.sums.customers > 0).collect()
    }

    fn risks(&self) -> Vec<html::TierRisks> {
        let row = |(tier, found): (_, &[classes::Sums; classes::RISKS.len()])| html::TierRisks {
            tier,
            risks: found.each_ref().map(sums),
        };
        let rows = TIERS.into_iter().zip(&self.classes.risks).map(row);
        let is_seen = |row: &html::TierRisks| row.risks.iter().any(|it| it.customers > 0);
        rows.filter(|row| row.tier.is_some() || is_seen(row)).collect()
    }

    fn grades(&self) -> html::RfmGrid {
        let grades = &self.classes.grades;
        let cell = |((recency, frequency), found): (&(u8, u8), &classes::Sums)| html::RfmCell {
            recency: *recency,
            frequency: *frequency,
            customers: found.customers,
            mean_minor: found.mean_minor(),
        };
        html::RfmGrid {
            grades: grades
                .keys()
                .map(|(recency, frequency)| *recency.max(frequency))
                .max()
                .unwrap_or(0),
            cells: grades.iter().map(cell).collect(),
        }
    }

    fn months(&self) -> Vec<html::MonthSums> {
        let month = |(month, found): (&html::Month, &classes::MonthSums)| html::MonthSums {
            month: *month,
            net_minor: found.minor,
            orders: found.orders,
        };
        self.classes.months.iter().map(month).collect()
    }

    /// The curve through those who spent most, then more, with the end of each tier.
    fn pareto(&self) -> html::Pareto {
        let mut spent = self.classes.spent.clone();
        spent.sort_unstable_by(|one, other| other.cmp(one));
        let (all, minor) = (spent.len(), self.tally.minor);
        let step = all.div_ceil(POINTS_MAX).max(1);
        let (mut points, mut sum) = (Vec::new(), 0_i128);
        for (place, one) in spent.iter().enumerate() {
            sum = sum.saturating_add(i128::from(*one));
            let count = place.saturating_add(1);
            if count.is_multiple_of(step) || count == all {
                points.extend(self.point(u64::try_from(count).unwrap_or(u64::MAX), sum));
            }
        }
        let (mut cuts, mut best) = (Vec::new(), classes::Sums::default());
        for (tier, found) in TIERS.iter().zip(&self.classes.tiers).take(2) {
            best.customers = best.customers.saturating_add(found.customers);
            best.minor = best.minor.saturating_add(found.minor);
            cuts.extend(tier.zip(self.point(best.customers, best.minor)));
        }
        if minor <= 0 { html::Pareto::default() } else { html::Pareto { points, cuts } }
    }

    fn point(&self, customers: u64, minor: i128) -> Option<html::ParetoPoint> {
        let all = i64::try_from(self.tally.customers).ok()?;
        let customers = BasisPoints::of(i64::try_from(customers).ok()?, all)?;
        let revenue = minor.checked_mul(10_000)?.checked_div(self.tally.minor)?;
        let revenue = BasisPoints(i64::try_from(revenue).ok()?);
        Some(html::ParetoPoint { customers, revenue })
    }
}

fn sums(found: &classes::Sums) -> html::Sums {
    html::Sums { customers: found.customers, net_minor: found.minor }
}

fn attention(found: &Attention) -> html::Attention {
    html::Attention {
        key: found.key.to_string(),
        stage: found.stage,
        tier: found.answers.tier,
        value: found.answers.value,
        risk: found.answers.risk,
        action: Some(found.action.clone()),
        reasons: found.reasons.clone(),
        net_minor: found.minor.into(),
    }
}
