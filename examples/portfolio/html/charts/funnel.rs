//! Customers per stage, a bar each, in the order of the journey.

use super::canvas::{ACCENT, Anchor, GRID, INK, MUTED, SMALL, Size, TEXT, width_of};
use super::{DrawError, along, figure};
use crate::html::model::StageSums;
use crate::html::reader::Reader;

/// Pixels from one bar to the next, and of a bar.
const ROW: i32 = 34;
const BAR: i32 = 20;

/// The chart of all stages.
pub(in crate::html) fn funnel(reader: Reader, stages: &[StageSums]) -> Result<String, DrawError> {
    let all = stages.iter().fold(0_u64, |all, it| all.saturating_add(it.customers));
    let most = stages.iter().map(|it| it.customers).max().unwrap_or(0);
    let value = |it: &StageSums| {
        format!("{} · {}", reader.number(it.customers), reader.share(it.customers, all))
    };
    let names = stages.iter().map(|it| width_of(reader.stage(it.stage), TEXT)).max().unwrap_or(0);
    let values = stages.iter().map(|it| width_of(&value(it), SMALL)).max().unwrap_or(0);
    let rows = i32::try_from(stages.len()).unwrap_or(0);
    let size = |room: super::Room| Size { width: room.pick(600, 340), height: rows * ROW + 8 };
    figure(&sentence(reader, stages, all), size, |canvas, _| {
        let (names, left) = (names + 4, names + 14);
        let length = canvas.size.width - left - values - 14;
        for (place, it) in (0..).zip(stages) {
            let middle = place * ROW + ROW / 2 + 4;
            let reached = along(i128::from(it.customers), i128::from(most), length);
            // Somebody is never shown as nobody.
            let right = left + reached.max(i32::from(it.customers > 0));
            let (top, bottom) = (middle - BAR / 2, middle + BAR / 2);
            canvas.text(reader.stage(it.stage), (names, middle), TEXT, Anchor::End, INK)?;
            canvas.bar((left, top), (right, bottom), ACCENT)?;
            canvas.text(&value(it), (right + 7, middle), SMALL, Anchor::Start, MUTED)?;
        }
        canvas.line(&[(left, 2), (left, rows * ROW + 6)], super::canvas::stroke(GRID, 2))
    })
}

fn sentence(reader: Reader, stages: &[StageSums], all: u64) -> String {
    // The first of equals: `max_by_key` would take the last.
    let Some(most) = stages.iter().rev().max_by_key(|it| it.customers) else {
        return String::new();
    };
    let (stage, count) = (reader.stage(most.stage), reader.customers(most.customers));
    let share = reader.share(most.customers, all);
    reader.pick(
        format!("Most customers are in the stage {stage}: {count}, {share} of all."),
        format!("“{stage}”阶段客户最多：{count}，占{share}。"),
    )
}
