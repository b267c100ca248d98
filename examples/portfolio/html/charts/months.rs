//! Net revenue by month.

use plotters::coord::types::{RangedCoordf64, RangedCoordi64};
use plotters::prelude::*;

use super::canvas::{
    ACCENT, Anchor, Canvas, GRID, INK, LOSS, MUTED, SMALL, Size, UNITS, font, stroke, width_of,
};
use super::unit::Unit;
use super::{DrawError, Room, figure};
use crate::html::model::{Month, MonthSums};
use crate::html::reader::Reader;

/// The months that are shown at most, the last ones: fifty years.
pub(in crate::html) const MONTHS_MAX: usize = 600;

/// More bars than this have no gaps between them and become one shape.
const BARS_MAX: usize = 72;

/// From how many months to the next a label may stand, and whether it then is a year.
const STEPS: [(usize, bool); 8] = [
    (1, false),
    (2, false),
    (3, false),
    (6, false),
    (12, true),
    (24, true),
    (60, true),
    (120, true),
];

/// A bar is no wider than it would be in a year.
const BARS_MIN: f64 = 12.0;

/// Amounts beyond this are drawn as this: the library that draws counts in 64 bits.
const AMOUNT_MAX: i128 = 1_000_000_000_000_000_000;

/// What the months are drawn on.
type Plane<'c, 's> = ChartContext<'c, SVGBackend<'s>, Cartesian2d<RangedCoordf64, RangedCoordi64>>;

/// The months in their order, with those in which nothing happened; the last [`MONTHS_MAX`] of them.
pub(in crate::html) fn filled(months: &[MonthSums]) -> Vec<MonthSums> {
    let first = months.iter().map(|it| it.month).min();
    let last = months.iter().map(|it| it.month).max();
    let mut all = Vec::new();
    let mut next = last;
    while let Some(month) = next.filter(|month| Some(*month) >= first && all.len() < MONTHS_MAX) {
        let mut found = MonthSums { month, net_minor: 0, orders: 0 };
        for it in months.iter().filter(|it| it.month == month) {
            found.net_minor = found.net_minor.saturating_add(it.net_minor);
            found.orders = found.orders.saturating_add(it.orders);
        }
        all.push(found);
        next = Some(month.previous());
    }
    all.reverse();
    all
}

/// The chart of [filled](filled) months.
pub(in crate::html) fn months(reader: Reader, months: &[MonthSums]) -> Result<String, DrawError> {
    let size = |room: Room| Size { width: room.pick(960, 340), height: room.pick(280, 240) };
    figure(&sentence(reader, months), size, |canvas, room| bars(canvas, room, reader, months))
}

fn bars(
    canvas: &Canvas<'_>,
    room: Room,
    reader: Reader,
    months: &[MonthSums],
) -> Result<(), DrawError> {
    let amounts: Vec<i64> = months.iter().map(|it| clamped(it.net_minor)).collect();
    let least = amounts.iter().copied().min().unwrap_or(0).min(0);
    let most = amounts.iter().copied().max().unwrap_or(0).max(0);
    // An axis needs a length, also where nothing was earned.
    let one = 10_i64.saturating_pow(reader.currency.minor_units());
    let most = if least == most { one } else { most };
    let unit = Unit::of(least, most, reader);
    let label = |minor: &i64| unit.label(reader, *minor);
    // The marks on the axis are round numbers; none is longer than an end of it made round.
    let wide = [least, most].map(|end| width_of(&label(&round(end)), SMALL));
    let wide = wide.into_iter().max().unwrap_or(0).max(24);
    let count = f64::from(u32::try_from(months.len()).unwrap_or(0).max(1));
    let mut chart = ChartBuilder::on(&canvas.area)
        .margin_top(28 * UNITS)
        .margin_right(12 * UNITS)
        .x_label_area_size(26 * UNITS)
        .y_label_area_size((wide + 14) * UNITS)
        .build_cartesian_2d(0.0..count, least..most)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(stroke(GRID, 2))
        .axis_style(TRANSPARENT)
        .set_all_tick_mark_size(4 * UNITS)
        .label_style(font(SMALL, MUTED))
        .x_labels(0)
        .y_labels(room.pick(6, 5))
        .y_label_formatter(&label)
        .draw()?;
    let currency = reader.currency;
    let name = reader.pick(
        format!("Net revenue, {}{currency}", unit.name),
        format!("净收入（{}{currency}）", unit.name),
    );
    canvas.text(&name, (2, 11), SMALL, Anchor::Start, MUTED)?;
    series(&mut chart, &amounts)?;
    chart.draw_series(LineSeries::new([(0.0, 0), (count, 0)], stroke(MUTED, 2)))?;
    let foot = (canvas.size.height - 12) * UNITS;
    for (at, text) in labels(months, canvas.size.width - wide - 26) {
        let (x, _) = chart.backend_coord(&(at, 0));
        // A label at either end that is wider than its month may have no room.
        let half = width_of(&text, SMALL) / 2;
        if x / UNITS < half || x / UNITS + half >= canvas.size.width {
            continue;
        }
        canvas.text_at(&text, (x, foot), SMALL, Anchor::Middle, INK)?;
    }
    Ok(())
}

/// The amounts themselves.
fn series(chart: &mut Plane<'_, '_>, amounts: &[i64]) -> Result<(), DrawError> {
    if amounts.len() > BARS_MAX {
        chart.draw_series([Polygon::new(outline(amounts), ACCENT.filled())])?;
        return Ok(());
    }
    let months = f64::from(u32::try_from(amounts.len()).unwrap_or(0));
    let half = 0.38 * (months / BARS_MIN).min(1.0);
    chart.draw_series(places().zip(amounts).map(|(at, amount)| {
        let (from, to) = (at + 0.5 - half, at + 0.5 + half);
        let colour = if *amount < 0 { LOSS } else { ACCENT };
        Rectangle::new([(from, *amount.max(&0)), (to, *amount.min(&0))], colour.filled())
    }))?;
    Ok(())
}

/// The number without what follows its first two digits.
fn round(number: i64) -> i64 {
    let digits = number.unsigned_abs().checked_ilog10().unwrap_or(0);
    let step = 10_i64.saturating_pow(digits.saturating_sub(1));
    number / step * step
}

/// Where months begin on the chart.
fn places() -> impl Iterator<Item = f64> {
    (0_u32..).map(f64::from)
}

/// The bars without gaps, as one shape that begins and ends on the line of nothing.
fn outline(amounts: &[i64]) -> Vec<(f64, i64)> {
    let mut points = vec![(0.0, 0)];
    for (at, amount) in places().zip(amounts) {
        points.extend([(at, *amount), (at + 1.0, *amount)]);
    }
    points.extend(places().nth(amounts.len()).map(|end| (end, 0)));
    points
}

/// The labels below the chart, at the middle of their month, as close as they can be read.
fn labels(months: &[MonthSums], pixels: i32) -> Vec<(f64, String)> {
    let count = i32::try_from(months.len()).unwrap_or(i32::MAX).max(1);
    let fits = |&(step, is_year): &(usize, bool)| {
        let wide = width_of(if is_year { "0000" } else { "0000-00" }, SMALL) + 12;
        let step = i32::try_from(step).unwrap_or(i32::MAX);
        pixels.saturating_mul(step) / count >= wide
    };
    let (step, is_year) = STEPS.into_iter().find(|it| fits(it)).unwrap_or((240, true));
    let years = i32::try_from(step / 12).unwrap_or(1).max(1);
    let shown = |place: usize, month: Month| {
        if is_year {
            month.month == 1 && month.year % years == 0
        } else {
            place.is_multiple_of(step)
        }
    };
    let label = |((place, at), it): ((usize, f64), &MonthSums)| {
        let text = if is_year { it.month.year.to_string() } else { it.month.to_string() };
        shown(place, it.month).then_some((at + 0.5, text))
    };
    places().enumerate().zip(months).filter_map(label).collect()
}

fn clamped(minor: i128) -> i64 {
    i64::try_from(minor.clamp(-AMOUNT_MAX, AMOUNT_MAX)).unwrap_or(0)
}

fn sentence(reader: Reader, months: &[MonthSums]) -> String {
    // The first of equals: `max_by_key` would take the last.
    let best = months.iter().rev().max_by_key(|it| it.net_minor);
    let (Some(first), Some(last), Some(best)) = (months.first(), months.last(), best) else {
        return String::new();
    };
    let (money, month) = (reader.money(best.net_minor), best.month);
    if months.iter().all(|it| it.net_minor == 0) {
        return reader.pick("There was no net revenue.", "没有净收入。").to_owned();
    }
    if first.month == last.month {
        return reader.pick(
            format!("Net revenue of {money} in {month}."),
            format!("{month}净收入{money}。"),
        );
    }
    let (first, last) = (first.month, last.month);
    reader.pick(
        format!("From {first} to {last}, the best month was {month} with {money}."),
        format!("{first}至{last}，净收入最高的月份为{month}，计{money}。"),
    )
}
