//! The report, as a manager would read it.

mod classes;
mod format;
mod head;
mod tables;
mod tally;

use guanxi::explain::Language;
use guanxi::{CalibrationId, Currency, Day, PolicyId, Stage};

use crate::attention::Attention;
use crate::classes::Classes;
use crate::days::Days;
use crate::import::Imported;
use crate::log::Log;
use crate::options::Options;
use format::amount;
pub(crate) use format::{counted, decimal, money, number, pick, share};
pub(crate) use head::short;
pub(crate) use tables::{facts, shown, table};
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
    /// The present.
    pub(crate) today: Day,
    /// The day that is reported of.
    pub(crate) as_of: Day,
    /// What the log says; `None` if only the database is reported of.
    pub(crate) log: Option<LogSums>,
}

/// What a log says in all.
pub(crate) struct LogSums {
    /// Its rows.
    pub(crate) rows: u64,
    /// Rows in no purchase.
    pub(crate) rejected: u64,
    /// Customers with at least one purchase.
    pub(crate) customers: u64,
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
}

impl Source {
    /// Of a settled log, if there is one, and a database in this currency.
    pub(crate) fn of(log: Option<&Log>, currency: Currency, days: &Days) -> Self {
        let Days { today, as_of, .. } = *days;
        Self { currency, today, as_of, log: log.map(LogSums::of) }
    }

    /// What to tell whoever let the log say which day it is, if its last day looks mistyped: it
    /// would judge every customer at a day that has not come.
    pub(crate) fn warning(&self, options: &Options) -> Option<String> {
        let log = self.log.as_ref()?;
        let (last, before) = (log.last_day?, log.day_before_last?);
        let days = last.days_since(before);
        if options.today.is_some() || days <= GAP_DAYS_MAX {
            return None;
        }
        let days = number(days);
        Some(pick(
            options.language,
            format!(
                "the last purchase, on {last}, is {days} days after the one before it; if that date \
                 is wrong, give --today {before} to reject it, and a new --db to be rid of it"
            ),
            format!(
                "最后一笔购买（{last}）比前一笔晚{days}天；若日期有误，请用--today {before}拒绝该行，\
                 并以--db另建数据库将其排除"
            ),
        ))
    }
}

impl LogSums {
    /// Of a settled log.
    fn of(log: &Log) -> Self {
        let days = || log.purchases.iter().map(|purchase| purchase.day);
        Self {
            rows: log.rows,
            rejected: u64::try_from(log.rejects.len()).unwrap_or(u64::MAX),
            customers: u64::try_from(log.customers.len()).unwrap_or(u64::MAX),
            accepted_minor: log.accepted_minor(),
            rejected_minor: log.rejected_minor(),
            first_day: days().min(),
            last_day: log.last_day,
            day_before_last: days().filter(|day| Some(*day) < log.last_day).max(),
        }
    }

    /// Rows that are in a purchase.
    pub(crate) const fn accepted(&self) -> u64 {
        self.rows.saturating_sub(self.rejected)
    }
}

/// What the report is made of.
pub(crate) struct Report<'a> {
    pub(crate) options: &'a Options,
    pub(crate) source: &'a Source,
    pub(crate) tally: &'a Tally,
    pub(crate) classes: &'a Classes,
    pub(crate) attention: &'a [Attention],
    pub(crate) imported: &'a Imported,
    /// The policy that judges the customers, and whether it is the library's default.
    pub(crate) policy: (PolicyId, bool),
    /// What the base said on the day that is reported of.
    pub(crate) calibration: Option<CalibrationId>,
    /// Customers in the whole database, whatever the day.
    pub(crate) customers: u64,
    /// What was checked, if that was asked for.
    pub(crate) verified: Option<Verified>,
}

/// What was checked and found to fit together.
pub(crate) struct Verified {
    pub(crate) customers: u64,
    /// Entries in their journals.
    pub(crate) entries: u64,
}

/// What to tell whoever interrupted an import.
pub(crate) fn interrupted(options: &Options, log: &Log, imported: &Imported) -> String {
    let rows = log.purchases.iter().map(|purchase| u64::from(purchase.lines)).sum::<u64>();
    let done = imported.rows_new.saturating_add(imported.rows_known);
    let (rows, done) = (number(rows), number(done));
    let path = options.db_path().display();
    let again = again(options, options.language);
    pick(
        options.language,
        format!("{done} of {rows} rows are in `{path}`, whole; {again} goes on from there"),
        format!("{rows}行中已有{done}行完整存入{path}；再次运行{again}即可继续"),
    )
}

/// What goes on with an import that was cut short. If the sample is read because the database had no
/// customers, it has some by then, so that from then on the log has to be named.
pub(crate) fn again(options: &Options, language: Language) -> String {
    if options.db_alone().is_none() {
        return pick(language, "the same command", "同一命令").to_owned();
    }
    let log = options.log_path().display();
    pick(
        language,
        format!("the same command with the log `{log}`"),
        format!("同一命令并加上数据文件{log}"),
    )
}

impl Report<'_> {
    /// The report as text.
    pub(crate) fn text(&self) -> String {
        let mut sections = vec![self.head()];
        if self.tally.customers > 0 {
            sections.extend([self.stages(), self.tiers(), self.grades(), self.risks()]);
            sections.extend([self.attention(), self.conversion(), self.steps()]);
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

    fn amount(&self, minor: i128) -> String {
        amount(minor, self.source.currency)
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
        notes.extend(self.source.log.as_ref().filter(|log| log.rejected > 0).map(|log| {
            let path = self.options.rejects_path().display();
            let rows = number(log.rejected);
            let counted = counted(log.rejected, "row", "rows");
            let money = self.money(log.rejected_minor);
            self.pick(
                format!(
                    "Rejected: {counted}, with readable amounts of {money} in all; each with its \
                     line and reason in {path}."
                ),
                format!("拒绝：{rows}行，可读金额合计{money}；行号与原因见{path}。"),
            )
        }));
        notes.extend(self.verified.as_ref().map(|verified| {
            let (customers, entries) = (number(verified.customers), number(verified.entries));
            let path = self.options.db_path().display();
            self.pick(
                format!(
                    "Verified: {customers} customers with {entries} entries in their journals; \
                     everything in {path} fits together."
                ),
                format!("已核验：{customers}位客户、{entries}条记录；{path}中的数据全部一致。"),
            )
        }));
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
        table(title, &header, &rows, &[1, 3])
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
