//! What a page promises its readers.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::models::{shop, ugly};
use super::reading::{Piece, pieces, words};
use super::*;

/// Whoever reads one language meets no word of the other.
#[test]
fn each_language_is_complete() {
    let known = BTreeSet::from(["USD", "A", "B", "C", "R", "F"]);
    for (name, model) in ugly().into_iter().chain([("a shop", shop())]) {
        for text in words(&page(&model, Language::Chinese).unwrap()) {
            let latin = text.split(|it: char| !it.is_ascii_alphabetic());
            let foreign: Vec<_> =
                latin.filter(|it| !it.is_empty() && !known.contains(it)).collect();
            assert_eq!(foreign, Vec::<&str>::new(), "{name}: {text}");
        }
        for text in words(&page(&model, Language::English).unwrap()) {
            let is_chinese = |it: char| ('\u{2e80}'..='\u{9fff}').contains(&it) || it > '\u{ff00}';
            assert!(!text.contains(is_chinese), "{name}: {text}");
        }
    }
}

#[test]
fn the_language_is_named() {
    let lang =
        |language| pieces(&page(&shop(), language).unwrap())[0].get("lang").map(str::to_owned);
    assert_eq!(lang(Language::English).as_deref(), Some("en"));
    assert_eq!(lang(Language::Chinese).as_deref(), Some("zh-CN"));
}

#[test]
fn nothing_is_fetched() {
    for language in LANGUAGES {
        let page = page(&shop(), language).unwrap();
        for from_elsewhere in ["://", "src=", "url(", "@import", "<link", "<iframe", "<img"] {
            assert!(!page.contains(from_elsewhere), "{from_elsewhere}");
        }
        let pieces = pieces(&page);
        for link in pieces.iter().filter_map(|it| it.get("href")) {
            let target = link.strip_prefix('#').expect("a place on the page");
            assert_eq!(pieces.iter().filter(|it| it.get("id") == Some(target)).count(), 1);
        }
    }
}

/// The page's own policy allows its style and script by their hashes; a change of either without the
/// other would leave a page without looks.
#[test]
fn the_page_allows_what_it_brings_and_nothing_else() {
    let pieces = pieces(&page(&shop(), Language::English).unwrap());
    let policy = pieces.iter().find(|it| it.get("http-equiv").is_some()).unwrap();
    let policy = policy.get("content").unwrap();
    assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
    for name in ["style", "script"] {
        let at: Vec<_> = (0..pieces.len()).filter(|at| pieces[*at].is(name)).collect();
        let [at] = at[..] else { panic!("one {name}") };
        let Piece::Text(code) = &pieces[at + 1] else { panic!("empty {name}") };
        let hash = base64(&Sha256::digest(code.as_bytes()));
        assert!(policy.contains(&format!("{name}-src 'sha256-{hash}'")), "{name}: {hash}");
    }
    for piece in &pieces {
        let is_inline = |(name, _): &(String, String)| name == "style" || name.starts_with("on");
        let Piece::Open(_, attributes) = piece else { continue };
        assert!(!attributes.iter().any(is_inline), "the policy forbids it: {piece:?}");
    }
}

/// As of RFC 4648.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3)
            .fold(0_usize, |bits, at| bits << 8 | chunk.get(at).copied().map_or(0, usize::from));
        for digit in 0..4 {
            let is_there = digit <= chunk.len();
            text.push(if is_there { DIGITS[bits >> (18 - 6 * digit) & 63].into() } else { '=' });
        }
    }
    text
}

#[test]
fn base64_is_that_of_the_standard() {
    for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foobar", "Zm9vYmFy")] {
        assert_eq!(base64(plain.as_bytes()), coded);
    }
}

/// Whoever does not see the page hears what the charts say, and which column a number stands in.
#[test]
fn everything_has_a_name() {
    for (name, model) in ugly().into_iter().chain([("a shop", shop())]) {
        let pieces = pieces(&page(&model, Language::English).unwrap());
        let ids: Vec<_> = pieces.iter().filter_map(|it| it.get("id")).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{name}: an id twice");
        for (place, piece) in pieces.iter().enumerate() {
            if piece.is("svg") {
                let label = piece.get("aria-label").unwrap_or_default();
                assert!(piece.get("role") == Some("img") && label.len() > 10, "{name}: {piece:?}");
            }
            if piece.is("table") {
                assert!(pieces[place + 1].is("caption"), "{name}: {piece:?}");
            }
            if piece.is("th") {
                assert!(matches!(piece.get("scope"), Some("col" | "row")), "{name}: {piece:?}");
            }
            if piece.is("section") {
                let heading = piece.get("aria-labelledby").unwrap();
                assert!(ids.contains(&heading), "{name}: {heading}");
            }
        }
    }
}

#[test]
fn a_base_with_nobody_says_so() {
    let page = page(&ugly()[0].1, Language::English).unwrap();
    assert!(page.contains("Nobody had bought anything") && !page.contains("<section"));
}

#[test]
fn twenty_customers_are_named_and_no_more() {
    let model = shop();
    let words = words(&page(&model, Language::English).unwrap());
    let is_named = |it: &&Attention| words.contains(&it.key);
    assert_eq!(model.attention.iter().filter(is_named).count(), 20);
}

/// A key's place is known by its end as well as by its beginning, wherever its letters lead.
#[test]
fn a_key_is_set_apart_and_cut() {
    let mut model = shop();
    model.attention.truncate(1);
    model.attention[0].key = format!("\u{202e}{}", "k".repeat(200));
    let pieces = pieces(&page(&model, Language::English).unwrap());
    let at = pieces.iter().position(|it| it.is("bdi")).unwrap();
    assert_eq!(pieces[at].get("title"), Some(model.attention[0].key.as_str()));
    let Piece::Text(shown) = &pieces[at + 1] else { panic!("no key") };
    assert_eq!((shown.chars().count(), shown.ends_with('…')), (40, true));
}

/// The style turns these colours of the charts over in the dark.
#[test]
fn charts_follow_into_the_dark() {
    use super::charts::{GRID, INK, MUTED};
    let style = include_str!("../style.css");
    for (colour, property) in [(INK, "fill"), (INK, "stroke"), (MUTED, "fill"), (GRID, "stroke")] {
        let code = format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2);
        assert!(style.contains(&format!(".chart [{property}=\"{code}\"]")), "{property} {code}");
    }
}
