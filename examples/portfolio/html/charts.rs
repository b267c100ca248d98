//! The charts of the page: SVG, drawn twice, for a wide screen and for a phone, since text that shrinks
//! with a drawing cannot be read. Each says its main figure above it, in words.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "pixels of drawings of fixed size; what comes from the data goes through `along` first"
)]

mod canvas;
mod funnel;
mod months;
mod pareto;
mod risks;
mod unit;

pub(crate) use canvas::DrawError;
use canvas::{Canvas, Size};
#[cfg(test)]
pub(super) use canvas::{GRID, INK, MUTED};
pub(super) use funnel::funnel;
#[cfg(test)]
pub(super) use months::MONTHS_MAX;
pub(super) use months::{filled, months};
pub(super) use pareto::pareto;
pub(super) use risks::risks;

use super::markup::escape;

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
}

/// A chart for either screen, under the sentence that says what is to be seen.
fn figure(
    sentence: &str,
    size: impl Fn(Room) -> Size,
    draw: impl Fn(&Canvas<'_>, Room) -> Result<(), DrawError>,
) -> Result<String, DrawError> {
    let sentence = escape(sentence);
    let mut html = format!("<figure>\n<figcaption>{sentence}</figcaption>\n");
    for room in [Room::Wide, Room::Narrow] {
        let class = room.pick("wide", "narrow");
        let svg = canvas::svg(size(room), &sentence, |canvas| draw(canvas, room))?;
        html.push_str(&format!("<div class=\"chart {class}\">\n{svg}</div>\n"));
    }
    html.push_str("</figure>\n");
    Ok(html)
}

/// How far `part` of `whole` reaches along so many pixels: never beyond either end, whatever the data.
fn along(part: i128, whole: i128, pixels: i32) -> i32 {
    let length = i128::from(pixels.max(0));
    let (part, whole) = (part.max(0), whole.max(0));
    // Large amounts first lose what no pixel shows.
    let excess = 64_u32.saturating_sub(part.max(whole).leading_zeros());
    let (part, whole) = (part >> excess, whole >> excess);
    let reached = part.saturating_mul(length).checked_div(whole).unwrap_or(0);
    i32::try_from(reached.min(length)).unwrap_or(pixels)
}

#[cfg(test)]
mod tests {
    use super::along;

    #[test]
    fn no_bar_leaves_its_place() {
        assert_eq!((along(1, 4, 100), along(4, 4, 100), along(0, 4, 100)), (25, 100, 0));
        assert_eq!((along(5, 4, 100), along(-1, 4, 100)), (100, 0));
        assert_eq!((along(1, 0, 100), along(1, -4, 100), along(1, 4, -1)), (0, 0, 0));
        assert_eq!(along(i128::MAX / 2, i128::MAX, 100), 49);
        assert_eq!(along(i128::MAX, i128::MIN, 100), 0);
    }
}
