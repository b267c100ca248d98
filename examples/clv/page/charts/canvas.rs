//! Where a chart is drawn, in pixels, and with which colours.

use std::io;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// A chart cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DrawError {
    /// The library that draws has refused.
    #[error("a shape cannot be drawn")]
    Shape(#[from] DrawingAreaErrorKind<io::Error>),
    /// What the library has drawn has no opening tag.
    #[error("what was drawn is not SVG")]
    NotSvg,
}

/// Units of the drawing in a pixel. Shapes are drawn on whole units.
pub(super) const UNITS: i32 = 4;

// The style sheet turns these over in the dark; a test compares.
pub(in crate::page) const INK: RGBColor = RGBColor(0x1F, 0x29, 0x33);
pub(in crate::page) const MUTED: RGBColor = RGBColor(0x5B, 0x64, 0x70);
pub(in crate::page) const GRID: RGBColor = RGBColor(0xE3, 0xE6, 0xEA);
/// From what is unlikely to what is sure.
pub(in crate::page) const SHADES: [RGBColor; 8] = [
    RGBColor(0xEE, 0xF3, 0xF7),
    RGBColor(0xD6, 0xE4, 0xEF),
    RGBColor(0xB9, 0xD2, 0xE6),
    RGBColor(0x97, 0xBD, 0xDA),
    RGBColor(0x72, 0xA4, 0xCB),
    RGBColor(0x4E, 0x8A, 0xBA),
    RGBColor(0x2E, 0x70, 0xA5),
    RGBColor(0x1B, 0x55, 0x86),
];
/// What was, and what was expected: told apart by who sees no colours, too, by day and by night.
pub(super) const ACCENT: RGBColor = RGBColor(0x2E, 0x75, 0xA8);
pub(super) const EXPECTED: RGBColor = RGBColor(0xE0, 0x9A, 0x3E);

/// The font size in pixels.
pub(super) const SMALL: i32 = 12;

/// The library makes fonts smaller by this before it writes their size.
const FONT_SCALE: f64 = 1.24;

/// A drawing's size in pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) width: i32,
    pub(super) height: i32,
}

/// A drawing, measured in pixels from its upper left corner.
pub(super) struct Canvas<'a> {
    pub(super) area: DrawingArea<SVGBackend<'a>, Shift>,
    pub(super) size: Size,
}

/// Draws an SVG image that fits into any width, with this label (escaped) for whoever does not see it.
pub(super) fn svg(
    size: Size,
    label: &str,
    draw: impl FnOnce(&Canvas<'_>) -> Result<(), DrawError>,
) -> Result<String, DrawError> {
    let units = |pixels: i32| u32::try_from(pixels * UNITS).unwrap_or(0);
    let (width, height) = (units(size.width), units(size.height));
    let mut drawn = String::new();
    {
        let area = SVGBackend::with_string(&mut drawn, (width, height)).into_drawing_area();
        let canvas = Canvas { area, size };
        draw(&canvas)?;
        canvas.area.present()?;
    }
    // The library's own tag fixes the size and says nothing.
    let (_, shapes) = drawn.split_once('>').ok_or(DrawError::NotSvg)?;
    Ok(format!(
        "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{label}\">{shapes}"
    ))
}

/// How wide a text is, about: no font is known here, and none is alike.
pub(super) fn width_of(text: &str, pixels: i32) -> i32 {
    let hundredths = |it: char| if it.is_ascii() { 58 } else { 100 };
    let all = text.chars().map(hundredths).fold(0_i32, i32::saturating_add);
    all.saturating_mul(pixels) / 100
}

/// A line of so many pixels' width, in halves.
pub(super) fn stroke(colour: RGBColor, half_pixels: i32) -> ShapeStyle {
    let width = u32::try_from(half_pixels * UNITS / 2).unwrap_or(1);
    ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: width }
}

/// A font of so many pixels.
pub(super) fn font<'f>(pixels: i32, colour: RGBColor) -> TextStyle<'f> {
    let size = f64::from(pixels * UNITS) * FONT_SCALE;
    // The style sheet names the fonts, Chinese ones among them.
    FontDesc::new(FontFamily::SansSerif, size, FontStyle::Normal).color(&colour)
}

impl Canvas<'_> {
    /// A filled rectangle between two corners.
    pub(super) fn bar(
        &self,
        (left, top): (i32, i32),
        (right, bottom): (i32, i32),
        colour: RGBColor,
    ) -> Result<(), DrawError> {
        let corners = [(left * UNITS, top * UNITS), (right * UNITS, bottom * UNITS)];
        Ok(self.area.draw(&Rectangle::new(corners, colour.filled()))?)
    }

    /// Text that begins at the point, its middle line at that height.
    pub(super) fn text(
        &self,
        text: &str,
        (x, y): (i32, i32),
        pixels: i32,
        colour: RGBColor,
    ) -> Result<(), DrawError> {
        self.text_at(text, (x * UNITS, y * UNITS), HPos::Left, pixels, colour)
    }

    /// Text at a point of the drawing's own units.
    pub(super) fn text_at(
        &self,
        text: &str,
        point: (i32, i32),
        place: HPos,
        pixels: i32,
        colour: RGBColor,
    ) -> Result<(), DrawError> {
        let style = font(pixels, colour).pos(Pos::new(place, VPos::Center));
        Ok(self.area.draw(&Text::new(text, point, style))?)
    }
}
