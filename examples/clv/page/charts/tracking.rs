//! Repeat purchases of the whole base until each week: those there were, and those to be expected.

use guanxi::Day;
use guanxi::explain::Language;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{ACCENT, Canvas, EXPECTED, GRID, INK, MUTED, SMALL, font, stroke, width_of};
use super::{DrawError, Room, UNITS, figure, key, whole};
use crate::answers::Answers;
use crate::words::pick;

/// From how many months to the next a label may stand.
const STEPS: [u32; 7] = [1, 2, 3, 6, 12, 24, 60];

/// The chart of the tracking plot.
pub(in crate::page) fn tracking(
    sentence: &str,
    answers: &Answers<'_>,
    language: Language,
) -> Result<String, DrawError> {
    figure(sentence, |canvas, room| draw(canvas, room, answers, language))
}

fn draw(
    canvas: &Canvas<'_>,
    room: Room,
    answers: &Answers<'_>,
    language: Language,
) -> Result<(), DrawError> {
    let points = &answers.tracking;
    let Some((first, last)) = points.first().zip(points.last()) else { return Ok(()) };
    let (start, end) = (number(first.day), number(last.day).max(number(first.day) + 1.0));
    let actual = |place: usize| points.get(place).map_or(0.0, |it| count(it.actual));
    let most = 1.05 * actual(points.len().saturating_sub(1)).max(last.expected).max(1.0);
    let left = width_of(&whole(&most), SMALL) + 14;
    let mut chart = ChartBuilder::on(&canvas.area)
        .margin_top(46 * UNITS)
        .margin_right(14 * UNITS)
        .x_label_area_size(26 * UNITS)
        .y_label_area_size(left * UNITS)
        .build_cartesian_2d(start..end, 0.0..most)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(stroke(GRID, 2))
        .axis_style(stroke(MUTED, 1))
        .set_all_tick_mark_size(4 * UNITS)
        .label_style(font(SMALL, MUTED))
        .x_labels(0)
        .y_labels(room.pick(6, 5))
        .y_label_formatter(&whole)
        .draw()?;
    key(canvas, pick(language, "Repeat purchases, all until then", "累计复购次数"), language)?;
    let expected = points.iter().map(|it| (number(it.day), it.expected));
    let (dash, gap) = (7 * UNITS, 4 * UNITS);
    chart.draw_series(LineSeries::new(
        points.iter().map(|it| (number(it.day), count(it.actual))),
        stroke(ACCENT, 5),
    ))?;
    chart.draw_series(DashedLineSeries::new(expected, dash, gap, stroke(EXPECTED, 5)))?;
    for (at, text) in labels(first.day, last.day, room.pick(10, 4)) {
        let (x, _) = chart.backend_coord(&(at, 0.0));
        let foot = (canvas.size.height - 12) * UNITS;
        canvas.text_at(&text, (x, foot), HPos::Center, SMALL, MUTED)?;
    }
    let at = number(answers.calibration_end);
    if at < end {
        let line = [(at, 0.0), (at, most)];
        chart.draw_series(DashedLineSeries::new(line, 3 * UNITS, 3 * UNITS, stroke(INK, 2)))?;
        let day = answers.calibration_end;
        let text = match room {
            Room::Wide => pick(language, format!("learned until {day}"), format!("拟合截至{day}")),
            Room::Narrow => day.to_string(),
        };
        let (x, foot) = chart.backend_coord(&(at, 0.0));
        let is_free = x / UNITS + 6 + width_of(&text, SMALL) < canvas.size.width - 10;
        let (x, place) =
            if is_free { (x + 6 * UNITS, HPos::Left) } else { (x - 6 * UNITS, HPos::Right) };
        canvas.text_at(&text, (x, foot - 14 * UNITS), place, SMALL, INK)?;
    }
    Ok(())
}

/// The first days of months, as close as they can be read.
fn labels(first: Day, last: Day, most: usize) -> Vec<(f64, String)> {
    let all = |step: u32| {
        (first.year()..=last.year())
            .flat_map(|year| (1..=12_u32).map(move |month| (year, month)))
            .filter(move |(year, month)| {
                let months = i64::from(*year) * 12 + i64::from(*month) - 1;
                months.rem_euclid(i64::from(step)) == 0
            })
            .filter_map(|(year, month)| Day::from_ymd(year, month, 1).ok())
            .filter(|day| (first..=last).contains(day))
            .map(|day| (number(day), format!("{}-{:02}", day.year(), day.month())))
            .collect::<Vec<_>>()
    };
    let few = |step: u32| Some(all(step)).filter(|labels| labels.len() <= most);
    STEPS.into_iter().find_map(few).unwrap_or_else(|| all(1_200))
}

fn number(day: Day) -> f64 {
    f64::from(day.days_since_epoch())
}

fn count(purchases: u64) -> f64 {
    f64::from(u32::try_from(purchases).unwrap_or(u32::MAX))
}
