//! Finds the paths that a source names, wherever they stand: in a `use`, in code, in a macro, or in a
//! string that serde's derive reads as a path.

use proc_macro2::{Delimiter, LexError, TokenStream, TokenTree};

/// A path that starts at a root this checker knows: `crate` or `std`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// From the root down; `super` is already resolved.
    pub(crate) path: Vec<String>,
    /// More than the path is meant: a glob, a new name for it, or a segment that a macro fills in.
    pub(crate) open: bool,
}

/// What one source says, as far as the rules of the house go.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The paths from a known root, in order.
    pub(crate) paths: Vec<Named>,
    /// Every identifier, in order.
    pub(crate) words: Vec<String>,
}

/// Reads a source that stands at `module`, written from the root: `["crate", "value", "rfm"]`.
pub(crate) fn find(source: &str, module: &[String]) -> Result<Found, LexError> {
    let tokens: Vec<TokenTree> = source.parse::<TokenStream>()?.into_iter().collect();
    let mut found = Found::default();
    collect_words(&tokens, &mut found.words);
    found.walk(&tokens, module);
    Ok(found)
}

impl Found {
    fn walk(&mut self, mut rest: &[TokenTree], module: &[String]) {
        while let Some((first, after)) = rest.split_first() {
            rest = match (first, after) {
                (
                    TokenTree::Ident(word),
                    [TokenTree::Ident(name), TokenTree::Group(body), tail @ ..],
                ) if word == "mod" && body.delimiter() == Delimiter::Brace => {
                    let inner: Vec<_> = module.iter().cloned().chain([name.to_string()]).collect();
                    self.walk(&trees(body.stream()), &inner);
                    tail
                }
                (TokenTree::Ident(word), _) => match root(&word.to_string(), module) {
                    Some(path) => self.start(path, after),
                    None => after,
                },
                (TokenTree::Punct(hash), [TokenTree::Group(body), tail @ ..])
                    if hash.as_char() == '#' =>
                {
                    self.walk(&attribute(body.stream()), module);
                    tail
                }
                (TokenTree::Group(body), _) => {
                    self.walk(&trees(body.stream()), module);
                    after
                }
                _ => after,
            };
        }
    }

    /// After the first segment. A lone root names nothing (`pub(crate)`) unless it gets a new name.
    fn start<'a>(&mut self, path: Vec<String>, rest: &'a [TokenTree]) -> &'a [TokenTree] {
        match after_colons(rest) {
            Some(next) => self.follow(path, next),
            None => {
                self.push(path, renamed(rest));
                rest
            }
        }
    }

    /// At a segment: after `::`, or at an item inside the braces of a `use`.
    fn follow<'a>(&mut self, mut path: Vec<String>, mut rest: &'a [TokenTree]) -> &'a [TokenTree] {
        loop {
            match rest {
                [TokenTree::Ident(word), tail @ ..] if word == "self" => {
                    self.push(path, true);
                    return tail;
                }
                [TokenTree::Ident(word), tail @ ..] => {
                    descend(&mut path, word.to_string());
                    let Some(next) = after_colons(tail) else {
                        self.push(path, renamed(tail));
                        return tail;
                    };
                    rest = next;
                }
                [TokenTree::Group(items), tail @ ..] if items.delimiter() == Delimiter::Brace => {
                    for item in
                        trees(items.stream()).split(is_comma).filter(|item| !item.is_empty())
                    {
                        self.follow(path.clone(), item);
                    }
                    return tail;
                }
                [TokenTree::Punct(mark), ..] => {
                    self.push(path, matches!(mark.as_char(), '*' | '$'));
                    return rest;
                }
                _ => {
                    self.push(path, false);
                    return rest;
                }
            }
        }
    }

    fn push(&mut self, path: Vec<String>, open: bool) {
        self.paths.push(Named { path, open });
    }
}

/// What a path that starts with this word starts from. `self` is not here: it never leaves the file.
fn root(word: &str, module: &[String]) -> Option<Vec<String>> {
    match word {
        "crate" | "guanxi" => Some(vec!["crate".to_owned()]),
        "std" => Some(vec!["std".to_owned()]),
        "super" => {
            let mut path = module.to_vec();
            descend(&mut path, "super".to_owned());
            Some(path)
        }
        _ => None,
    }
}

fn descend(path: &mut Vec<String>, segment: String) {
    if segment != "super" {
        path.push(segment);
    } else if path.len() > 1 {
        path.pop();
    }
}

fn after_colons(rest: &[TokenTree]) -> Option<&[TokenTree]> {
    match rest {
        [TokenTree::Punct(first), TokenTree::Punct(second), tail @ ..]
            if first.as_char() == ':' && second.as_char() == ':' =>
        {
            Some(tail)
        }
        _ => None,
    }
}

fn renamed(rest: &[TokenTree]) -> bool {
    matches!(rest.first(), Some(TokenTree::Ident(word)) if word == "as")
}

fn is_comma(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ',')
}

fn trees(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}

/// The inside of an attribute. Serde's strings are paths of code: `#[serde(with = "crate::money")]`
/// leans on that room as surely as a `use` does. Other strings stay strings.
fn attribute(stream: TokenStream) -> Vec<TokenTree> {
    let inside = trees(stream);
    match inside.first() {
        Some(TokenTree::Ident(name)) if name == "serde" || name == "cfg_attr" => unquote(inside),
        _ => inside,
    }
}

fn unquote(inside: Vec<TokenTree>) -> Vec<TokenTree> {
    inside
        .into_iter()
        .flat_map(|tree| match tree {
            TokenTree::Group(group) => unquote(trees(group.stream())),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let code = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                match code.map(str::parse::<TokenStream>) {
                    Some(Ok(code)) => trees(code),
                    _ => vec![literal.into()],
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => vec![tree],
        })
        .collect()
}

fn collect_words(rest: &[TokenTree], words: &mut Vec<String>) {
    for tree in rest {
        match tree {
            TokenTree::Ident(word) => words.push(word.to_string()),
            TokenTree::Group(group) => collect_words(&attribute(group.stream()), words),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    /// The paths found in a source at `crate::value::rfm`; an open end shows as a star.
    fn paths(source: &str) -> Vec<String> {
        let module = ["crate", "value", "rfm"].map(str::to_owned);
        let found = find(source, &module).unwrap();
        let show = |open| if open { "::*" } else { "" };
        found.paths.iter().map(|named| named.path.join("::") + show(named.open)).collect()
    }

    #[test]
    fn a_use_is_found_with_every_branch() {
        assert_eq!(paths("use crate::money::Money;"), ["crate::money::Money"]);
        assert_eq!(
            paths("pub use crate::{id, money::{self, Money as M}, tier::*,};"),
            ["crate::id", "crate::money::*", "crate::money::Money::*", "crate::tier::*"]
        );
        assert_eq!(
            paths("use {crate::a, std::{env, fs::File}};"),
            ["crate::a", "std::env", "std::fs::File"]
        );
    }

    #[test]
    fn super_is_resolved_from_where_it_stands() {
        assert_eq!(paths("use super::Score;"), ["crate::value::Score"]);
        assert_eq!(paths("use super::super::tier::Tier;"), ["crate::tier::Tier"]);
        assert_eq!(
            paths("use super::{super::tier, state};"),
            ["crate::tier", "crate::value::state"]
        );
        assert_eq!(paths("use self::super::super::tier;"), ["crate::tier"]);
        assert_eq!(paths("mod tests { use super::*; }"), ["crate::value::rfm::*"]);
        assert_eq!(paths("mod a { mod b { use super::super::super::X; } }"), ["crate::value::X"]);
    }

    #[test]
    fn code_and_macros_are_searched() {
        assert_eq!(paths("fn f() -> u8 { crate::crm::run::<u8>(1) }"), ["crate::crm::run"]);
        assert_eq!(paths("fn f() { println!(\"{}\", crate::crm::X) }"), ["crate::crm::X"]);
        assert_eq!(paths("macro_rules! m { () => { $crate::crm::X } }"), ["crate::crm::X"]);
        assert_eq!(paths("macro_rules! m { ($n:ident) => { crate::$n::X } }"), ["crate::*"]);
        assert_eq!(paths("#[derive(crate::crm::D)] struct S;"), ["crate::crm::D"]);
        assert_eq!(paths("#[serde(with = \"crate::crm::w\")] x: u8"), ["crate::crm::w"]);
    }

    #[test]
    fn the_root_itself_is_found_when_it_is_opened_or_renamed() {
        assert_eq!(paths("use crate::*;"), ["crate::*"]);
        assert_eq!(paths("use crate as root;"), ["crate::*"]);
        assert_eq!(paths("use crate::{self as root};"), ["crate::*"]);
        assert_eq!(paths("pub(crate) struct S;"), ["crate"]);
        assert_eq!(paths("use guanxi::crm::Crm;"), ["crate::crm::Crm"]);
    }

    #[test]
    fn text_is_not_code() {
        for text in [
            "// crate::crm::X",
            "/* use crate::crm; */",
            "/// [`crate::crm::Crm`]\nstruct S;",
            "//! use crate::crm;",
            "const S: &str = \"crate::crm::X\";",
            "const S: &str = r#\"use crate::crm;\"#;",
            "#[doc = \"crate::crm\"] struct S;",
            "#[error(\"crate::crm\")] struct S;",
            "#[serde(rename = \"it's\")] struct S;",
        ] {
            assert_eq!(paths(text), Vec::<String>::new(), "{text}");
        }
    }
}
