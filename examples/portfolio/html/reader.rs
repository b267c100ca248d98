//! Whom the page is for: numbers, amounts and names as they read them.

use guanxi::churn::RiskBand;
use guanxi::explain::{BasisPoints, Language, Points};
use guanxi::tier::Tier;
use guanxi::{Currency, Stage};

use crate::report::{self, pick};

/// A language, and the currency of every amount.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    pub(super) language: Language,
    pub(super) currency: Currency,
}

impl Reader {
    /// The text in the reader's language.
    pub(super) fn pick<T>(self, english: T, chinese: T) -> T {
        pick(self.language, english, chinese)
    }

    pub(super) fn number(self, number: impl Into<i128>) -> String {
        report::number(number)
    }

    /// English `1 customer`, `2 customers`; Chinese `2位客户`.
    pub(super) fn customers(self, count: u64) -> String {
        self.pick(
            report::counted(count, "customer", "customers"),
            format!("{}位客户", report::number(count)),
        )
    }

    pub(super) fn money(self, minor: i128) -> String {
        report::money(minor, self.currency)
    }

    pub(super) fn share(self, part: u64, whole: u64) -> String {
        report::share(part, whole)
    }

    /// A share of an amount; a dash where the whole is not more than nothing.
    pub(super) fn money_share(self, part: i128, whole: i128) -> String {
        if whole <= 0 {
            return "-".to_owned();
        }
        let (size, whole) = (part.unsigned_abs(), whole.unsigned_abs());
        // What two of 128 bits have to one another, two of 64 have nearly.
        let excess = u64::BITS.saturating_sub(size.max(whole).leading_zeros());
        let narrow =
            |wide: u128| u64::try_from(wide.checked_shr(excess).unwrap_or(0)).unwrap_or(u64::MAX);
        let sign = if part < 0 { "-" } else { "" };
        format!("{sign}{}", report::share(narrow(size), narrow(whole)))
    }

    pub(super) fn basis_points(self, share: BasisPoints) -> String {
        self.money_share(share.0.into(), 10_000)
    }

    /// Whole points, rounded down: what is below the edge of a band must not look as if it were not.
    pub(super) fn points(self, points: Points) -> String {
        self.number(points.0.div_euclid(1_000))
    }

    pub(super) fn stage(self, stage: Stage) -> &'static str {
        stage.name(self.language)
    }

    pub(super) fn tier(self, tier: Option<Tier>) -> &'static str {
        match tier {
            Some(Tier::A) => "A",
            Some(Tier::B) => "B",
            Some(Tier::C) => "C",
            None => self.pick("No tier", "未分级"),
        }
    }

    pub(super) fn risk(self, risk: Option<RiskBand>) -> &'static str {
        match risk {
            Some(RiskBand::Low) => self.pick("Low", "低"),
            Some(RiskBand::Medium) => self.pick("Medium", "中"),
            Some(RiskBand::High) => self.pick("High", "高"),
            Some(RiskBand::Critical) => self.pick("Critical", "极高"),
            None => self.pick("Unknown", "未知"),
        }
    }
}
