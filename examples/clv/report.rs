//! The report in the terminal.

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};
use guanxi::explain::Language;
use guanxi::value::lifetime::{Estimate, FitReport, HoldoutClass};

use crate::answers::{Answers, Money, Worth};
use crate::log::{Log, shown};
use crate::notes;
use crate::options::Options;
use crate::words::{self, count, decimals, maybe, pick, significant};

/// A line under the header and nothing else: rows of numbers need no boxes.
const RULED: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// The whole report.
pub(crate) fn text(log: &Log, answers: &Answers<'_>, options: &Options) -> String {
    let report = Report { log, answers, options, language: options.language };
    let parts = [
        report.head(),
        report.models(),
        report.parameters(),
        report.holdout(),
        report.top(),
        notes::notes(log, answers, options).join("\n"),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}\n", parts.join("\n\n"))
}

struct Report<'r> {
    log: &'r Log,
    answers: &'r Answers<'r>,
    options: &'r Options,
    language: Language,
}

impl Report<'_> {
    fn pick<T>(&self, english: T, chinese: T) -> T {
        pick(self.language, english, chinese)
    }

    fn head(&self) -> String {
        let Log { purchases, customers, first_day, last_day, .. } = self.log;
        let customers = count(u64::try_from(customers.len()).unwrap_or(u64::MAX));
        let (purchases, learned) = (count(*purchases), count(self.answers.fit.customers));
        let (end, last) = (self.answers.calibration_end, self.answers.end);
        let model = words::model(self.answers.model);
        let read = self.pick(
            format!("{purchases} purchases of {customers} customers, {first_day} to {last_day}"),
            format!("{customers}位客户的{purchases}笔购买，{first_day}至{last_day}"),
        );
        let learned = self.pick(
            format!("{model} learned from {learned} customers until {end}"),
            format!("{model}模型以截至{end}的{learned}位客户拟合"),
        );
        if last == end {
            return format!("{read}\n{learned}");
        }
        let held = self.pick(format!("held out until {last}"), format!("此后至{last}用于检验"));
        format!("{read}\n{learned}{}{held}", self.pick(", ", "，"))
    }

    /// The models that were tried.
    fn models(&self) -> String {
        let header = [self.pick("Model", "模型"), "AIC", self.pick("Log-likelihood", "对数似然")];
        let row = |(name, fit): &(&str, Result<FitReport, _>)| {
            let name = words::model(name).to_owned();
            match fit {
                Ok(fit) => [name, decimals(fit.aic(), 2), decimals(fit.log_likelihood, 4)],
                Err(error) => [name, "-".to_owned(), words::untold(self.language, *error)],
            }
        };
        let rows: Vec<_> = self.answers.candidates.iter().map(row).collect();
        if rows.is_empty() {
            return String::new();
        }
        let title = self.pick("Models, the least AIC first", "模型（AIC由小到大）");
        table(title, &header, &rows)
    }

    fn parameters(&self) -> String {
        let header = [
            self.pick("Parameter", "参数"),
            self.pick("Estimate", "估计值"),
            self.pick("Standard error", "标准误"),
        ];
        let unit = words::unit(self.language, self.options.unit);
        let one = |name: &str, fit: &FitReport| {
            let row = |it: &Estimate| {
                let error = it.standard_error.map_or("-".to_owned(), significant);
                [it.name.clone(), significant(it.value), error]
            };
            let rows: Vec<_> = fit.parameters.iter().map(row).collect();
            let likelihood = decimals(fit.log_likelihood, 4);
            let title = self.pick(
                format!("{name}, log-likelihood {likelihood}"),
                format!("{name}，对数似然{likelihood}"),
            );
            table(&title, &header, &rows)
        };
        let model = words::model(self.answers.model);
        let name = self.pick(format!("{model}, in {unit}"), format!("{model}（单位：{unit}）"));
        let mut text = one(&name, &self.answers.fit);
        if let Money::Known { fit, population_mean, .. } = &self.answers.money {
            let mean = maybe(*population_mean, 2);
            let name = self.pick(
                format!("Spending by Gamma-Gamma, {mean} a purchase on average"),
                format!("Gamma-Gamma消费模型，平均每次{mean}"),
            );
            text = format!("{text}\n\n{}", one(&name, fit));
        }
        text
    }

    fn holdout(&self) -> String {
        let found = &self.answers.holdout;
        if self.answers.end == self.answers.calibration_end {
            return String::new();
        }
        let header = [
            self.pick("Repeats before", "此前复购次数"),
            self.pick("Customers", "客户数"),
            self.pick("Actual mean", "实际均值"),
            self.pick("Expected mean", "预期均值"),
            self.pick("Actual", "实际"),
            self.pick("Expected", "预期"),
            self.pick("MAE", "平均绝对误差"),
            self.pick("RMSE", "均方根误差"),
        ];
        let row = |name: String, class: &HoldoutClass| {
            [
                name,
                count(class.customers),
                maybe(class.mean_actual(), 3),
                maybe(class.mean_expected(), 3),
                count(class.actual),
                decimals(class.expected, 1),
                maybe(class.mean_absolute_error, 3),
                maybe(class.root_mean_square_error, 3),
            ]
        };
        let mut rows: Vec<_> =
            found.classes.iter().map(|it| row(it.class.to_string(), it)).collect();
        rows.push(row(self.pick("All", "合计").to_owned(), &found.total));
        let days = decimals(found.span.get(), 0);
        let title = self.pick(
            format!("Purchases in the {days} days held out, by repeat purchases before"),
            format!("检验期{days}天内的购买次数，按此前复购次数"),
        );
        format!("{}\n{}", table(&title, &header, &rows), errors(self.answers, self.language))
    }

    fn top(&self) -> String {
        if self.options.top == 0 {
            return String::new();
        }
        let top = self.answers.top(self.options.top);
        let rows: Vec<_> = top.iter().map(|one| self.customer(one)).collect();
        table(&self.top_title(), &self.top_header(), &rows)
    }

    fn has_money(&self) -> bool {
        matches!(self.answers.money, Money::Known { .. })
    }

    fn top_title(&self) -> String {
        let percent = self.options.discount_percent;
        if self.has_money() {
            return self.pick(
                format!(
                    "The most valuable customers in the next 12 months, at {percent} % a month"
                ),
                format!("未来12个月价值最高的客户，每月折现{percent}%"),
            );
        }
        let unit = words::unit(self.language, self.options.unit);
        let last = self.options.horizons.last().map_or("", |ahead| ahead.text.as_str());
        self.pick(
            format!("The customers who will buy most in the next {last} {unit}"),
            format!("{last}{unit}内预期购买最多的客户"),
        )
    }

    fn top_header(&self) -> Vec<String> {
        let unit = words::unit(self.language, self.options.unit);
        let mut header = vec![self.pick("Customer", "客户").to_owned()];
        header.extend(["x", "t_x", "T", "P(alive)"].map(str::to_owned));
        let ahead = self.options.horizons.iter();
        header.extend(ahead.map(|it| format!("{} {unit}", it.text)));
        if self.has_money() {
            header.extend([self.pick("Per purchase", "每次消费").to_owned(), "CLV".to_owned()]);
        }
        header
    }

    fn customer(&self, one: &Worth<'_>) -> Vec<String> {
        let mut row = vec![
            shown(one.key),
            count(one.repeats.into()),
            decimals(one.age_at_last, 2),
            decimals(one.age, 2),
            words::alive(one, 4),
        ];
        row.extend(one.expected.iter().map(|purchases| decimals(*purchases, 3)));
        if self.has_money() {
            row.extend([maybe(one.mean_value, 2), maybe(one.value, 2)]);
        }
        row
    }
}

/// By how much the model was off, as a sentence without its end.
pub(crate) fn errors(answers: &Answers<'_>, language: Language) -> String {
    let found = &answers.holdout;
    let absolute = maybe(found.total.mean_absolute_error, 3);
    let square = maybe(found.total.root_mean_square_error, 3);
    let each = pick(
        language,
        format!(
            "a customer's expectation was off by {absolute} on average (MAE), {square} root mean \
             square (RMSE)"
        ),
        format!("每位客户平均绝对误差{absolute}，均方根误差{square}"),
    );
    let Some(total) = found.total_error_percent() else { return each };
    let size = decimals(total.abs(), 1);
    let (english, chinese) = if total < 0.0 { ("fewer", "少") } else { ("more", "多") };
    pick(
        language,
        format!("{size} % {english} were expected in all than came; {each}"),
        format!("预期总数比实际{chinese}{size}%；{each}"),
    )
}

/// A title above a table with a header. The first column is text, the others are aligned to the right. Nothing
/// is wrapped: a pipe should get one line per row.
fn table<H: ToString, R: AsRef<[String]>>(title: &str, header: &[H], rows: &[R]) -> String {
    let mut table = Table::new();
    table.load_style(RULED);
    table.set_header(header.iter().map(ToString::to_string));
    table.add_rows(rows.iter().map(AsRef::as_ref));
    for place in 1..header.len() {
        if let Some(column) = table.column_mut(place) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    format!("{title}\n{}", lines.join("\n"))
}
