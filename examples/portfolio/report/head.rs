//! The head of the report: what was read, and what judges the customers.

use super::format::{counted, number};
use super::{ID_DIGITS, LogSums, Report, Source, tables};

impl Report<'_> {
    /// What was read, and of when this is.
    pub(super) fn head(&self) -> String {
        let Source { as_of, .. } = *self.source;
        let title = self.pick(format!("Customers on {as_of}"), format!("客户概况（{as_of}）"));
        let log = self.pick("Log", "数据");
        let mut rows = match &self.source.log {
            Some(sums) => vec![
                (log, self.log_line(sums)),
                (self.pick("Import", "导入"), self.import_line(sums)),
            ],
            None => vec![(log, self.pick("none; nothing is imported", "无，不导入").to_owned())],
        };
        rows.extend([
            (self.pick("Database", "数据库"), self.options.db_path().display().to_string()),
            (self.pick("Customers", "客户"), self.customers_line()),
            (self.pick("Money", "金额"), self.money_line()),
            (self.pick("Policy", "规则"), self.policy_line()),
        ]);
        rows.extend(
            self.calibration.map(|id| {
                (self.pick("Calibration", "标定"), self.calibration_line(&id.to_string()))
            }),
        );
        let warning = self.source.warning(self.options);
        rows.extend(warning.map(|warning| (self.pick("Warning", "注意"), warning)));
        tables::facts(&title, &rows)
    }

    fn log_line(&self, log: &LogSums) -> String {
        let options = self.options;
        let name = options.log_path().file_name().unwrap_or_default().to_string_lossy();
        let name = if options.log.is_none() {
            self.pick(format!("{name} (the CDNOW sample)"), format!("{name}（CDNOW样本）"))
        } else {
            name.into_owned()
        };
        let rows = number(log.rows);
        let counted = counted(log.rows, "row", "rows");
        let days = match (log.first_day, log.last_day) {
            (Some(first), Some(last)) => {
                self.pick(format!(", {first} to {last}"), format!("，{first}至{last}"))
            }
            (_, _) => String::new(),
        };
        self.pick(format!("{name}: {counted}{days}"), format!("{name}：{rows}行{days}"))
    }

    /// What became of the rows; in a run that changes nothing, that it does.
    fn import_line(&self, log: &LogSums) -> String {
        let (new, known) = (self.imported.rows_new, self.imported.rows_known);
        let imported = match (number(new), number(known)) {
            (_, _) if (new, known, log.rejected) == (1, 0, 0) => {
                self.pick("1 row imported", "已导入1行").to_owned()
            }
            (new, _) if known == 0 && log.rejected == 0 => {
                self.pick(format!("all {new} rows imported"), format!("全部{new}行已导入"))
            }
            (new, _) if known == 0 => self.pick(format!("{new} imported"), format!("导入{new}行")),
            (new, known) => self.pick(
                format!("{new} new, {known} there already"),
                format!("新增{new}行，{known}行原已存在"),
            ),
        };
        let rejected = match log.rejected {
            0 => String::new(),
            rejected => {
                let rejected = number(rejected);
                self.pick(format!(", {rejected} rejected"), format!("，拒绝{rejected}行"))
            }
        };
        let unchanged = if self.imported.entries == 0 {
            self.pick("; nothing has changed", "；无任何变动")
        } else {
            ""
        };
        format!("{imported}{rejected}{unchanged}")
    }

    fn customers_line(&self) -> String {
        let known = number(self.tally.customers);
        match self.customers.saturating_sub(self.tally.customers) {
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
        let (policy, is_default) = self.policy;
        let id = short(&policy.to_string());
        if is_default {
            return self.pick(
                format!("the library's default, version {id}"),
                format!("程序库默认规则，版本{id}"),
            );
        }
        self.pick(format!("the database's own, version {id}"), format!("数据库自有规则，版本{id}"))
    }

    /// What everybody is compared with.
    fn calibration_line(&self, id: &str) -> String {
        let (id, as_of) = (short(id), self.source.as_of);
        self.pick(
            format!("of all {} customers on {as_of}, version {id}", number(self.tally.customers)),
            format!("依据{as_of}全部{}位客户，版本{id}", number(self.tally.customers)),
        )
    }
}

/// As much of an id as people need.
pub(crate) fn short(id: &str) -> String {
    id.chars().take(ID_DIGITS).collect()
}
