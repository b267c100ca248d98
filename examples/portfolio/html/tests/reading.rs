//! A page as a browser reads it, for as much HTML as the page is written in.

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// A tag's name, with its attributes in their order.
    Open(String, Vec<(String, String)>),
    Close(String),
    /// Between tags, as it is seen.
    Text(String),
}

/// Elements that have no end.
const VOID: [&str; 8] = ["meta", "line", "rect", "circle", "polyline", "polygon", "br", "hr"];

/// The pieces of a page. Fails on whatever is not well formed.
pub(super) fn pieces(page: &str) -> Vec<Piece> {
    let mut rest = page.strip_prefix("<!DOCTYPE html>").expect("a document");
    let (mut pieces, mut open) = (Vec::new(), Vec::new());
    while let Some((text, after)) = rest.split_once('<') {
        if !text.trim().is_empty() {
            pieces.push(Piece::Text(unescaped(text)));
        }
        let (tag, after) = whole_tag(after);
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "closed in another order");
            pieces.push(Piece::Close(name.to_owned()));
            continue;
        }
        let (name, attributes) = attributes(tag.trim_end_matches('/'));
        if !VOID.contains(&name.as_str()) {
            open.push(name.clone());
        }
        pieces.push(Piece::Open(name.clone(), attributes));
        if ["style", "script"].contains(&name.as_str()) {
            let end = format!("</{name}>");
            let (raw, _) = rest.split_once(&end).expect("an end");
            pieces.push(Piece::Text(raw.to_owned()));
            rest = &rest[raw.len()..];
        }
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "{open:?} {rest}");
    pieces
}

/// A tag up to its end, which no quoted value is.
fn whole_tag(text: &str) -> (&str, &str) {
    let mut is_quoted = false;
    for (at, it) in text.char_indices() {
        match it {
            '"' => is_quoted = !is_quoted,
            '>' if !is_quoted => return (&text[..at], &text[at + 1..]),
            '<' => panic!("a tag in a tag: {text}"),
            _ => {}
        }
    }
    panic!("a tag without an end: {text}")
}

fn attributes(tag: &str) -> (String, Vec<(String, String)>) {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    assert!(name.chars().all(|it| it.is_ascii_alphanumeric()), "no name of a tag: {name}");
    let mut attributes: Vec<(String, String)> = Vec::new();
    while !rest.trim().is_empty() {
        let (name, after) = rest.trim_start().split_once("=\"").expect("a quoted value");
        let (value, after) = after.split_once('"').expect("an end of the value");
        assert!(
            name.chars().all(|it| it.is_ascii_alphabetic() || it == '-' || it.is_ascii_digit())
        );
        assert!(attributes.iter().all(|(other, _)| other != name), "twice: {name} in {tag}");
        attributes.push((name.to_owned(), unescaped(value)));
        rest = after;
    }
    (name.to_owned(), attributes)
}

fn unescaped(text: &str) -> String {
    assert!(!text.contains(['<', '>']), "not escaped: {text}");
    let entities =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'")];
    let mut plain = text.to_owned();
    for (entity, it) in entities {
        plain = plain.replace(entity, it);
    }
    let bare = plain.matches('&').count();
    assert_eq!(bare, plain.matches("&amp;").count(), "not escaped: {text}");
    plain.replace("&amp;", "&").trim().to_owned()
}

impl Piece {
    /// Without what it says: its name, and those of its attributes.
    pub(super) fn shape(&self) -> Option<(&str, Vec<&str>)> {
        match self {
            Self::Open(name, attributes) => {
                Some((name, attributes.iter().map(|(name, _)| name.as_str()).collect()))
            }
            Self::Close(name) => Some((name, Vec::new())),
            Self::Text(_) => None,
        }
    }

    /// The value of an attribute.
    pub(super) fn get(&self, attribute: &str) -> Option<&str> {
        let Self::Open(_, attributes) = self else { return None };
        attributes.iter().find(|(name, _)| name == attribute).map(|(_, value)| value.as_str())
    }

    pub(super) fn is(&self, tag: &str) -> bool {
        matches!(self, Self::Open(name, _) if name == tag)
    }
}

/// All that a reader sees or hears: text, and the labels of what is not text.
pub(super) fn words(page: &str) -> Vec<String> {
    let pieces = pieces(page);
    let mut words = Vec::new();
    for (place, piece) in pieces.iter().enumerate() {
        words.extend(["aria-label", "title"].iter().filter_map(|it| piece.get(it)).map(Into::into));
        let before = place.checked_sub(1).map(|before| &pieces[before]);
        let is_code = before.is_some_and(|it| it.is("style") || it.is("script"));
        match piece {
            Piece::Text(text) if !is_code => words.push(text.clone()),
            Piece::Text(_) | Piece::Open(..) | Piece::Close(_) => {}
        }
    }
    words
}
