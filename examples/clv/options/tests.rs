use super::*;

fn parse(arguments: &[&str]) -> Result<Request, OptionError> {
    Options::parse(arguments.iter().map(OsString::from).collect::<Vec<_>>())
}

fn options(arguments: &[&str]) -> Options {
    match parse(arguments).unwrap() {
        Request::Run(options) => *options,
        Request::Help => panic!("help was not asked for"),
    }
}

fn refusal(arguments: &[&str]) -> String {
    parse(arguments).unwrap_err().to_string()
}

fn lengths(options: &Options) -> Vec<f64> {
    options.horizons.iter().map(|ahead| ahead.length).collect()
}

#[test]
fn nothing_asked_is_the_published_case() {
    let options = options(&[]);
    assert_eq!(options.log_path(), Path::new(SAMPLE));
    assert_eq!(options.calibration_end, Day::from_ymd(1997, 9, 30).ok());
    assert_eq!((options.model, options.unit, options.top), (Model::Best, Unit::Weeks, 10));
    assert_eq!((lengths(&options), options.discount_percent), (vec![13.0, 52.0], 1.0));
    assert!(Path::new(SAMPLE).is_file());
}

#[test]
fn every_option_is_read_in_both_spellings() {
    let pairs = [
        ("--calibration-end", "2024-03-31"),
        ("--model", "pnbd"),
        ("--time-unit", "days"),
        ("--horizon", "30"),
        ("--horizon", "4.5"),
        ("--discount", "0.5"),
        ("--top", "3"),
        ("--json", "a.json"),
        ("--html", "a.html"),
        ("--lang", "zh"),
    ];
    let spaced: Vec<&str> = pairs.iter().flat_map(|&(name, value)| [name, value]).collect();
    let joined: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let joined: Vec<&str> = joined.iter().map(String::as_str).collect();
    let expected = Options {
        log: Some("log.csv".into()),
        calibration_end: Day::from_ymd(2024, 3, 31).ok(),
        model: Model::ParetoNbd,
        unit: Unit::Days,
        horizons: vec![
            Ahead { text: "30".into(), length: 30.0 },
            Ahead { text: "4.5".into(), length: 4.5 },
        ],
        discount_percent: 0.5,
        top: 3,
        json: Some("a.json".into()),
        html: Some("a.html".into()),
        language: Language::Chinese,
    };
    assert_eq!(options(&[&spaced[..], &["log.csv"]].concat()), expected);
    assert_eq!(options(&[&["log.csv"], &joined[..]].concat()), expected);
}

#[test]
fn a_log_of_ones_own_has_no_day_that_was_published() {
    assert_eq!(options(&["log.csv"]).calibration_end, None);
    assert_eq!(lengths(&options(&["--time-unit=days"])), [91.0, 365.0]);
}

#[test]
fn each_refusal_is_one_clear_sentence() {
    for (arguments, sentence) in [
        (&["--frob"][..], "there is no option `--frob`; `--help` lists them all"),
        (&["-x"], "there is no option `-x`; `--help` lists them all"),
        (&["a.csv", "b.csv"], "only one log can be read, and `b.csv` is another"),
        (&["--json"], "`--json` needs a value"),
        (&["--json", "--html"], "`--json` needs a value"),
        (&["--json="], "`--json` needs a value"),
        (&["--json", "-"], "`--json -` names no file, and standard output has the report"),
        (&["--horizon=4", "--horizon=4.0"], "`--horizon 4.0` is there twice"),
        (
            &["--calibration-end", "1997-02-30"],
            "`--calibration-end` must be a day such as 1997-09-30, not `1997-02-30`",
        ),
        (
            &["--model=gnbd"],
            "`--model` must be `bgnbd`, `mbgnbd`, `pnbd`, `nbd` or `best`, not `gnbd`",
        ),
        (&["--time-unit=months"], "`--time-unit` must be `days` or `weeks`, not `months`"),
        (&["--lang=fr"], "`--lang` must be `en` or `zh`, not `fr`"),
        (&["--top=1001"], "`--top` must be a whole number from 0 to 1000, not `1001`"),
    ] {
        assert_eq!(refusal(arguments), sentence);
    }
    for value in ["0", "-1", "1e3", "inf", "NaN", "100000.5", ".", "ten"] {
        let sentence = refusal(&["--horizon", value]);
        assert_eq!(
            sentence,
            format!("`--horizon` must be a number above 0, 100000 at most, not `{value}`")
        );
    }
    for value in ["-1", "100.1", "1%"] {
        assert!(refusal(&["--discount", value]).contains("a percentage from 0 to 100"));
    }
    let many: Vec<String> = (1..=21).map(|length| format!("--horizon={length}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(refusal(&many), "there are more than 20 horizons");
    assert_eq!(options(&many[..20]).horizons.len(), 20);
}

#[test]
fn the_help_names_every_option_and_no_other() {
    let words = HELP.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    let named: Vec<&str> = words.filter(|word| word.starts_with("--")).collect();
    assert_eq!(named.len(), 9);
    for name in named {
        let unknown = OptionError::Unknown { name: name.to_owned() };
        assert_ne!(parse(&[name]).err(), Some(unknown), "{name}");
    }
    assert_eq!(parse(&["--top", "3", "-h"]), Ok(Request::Help));
    assert!(HELP.lines().all(|line| line.len() <= 108));
    for default in [format!("[default: {TOP}]"), format!("[default: {DISCOUNT_PERCENT}]")] {
        assert!(HELP.contains(&default), "{default}");
    }
}
