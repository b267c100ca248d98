//! The few pieces of HTML that the page is built of. Whatever comes in as text is escaped here.

use std::borrow::Cow;

/// Text that may stand between tags and in an attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // HTML has no place for them, and a browser makes what it likes of them.
            it if it.is_control() => escaped.push('\u{fffd}'),
            it => escaped.push(it),
        }
    }
    escaped
}

/// A part of the page under a heading. The body is HTML.
pub(super) fn section(id: &str, heading: &str, body: &str) -> String {
    let heading = escape(heading);
    format!(
        "<section id=\"{id}\" aria-labelledby=\"{id}-h\">\n<h2 id=\"{id}-h\">{heading}</h2>\n\
         {body}</section>\n"
    )
}

/// A paragraph of text.
pub(super) fn note(text: &str) -> String {
    format!("<p class=\"note\">{}</p>\n", escape(text))
}

/// One field of a table.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    /// HTML.
    html: String,
    /// What the script sorts by, if not by the text: a number, or nothing for what has none.
    sort: Option<Cow<'static, str>>,
    /// Of the style.
    class: &'static str,
}

impl Cell {
    /// Plain text.
    pub(super) fn text(text: &str) -> Self {
        Self::html(escape(text))
    }

    /// HTML as it is.
    pub(super) const fn html(html: String) -> Self {
        Self { html, sort: None, class: "" }
    }

    /// A number as it is shown, and by what it is sorted.
    pub(super) fn number(shown: &str, value: i128) -> Self {
        Self::text(shown).sorted_by(value)
    }

    /// No number. It is sorted last, whichever way.
    pub(super) fn none() -> Self {
        Self { sort: Some(Cow::Borrowed("")), ..Self::text("-") }
    }

    /// What it is sorted by.
    pub(super) fn sorted_by(self, value: i128) -> Self {
        Self { sort: Some(value.to_string().into()), ..self }
    }

    /// A class of the style.
    pub(super) fn with_class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    fn render(&self, is_heading: bool, has_numbers: bool) -> String {
        let (tag, scope) = if is_heading { ("th", " scope=\"row\"") } else { ("td", "") };
        let classes = match (has_numbers, self.class) {
            (false, "") => None,
            (true, "") => Some("n".to_owned()),
            (false, class) => Some(class.to_owned()),
            (true, class) => Some(format!("n {class}")),
        };
        let class = attribute("class", classes.as_deref());
        let sort = attribute("data-sort", self.sort.as_deref());
        format!("<{tag}{scope}{class}{sort}>{}</{tag}>", self.html)
    }
}

fn attribute(name: &str, value: Option<&str>) -> String {
    value.map_or_else(String::new, |value| format!(" {name}=\"{}\"", escape(value)))
}

/// A column: its name, and whether it has numbers.
#[derive(Debug, Clone)]
pub(super) struct Column {
    name: String,
    has_numbers: bool,
}

impl Column {
    pub(super) fn text(name: &str) -> Self {
        Self { name: name.to_owned(), has_numbers: false }
    }

    pub(super) fn numbers(name: &str) -> Self {
        Self { name: name.to_owned(), has_numbers: true }
    }
}

/// A table with a caption.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) columns: Vec<Column>,
    /// The place of the column that says what a row is about.
    pub(super) heading: usize,
    pub(super) rows: Vec<Vec<Cell>>,
    /// A last row that stays last.
    pub(super) total: Option<Vec<Cell>>,
    /// A class of the style; `sortable` among them.
    pub(super) class: &'static str,
}

impl Table {
    /// The table in a box of its own, in which it scrolls if it is too wide.
    pub(super) fn render(&self) -> String {
        let caption = escape(&self.caption);
        let head: String = self.columns.iter().map(Self::column).collect();
        let body: String = self.rows.iter().map(|row| self.row(row)).collect();
        let total = self.total.iter().map(|row| format!("<tfoot>\n{}</tfoot>\n", self.row(row)));
        let total: String = total.collect();
        format!(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\">\n\
             <table class=\"{class}\">\n<caption><span>{caption}</span></caption>\n\
             <thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{body}</tbody>\n{total}</table>\n</div>\n",
            class = self.class,
        )
    }

    fn column(column: &Column) -> String {
        let class = if column.has_numbers { " class=\"n\"" } else { "" };
        format!("<th scope=\"col\"{class}>{}</th>", escape(&column.name))
    }

    fn row(&self, cells: &[Cell]) -> String {
        let cell = |(place, cell): (usize, &Cell)| {
            let has_numbers = self.columns.get(place).is_some_and(|column| column.has_numbers);
            cell.render(place == self.heading, has_numbers)
        };
        let cells: String = cells.iter().enumerate().map(cell).collect();
        format!("<tr>{cells}</tr>\n")
    }
}
