//! Each tier by risk: one bar a tier, whole, in shares of its customers.

use guanxi::churn::RiskBand;
use plotters::style::RGBColor;

use super::canvas::{
    Anchor, Canvas, GRID, INK, MUTED, ON_DARK, ON_LIGHT, SMALL, Size, TEXT, width_of,
};
use super::{DrawError, Room, along, figure};
use crate::html::model::{RISKS, TierRisks};
use crate::html::reader::Reader;
use crate::html::tables::total;

/// The colours of [`RISKS`] and of text on them: darker is worse, so that hue is not needed.
const COLOURS: [(RGBColor, RGBColor); RISKS.len()] = [
    (RGBColor(0xCF, 0xE5, 0xD6), ON_LIGHT),
    (RGBColor(0xF3, 0xCB, 0x7A), ON_LIGHT),
    (RGBColor(0xD9, 0x79, 0x3B), ON_LIGHT),
    (RGBColor(0x8E, 0x1F, 0x2B), ON_DARK),
    (RGBColor(0xF4, 0xF5, 0xF7), ON_LIGHT),
];

/// Pixels from one bar to the next, of a bar, and of a line of the legend.
const ROW: i32 = 44;
const BAR: i32 = 28;
const LINE: i32 = 22;

/// The chart of all tiers.
pub(in crate::html) fn risks(reader: Reader, tiers: &[TierRisks]) -> Result<String, DrawError> {
    let rows = i32::try_from(tiers.len()).unwrap_or(0);
    let width = |room: Room| room.pick(960, 340);
    let size = |room: Room| {
        let lines = legend(reader, width(room)).iter().map(|(_, y)| *y).max().unwrap_or(0);
        Size { width: width(room), height: lines + LINE + rows * ROW + 4 }
    };
    figure(&sentence(reader, tiers), size, |canvas, _| {
        let places = legend(reader, canvas.size.width);
        for ((risk, (colour, _)), (x, y)) in RISKS.into_iter().zip(COLOURS).zip(&places) {
            let (top, bottom) = (y - 6, y + 6);
            canvas.bar((*x, top), (x + 12, bottom), colour)?;
            canvas.border((*x, top), (x + 12, bottom), MUTED)?;
            canvas.text(reader.risk(risk), (x + 18, *y), SMALL, Anchor::Start, INK)?;
        }
        let top = places.iter().map(|(_, y)| *y).max().unwrap_or(0) + LINE;
        let name = |it: &TierRisks| width_of(reader.tier(it.tier), TEXT);
        let names = tiers.iter().map(name).max().unwrap_or(0) + 4;
        let count = |it: &TierRisks| reader.number(total(it.risks).customers);
        let counts = tiers.iter().map(|it| width_of(&count(it), SMALL)).max().unwrap_or(0) + 4;
        let (left, right) = (names + 10, canvas.size.width - counts - 6);
        for (place, it) in (0..).zip(tiers) {
            let middle = top + place * ROW + ROW / 2;
            canvas.text(reader.tier(it.tier), (names, middle), TEXT, Anchor::End, INK)?;
            bar(canvas, reader, it, (left, right), middle)?;
            canvas.text(&count(it), (right + 6, middle), SMALL, Anchor::Start, MUTED)?;
        }
        Ok(())
    })
}

/// Where each risk stands in the legend; a line that is full goes on in the next.
fn legend(reader: Reader, width: i32) -> Vec<(i32, i32)> {
    let (mut x, mut y) = (1, LINE / 2);
    let mut place = |risk| {
        let wide = 18 + width_of(reader.risk(risk), SMALL) + 20;
        if x > 1 && x + wide > width {
            (x, y) = (1, y + LINE);
        }
        let here = (x, y);
        x += wide;
        here
    };
    RISKS.into_iter().map(&mut place).collect()
}

/// One tier. The count stands on each part that has the room.
fn bar(
    canvas: &Canvas<'_>,
    reader: Reader,
    tier: &TierRisks,
    (left, right): (i32, i32),
    middle: i32,
) -> Result<(), DrawError> {
    let all = total(tier.risks).customers;
    let length = right - left;
    let (top, bottom) = (middle - BAR / 2, middle + BAR / 2);
    let mut before = 0_u64;
    for (sums, (colour, ink)) in tier.risks.iter().zip(COLOURS) {
        let until = before.saturating_add(sums.customers);
        let at = |count| left + along(i128::from(count), i128::from(all), length);
        let (from, to) = (at(before), at(until));
        before = until;
        if from == to {
            continue;
        }
        canvas.bar((from, top), (to, bottom), colour)?;
        let count = reader.number(sums.customers);
        if width_of(&count, SMALL) + 6 <= to - from {
            canvas.text(&count, ((from + to) / 2, middle), SMALL, Anchor::Middle, ink)?;
        }
    }
    let colour = if all > 0 { MUTED } else { GRID };
    canvas.border((left, top), (right, bottom), colour)
}

fn sentence(reader: Reader, tiers: &[TierRisks]) -> String {
    let at_risk = |it: &TierRisks| {
        let risky = RISKS.iter().zip(it.risks);
        let risky =
            risky.filter(|(risk, _)| matches!(risk, Some(RiskBand::High | RiskBand::Critical)));
        total(risky.map(|(_, sums)| sums))
    };
    // The best tier that anybody is in says most.
    let Some(best) = tiers.iter().find(|it| total(it.risks).customers > 0) else {
        return reader.pick("No customer has a tier or a risk.", "尚无客户分级与风险。").to_owned();
    };
    let (risky, all) = (at_risk(best), total(best.risks));
    let (count, of) = (reader.number(risky.customers), reader.customers(all.customers));
    let money = reader.money(risky.net_minor);
    let are = if risky.customers == 1 { "is" } else { "are" };
    let (whose, tier) = match best.tier {
        Some(tier) => (format!("in tier {tier}"), format!("{tier}级")),
        None => ("without a tier".to_owned(), "未分级".to_owned()),
    };
    reader.pick(
        format!(
            "Of {of} {whose}, {count} {are} at high or critical risk; they brought {money} net."
        ),
        format!("{tier}共{of}，其中{count}位为高或极高风险，净收入{money}。"),
    )
}
