//! Everything that is judged of one customer, and why.

mod lines;
mod near;

use guanxi::explain::{ENGINE, Measure, Speak as _, join};
use guanxi::lifecycle::{Due, Since};
use guanxi::tier::Tier;
use guanxi::{CustomerId, Day};
use uuid::Uuid;

use crate::answers::{Answers, action, action_code};
use crate::options::Options;
use crate::plan::ZONE;
use crate::report::{Source, counted, facts, money, number, pick, short, shown};
use crate::survey::{Portrait, Survey, SurveyError};

/// How far back the trend of the risk looks.
const TREND_DAYS: i64 = 90;

/// Nobody has this key or id.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum UnknownCustomer {
    /// Nobody in the database.
    #[error("no customer is called `{wanted}` on {as_of}{}", near::sentence(near))]
    Nobody {
        /// What was asked for.
        wanted: String,
        /// The day that is reported of.
        as_of: Day,
        /// Keys that are much like it.
        near: Vec<Box<str>>,
    },
    /// The customer cannot be read.
    #[error(transparent)]
    Survey(#[from] SurveyError),
}

/// The explanation of the customer of this key, or of this id.
///
/// # Errors
///
/// [`UnknownCustomer`].
pub(crate) async fn text(
    wanted: &str,
    options: &Options,
    source: &Source,
    survey: &Survey<'_>,
) -> Result<String, UnknownCustomer> {
    let found = find(wanted, survey).ok_or_else(|| UnknownCustomer::Nobody {
        wanted: wanted.to_owned(),
        as_of: source.as_of,
        near: near::keys(wanted, survey.known().iter().map(|(key, _)| key)),
    })?;
    let mut text = String::new();
    let see = |portrait: &Portrait<'_>| {
        text = Explanation { portrait, options, source, survey }.text();
        Ok::<(), SurveyError>(())
    };
    survey.each_of(&[found], see).await?;
    Ok(text)
}

/// By key first: a key may look like an id.
fn find(wanted: &str, survey: &Survey<'_>) -> Option<(Box<str>, CustomerId)> {
    let known = survey.known();
    let by_key = known.binary_search_by(|(key, _)| key.as_ref().cmp(wanted)).ok();
    let by_id = || {
        let id = CustomerId::new(Uuid::parse_str(wanted).ok()?);
        known.iter().position(|(_, known)| *known == id)
    };
    known.get(by_key.or_else(by_id)?).cloned()
}

/// One customer, and what judges it.
struct Explanation<'e> {
    portrait: &'e Portrait<'e>,
    options: &'e Options,
    source: &'e Source,
    survey: &'e Survey<'e>,
}

impl Explanation<'_> {
    fn text(&self) -> String {
        let mut sections = vec![self.head(), self.stage(), self.grades(), self.value()];
        sections.extend([
            self.value_type(),
            self.worth(),
            self.tier(),
            self.risk(),
            self.strategy(),
            self.foot(),
        ]);
        sections.join("\n\n") + "\n"
    }

    fn pick<T>(&self, english: T, chinese: T) -> T {
        pick(self.options.language, english, chinese)
    }

    fn section(&self, english: &str, chinese: &str, rows: &[(&str, String)]) -> String {
        facts(self.pick(english, chinese), rows)
    }

    fn none(&self) -> String {
        self.pick("none", "无").to_owned()
    }

    /// Who it is, and what was bought.
    fn head(&self) -> String {
        let (portrait, as_of) = (self.portrait, self.source.as_of);
        let bought = portrait.view.purchases();
        let spent = money(bought.net.into(), self.source.currency);
        let (orders, days) = (bought.orders.into(), bought.purchase_days.into());
        let (first, last) = (bought.first_day, bought.last_day);
        let between = match first.zip(last) {
            None => String::new(),
            Some((first, last)) => {
                self.pick(format!(", {first} to {last}"), format!("，{first}至{last}"))
            }
        };
        let spent = self.pick(
            format!(
                "{spent} in {} on {}{between}",
                counted(orders, "purchase", "purchases"),
                counted(days, "purchase day", "purchase days")
            ),
            format!("{spent}，共{}次购买、{}个购买日{between}", number(orders), number(days)),
        );
        let rows = [
            (self.pick("Customer", "客户"), shown(portrait.key)),
            (self.pick("Id", "编号"), portrait.id.to_string()),
            (self.pick("Spent", "消费"), spent),
        ];
        let title = self.pick(
            format!("One customer on {as_of}, explained"),
            format!("单个客户说明（{as_of}）"),
        );
        facts(&title, &rows)
    }

    /// Where it stands, what brought it there, what holds it back and what comes next.
    fn stage(&self) -> String {
        let (assessment, language) = (&self.portrait.assessment, self.options.language);
        let since = match assessment.since {
            Since::Known(since) => {
                let day = ZONE.day_of(since);
                let days = number(self.source.as_of.days_since(day));
                self.pick(
                    format!(" since {day}, for {days} days"),
                    format!("，自{day}起，已{days}天"),
                )
            }
            Since::Unknown => String::new(),
        };
        let stage = assessment.stage.value.text(language);
        let because = match assessment.stage.reasons.as_slice() {
            [] => self.none(),
            reasons => join(reasons, language),
        };
        let pending: Vec<String> = assessment
            .pending
            .iter()
            .map(|moved| {
                let (to, reasons) =
                    (moved.to.stage().text(language), join(&moved.reasons, language));
                self.pick(format!("{to}: {reasons}"), format!("{to}：{reasons}"))
            })
            .collect();
        let pending = if pending.is_empty() { self.none() } else { pending.join("; ") };
        let due = |due: &Option<Due>| due.as_ref().map_or_else(|| self.none(), |due| self.due(due));
        let mut rows = vec![
            (self.pick("Stage", "阶段"), format!("{stage}{since}")),
            (self.pick("Because", "原因"), because),
            (self.pick("Pending", "待记录"), pending),
            (self.pick("Next move", "下一步变动"), due(&assessment.next)),
            (self.pick("Suggested", "建议变动"), due(&assessment.suggestion)),
        ];
        if let Some(flip) = &assessment.stage.flip {
            rows.insert(2, (self.pick("To move on", "进阶条件"), flip.text(language)));
        }
        if let Some(stalled) = &assessment.stalled {
            rows.push((self.pick("Stalled", "停滞"), stalled.text(language)));
        }
        self.section("Stage", "阶段", &rows)
    }

    fn due(&self, due: &Due) -> String {
        let language = self.options.language;
        let (day, to) = (ZONE.day_of(due.at), due.to.stage().text(language));
        let reasons = join(&due.reasons, language);
        self.pick(
            format!("{to} on {day}: {reasons} by then"),
            format!("{day}转为{to}：届时{reasons}"),
        )
    }

    /// The tier, and what would be another one.
    fn tier(&self) -> String {
        let (assessment, language) = (&self.portrait.assessment, self.options.language);
        let tier = &assessment.tier;
        let mut rows = vec![
            (self.pick("Tier", "等级"), tier.value.tier.text(language)),
            (self.pick("Because", "原因"), join(&tier.reasons, language)),
        ];
        if tier.value.plain != tier.value.tier {
            let plain = tier.value.plain.text(language);
            rows.push((self.pick("By limits alone", "仅按界限"), plain));
        }
        rows.extend(
            tier.flip.as_ref().map(|flip| (self.pick("Nearest", "最近变化"), flip.text(language))),
        );
        let why_not =
            self.portrait.customer.why_not(Tier::A, self.survey.at(), self.survey.books());
        if let Ok(Some(flip)) = why_not {
            rows.push((self.pick("Why not A", "为何不是A级"), flip.text(language)));
        }
        self.section("Tier", "等级", &rows)
    }

    /// How the risk moved.
    fn trend(&self) -> String {
        let then = self.source.as_of.saturating_add_days(-TREND_DAYS);
        let customer = self.portrait.customer;
        if customer.purchases().days().first().is_none_or(|day| day.day() > then) {
            return self.pick("not a customer then", "当时尚非客户").to_owned();
        }
        let (at, books) = (self.survey.at(), self.survey.books());
        match customer.risk_trend(customer, ZONE.end_of(then), at, books) {
            Ok(Some(trend)) => trend.text(self.options.language),
            Ok(None) | Err(_) => self.pick("unknown", "未知").to_owned(),
        }
    }

    /// What to do about it.
    fn strategy(&self) -> String {
        let (assessment, language) = (&self.portrait.assessment, self.options.language);
        let strategy = &assessment.strategy;
        let mut rows = vec![
            (self.pick("Effort", "投入"), strategy.effort.text(language)),
            (self.pick("Theme", "主题"), strategy.theme.text(language)),
            (self.pick("Next action", "下一步行动"), action(assessment, language)),
            (self.pick("Code", "代码"), action_code(assessment).to_owned()),
        ];
        rows.extend(strategy.cadence_days.map(|days| {
            let days = Measure::Days(days.into()).text(language);
            (self.pick("Contact every", "联系间隔"), days)
        }));
        self.section("Strategy", "策略", &rows)
    }

    /// What this was judged by, and when before.
    fn foot(&self) -> String {
        let reviewed = self.portrait.assessment.reviewed.map_or_else(
            || self.none(),
            |review| {
                let (day, language) = (ZONE.day_of(review.at), self.options.language);
                let tier = review.tier.map(|reviewed| reviewed.tier.text(language));
                let risk = review.risk.map(|state| state.band.text(language));
                let found: Vec<String> = tier.into_iter().chain(risk).collect();
                let found = found.join(self.pick(", ", "，"));
                self.pick(format!("on {day}: {found}"), format!("{day}：{found}"))
            },
        );
        let calibration = self.survey.calibration().map_or_else(
            || self.none(),
            |known| {
                let (id, day) = (short(&known.id().to_string()), ZONE.day_of(known.taken_at()));
                let count = number(known.customers());
                self.pick(
                    format!("{id}, of {count} customers on {day}"),
                    format!("{id}，依据{day}的{count}位客户"),
                )
            },
        );
        let rows = [
            (self.pick("Last review", "上次评审"), reviewed),
            (self.pick("Policy", "规则"), short(&self.survey.book().id().to_string())),
            (self.pick("Calibration", "标定"), calibration),
            (self.pick("Engine", "引擎"), ENGINE.to_string()),
        ];
        self.section("Judged by", "评判依据", &rows)
    }

    fn answers(&self) -> Answers {
        Answers::from(&self.portrait.assessment)
    }
}
