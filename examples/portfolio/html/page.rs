//! The page as a whole.

use guanxi::explain::Language;

use super::markup::{escape, note, section};
use super::model::Model;
use super::reader::Reader;
use super::tables::ATTENTION_MAX;
use super::{PageError, charts};

/// How the page looks.
const STYLE: &str = include_str!("style.css");

/// What sorts its tables.
const SCRIPT: &str = include_str!("sort.js");

/// The style and the script by their hashes, and nothing else: what got past the escaping would still
/// not run, and nothing can be fetched. A test tells the hashes after a change.
const SECURITY: &str = concat!(
    "default-src 'none'; base-uri 'none'; form-action 'none'; ",
    "style-src 'sha256-GNaxN3ov4oEf0Sbt4lmfddySfqPX2E9c6OAh178fq6I='; ",
    "script-src 'sha256-cQMYnIkvJ7VaJaChKsWZM6ydXz4OgpZmRNxhg3FnXzo='",
);

/// A part of the page: its name in the page's addresses, its heading, its HTML.
struct Part {
    id: &'static str,
    heading: &'static str,
    body: String,
}

/// The page in this language.
pub(super) fn page(model: &Model, language: Language) -> Result<String, PageError> {
    let reader = Reader { language, currency: model.summary.currency };
    let parts = parts(reader, model)?;
    let title = escape(&model.title);
    let links = parts.iter().map(|it| format!("<a href=\"#{}\">{}</a>", it.id, escape(it.heading)));
    let links = links.collect::<Vec<_>>().join("\n");
    let sections: String = parts.iter().map(|it| section(it.id, it.heading, &it.body)).collect();
    let nav = match parts.len() {
        0 => String::new(),
        _ => format!(
            "<nav aria-label=\"{}\">\n{links}\n</nav>\n",
            reader.pick("On this page", "本页内容")
        ),
    };
    Ok(format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{SECURITY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>{title}</h1>\n{summary}</header>\n{nav}<main>\n{sections}{nothing}</main>\n\
         <footer>\n{judged}</footer>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        lang = reader.pick("en", "zh-CN"),
        summary = summary(reader, model),
        nothing = nothing(reader, model),
        judged = judged(reader, model),
    ))
}

/// What there is to show, the overview first.
fn parts(reader: Reader, model: &Model) -> Result<Vec<Part>, PageError> {
    if model.summary.customers == 0 {
        return Ok(Vec::new());
    }
    let parts = [months(reader, model)?, stages(reader, model)?, tiers(reader, model)?];
    let more = [grid(reader, model), risks(reader, model)?, attention(reader, model)];
    Ok(parts.into_iter().chain(more).flatten().collect())
}

fn months(reader: Reader, model: &Model) -> Result<Option<Part>, PageError> {
    let months = charts::filled(&model.months);
    if months.is_empty() {
        return Ok(None);
    }
    let is_cut = model.months.iter().any(|it| Some(it.month) < months.first().map(|it| it.month));
    let shown = months.len();
    let left_out = reader.pick(
        format!("Only the last {shown} months are shown."),
        format!("仅显示最近{shown}个月。"),
    );
    let left_out = if is_cut { note(&left_out) } else { String::new() };
    let body = format!(
        "{}{left_out}<details>\n<summary>{}</summary>\n{}</details>\n",
        charts::months(reader, &months)?,
        reader.pick("Month by month", "逐月明细"),
        reader.months(&months),
    );
    let heading = reader.pick("Revenue", "收入");
    Ok(Some(Part { id: "revenue", heading, body }))
}

fn stages(reader: Reader, model: &Model) -> Result<Option<Part>, PageError> {
    if model.stages.is_empty() {
        return Ok(None);
    }
    let chart = charts::funnel(reader, &model.stages)?;
    // Side by side where there is room.
    let table = reader.stages(&model.stages);
    let body = format!("<div class=\"beside\">\n{chart}{table}</div>\n");
    Ok(Some(Part { id: "stages", heading: reader.pick("Lifecycle", "生命周期"), body }))
}

fn tiers(reader: Reader, model: &Model) -> Result<Option<Part>, PageError> {
    let chart = match model.pareto.points.as_slice() {
        [] => String::new(),
        [..] => charts::pareto(reader, &model.pareto)?,
    };
    let table = match model.tiers.as_slice() {
        [] => String::new(),
        tiers => reader.tiers(tiers),
    };
    let body = chart + &table;
    if body.is_empty() {
        return Ok(None);
    }
    Ok(Some(Part {
        id: "tiers", heading: reader.pick("Tiers A, B and C", "A、B、C分级"), body
    }))
}

fn grid(reader: Reader, model: &Model) -> Option<Part> {
    if model.rfm.grades == 0 {
        return None;
    }
    let heading = reader.pick("Recency and frequency", "近度与频度");
    let shades =
        reader.pick("The stronger the shade, the more customers.", "底色越醒目，客户越多。");
    Some(Part { id: "rfm", heading, body: format!("{}{}", reader.grid(&model.rfm), note(shades)) })
}

fn risks(reader: Reader, model: &Model) -> Result<Option<Part>, PageError> {
    if model.risks.is_empty() {
        return Ok(None);
    }
    let chart = charts::risks(reader, &model.risks)?;
    let body = format!("{chart}{}", reader.risks(&model.risks));
    Ok(Some(Part { id: "risk", heading: reader.pick("Tier by risk", "级别与风险"), body }))
}

fn attention(reader: Reader, model: &Model) -> Option<Part> {
    let shown = model.attention.len().min(ATTENTION_MAX);
    if shown == 0 {
        return None;
    }
    let heading = reader.pick("Worth attention", "值得关注");
    Some(Part { id: "attention", heading, body: reader.attention(model) })
}

/// The figures that everybody asks for first.
fn summary(reader: Reader, model: &Model) -> String {
    let summary = &model.summary;
    let facts = [
        (reader.pick("Customers", "客户"), reader.number(summary.customers)),
        (reader.pick("Orders", "订单"), reader.number(summary.orders)),
        (reader.pick("Net revenue", "净收入"), reader.money(summary.net_minor)),
        (reader.pick("As of", "截至"), summary.as_of.to_string()),
    ];
    let fact = |(name, value): &(&str, String)| {
        format!("<div><dt>{}</dt><dd>{}</dd></div>\n", escape(name), escape(value))
    };
    let facts: String = facts.iter().map(fact).collect();
    format!("<dl class=\"facts\">\n{facts}</dl>\n")
}

/// By what the customers were judged.
fn judged(reader: Reader, model: &Model) -> String {
    let summary = &model.summary;
    let policy = &summary.policy;
    let engine = summary.engine;
    let calibration = match &summary.calibration {
        Some((id, day)) => {
            reader.pick(format!("calibration {id} of {day}"), format!("校准版本{id}（{day}）"))
        }
        None => reader.pick("no calibration", "未校准").to_owned(),
    };
    note(&reader.pick(
        format!("Judged by policy {policy}, {calibration}, rules engine {engine}."),
        format!("判定依据：规则版本{policy}，{calibration}，引擎版本{engine}。"),
    ))
}

/// What a page without sections says.
fn nothing(reader: Reader, model: &Model) -> String {
    if model.summary.customers > 0 {
        return String::new();
    }
    note(reader.pick("Nobody had bought anything by this day.", "截至该日尚无客户购买。"))
}
