//! All lenses as one table, read off the functions, so that a page that shows it cannot drift.

use super::vocabulary::{Framework, Outside};
use super::{LensFacts, Place, named};
use crate::explain::Language;
use crate::lifecycle::stage::Stage;

/// A fact that a cell of the table may depend on. Key accounts are no such fact: they are a matter of a
/// whole column and stand in its head.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Condition {
    ReviewOpen,
    EverLoyal,
}

impl Condition {
    const ALL: [Self; 2] = [Self::ReviewOpen, Self::EverLoyal];

    const fn set(self, mut facts: LensFacts, to: bool) -> LensFacts {
        match self {
            Self::ReviewOpen => facts.review_open = to,
            Self::EverLoyal => facts.ever_loyal = to,
        }
        facts
    }

    const fn name(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, Self::ReviewOpen) => "a review is open",
            (Language::English, Self::EverLoyal) => "ever loyal",
            (Language::Chinese, Self::ReviewOpen) => "评价未结",
            (Language::Chinese, Self::EverLoyal) => "曾达忠诚",
        }
    }
}

/// The table of all lenses in Markdown: a row per stage, a column per framework, ends with a newline.
///
/// Where a cell depends on the facts it says how: "Loyal if ever loyal, else New".
///
/// ```
/// use guanxi::lifecycle::lens::table_markdown;
/// use guanxi::Language;
///
/// let table = table_markdown(Language::English);
/// assert!(table.contains("| Loyal if ever loyal, else New |"));
/// ```
#[must_use]
pub fn table_markdown(language: Language) -> String {
    let head = Framework::ALL.map(|framework| head(framework, language)).join(" | ");
    let rule = Framework::ALL.map(|_| "---").join("|");
    let mut lines = vec![format!("| | {head} |"), format!("|---|{rule}|")];
    for stage in Stage::ALL {
        let cells = Framework::ALL.map(|framework| cell(framework, stage, language)).join(" | ");
        lines.push(format!("| {} | {cells} |", stage.name(language)));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn head(framework: Framework, language: Language) -> String {
    let name = format!("{framework} {}", framework.name(language));
    match (language, key_accounts_only(framework)) {
        (_, false) => name,
        (Language::English, true) => format!("{name} (key accounts only)"),
        (Language::Chinese, true) => format!("{name}（仅限大客户）"),
    }
}

fn key_accounts_only(framework: Framework) -> bool {
    Stage::ALL.iter().all(|&stage| {
        let place = named(framework, stage, LensFacts::default(), Language::English);
        place == Place::Outside(Outside::NotKeyAccount)
    })
}

fn cell(framework: Framework, stage: Stage, language: Language) -> String {
    // The column's head has said that its cells are about key accounts.
    let facts = LensFacts { key_account: key_accounts_only(framework), ..LensFacts::default() };
    let said = |facts| match named(framework, stage, facts, language) {
        Place::At(name) => name.to_owned(),
        Place::Outside(_) => outside(language).to_owned(),
    };
    branch(&Condition::ALL, facts, language, &said)
}

/// Asks the conditions in turn, and keeps the question only where the answers differ.
fn branch(
    conditions: &[Condition],
    facts: LensFacts,
    language: Language,
    said: &impl Fn(LensFacts) -> String,
) -> String {
    let Some((condition, rest)) = conditions.split_first() else { return said(facts) };
    let with = branch(rest, condition.set(facts, true), language, said);
    let without = branch(rest, condition.set(facts, false), language, said);
    let name = condition.name(language);
    match language {
        _ if with == without => with,
        Language::English => format!("{with} if {name}, else {without}"),
        Language::Chinese => format!("{name}时为{with}，否则为{without}"),
    }
}

const fn outside(language: Language) -> &'static str {
    match language {
        Language::English => "outside",
        Language::Chinese => "不适用",
    }
}
