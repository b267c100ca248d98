//! The report as one page for a browser: nothing is fetched, so it can be mailed and kept.
//!
//! The page is made of a [`Model`], plain numbers and names, and knows nothing of how they were found.
//! [Charts](charts) are drawn as SVG into the page, [tables](tables) say the same in numbers. One
//! [script](page) sorts tables; without it everything can still be read.

mod charts;
mod markup;
mod model;
mod page;
mod reader;
mod tables;
#[cfg(test)]
mod tests;

use guanxi::explain::Language;

use charts::DrawError;
pub(crate) use model::*;

/// There is no page.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum PageError {
    /// A chart cannot be drawn.
    #[error("a chart of the page cannot be drawn")]
    Chart(#[from] DrawError),
}

/// The page in this language. The same model gives the same bytes.
///
/// # Errors
///
/// [`PageError::Chart`], which would be a fault of this program: charts are drawn into memory.
pub(crate) fn page(model: &Model, language: Language) -> Result<String, PageError> {
    page::page(model, language)
}
