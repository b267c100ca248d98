//! Customers by how often they bought again: those there are, and those to be expected.

use guanxi::explain::Language;
use guanxi::value::lifetime::FrequencyClass;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{ACCENT, Canvas, EXPECTED, GRID, MUTED, SMALL, font, stroke, width_of};
use super::{DrawError, Room, UNITS, figure, key, whole};
use crate::answers::Answers;
use crate::words::pick;

/// Of the place of a class, on either side of its middle.
const BAR: f64 = 0.36;

/// The chart of the frequency plot.
pub(in crate::page) fn frequency(
    sentence: &str,
    answers: &Answers<'_>,
    language: Language,
) -> Result<String, DrawError> {
    figure(sentence, |canvas, room| draw(canvas, room, &answers.frequency, language))
}

fn draw(
    canvas: &Canvas<'_>,
    room: Room,
    classes: &[FrequencyClass],
    language: Language,
) -> Result<(), DrawError> {
    let actual =
        |class: &FrequencyClass| f64::from(u32::try_from(class.actual).unwrap_or(u32::MAX));
    let most = classes.iter().map(|it| actual(it).max(it.expected)).fold(1.0, f64::max) * 1.05;
    let count = f64::from(u32::try_from(classes.len()).unwrap_or(1));
    let left = width_of(&whole(&most), SMALL) + 14;
    let mut chart = ChartBuilder::on(&canvas.area)
        .margin_top(46 * UNITS)
        .margin_right(8 * UNITS)
        .x_label_area_size(42 * UNITS)
        .y_label_area_size(left * UNITS)
        .build_cartesian_2d(0.0..count, 0.0..most)?;
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
        .y_label_formatter(&whole)
        .draw()?;
    key(canvas, pick(language, "Customers", "客户数"), language)?;
    let middles = || (0_u32..).map(|place| f64::from(place) + 0.5);
    let bar = |from: f64, to: f64, height: f64, colour: RGBColor| {
        Rectangle::new([(from, height), (to, 0.0)], colour.filled())
    };
    chart.draw_series(
        middles().zip(classes).map(|(at, it)| bar(at - BAR, at, actual(it), ACCENT)),
    )?;
    chart.draw_series(
        middles().zip(classes).map(|(at, it)| bar(at, at + BAR, it.expected, EXPECTED)),
    )?;
    chart.draw_series(LineSeries::new([(0.0, 0.0), (count, 0.0)], stroke(MUTED, 2)))?;
    let foot = canvas.size.height;
    for (at, class) in middles().zip(classes) {
        let (x, _) = chart.backend_coord(&(at, 0.0));
        canvas.text_at(
            &class.class.to_string(),
            (x, (foot - 30) * UNITS),
            HPos::Center,
            SMALL,
            MUTED,
        )?;
    }
    let (middle, _) = chart.backend_coord(&(count / 2.0, 0.0));
    let name = pick(language, "Repeat purchases learned from", "拟合期内的复购次数");
    canvas.text_at(name, (middle, (foot - 10) * UNITS), HPos::Center, SMALL, MUTED)
}
