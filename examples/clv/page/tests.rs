use super::charts::{GRID, INK, MUTED, SHADES};
use super::*;

use crate::answers::answers;
use crate::log;
use crate::options::Request;

/// The page of the sample, as asked for.
fn sample(arguments: &[&str]) -> String {
    let arguments: Vec<std::ffi::OsString> = arguments.iter().map(Into::into).collect();
    let Request::Run(options) = Options::parse(arguments).unwrap() else { panic!("no run") };
    let log = log::read(options.log_path()).unwrap();
    page(&log, &answers(&log, &options).unwrap(), &options).unwrap()
}

/// The names of tags in their order, ends with their slash; fails where one is closed that is not open.
fn tags(page: &str) -> Vec<String> {
    let (_, body) = page.split_once("</style>").unwrap();
    let (mut tags, mut open) = (Vec::new(), vec!["head".to_owned(), "html".to_owned()]);
    open.reverse();
    for tag in body.split('<').skip(1).map(|it| it.split_once('>').expect("an end").0) {
        let name = tag.split_whitespace().next().unwrap().trim_end_matches('/');
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop().as_deref(), Some(name), "closed in another order"),
            None if tag.ends_with('/') => {}
            None => open.push(name.to_owned()),
        }
        tags.push(name.to_owned());
    }
    assert!(open.is_empty(), "{open:?}");
    tags
}

#[test]
fn the_page_is_well_formed_in_both_languages_and_alike() {
    let [english, chinese] =
        ["en", "zh"].map(|language| tags(&sample(&["--lang", language, "--model=bgnbd"])));
    assert!(english == chinese);
    assert_eq!(english.iter().filter(|it| *it == "svg").count(), 6);
    assert_eq!(english.iter().filter(|it| *it == "table").count(), 4);
}

/// Whoever reads one language meets no word of the other.
#[test]
fn each_language_is_complete() {
    let is_chinese = |it: char| ('\u{2e80}'..='\u{9fff}').contains(&it) || it > '\u{ff00}';
    let body = |page: &str| page.split_once("</style>").unwrap().1.to_owned();
    assert!(!body(&sample(&[])).contains(is_chinese));
    let chinese = body(&sample(&["--lang=zh"]));
    let known = [
        "r", "alpha", "a", "b", "p", "q", "v", "AIC", "CLV", "Gamma", "MBG", "BG", "NBD", "Pareto",
    ];
    for text in chinese.split('>').filter_map(|it| it.split('<').next()) {
        for word in text.split(|it: char| !it.is_ascii_alphabetic()).filter(|it| !it.is_empty()) {
            assert!(known.contains(&word), "{word} in {text}");
        }
    }
}

#[test]
fn nothing_is_fetched_and_nothing_runs() {
    let page = sample(&[]);
    for from_elsewhere in
        ["://", "src=", "url(", "@import", "<link", "<iframe", "<img", "<script", "href="]
    {
        assert!(!page.contains(from_elsewhere), "{from_elsewhere}");
    }
    let policy = page.split("Content-Security-Policy").nth(1).unwrap();
    assert!(policy.starts_with("\" content=\"default-src 'none'; "));
    assert_eq!(page.matches(" style=").count() + page.matches(" onclick").count(), 0);
}

/// The style turns the colours of the charts over in the dark.
#[test]
fn charts_follow_into_the_dark() {
    let colours = [(INK, "fill"), (INK, "stroke"), (MUTED, "fill"), (GRID, "stroke")];
    for (colour, property) in SHADES.map(|shade| (shade, "fill")).into_iter().chain(colours) {
        let code = format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2);
        assert!(STYLE.contains(&format!(".chart [{property}=\"{code}\"]")), "{property} {code}");
    }
}

#[test]
fn what_a_log_says_is_only_text() {
    assert_eq!(
        escape("<b onload='x'>&\"</b>"),
        "&lt;b onload=&#39;x&#39;&gt;&amp;&quot;&lt;/b&gt;"
    );
    let rows = [vec!["<i>".to_owned(), "2".to_owned()]];
    let table = table("a & b", &[Column::text("<x>"), Column::numbers("n")], &rows);
    assert!(table.contains("<bdi>&lt;i&gt;</bdi>") && table.contains("&lt;x&gt;"), "{table}");
    assert!(table.contains("aria-label=\"a &amp; b\""));
}
