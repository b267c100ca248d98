//! The tables of the page.

use guanxi::Stage;
use guanxi::explain::Points;

use super::markup::{Cell, Column, Table, escape};
use super::model::{
    Attention, Model, MonthSums, RISKS, RfmCell, RfmGrid, StageSums, Sums, TierRisks, TierSums,
};
use super::reader::Reader;
use crate::report::shown;

/// How many customers the page names: as many as a person looks through.
pub(super) const ATTENTION_MAX: usize = 20;

/// Shades of the grid, from nobody up to the most customers in one cell.
const HEATS: [&str; 6] = ["h0", "h1", "h2", "h3", "h4", "h5"];

/// The class of a table whose rows the reader may sort.
const SORTABLE: &str = "sortable";

impl Reader {
    /// Customers per stage.
    pub(super) fn stages(self, stages: &[StageSums]) -> String {
        let all = stages.iter().fold(0_u64, |all, it| all.saturating_add(it.customers));
        let row = |(place, it): (usize, &StageSums)| {
            let order = i128::try_from(place).unwrap_or(i128::MAX);
            vec![
                Cell::text(self.stage(it.stage)).sorted_by(order),
                self.count(it.customers),
                self.part(it.customers, all),
            ]
        };
        Table {
            caption: self.pick("Customers per stage", "各阶段客户").to_owned(),
            columns: vec![
                Column::text(self.pick("Stage", "阶段")),
                Column::numbers(self.pick("Customers", "客户数")),
                Column::numbers(self.pick("Share", "占比")),
            ],
            heading: 0,
            rows: stages.iter().enumerate().map(row).collect(),
            total: Some(vec![self.all(), self.count(all), self.part(all, all)]),
            class: SORTABLE,
        }
        .render()
    }

    /// What each tier brings.
    pub(super) fn tiers(self, tiers: &[TierSums]) -> String {
        let all = total(tiers.iter().map(|it| it.sums));
        let row = |(place, it): (usize, &TierSums)| {
            let order = i128::try_from(place).unwrap_or(i128::MAX);
            let name = Cell::text(self.tier(it.tier)).sorted_by(order);
            self.sums_of(name, it.sums, all)
        };
        Table {
            caption: self.pick("What each tier brings", "各级别的贡献").to_owned(),
            columns: vec![
                Column::text(self.pick("Tier", "级别")),
                Column::numbers(self.pick("Customers", "客户数")),
                Column::numbers(self.pick("Share", "客户占比")),
                Column::numbers(self.pick("Net revenue", "净收入")),
                Column::numbers(self.pick("Share of revenue", "收入占比")),
                Column::numbers(self.pick("Per customer", "户均净收入")),
            ],
            heading: 0,
            rows: tiers.iter().enumerate().map(row).collect(),
            total: Some(self.sums_of(self.all(), all, all)),
            class: SORTABLE,
        }
        .render()
    }

    fn sums_of(self, name: Cell, sums: Sums, all: Sums) -> Vec<Cell> {
        let share = self.money_share(sums.net_minor, all.net_minor);
        let mean = sums.net_minor.checked_div(i128::from(sums.customers));
        vec![
            name,
            self.count(sums.customers),
            self.part(sums.customers, all.customers),
            self.amount(sums.net_minor),
            Cell::number(&share, sums.net_minor),
            mean.map_or_else(Cell::none, |mean| self.amount(mean)),
        ]
    }

    /// Customers by recency and frequency. The shades say where the customers are.
    pub(super) fn grid(self, grid: &RfmGrid) -> String {
        let most = grid.cells.iter().map(|cell| cell.customers).max().unwrap_or(0);
        let cell = |recency: u8, frequency: u8| {
            let is_here = |it: &&RfmCell| (it.recency, it.frequency) == (recency, frequency);
            let Some(found) = grid.cells.iter().find(is_here).filter(|it| it.customers > 0) else {
                return Cell::text("0").with_class("h0");
            };
            let (count, mean) = (self.number(found.customers), self.money(found.mean_minor));
            Cell::html(format!("<b>{count}</b><small>{}</small>", escape(&mean)))
                .with_class(heat(found.customers, most))
        };
        let name = |letter: &str, grade: u8| match grade {
            1 => self.pick(format!("{letter}1 (worst)"), format!("{letter}1（最低）")),
            best if best == grid.grades => {
                self.pick(format!("{letter}{best} (best)"), format!("{letter}{best}（最高）"))
            }
            grade => format!("{letter}{grade}"),
        };
        let row = |recency: u8| {
            let mut cells = vec![Cell::text(&name("R", recency))];
            cells.extend((1..=grid.grades).map(|frequency| cell(recency, frequency)));
            cells
        };
        let mut columns = vec![Column::text("R \\ F")];
        columns.extend((1..=grid.grades).map(|grade| Column::numbers(&name("F", grade))));
        Table {
            caption: self
                .pick(
                    "Customers by recency (R) and frequency (F), with their mean spend",
                    "按近度（R）与频度（F）划分的客户数及其人均消费",
                )
                .to_owned(),
            columns,
            heading: 0,
            rows: (1..=grid.grades).rev().map(row).collect(),
            total: None,
            class: "grid",
        }
        .render()
    }

    /// Tiers by risk: who is at risk, and what they brought.
    pub(super) fn risks(self, tiers: &[TierRisks]) -> String {
        let row = |(place, it): (usize, &TierRisks)| {
            let order = i128::try_from(place).unwrap_or(i128::MAX);
            let mut cells = vec![Cell::text(self.tier(it.tier)).sorted_by(order)];
            cells.extend(it.risks.iter().map(|sums| self.sums(*sums)));
            cells.push(self.sums(total(it.risks)));
            cells
        };
        let all = |place: usize| {
            let column = |it: &TierRisks| it.risks.get(place).copied().unwrap_or_default();
            self.sums(total(tiers.iter().map(column)))
        };
        let mut last = vec![self.all()];
        last.extend((0..RISKS.len()).map(all));
        last.push(self.sums(total(tiers.iter().map(|it| total(it.risks)))));
        let mut columns = vec![Column::text(self.pick("Tier", "级别"))];
        columns.extend(RISKS.map(|risk| Column::numbers(self.risk(risk))));
        columns.push(Column::numbers(self.pick("All", "合计")));
        Table {
            caption: self
                .pick(
                    "Customers by tier and risk, with their net revenue",
                    "按级别与风险划分的客户数及其净收入",
                )
                .to_owned(),
            columns,
            heading: 0,
            rows: tiers.iter().enumerate().map(row).collect(),
            total: Some(last),
            class: SORTABLE,
        }
        .render()
    }

    /// Customers with what they brought below.
    fn sums(self, sums: Sums) -> Cell {
        if sums.customers == 0 {
            return self.count(0);
        }
        let (count, money) = (self.number(sums.customers), self.money(sums.net_minor));
        Cell::html(format!("<b>{count}</b><small>{}</small>", escape(&money)))
            .sorted_by(i128::from(sums.customers))
    }

    /// What each month brought.
    pub(super) fn months(self, months: &[MonthSums]) -> String {
        let row = |it: &MonthSums| {
            vec![
                Cell::text(&it.month.to_string()),
                self.amount(it.net_minor),
                self.count(it.orders),
            ]
        };
        Table {
            caption: self.pick("Net revenue by month", "各月净收入").to_owned(),
            columns: vec![
                Column::text(self.pick("Month", "月份")),
                Column::numbers(self.pick("Net revenue", "净收入")),
                Column::numbers(self.pick("Orders", "订单数")),
            ],
            heading: 0,
            rows: months.iter().map(row).collect(),
            total: None,
            class: SORTABLE,
        }
        .render()
    }

    /// The customers most worth attention, and why.
    pub(super) fn attention(self, model: &Model) -> String {
        let row = |(place, it): (usize, &Attention)| {
            let rank = i128::try_from(place).unwrap_or(i128::MAX).saturating_add(1);
            vec![
                self.count_of(rank),
                key(&it.key),
                Cell::text(self.stage(it.stage)).sorted_by(journey(it.stage)),
                it.tier.map_or_else(Cell::none, |tier| Cell::text(self.tier(Some(tier)))),
                it.value.map_or_else(Cell::none, |it| self.score(it)),
                it.risk.map_or_else(Cell::none, |(band, score)| {
                    let text = format!("{} · {}", self.risk(Some(band)), self.points(score));
                    Cell::text(&text).sorted_by(i128::from(score.0))
                }),
                self.amount(it.net_minor),
                Cell::text(it.action.as_deref().unwrap_or("-")).with_class("wide"),
                reasons(&it.reasons).with_class("wide"),
            ]
        };
        Table {
            caption: self.pick("Customers most worth attention", "最值得关注的客户").to_owned(),
            columns: vec![
                Column::numbers(self.pick("Rank", "排名")),
                Column::text(self.pick("Customer", "客户")),
                Column::text(self.pick("Stage", "阶段")),
                Column::text(self.pick("Tier", "级别")),
                Column::numbers(self.pick("Value score", "价值分")),
                Column::text(self.pick("Risk", "风险")),
                Column::numbers(self.pick("Net revenue", "净收入")),
                Column::text(self.pick("Next best action", "建议行动")),
                Column::text(self.pick("Reasons", "理由")),
            ],
            heading: 1,
            rows: model.attention.iter().take(ATTENTION_MAX).enumerate().map(row).collect(),
            total: None,
            class: "sortable attention",
        }
        .render()
    }

    fn all(self) -> Cell {
        Cell::text(self.pick("All", "合计"))
    }

    fn count(self, count: u64) -> Cell {
        self.count_of(i128::from(count))
    }

    fn count_of(self, count: i128) -> Cell {
        Cell::number(&self.number(count), count)
    }

    fn part(self, part: u64, whole: u64) -> Cell {
        Cell::number(&self.share(part, whole), i128::from(part))
    }

    fn amount(self, minor: i128) -> Cell {
        Cell::number(&self.money(minor), minor)
    }

    fn score(self, points: Points) -> Cell {
        Cell::number(&self.points(points), i128::from(points.0))
    }
}

/// All of these together.
pub(super) fn total(sums: impl IntoIterator<Item = Sums>) -> Sums {
    sums.into_iter().fold(Sums::default(), |all, it| Sums {
        customers: all.customers.saturating_add(it.customers),
        net_minor: all.net_minor.saturating_add(it.net_minor),
    })
}

/// Stages sort as the journey goes, in every language.
fn journey(stage: Stage) -> i128 {
    let place = Stage::ALL.iter().position(|it| *it == stage);
    place.and_then(|place| i128::try_from(place).ok()).unwrap_or(i128::MAX)
}

/// The shade of a cell. Shades follow the square root, or one full cell would leave all others pale.
pub(super) fn heat(customers: u64, most: u64) -> &'static str {
    let steps = u64::try_from(HEATS.len()).unwrap_or(u64::MAX).saturating_sub(2);
    let square = u128::from(customers).saturating_mul(u128::from(steps.saturating_mul(steps)));
    let step = match (customers, square.checked_div(u128::from(most))) {
        (0, _) | (_, None) => 0,
        (_, Some(square)) => usize::try_from(square.isqrt()).unwrap_or(0).saturating_add(1),
    };
    HEATS.get(step).or(HEATS.last()).copied().unwrap_or_default()
}

/// The key as a terminal would show it, apart from the direction of the text around it; in full where
/// somebody points at it.
fn key(key: &str) -> Cell {
    Cell::html(format!("<bdi title=\"{}\">{}</bdi>", escape(key), escape(&shown(key))))
}

fn reasons(reasons: &[String]) -> Cell {
    if reasons.is_empty() {
        return Cell::text("-");
    }
    let item = |reason: &String| format!("<li>{}</li>", escape(reason));
    let items: String = reasons.iter().map(item).collect();
    Cell::html(format!("<ul>{items}</ul>"))
}
