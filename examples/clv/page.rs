//! The report as one page for a browser: no scripts, and nothing is fetched, so it can be mailed and kept.

mod charts;
mod markup;
#[cfg(test)]
mod tests;

use guanxi::explain::Language;
use guanxi::value::lifetime::{Estimate, FitReport, HoldoutClass};

use crate::answers::{Answers, Money, Worth};
use crate::log::{Log, shown};
use crate::notes;
use crate::options::Options;
use crate::report;
use crate::words::{self, count, decimals, maybe, pick, significant};
pub(crate) use charts::DrawError;
use markup::{Column, escape, note, section, table};

/// How the page looks.
const STYLE: &str = include_str!("page/style.css");

/// Nothing but the page's own style: what got past the escaping would still not run.
const SECURITY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; \
                        style-src 'unsafe-inline'";

/// The page. The same answers give the same bytes.
///
/// # Errors
///
/// [`DrawError`], which would be a fault of this program: charts are drawn into memory.
pub(crate) fn page(
    log: &Log,
    answers: &Answers<'_>,
    options: &Options,
) -> Result<String, DrawError> {
    let page = Page { log, answers, options, language: options.language };
    let title = page.pick("Customer lifetime value", "客户终身价值");
    let sections = [
        page.tracking()?,
        page.holdout(),
        page.frequency()?,
        page.heat()?,
        page.parameters(),
        page.top(),
    ];
    Ok(format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{SECURITY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>{title}</h1>\n{facts}</header>\n<main>\n{sections}</main>\n\
         <footer>\n{notes}</footer>\n</body>\n</html>\n",
        lang = page.pick("en", "zh-CN"),
        facts = page.facts(),
        sections = sections.concat(),
        notes = page.notes(),
    ))
}

/// What the page is made of.
struct Page<'p> {
    log: &'p Log,
    answers: &'p Answers<'p>,
    options: &'p Options,
    language: Language,
}

impl Page<'_> {
    fn pick<T>(&self, english: T, chinese: T) -> T {
        pick(self.language, english, chinese)
    }

    fn unit(&self) -> &'static str {
        words::unit(self.language, self.options.unit)
    }

    /// The figures that everybody asks for first.
    fn facts(&self) -> String {
        let answers = self.answers;
        let value: f64 = answers.customers.iter().filter_map(|one| one.value).sum();
        let mut facts = vec![
            (self.pick("Model", "模型"), words::model(answers.model).to_owned()),
            (self.pick("Customers", "客户"), count(answers.fit.customers)),
            (self.pick("Learned until", "拟合截至"), answers.calibration_end.to_string()),
            (self.pick("Held out until", "检验截至"), answers.end.to_string()),
        ];
        if answers.end == answers.calibration_end {
            facts.pop();
        }
        if self.has_money() {
            facts
                .push((self.pick("Value of all (CLV)", "客户价值合计（CLV）"), decimals(value, 0)));
        }
        let fact = |(name, value): &(&str, String)| {
            format!("<div><dt>{}</dt><dd>{}</dd></div>\n", escape(name), escape(value))
        };
        format!("<dl class=\"facts\">\n{}</dl>\n", facts.iter().map(fact).collect::<String>())
    }

    fn tracking(&self) -> Result<String, DrawError> {
        let Some(last) = self.answers.tracking.last() else { return Ok(String::new()) };
        let (day, actual, expected) = (last.day, count(last.actual), decimals(last.expected, 0));
        let sentence = self.pick(
            format!("Until {day} customers bought again {actual} times; {expected} were expected."),
            format!("截至{day}，客户实际复购{actual}次，模型预期{expected}次。"),
        );
        let line = self.pick(
            " The dotted line is the end of what the model learned from.",
            "虚线为拟合期结束日。",
        );
        let is_marked = self.answers.calibration_end < day;
        let sentence = if is_marked { sentence + line } else { sentence };
        let chart = charts::tracking(&sentence, self.answers, self.language)?;
        let heading = self.pick("Repeat purchases over time", "复购随时间的变化");
        Ok(section("tracking", heading, &chart))
    }

    fn holdout(&self) -> String {
        let found = &self.answers.holdout;
        if self.answers.end == self.answers.calibration_end {
            return String::new();
        }
        let columns = [
            Column::text(self.pick("Repeats before", "此前复购次数")),
            Column::numbers(self.pick("Customers", "客户数")),
            Column::numbers(self.pick("Actual mean", "实际均值")),
            Column::numbers(self.pick("Expected mean", "预期均值")),
            Column::numbers(self.pick("Actual", "实际")),
            Column::numbers(self.pick("Expected", "预期")),
            Column::numbers(self.pick("MAE", "平均绝对误差")),
            Column::numbers(self.pick("RMSE", "均方根误差")),
        ];
        let all = self.pick("All", "合计").to_owned();
        let classes = found.classes.iter().map(|class| (class.class.to_string(), class));
        let row = |(name, class): (String, &HoldoutClass)| {
            vec![
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
        let rows: Vec<_> = classes.chain([(all, &found.total)]).map(row).collect();
        let days = decimals(found.span.get(), 0);
        let caption = self.pick(
            format!("Purchases in the {days} days held out, by repeat purchases before"),
            format!("检验期{days}天内的购买次数，按此前复购次数"),
        );
        let body = format!(
            "{}{}",
            table(&caption, &columns, &rows),
            note(&format!(
                "{}{}",
                report::errors(self.answers, self.language),
                self.pick(".", "。")
            ))
        );
        section("holdout", self.pick("Held to what came", "与实际对照"), &body)
    }

    fn frequency(&self) -> Result<String, DrawError> {
        let Some(never) = self.answers.frequency.first() else { return Ok(String::new()) };
        let (all, until) = (count(self.answers.fit.customers), self.answers.calibration_end);
        let (actual, expected) = (count(never.actual), decimals(never.expected, 0));
        let sentence = self.pick(
            format!(
                "Of {all} customers {actual} had not bought again by {until}; {expected} were \
                 expected."
            ),
            format!("截至{until}，{all}位客户中有{actual}位未复购，模型预期{expected}位。"),
        );
        let chart = charts::frequency(&sentence, self.answers, self.language)?;
        let heading = self.pick("Customers by repeat purchases", "按复购次数划分的客户");
        Ok(section("frequency", heading, &chart))
    }

    fn heat(&self) -> Result<String, DrawError> {
        let (age, unit) = (decimals(self.answers.heat.age, 1), self.unit());
        let sentence = self.pick(
            format!(
                "How likely who first bought {age} {unit} ago is still a customer, by repeat \
                 purchases and the last of them."
            ),
            format!("首购于{age}{unit}前的客户仍活跃的概率，按复购次数与最近购买时间。"),
        );
        let chart = charts::heat(&sentence, &self.answers.heat, self.language, self.unit())?;
        Ok(section("alive", self.pick("Still a customer", "仍活跃的概率"), &chart))
    }

    fn parameters(&self) -> String {
        let columns = [
            Column::text(self.pick("Parameter", "参数")),
            Column::numbers(self.pick("Estimate", "估计值")),
            Column::numbers(self.pick("Standard error", "标准误")),
        ];
        let one = |name: String, fit: &FitReport| {
            let row = |it: &Estimate| {
                let error = it.standard_error.map_or("-".to_owned(), significant);
                vec![it.name.clone(), significant(it.value), error]
            };
            let rows: Vec<_> = fit.parameters.iter().map(row).collect();
            let likelihood = decimals(fit.log_likelihood, 2);
            let caption = self.pick(
                format!("{name}, log-likelihood {likelihood}"),
                format!("{name}，对数似然{likelihood}"),
            );
            table(&caption, &columns, &rows)
        };
        let (model, unit) = (words::model(self.answers.model), self.unit());
        let name = self.pick(format!("{model}, in {unit}"), format!("{model}（单位：{unit}）"));
        let mut body = one(name, &self.answers.fit);
        if let Money::Known { fit, population_mean, .. } = &self.answers.money {
            let mean = maybe(*population_mean, 2);
            let name = self.pick(
                format!("Gamma-Gamma, {mean} a purchase on average"),
                format!("Gamma-Gamma，平均每次{mean}"),
            );
            body.push_str(&one(name, fit));
        }
        body.push_str(&self.models());
        section("parameters", self.pick("Parameters", "参数"), &body)
    }

    /// The models that were tried.
    fn models(&self) -> String {
        let columns = [
            Column::text(self.pick("Model", "模型")),
            Column::numbers("AIC"),
            Column::numbers(self.pick("Log-likelihood", "对数似然")),
        ];
        let row = |(name, fit): &(&str, Result<FitReport, _>)| {
            let fit = fit.as_ref().ok();
            vec![
                words::model(name).to_owned(),
                maybe(fit.map(FitReport::aic), 2),
                maybe(fit.map(|fit| fit.log_likelihood), 2),
            ]
        };
        let rows: Vec<_> = self.answers.candidates.iter().map(row).collect();
        if rows.is_empty() {
            return String::new();
        }
        table(
            self.pick("Models tried, the least AIC first", "尝试的模型（AIC由小到大）"),
            &columns,
            &rows,
        )
    }

    fn top(&self) -> String {
        let top = self.answers.top(self.options.top);
        if top.is_empty() {
            return String::new();
        }
        let rows: Vec<_> = top.iter().map(|one| self.customer(one)).collect();
        let (heading, caption) = if self.has_money() {
            let percent = self.options.discount_percent;
            (
                self.pick("The most valuable customers", "价值最高的客户"),
                self.pick(
                    format!("Value of the next 12 months, discounted by {percent} % a month"),
                    format!("未来12个月的价值，每月折现{percent}%"),
                ),
            )
        } else {
            (
                self.pick("The customers who will buy most", "预期购买最多的客户"),
                self.pick("By the purchases to be expected", "按预期购买次数").to_owned(),
            )
        };
        section("top", heading, &table(&caption, &self.top_columns(), &rows))
    }

    fn has_money(&self) -> bool {
        matches!(self.answers.money, Money::Known { .. })
    }

    fn top_columns(&self) -> Vec<Column> {
        let unit = self.unit();
        let mut columns = vec![
            Column::text(self.pick("Customer", "客户")),
            Column::numbers(self.pick("Repeats", "复购次数")),
            Column::numbers(&self.pick(format!("Silent, {unit}"), format!("沉默（{unit}）"))),
            Column::numbers(self.pick("Still a customer", "仍活跃")),
        ];
        columns.extend(self.options.horizons.iter().map(|ahead| {
            let length = &ahead.text;
            Column::numbers(
                &self
                    .pick(format!("Purchases in {length} {unit}"), format!("{length}{unit}内购买")),
            )
        }));
        if self.has_money() {
            columns.push(Column::numbers(self.pick("Per purchase", "每次消费")));
            columns.push(Column::numbers("CLV"));
        }
        columns
    }

    fn customer(&self, one: &Worth<'_>) -> Vec<String> {
        let mut row = vec![
            shown(one.key),
            count(one.repeats.into()),
            decimals(one.age - one.age_at_last, 1),
            words::alive(one, 3),
        ];
        row.extend(one.expected.iter().map(|purchases| decimals(*purchases, 2)));
        if self.has_money() {
            row.extend([maybe(one.mean_value, 2), maybe(one.value, 2)]);
        }
        row
    }

    fn notes(&self) -> String {
        notes::notes(self.log, self.answers, self.options).iter().map(|text| note(text)).collect()
    }
}
