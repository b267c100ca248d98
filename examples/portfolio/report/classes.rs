//! The tables of classes: tiers, grades and risk, and whom to look at first.

use guanxi::churn::RiskBand;
use guanxi::explain::{Language, Speak as _};
use guanxi::tier::Tier;

use super::Report;
use super::format::{number, share, share_of_money};
use super::tables::{shown, table};
use crate::attention::Attention;
use crate::classes::{RISKS, Sums, TIERS};

/// What stands where nothing can be said.
const NONE: &str = "-";

impl Report<'_> {
    /// What part of the customers brings what part of the money.
    pub(super) fn tiers(&self) -> String {
        let title = self.pick("Customers by tier", "客户等级");
        let header = [
            self.pick("Tier", "等级"),
            self.pick("Customers", "客户数"),
            self.pick("Share of customers", "客户占比"),
            self.pick("Money spent", "消费金额"),
            self.pick("Share of money", "金额占比"),
        ];
        let (all, minor) = (self.tally.customers, self.tally.minor);
        let row = |name: String, sums: &Sums| {
            [
                name,
                number(sums.customers),
                share(sums.customers, all),
                self.money(sums.minor),
                share_of_money(sums.minor, minor),
            ]
        };
        let mut rows: Vec<_> = self
            .seen_tiers()
            .map(|(place, tier)| row(self.tier(tier), &self.tier_sums(place)))
            .collect();
        let total = self.pick("All", "合计").to_owned();
        rows.push(row(total, &Sums { customers: all, minor }));
        table(title, &header, &rows, &[1, 2, 3, 4])
    }

    /// The customers of each pair of grades.
    pub(super) fn grades(&self) -> String {
        let grades = &self.classes.grades;
        let best = grades.keys().flat_map(|(recency, frequency)| [*recency, *frequency]).max();
        let Some(best) = best else { return String::new() };
        let currency = self.source.currency;
        let title = self.pick(
            format!("Customers by recency (rows) and frequency (columns), with their mean spend in {currency}"),
            format!("按最近购买（行）与购买频率（列）分布的客户，括号内为人均消费（{currency}）"),
        );
        let row = |recency: u8| {
            let cells = (1..=best).map(|frequency| match grades.get(&(recency, frequency)) {
                None => NONE.to_owned(),
                Some(sums) => self.cell(sums.customers, sums.mean_minor()),
            });
            std::iter::once(format!("R{recency}")).chain(cells).collect::<Vec<_>>()
        };
        let header: Vec<_> = std::iter::once(String::new())
            .chain((1..=best).map(|frequency| format!("F{frequency}")))
            .collect();
        let rows: Vec<_> = (1..=best).rev().map(row).collect();
        let right: Vec<usize> = (1..=usize::from(best)).collect();
        table(&title, &header, &rows, &right)
    }

    /// Where the risk is, and what it costs.
    pub(super) fn risks(&self) -> String {
        let currency = self.source.currency;
        let title = self.pick(
            format!("Customers by tier and risk, with what they spent in {currency}"),
            format!("按等级与风险分布的客户，括号内为消费金额（{currency}）"),
        );
        let language = self.options.language;
        let mut header = vec![self.pick("Tier", "等级").to_owned()];
        header.extend(RISKS.map(|band| risk_name(band, language)));
        let row = |(place, tier): (usize, Option<Tier>)| {
            let sums = self.classes.risks.get(place).into_iter().flatten();
            let cells = sums.map(|sums| match sums.customers {
                0 => NONE.to_owned(),
                customers => self.cell(customers, sums.minor),
            });
            std::iter::once(self.tier(tier)).chain(cells).collect::<Vec<_>>()
        };
        let rows: Vec<_> = self.seen_tiers().map(row).collect();
        table(&title, &header, &rows, &[1, 2, 3, 4, 5])
    }

    /// The customers most worth attention.
    pub(super) fn attention(&self) -> String {
        if self.attention.is_empty() {
            return String::new();
        }
        let title = self.pick(
            "Most worth attention: existing customers first, by value and risk",
            "最值得关注的客户（先现有客户，按价值与风险）",
        );
        let header = [
            self.pick("Rank", "名次"),
            self.pick("Customer", "客户"),
            self.pick("Stage", "阶段"),
            self.pick("Tier", "等级"),
            self.pick("Value", "价值分"),
            self.pick("Risk", "风险"),
            self.pick("Score", "风险分"),
            self.pick("Next action", "下一步行动"),
            self.pick("Because", "原因"),
        ];
        let row = |(place, customer): (usize, &Attention)| {
            let answers = customer.answers;
            let points = |points: Option<guanxi::explain::Points>| {
                points.map_or_else(|| NONE.to_owned(), |points| points.to_string())
            };
            [
                place.saturating_add(1).to_string(),
                shown(&customer.key),
                self.name(customer.stage),
                self.tier(answers.tier),
                points(answers.value),
                risk_name(answers.risk.map(|(band, _)| band), self.options.language),
                points(answers.risk.map(|(_, score)| score)),
                customer.action.clone(),
                customer.reasons.join(self.pick("; ", "；")),
            ]
        };
        let rows: Vec<_> = self.attention.iter().enumerate().map(row).collect();
        table(title, &header, &rows, &[0, 4, 6])
    }

    /// The tiers that have a line: the three, and those without one if there are any.
    fn seen_tiers(&self) -> impl Iterator<Item = (usize, Option<Tier>)> {
        let is_seen = |place: usize, tier: Option<Tier>| {
            tier.is_some() || self.tier_sums(place).customers > 0
        };
        TIERS.into_iter().enumerate().filter(move |(place, tier)| is_seen(*place, *tier))
    }

    fn tier_sums(&self, place: usize) -> Sums {
        self.classes.tiers.get(place).copied().unwrap_or_default()
    }

    fn tier(&self, tier: Option<Tier>) -> String {
        tier.map_or_else(
            || self.pick("none", "无").to_owned(),
            |tier| tier.text(self.options.language),
        )
    }

    fn cell(&self, customers: u64, minor: i128) -> String {
        let (customers, money) = (number(customers), self.amount(minor));
        self.pick(format!("{customers} ({money})"), format!("{customers}（{money}）"))
    }
}

fn risk_name(band: Option<RiskBand>, language: Language) -> String {
    match (band, language) {
        (Some(band), _) => band.text(language),
        (None, Language::Chinese) => "风险未知".to_owned(),
        (None, _) => "unknown".to_owned(),
    }
}
