//! The report, as a manager would read it.

mod format;
mod tables;
mod tally;

use guanxi::{Currency, Day, PolicyId, Stage};

use crate::log::Log;
use crate::options::Options;
pub(crate) use format::decimal;
use format::{counted, money, number, pick, share};
use tally::Spread;
pub(crate) use tally::Tally;

/// Hexadecimal digits of the policy's id that are shown: enough to tell two apart.
const ID_DIGITS: usize = 8;

/// A purchase this many days after the one before it is nothing strange, in the slowest of shops.
const GAP_DAYS_MAX: i64 = 180;

/// Where the answers come from.
pub(crate) struct Source {
    /// The currency of every amount.
    pub(crate) currency: Currency,
    /// Rows of the log.
    pub(crate) rows: u64,
    /// Rows in no purchase.
    pub(crate) rejected: u64,
    /// The sum of all purchases, returns deducted, in minor units.
    pub(crate) accepted_minor: i128,
    /// The sum of the rejected amounts that could be read.
    pub(crate) rejected_minor: i128,
    /// The earliest day of a purchase.
    pub(crate) first_day: Option<Day>,
    /// The latest day of a purchase.
    pub(crate) last_day: Option<Day>,
    /// The latest one before that.
    pub(crate) day_before_last: Option<Day>,
    /// The present.
    pub(crate) today: Day,
    /// The day that is reported of.
    pub(crate) as_of: Day,
    /// What is known by that day: the sum of the purchases until then, in minor units.
    pub(crate) known_minor: i128,
}

impl Source {
    /// Of a settled log, seen from `today`.
    pub(crate) fn of(log: &Log, today: Day, as_of: Day) -> Self {
        let days = || log.purchases.iter().map(|purchase| purchase.day);
        let known = log.purchases.iter().filter(|purchase| purchase.day <= as_of);
        Self {
            currency: log.currency,
            rows: log.rows,
            rejected: u64::try_from(log.rejects.len()).unwrap_or(u64::MAX),
            accepted_minor: log.accepted_minor(),
            rejected_minor: log.rejected_minor(),
            first_day: days().min(),
            last_day: log.last_day,
            day_before_last: days().filter(|day| Some(*day) < log.last_day).max(),
            today,
            as_of,
            known_minor: known.fold(0, |sum: i128, it| sum.saturating_add(it.amount_minor.into())),
        }
    }

    /// Rows that are in a purchase.
    pub(crate) const fn accepted(&self) -> u64 {
        self.rows.saturating_sub(self.rejected)
    }

    /// What to tell whoever let the log say which day it is, if its last day looks mistyped: it
    /// would judge every customer at a day that has not come.
    pub(crate) fn warning(&self, options: &Options) -> Option<String> {
        let (last, before) = (self.last_day?, self.day_before_last?);
        let days = last.days_since(before);
        if options.today.is_some() || days <= GAP_DAYS_MAX {
            return None;
        }
        let days = number(days);
        Some(pick(
            options.language,
            format!(
                "the last purchase, on {last}, is {days} days after the one before it; if that date \
                 is wrong, give --today {before} to reject it"
            ),
            format!(
                "最后一笔购买（{last}）比前一笔晚{days}天；若日期有误，请用--today {before}拒绝该行"
            ),
        ))
    }
}

/// What the report is made of.
pub(crate) struct Report<'a> {
    pub(crate) options: &'a Options,
    pub(crate) source: &'a Source,
    pub(crate) tally: &'a Tally,
    pub(crate) policy: PolicyId,
    /// Customers in the whole log.
    pub(crate) customers_in_log: usize,
}

impl Report<'_> {
    /// The report as text.
    pub(crate) fn text(&self) -> String {
        let mut sections = vec![self.head()];
        if self.tally.customers > 0 {
            sections.extend([self.stages(), self.conversion(), self.steps()]);
            sections.extend([self.moves(), self.due(), self.suggestions()]);
        }
        sections.push(self.notes());
        sections.retain(|section| !section.is_empty());
        sections.join("\n\n") + "\n"
    }

    fn pick<T>(&self, english: T, chinese: T) -> T {
        pick(self.options.language, english, chinese)
    }

    fn money(&self, minor: impl Into<i128>) -> String {
        money(minor.into(), self.source.currency)
    }

    /// What was read, and of when this is.
    fn head(&self) -> String {
        let Source { as_of, .. } = *self.source;
        let title = self.pick(format!("Customers on {as_of}"), format!("客户概况（{as_of}）"));
        let mut rows = vec![
            (self.pick("Log", "数据"), self.log_line()),
            (self.pick("Customers", "客户"), self.customers_line()),
            (self.pick("Money", "金额"), self.money_line()),
            (self.pick("Policy", "规则"), self.policy_line()),
        ];
        let warning = self.source.warning(self.options);
        rows.extend(warning.map(|warning| (self.pick("Warning", "注意"), warning)));
        tables::facts(&title, &rows)
    }

    fn log_line(&self) -> String {
        let options = self.options;
        let name = options.log_path().file_name().unwrap_or_default().to_string_lossy();
        let name = if options.log.is_none() {
            self.pick(format!("{name} (the CDNOW sample)"), format!("{name}（CDNOW样本）"))
        } else {
            name.into_owned()
        };
        let rows = number(self.source.rows);
        let counted = counted(self.source.rows, "row", "rows");
        let days = match (self.source.first_day, self.source.last_day) {
            (Some(first), Some(last)) => {
                self.pick(format!(", {first} to {last}"), format!("，{first}至{last}"))
            }
            (_, _) => String::new(),
        };
        let rejected = match self.source.rejected {
            0 => self.pick(", all imported", "，全部导入").to_owned(),
            rejected => {
                let (good, bad) = (number(self.source.accepted()), number(rejected));
                self.pick(
                    format!(", {good} imported and {bad} rejected"),
                    format!("，导入{good}行，拒绝{bad}行"),
                )
            }
        };
        self.pick(
            format!("{name}: {counted}{days}{rejected}"),
            format!("{name}：{rows}行{days}{rejected}"),
        )
    }

    fn customers_line(&self) -> String {
        let known = number(self.tally.customers);
        let in_log = u64::try_from(self.customers_in_log).unwrap_or(u64::MAX);
        match in_log.saturating_sub(self.tally.customers) {
            0 => known,
            later => self.pick(
                format!("{known}; {} more bought for the first time later", number(later)),
                format!("{known}；另有{}位此后才首次购买", number(later)),
            ),
        }
    }

    fn money_line(&self) -> String {
        let tally = self.tally;
        let (orders, days) = (number(tally.orders), number(tally.purchase_days));
        let bought = counted(tally.orders, "purchase", "purchases");
        let on = counted(tally.purchase_days, "purchase day", "purchase days");
        let money = self.money(tally.minor);
        self.pick(
            format!("{money} in {bought} on {on}"),
            format!("{money}，共{orders}次购买、{days}个购买日"),
        )
    }

    fn policy_line(&self) -> String {
        let id: String = self.policy.to_string().chars().take(ID_DIGITS).collect();
        self.pick(
            format!("the library's default, version {id}"),
            format!("程序库默认规则，版本{id}"),
        )
    }

    /// What a reader must know to take nothing wrongly.
    fn notes(&self) -> String {
        let mut notes = Vec::new();
        if self.tally.customers == 0 {
            notes.push(self.pick(
                "Nobody had bought anything by this day.".to_owned(),
                "截至该日尚无客户购买。".to_owned(),
            ));
        }
        if self.tally.stages.len() < Stage::ALL.len() && self.tally.customers > 0 {
            notes.push(self.unseen());
        }
        if self.source.rejected > 0 {
            let path = self.options.rejects_path().display();
            let rows = number(self.source.rejected);
            let counted = counted(self.source.rejected, "row", "rows");
            let money = self.money(self.source.rejected_minor);
            notes.push(self.pick(
                format!(
                    "Rejected: {counted}, with readable amounts of {money} in all; each with its \
                     line and reason in {path}."
                ),
                format!("拒绝：{rows}行，可读金额合计{money}；行号与原因见{path}。"),
            ));
        }
        notes.join("\n")
    }

    /// How far customers have come since their first purchase.
    fn steps(&self) -> String {
        let (all, steps) = (self.tally.customers, &self.tally.steps);
        let title = self.pick("How far customers have come", "客户走到哪一步");
        let header = [
            self.pick("Step", "步骤"),
            self.pick("Customers", "客户数"),
            self.pick("Share", "占比"),
            self.pick("Median days taken", "所用天数中位数"),
            self.pick("Counted from", "起算"),
        ];
        let first = self.pick("the first purchase", "首次购买");
        let loss = self.pick("the first loss", "首次流失");
        let of_all = |share: String| self.pick(format!("{share} of all"), format!("占全部{share}"));
        let of_lost = |share: String| match steps.lost {
            0 => share,
            _ => self.pick(format!("{share} of those"), format!("占其中{share}")),
        };
        let row = |step: &str, count, share, days: &Spread, from: &str| {
            let days = format::days(days.median_doubled());
            [step.to_owned(), number(count), share, days, from.to_owned()]
        };
        let part = |count| of_all(share(count, all));
        let again = self.pick("Bought again on another day", "另一天再次购买");
        let loyal = self.pick("Became loyal", "成为忠诚客户");
        let lost = self.pick("Were lost at some time", "曾经流失");
        let back = self.pick("... and came back", "其中后来回归");
        let rows = [
            row(again, steps.again, part(steps.again), &steps.again_days, first),
            row(loyal, steps.loyal, part(steps.loyal), &steps.loyal_days, first),
            row(lost, steps.lost, part(steps.lost), &steps.lost_days, first),
            row(back, steps.back, of_lost(share(steps.back, steps.lost)), &steps.back_days, loss),
        ];
        tables::table(title, &header, &rows, &[1, 3])
    }

    /// The stages that have no line in the tables.
    fn unseen(&self) -> String {
        let language = self.options.language;
        let is_unseen = |stage: &Stage| !self.tally.stages.contains_key(stage);
        let unseen: Vec<_> = Stage::ALL.into_iter().filter(is_unseen).collect();
        let names: Vec<_> = unseen.iter().map(|stage| stage.name(language)).collect();
        let names = names.join(self.pick(", ", "、"));
        self.pick(
            format!("Stages that nobody has been in: {names}."),
            format!("尚无客户进入的阶段：{names}。"),
        )
    }
}
