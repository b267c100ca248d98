//! The charts of the page: SVG, drawn twice, for a wide screen and for a phone, since text that shrinks with a
//! drawing cannot be read. Each says its main figure above it, in words.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "pixels of drawings of fixed size; the data is drawn by the library, in floating point"
)]

mod canvas;
mod frequency;
mod heat;
mod tracking;

pub(crate) use canvas::DrawError;
pub(super) use canvas::MUTED;
use canvas::{ACCENT, Canvas, EXPECTED, SMALL, Size, UNITS};
#[cfg(test)]
pub(super) use canvas::{GRID, INK, SHADES};
pub(super) use frequency::frequency;
pub(super) use heat::heat;
pub(super) use tracking::tracking;

use guanxi::explain::Language;

use super::markup::escape;
use crate::words::pick;

/// Whether a chart is for a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Wide,
    Narrow,
}

impl Room {
    const fn pick<T: Copy>(self, wide: T, narrow: T) -> T {
        match self {
            Self::Wide => wide,
            Self::Narrow => narrow,
        }
    }

    const fn size(self) -> Size {
        Size { width: self.pick(960, 340), height: self.pick(340, 280) }
    }
}

/// A chart for either screen, under the sentence that says what is to be seen.
fn figure(
    sentence: &str,
    draw: impl Fn(&Canvas<'_>, Room) -> Result<(), DrawError>,
) -> Result<String, DrawError> {
    let sentence = escape(sentence);
    let mut html = format!("<figure>\n<figcaption>{sentence}</figcaption>\n");
    for room in [Room::Wide, Room::Narrow] {
        let class = room.pick("wide", "narrow");
        let svg = canvas::svg(room.size(), &sentence, |canvas| draw(canvas, room))?;
        html.push_str(&format!("<div class=\"chart {class}\">\n{svg}</div>\n"));
    }
    html.push_str("</figure>\n");
    Ok(html)
}

/// Above a chart: what its height is, and which colour is what was and which what was expected.
fn key(canvas: &Canvas<'_>, height: &str, language: Language) -> Result<(), DrawError> {
    canvas.text(height, (2, 11), SMALL, MUTED)?;
    let (actual, expected) = pick(language, ("Actual", "Expected"), ("实际", "预期"));
    let second = 30 + canvas::width_of(actual, SMALL);
    for (left, colour, text) in [(2, ACCENT, actual), (second, EXPECTED, expected)] {
        canvas.bar((left, 26), (left + 12, 36), colour)?;
        canvas.text(text, (left + 17, 31), SMALL, MUTED)?;
    }
    Ok(())
}

/// A whole number on an axis.
fn whole(number: &f64) -> String {
    crate::words::decimals(*number, 0)
}
