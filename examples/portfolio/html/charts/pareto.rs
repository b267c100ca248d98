//! What share of the revenue comes from what share of the customers.

use guanxi::explain::BasisPoints;
use guanxi::tier::Tier;
use plotters::coord::types::RangedCoordi32;
use plotters::prelude::*;

use super::canvas::{
    ACCENT, Anchor, Canvas, GRID, INK, MUTED, SMALL, Size, TEXT, UNITS, font, stroke, width_of,
};
use super::{DrawError, Room, figure};
use crate::html::model::{Pareto, ParetoPoint};
use crate::html::reader::Reader;

/// Points of the curve that are drawn: more than a screen shows.
const POINTS_MAX: usize = 200;

/// The whole, in hundredths of a percent.
const WHOLE: i32 = 10_000;

/// The curve is cut off here: beyond it the share says little.
const TOP_MAX: i32 = 3 * WHOLE;

/// What the curve is drawn on.
type Plane<'c, 's> = ChartContext<'c, SVGBackend<'s>, Cartesian2d<RangedCoordi32, RangedCoordi32>>;

/// The curve with the tiers' cuts.
pub(in crate::html) fn pareto(reader: Reader, pareto: &Pareto) -> Result<String, DrawError> {
    let size = |room: Room| Size { width: room.pick(960, 340), height: room.pick(340, 280) };
    figure(&sentence(reader, pareto), size, |canvas, room| curve(canvas, room, reader, pareto))
}

fn curve(
    canvas: &Canvas<'_>,
    room: Room,
    reader: Reader,
    pareto: &Pareto,
) -> Result<(), DrawError> {
    let points = thinned(&pareto.points);
    let top = points.iter().map(|(_, y)| *y).max().unwrap_or(WHOLE).max(WHOLE);
    let mut chart = ChartBuilder::on(&canvas.area)
        .margin_top(26 * UNITS)
        .margin_right(18 * UNITS)
        .x_label_area_size(44 * UNITS)
        .y_label_area_size(48 * UNITS)
        .build_cartesian_2d(0..WHOLE, 0..top)?;
    let percent = |share: &i32| format!("{}%", share / 100);
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(stroke(GRID, 2))
        .axis_style(TRANSPARENT)
        .set_all_tick_mark_size(4 * UNITS)
        .label_style(font(SMALL, MUTED))
        .x_labels(room.pick(10, 5))
        .y_labels(6)
        .x_label_formatter(&percent)
        .y_label_formatter(&percent)
        .axis_desc_style(font(SMALL, MUTED))
        .x_desc(reader.pick("Share of customers, largest first", "客户占比（按净收入由高到低）"))
        .draw()?;
    let y_name = reader.pick("Share of net revenue", "净收入占比");
    canvas.text(y_name, (2, 11), SMALL, Anchor::Start, MUTED)?;
    let (dash, gap) = (6 * UNITS, 5 * UNITS);
    let equal = [(0, 0), (WHOLE, WHOLE)];
    chart.draw_series(DashedLineSeries::new(equal, dash, gap, stroke(MUTED, 2)))?;
    chart.draw_series(LineSeries::new(points, stroke(ACCENT, 5)))?;
    cuts(canvas, &mut chart, reader, &pareto.cuts)
}

/// Where tiers end: a line down from the curve, and at its foot the tiers so far with their shares.
fn cuts(
    canvas: &Canvas<'_>,
    chart: &mut Plane<'_, '_>,
    reader: Reader,
    cuts: &[(Tier, ParetoPoint)],
) -> Result<(), DrawError> {
    for (_, cut) in cuts {
        let (x, y) = drawn(cut);
        let line = [(x, 0), (x, y)];
        chart.draw_series(DashedLineSeries::new(line, 3 * UNITS, 2 * UNITS, stroke(INK, 2)))?;
        chart.draw_series([Circle::new((x, y), 5 * UNITS, INK.filled())])?;
    }
    let rows = i32::try_from(cuts.len()).unwrap_or(0);
    let mut name = String::new();
    // Labels come last, for they cover what is below them.
    for (place, (tier, cut)) in (0..).zip(cuts) {
        name = if name.is_empty() { tier.to_string() } else { format!("{name}+{tier}") };
        let label = format!("{name}: {}", shares(reader, cut));
        // The curve is far from the foot; each cut a row higher than the next.
        let (x, foot) = chart.backend_coord(&(drawn(cut).0, 0));
        let y = foot - ((rows - place) * 18 - 4) * UNITS;
        let is_free = x / UNITS + 6 + width_of(&label, TEXT) < canvas.size.width;
        let (x, anchor) =
            if is_free { (x + 6 * UNITS, Anchor::Start) } else { (x - 6 * UNITS, Anchor::End) };
        canvas.text_at(&label, (x, y), TEXT, anchor, INK)?;
    }
    Ok(())
}

fn shares(reader: Reader, cut: &ParetoPoint) -> String {
    format!("{} → {}", reader.basis_points(cut.customers), reader.basis_points(cut.revenue))
}

/// As many points as are drawn, from nothing up to the last.
fn thinned(points: &[ParetoPoint]) -> Vec<(i32, i32)> {
    let step = points.len().div_ceil(POINTS_MAX).max(1);
    let last = points.last().map(drawn);
    let mut kept = vec![(0, 0)];
    kept.extend(points.iter().step_by(step).map(drawn));
    kept.extend(last);
    kept.dedup();
    kept
}

fn drawn(point: &ParetoPoint) -> (i32, i32) {
    let clamped = |share: BasisPoints, most: i32| {
        i32::try_from(share.0.clamp(0, i64::from(most))).unwrap_or(most)
    };
    (clamped(point.customers, WHOLE), clamped(point.revenue, TOP_MAX))
}

fn sentence(reader: Reader, pareto: &Pareto) -> String {
    let Some((tier, cut)) = pareto.cuts.first() else {
        return reader.pick("Customers by what they bring.", "客户贡献分布。").to_owned();
    };
    let customers = reader.basis_points(cut.customers);
    let revenue = reader.basis_points(cut.revenue);
    reader.pick(
        format!("Tier {tier}, {customers} of the customers, brings {revenue} of the net revenue."),
        format!("{tier}级客户占{customers}，贡献{revenue}的净收入。"),
    )
}
