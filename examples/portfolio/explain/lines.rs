//! The answers that are made of lines: grades with their cuts, and scores whose parts add up.

use guanxi::explain::{Measure, Points, Reason, Rule, Speak as _};
use guanxi::rank::{Cut, Ranking};
use guanxi::value::{RfmMeasure, RfmMethod};
use guanxi::{Calibration, Money};

use super::Explanation;
use crate::answers::{risk_sentence, value_sentence};
use crate::report::table;

impl Explanation<'_> {
    /// The grades, and where the groups of the base begin.
    pub(super) fn grades(&self) -> String {
        let (rfm, language) = (&self.portrait.assessment.rfm, self.options.language);
        let title = self.pick("Recency, frequency and spend", "最近购买、频率与消费");
        let grades = rfm.value.text(language);
        let cuts = self.survey.calibration().map(|known| self.cuts(known));
        let cuts = cuts.into_iter().flatten().map(Some).chain(std::iter::repeat(None));
        let header = [
            self.pick("Because", "原因"),
            self.pick("Groups from, the worst first", "各组界限（由低到高）"),
        ];
        let row = |(reason, cuts): (&Reason<_>, Option<String>)| {
            [plain(reason).text(language), cuts.unwrap_or_default()]
        };
        let rows: Vec<_> = rfm.reasons.iter().zip(cuts).map(row).collect();
        table(&format!("{title}{}{grades}", self.pick(": ", "：")), &header, &rows, &[])
    }

    /// Where the groups begin, of each measure.
    fn cuts(&self, known: &Calibration) -> [String; 3] {
        let (rfm, language) = (&known.value().rfm, self.options.language);
        let (currency, id) = (self.source.currency, self.portrait.id);
        let RfmMethod::Quantiles { ties, .. } = self.survey.book().policy().value.rfm.method else {
            return <[String; 3]>::default();
        };
        let said = |cuts: &[Cut], measure: RfmMeasure| {
            let ranking = Ranking { direction: measure.direction(), ties };
            let least = cuts.iter().filter_map(|cut| ranking.least(cut, id));
            let least = least.map(|least| match measure {
                RfmMeasure::Recency => Measure::Days(least).text(language),
                RfmMeasure::Frequency => Measure::Count(least).text(language),
                RfmMeasure::Monetary => Money::from_minor(least, currency).to_string(),
            });
            least.collect::<Vec<_>>().join(self.pick(", ", "、"))
        };
        [
            said(&rfm.recency, RfmMeasure::Recency),
            said(&rfm.frequency, RfmMeasure::Frequency),
            said(&rfm.monetary, RfmMeasure::Monetary),
        ]
    }

    /// The value score with its parts.
    pub(super) fn value(&self) -> String {
        let (score, language) = (&self.portrait.assessment.score, self.options.language);
        let policy = self.survey.book().policy();
        let lines = score
            .reasons
            .iter()
            .map(|reason| (reason.contribution, value_sentence(&plain(reason), policy, language)));
        self.sum(self.pick("Value score", "价值分"), self.answers().value, lines.collect())
    }

    /// Current value against potential.
    pub(super) fn value_type(&self) -> String {
        let (kind, language) = (&self.portrait.assessment.value_type, self.options.language);
        let mut rows = vec![
            (self.pick("Type", "类型"), kind.value.text(language)),
            (self.pick("Because", "原因"), guanxi::explain::join(&kind.reasons, language)),
        ];
        rows.extend(
            kind.flip.as_ref().map(|flip| (self.pick("Nearest", "最近变化"), flip.text(language))),
        );
        self.section("Value type and measure", "价值类型与措施", &rows)
    }

    /// What is to be expected of the customer.
    pub(super) fn worth(&self) -> String {
        let (worth, language) = (&self.portrait.assessment.worth, self.options.language);
        let mut rows = vec![
            (self.pick("Expected", "预计"), worth.value.text(language)),
            (self.pick("Because", "原因"), guanxi::explain::join(&worth.reasons, language)),
        ];
        rows.extend(
            worth.flip.as_ref().map(|flip| (self.pick("Nearest", "最近变化"), flip.text(language))),
        );
        self.section("Worth", "客户终身价值", &rows)
    }

    /// The risk score with its lines, what would change its band, and how it moved.
    pub(super) fn risk(&self) -> String {
        let (risk, language) = (&self.portrait.assessment.risk, self.options.language);
        let policy = self.survey.book().policy();
        let lines = risk
            .reasons
            .iter()
            .map(|reason| (reason.contribution, risk_sentence(&plain(reason), policy, language)));
        let name = self.pick("Risk", "风险");
        let band = self.answers().risk.map(|(band, _)| band.text(language));
        let title = match &band {
            Some(band) => format!("{name}{}{band}", self.pick(": ", "：")),
            None => format!("{name}{}{}", self.pick(": ", "："), risk.value.text(language)),
        };
        let score = self.answers().risk.map(|(_, score)| score);
        let mut text = self.sum(&title, score, lines.collect());
        if let Some(flip) = &risk.flip {
            text.push('\n');
            text.push_str(&flip.text(language));
        }
        let trend = self.trend();
        text.push_str(&self.pick(
            format!("\nAgainst {} days before: {trend}", super::TREND_DAYS),
            format!("\n与{}天前相比：{trend}", super::TREND_DAYS),
        ));
        text
    }

    /// Lines with what each adds, and their sum.
    fn sum(
        &self,
        title: &str,
        total: Option<Points>,
        lines: Vec<(Option<Points>, String)>,
    ) -> String {
        let header = [self.pick("Points", "分"), self.pick("Because", "原因")];
        let points = |points: Option<Points>| points.map_or_else(String::new, |it| it.to_string());
        let mut rows: Vec<_> =
            lines.into_iter().map(|(added, said)| [points(added), said]).collect();
        rows.extend(total.map(|total| {
            [total.to_string(), self.pick("in all, of 100", "合计，满分100").to_owned()]
        }));
        table(title, &header, &rows, &[0])
    }
}

/// A reason without what it adds, which stands in a column of its own.
fn plain<R: Rule>(reason: &Reason<R>) -> Reason<R> {
    Reason::new(reason.rule, reason.observed, reason.limit)
}
