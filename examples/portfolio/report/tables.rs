//! The tables of the report.

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle, presets};
use guanxi::Stage;
use guanxi::explain::join;

use super::Report;
use super::format::{counted, days, number, share};
use super::tally::{AHEAD_DAYS, StageTally, Step, Top};
use crate::plan::ZONE;

/// A line under the header and nothing else: rows of numbers need no boxes.
const RULED: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// How much of a customer's key a table shows.
const KEY_CHARS_MAX: usize = 40;

impl Report<'_> {
    /// Where customers stand.
    pub(super) fn stages(&self) -> String {
        let title = self.pick("Customers per stage", "各阶段客户");
        let header = [
            self.pick("Stage", "阶段"),
            self.pick("Customers", "客户数"),
            self.pick("Share", "占比"),
            self.pick("Median days so far", "已停留天数中位数"),
            self.pick("Money spent", "消费金额"),
        ];
        let all = self.tally.customers;
        let row = |(stage, tally): (&Stage, &StageTally)| {
            [
                self.name(*stage),
                number(tally.now),
                share(tally.now, all),
                days(tally.now_days.median_doubled()),
                self.money(tally.minor),
            ]
        };
        let mut rows: Vec<_> = self.tally.stages.iter().map(row).collect();
        let total = self.pick("All", "合计").to_owned();
        rows.push([
            total,
            number(all),
            share(all, all),
            String::new(),
            self.money(self.tally.minor),
        ]);
        table(title, &header, &rows, &[1, 2, 3, 4])
    }

    /// What became of the stays in each stage.
    pub(super) fn conversion(&self) -> String {
        let title = self.pick("Conversion and dwell", "转化与停留");
        let header = [
            self.pick("Stage", "阶段"),
            self.pick("Times entered", "进入次数"),
            self.pick("Left again", "其中已离开"),
            self.pick("Median days until left", "离开前天数中位数"),
            self.pick("Of those that left, went on to", "离开后去向"),
        ];
        let row = |(stage, tally): (&Stage, &StageTally)| {
            [
                self.name(*stage),
                number(tally.stays),
                self.pick(
                    format!("{} ({})", number(tally.left()), share(tally.left(), tally.stays)),
                    format!("{}（{}）", number(tally.left()), share(tally.left(), tally.stays)),
                ),
                days(tally.ended_days.median_doubled()),
                self.onward(tally),
            ]
        };
        let rows: Vec<_> = self.tally.stages.iter().map(row).collect();
        table(title, &header, &rows, &[1, 2, 3])
    }

    /// The last moves with their reasons.
    pub(super) fn moves(&self) -> String {
        let title = self.pick("Last moves", "最近变动");
        self.list(title, self.pick("Because", "原因"), &self.tally.moves)
    }

    /// The customers due next.
    pub(super) fn due(&self) -> String {
        let title =
            self.pick("Due next, if nothing happens until then", "下一步到期（若此前无新购买）");
        let list = self.list(title, self.pick("Because by then", "届时原因"), &self.tally.due);
        if list.is_empty() {
            return list;
        }
        format!("{list}\n{}", self.due_line())
    }

    fn due_line(&self) -> String {
        let tally = self.tally;
        let soon = |((from, to), count): (&(Stage, Stage), &u64)| {
            let (from, to, count) = (self.name(*from), self.name(*to), number(*count));
            self.pick(
                format!("{count} from {from} to {to}"),
                format!("{count}位由“{from}”到“{to}”"),
            )
        };
        let soon: Vec<String> = tally.due_soon.iter().map(soon).collect();
        let count = tally.due_customers;
        let (all, have) = (number(count), if count == 1 { "has" } else { "have" });
        let who = format!("{} {have}", counted(count, "customer", "customers"));
        if soon.is_empty() {
            return self.pick(
                format!("In all {who} a next move, none within {AHEAD_DAYS} days."),
                format!("共{all}位客户有下一步，{AHEAD_DAYS}天内无。"),
            );
        }
        self.pick(
            format!("In all {who} a next move; within {AHEAD_DAYS} days: {}.", soon.join(", ")),
            format!("共{all}位客户有下一步；{AHEAD_DAYS}天内：{}。", soon.join("，")),
        )
    }

    /// The customers that wait for a person, those who spent most first.
    pub(super) fn suggestions(&self) -> String {
        let header = [
            self.pick("Customer", "客户"),
            self.pick("Spent", "消费"),
            self.pick("Move", "变动"),
            self.pick("Because", "原因"),
        ];
        let row = |step: &Step| {
            [
                shown(&step.key),
                self.money(step.minor),
                self.change(step),
                join(&step.reasons, self.options.language),
            ]
        };
        let title =
            self.pick("Suggested moves, largest spending first", "建议变动（按消费金额由高到低）");
        let rows: Vec<_> = self.tally.suggestions.iter().map(row).collect();
        let mut lines = self.suggested_lines();
        if !rows.is_empty() {
            lines.insert(0, table(title, &header, &rows, &[1]));
        }
        lines.join("\n")
    }

    fn suggested_lines(&self) -> Vec<String> {
        let line = |((from, to), count): (&(Stage, Stage), &u64)| {
            let (from, to) = (self.name(*from), self.name(*to));
            let (count, who) = (number(*count), counted(*count, "customer", "customers"));
            self.pick(
                format!("Suggested, for a person to decide: {who} from {from} to {to}."),
                format!("建议人工判断：{count}位客户由“{from}”转为“{to}”。"),
            )
        };
        self.tally.suggested.iter().map(line).collect()
    }

    fn list(&self, title: &str, because: &str, steps: &Top<Step>) -> String {
        if steps.is_empty() {
            return String::new();
        }
        let header = [
            self.pick("Day", "日期"),
            self.pick("Customer", "客户"),
            self.pick("Spent", "消费"),
            self.pick("Move", "变动"),
            because,
        ];
        let row = |step: &Step| {
            [
                ZONE.day_of(step.at).to_string(),
                shown(&step.key),
                self.money(step.minor),
                self.change(step),
                join(&step.reasons, self.options.language),
            ]
        };
        let rows: Vec<_> = steps.iter().map(row).collect();
        table(title, &header, &rows, &[2])
    }

    fn onward(&self, tally: &StageTally) -> String {
        let left = tally.left();
        let mut onward: Vec<_> = tally.onward.iter().collect();
        onward.sort_by_key(|(stage, count)| (std::cmp::Reverse(**count), **stage));
        let part = |(stage, count): &(&Stage, &u64)| {
            format!("{} {}", self.name(**stage), share(**count, left))
        };
        let parts: Vec<String> = onward.iter().map(part).collect();
        if parts.is_empty() { "-".to_owned() } else { parts.join(self.pick(", ", "，")) }
    }

    fn change(&self, step: &Step) -> String {
        let new = || self.pick("New", "新客户").to_owned();
        let from = step.from.map_or_else(new, |from| self.name(from));
        format!("{from} → {}", self.name(step.to))
    }

    pub(super) fn name(&self, stage: Stage) -> String {
        stage.name(self.options.language).to_owned()
    }
}

/// A title above a table with a header; the columns at these places are aligned to the right. Nothing
/// is wrapped: a terminal does that better, and a pipe should get one line per row.
pub(crate) fn table<H: ToString, R: AsRef<[String]>>(
    title: &str,
    header: &[H],
    rows: &[R],
    right: &[usize],
) -> String {
    let mut table = Table::new();
    table.load_style(RULED);
    table.set_header(header.iter().map(ToString::to_string));
    table.add_rows(rows.iter().map(AsRef::as_ref));
    for place in right {
        if let Some(column) = table.column_mut(*place) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    format!("{title}\n{}", trimmed(&table))
}

/// A title above names and values.
pub(crate) fn facts(title: &str, rows: &[(&str, String)]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.add_rows(rows.iter().map(|(name, value)| [*name, value.as_str()]));
    format!("{title}\n\n{}", trimmed(&table))
}

fn trimmed(table: &Table) -> String {
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}

/// Keys are the log's own text: a control character in one must not reach a terminal, and a long one
/// must not make every line of its table as long.
pub(crate) fn shown(key: &str) -> String {
    let visible = |it: char| if it.is_control() { '\u{fffd}' } else { it };
    if key.chars().nth(KEY_CHARS_MAX).is_none() {
        return key.chars().map(visible).collect();
    }
    let kept = key.chars().take(KEY_CHARS_MAX.saturating_sub(1)).map(visible);
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_long_name_is_cut() {
        for most in ["a", "客"].map(|it| it.repeat(KEY_CHARS_MAX)) {
            assert_eq!(shown(&most), most);
            let cut = shown(&format!("{most}b"));
            assert_eq!(cut.chars().count(), KEY_CHARS_MAX);
            assert!(cut.ends_with('…') && most.starts_with(cut.trim_end_matches('…')), "{cut}");
        }
        assert_eq!(shown("a\u{1b}b"), "a\u{fffd}b");
    }
}
