//! The few pieces of HTML that the page is built of. Whatever comes in as text is escaped here.

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

/// A column: its name, and whether it has numbers.
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

    const fn class(&self) -> &'static str {
        if self.has_numbers { " class=\"n\"" } else { "" }
    }
}

/// A table in a box of its own, in which it scrolls if it is too wide. The first column says what a row is of.
pub(super) fn table(caption: &str, columns: &[Column], rows: &[Vec<String>]) -> String {
    let caption = escape(caption);
    let heading = |column: &Column| {
        format!("<th scope=\"col\"{}>{}</th>", column.class(), escape(&column.name))
    };
    let head: String = columns.iter().map(heading).collect();
    let cell = |(place, (column, text)): (usize, (&Column, &String))| {
        let (class, text) = (column.class(), escape(text));
        match place {
            // A key's own direction of writing must not turn the row around.
            0 => format!("<th scope=\"row\"{class}><bdi>{text}</bdi></th>"),
            _ => format!("<td{class}>{text}</td>"),
        }
    };
    let row = |row: &Vec<String>| {
        let cells: String = columns.iter().zip(row).enumerate().map(cell).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let body: String = rows.iter().map(row).collect();
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\">\n<table>\n\
         <caption><span>{caption}</span></caption>\n<thead>\n<tr>{head}</tr>\n</thead>\n\
         <tbody>\n{body}</tbody>\n</table>\n</div>\n"
    )
}
