//! How likely customers are still there, by how often they bought again and when last.

use guanxi::explain::Language;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{Canvas, MUTED, SHADES, SMALL, font, stroke, width_of};
use super::{DrawError, Room, UNITS, figure, whole};
use crate::answers::Heat;
use crate::words::pick;

/// The heat map.
pub(in crate::page) fn heat(
    sentence: &str,
    heat: &Heat,
    language: Language,
    unit: &str,
) -> Result<String, DrawError> {
    figure(sentence, |canvas, room| draw(canvas, room, heat, language, unit))
}

fn draw(
    canvas: &Canvas<'_>,
    room: Room,
    heat: &Heat,
    language: Language,
    unit: &str,
) -> Result<(), DrawError> {
    let columns = f64::from(u32::try_from(heat.columns.len()).unwrap_or(1));
    let left = width_of(&whole(&heat.age), SMALL) + 14;
    let mut chart = ChartBuilder::on(&canvas.area)
        .margin_top(46 * UNITS)
        .margin_right(8 * UNITS)
        .x_label_area_size(42 * UNITS)
        .y_label_area_size(left * UNITS)
        .build_cartesian_2d(0.0..columns, 0.0..heat.age.max(f64::MIN_POSITIVE))?;
    chart
        .configure_mesh()
        .disable_mesh()
        .axis_style(TRANSPARENT)
        .set_all_tick_mark_size(4 * UNITS)
        .label_style(font(SMALL, MUTED))
        .x_labels(0)
        .y_labels(room.pick(6, 5))
        .y_label_formatter(&whole)
        .draw()?;
    let name = pick(
        language,
        format!("Last purchase, {unit} after the first"),
        format!("最近购买（首购后{unit}数）"),
    );
    canvas.text(&name, (2, 11), SMALL, MUTED)?;
    legend(canvas, language)?;
    let parts = heat.columns.iter().map(Vec::len).max().unwrap_or(1).max(1);
    let part = heat.age / f64::from(u32::try_from(parts).unwrap_or(1));
    let places = || (0_u32..).map(f64::from);
    for (x, column) in places().zip(&heat.columns) {
        // Neighbours share an edge, or a line would show between them.
        let cell = |(y, p_alive): (f64, &f64)| {
            let corners = [(x + 0.02, (y + 1.0) * part), (x + 0.98, y * part)];
            Rectangle::new(corners, shade(*p_alive).filled())
        };
        chart.draw_series(places().zip(column).map(cell))?;
    }
    let line = [(0.0, 0.0), (columns, 0.0)];
    chart.draw_series(LineSeries::new(line, stroke(MUTED, 2)))?;
    let foot = canvas.size.height;
    for (repeats, x) in (0..heat.columns.len()).zip(places()) {
        let (x, _) = chart.backend_coord(&(x + 0.5, 0.0));
        let point = (x, (foot - 30) * UNITS);
        canvas.text_at(&repeats.to_string(), point, HPos::Center, SMALL, MUTED)?;
    }
    let (middle, _) = chart.backend_coord(&(columns / 2.0, 0.0));
    let name = pick(language, "Repeat purchases", "复购次数");
    canvas.text_at(name, (middle, (foot - 10) * UNITS), HPos::Center, SMALL, MUTED)
}

/// The shades from 0 to 1.
fn legend(canvas: &Canvas<'_>, language: Language) -> Result<(), DrawError> {
    let name = pick(language, "Still a customer: 0 %", "仍活跃：0%");
    canvas.text(name, (2, 31), SMALL, MUTED)?;
    let mut left = 8 + width_of(name, SMALL);
    for shade in SHADES {
        canvas.bar((left, 25), (left + 16, 37), shade)?;
        left += 16;
    }
    canvas.text(pick(language, "100 %", "100%"), (left + 6, 31), SMALL, MUTED)
}

/// The shade of a chance.
fn shade(p_alive: f64) -> RGBColor {
    let steps = (1_u32..).map(|step| f64::from(step) / 8.0);
    let found = SHADES.into_iter().zip(steps).find(|(_, end)| p_alive < *end);
    found.map_or(SHADES[7], |(shade, _)| shade)
}
