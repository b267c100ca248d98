//! What should be known beside the numbers, a sentence each, for the report and the page.

use guanxi::explain::Language;
use guanxi::value::lifetime::{Boundary, FitError, FitReport};

use crate::answers::{Answers, Money, Worth};
use crate::log::Log;
use crate::options::Options;
use crate::words::{boundary, count, model, pick, untold};

/// All of them, in the language asked for.
pub(crate) fn notes(log: &Log, answers: &Answers<'_>, options: &Options) -> Vec<String> {
    let language = options.language;
    let mut notes = left_out(log, answers, language);
    notes.extend(fit(&answers.fit, language));
    notes.extend(chosen(answers, language));
    notes.extend(silence(answers, language));
    notes.extend(money(answers, language));
    notes
}

/// What of the log was not learned from.
fn left_out(log: &Log, answers: &Answers<'_>, language: Language) -> Vec<String> {
    let Answers { calibration_end, left_out, .. } = answers;
    let mut notes = Vec::new();
    let assumed = calibration_end.days_since(log.last_day);
    if assumed > 0 {
        let last = log.last_day;
        notes.push(pick(
            language,
            format!(
                "The log ends on {last}: everybody is taken to have bought nothing in the {assumed} \
                 days from then until {calibration_end}."
            ),
            format!("日志截至{last}：之后至{calibration_end}的{assumed}天一律视为无购买。"),
        ));
    }
    if *left_out > 0 {
        let many = count(*left_out);
        notes.push(pick(
            language,
            format!("Customers left out, who bought first after {calibration_end}: {many}."),
            format!("{calibration_end}之后才首次购买的客户不计入：{many}位。"),
        ));
    }
    if log.negative > 0 {
        let many = count(log.negative);
        notes.push(pick(
            language,
            format!("Rows left out, of a negative amount: {many}."),
            format!("金额为负的行不计入：{many}行。"),
        ));
    }
    notes
}

/// What the fit could not find out.
fn fit(fit: &FitReport, language: Language) -> Option<String> {
    let is_vague = fit.parameters.iter().any(|it| it.standard_error.is_none());
    let vague = || {
        let text = pick(
            language,
            "The data does not tell how exact the parameters are.",
            "数据不足以给出参数的标准误。",
        );
        is_vague.then(|| text.to_owned())
    };
    fit.boundary.map(|it| boundary(language, it).to_owned()).or_else(vague)
}

/// Why the model is not that of the least AIC, or why it is one that does not tell who left.
fn chosen(answers: &Answers<'_>, language: Language) -> Option<String> {
    let (first, _) = answers.candidates.first()?;
    let (first, taken) = (model(first), model(answers.model));
    if answers.tells_silence {
        let english = format!(
            "{first} has a smaller AIC, but to it silence says nothing of some or all customers: {taken}, \
             the best of those to whom it does, is taken."
        );
        let chinese = format!(
            "{first}的AIC更小，但它无法从沉默判断部分或全部客户是否流失，因此采用能够判断的模型中最优的{taken}。"
        );
        return (first != taken).then(|| pick(language, english, chinese));
    }
    let seen = pick(language, "it finds nobody who left", "未发现流失");
    let why = |fit: &Result<FitReport, FitError>| {
        fit.as_ref().map_or_else(|error| untold(language, *error), |_| seen.to_owned())
    };
    let telling = answers.candidates.iter().filter(|(name, _)| !is_sure(name));
    let between = pick(language, ": ", "：");
    let reasons = telling.map(|(name, fit)| format!("{}{between}{}", model(name), why(fit)));
    let reasons = reasons.collect::<Vec<_>>().join(pick(language, "; ", "；"));
    Some(pick(
        language,
        format!(
            "No model tells from silence who left ({reasons}), so {taken}, the best of all, is taken."
        ),
        format!("没有模型能从沉默判断谁已流失（{reasons}），因此采用全部模型中最优的{taken}。"),
    ))
}

/// Whether the model is sure of some customers, or all, however long they are silent.
fn is_sure(code: &str) -> bool {
    matches!(code, "bgnbd" | "nbd")
}

/// What the mark means.
fn silence(answers: &Answers<'_>, language: Language) -> Option<String> {
    if answers.tells_silence {
        return None;
    }
    let model = model(answers.model);
    let (english, chinese) = match answers.model {
        "bgnbd" if answers.fit.boundary != Some(Boundary::NoDropout) => (
            format!(
                "* {model} takes whoever bought only once for a customer still, however long ago."
            ),
            format!("* {model}模型将只购买过一次的人都视为仍是客户，无论多久以前。"),
        ),
        "nbd" => (
            format!("* By {model} nobody leaves: everybody is taken for a customer still."),
            format!("* {model}模型不考虑流失：所有人都视为仍是客户。"),
        ),
        _ => (
            format!("* {model} takes everybody for a customer still, however long silent."),
            format!("* {model}模型将所有人都视为仍是客户，无论沉默多久。"),
        ),
    };
    Some(pick(language, english, chinese))
}

fn money(answers: &Answers<'_>, language: Language) -> Vec<String> {
    match &answers.money {
        Money::Unknown => vec![
            pick(
                language,
                "The log has no column `amount`, so nobody's value is known.",
                "日志没有amount列，因此不计算客户价值。",
            )
            .to_owned(),
        ],
        Money::Untold(error) => {
            let reason = untold(language, *error);
            vec![pick(
                language,
                format!("The amounts tell no model of spending: {reason}."),
                format!("金额无法拟合消费模型：{reason}。"),
            )]
        }
        Money::Known { fit, left_out, population_mean } => {
            let at_end = fit.boundary.map(|it| boundary(language, it).to_owned());
            let unknown = unvalued(answers, population_mean.is_none(), language);
            at_end.into_iter().chain(worthless(*left_out, language)).chain(unknown).collect()
        }
    }
}

/// Customers whose repeat purchases came to nothing.
fn worthless(customers: u64, language: Language) -> Option<String> {
    let many = count(customers);
    (customers > 0).then(|| {
        pick(
            language,
            format!("Customers whose repeat purchases came to nothing are expected to spend what all do: {many}."),
            format!("复购金额为零的客户按总体均值预期：{many}位。"),
        )
    })
}

/// Customers without a value, although money is known.
fn unvalued(
    answers: &Answers<'_>,
    is_mean_infinite: bool,
    language: Language,
) -> impl Iterator<Item = String> {
    let infinite = is_mean_infinite.then(|| {
        pick(
            language,
            "The mean of spending is infinite by these parameters, so the value of who bought once is not known.",
            "按这些参数消费均值为无穷大，因此不计算只购买过一次的客户的价值。",
        )
        .to_owned()
    });
    let is_beyond = |one: &&Worth<'_>| one.mean_value.is_some() && one.value.is_none();
    let beyond = answers.customers.iter().filter(is_beyond).count();
    let many = count(u64::try_from(beyond).unwrap_or(u64::MAX));
    let beyond = (beyond > 0).then(|| {
        pick(
            language,
            format!("Customers whose value is too large for a number: {many}."),
            format!("价值超出可表示范围的客户：{many}位。"),
        )
    });
    infinite.into_iter().chain(beyond)
}
