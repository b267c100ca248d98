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

#[test]
fn nothing_asked_reads_the_bundled_log() {
    let options = options(&[]);
    assert_eq!(options, Options::default());
    assert!(options.log_path().is_file());
    assert_eq!(options.rejects_path(), Path::new(REJECTS));
    assert_eq!(options.db_path(), Path::new(SAMPLE_DATABASE));
}

#[test]
fn every_option_is_read_in_both_spellings() {
    let pairs = [
        ("--customer-column", "who"),
        ("--date-column", "when"),
        ("--amount-column", "how much"),
        ("--currency-column", "unit"),
        ("--order-column", "order"),
        ("--currency", "eur"),
        ("--delimiter", "tab"),
        ("--date-format", "dmy"),
        ("--decimal", "comma"),
        ("--negative", "return"),
        ("--db", "shop.db"),
        ("--rejects", "bad.csv"),
        ("--today", "1998-06-30"),
        ("--as-of", "1997-09-30"),
        ("--lang", "zh"),
        ("--top", "3"),
        ("--policy", "policy.json"),
        ("--explain", "203"),
        ("--json", "out.json"),
        ("--csv", "out.csv"),
        ("--html", "out.html"),
    ];
    let spaced: Vec<&str> = pairs.iter().flat_map(|&(name, value)| [name, value]).collect();
    let joined: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let joined: Vec<&str> = joined.iter().map(String::as_str).collect();
    let expected = Options {
        log: Some("my.csv".into()),
        customer_column: "who".to_owned(),
        date_column: "when".to_owned(),
        amount_column: "how much".to_owned(),
        currency_column: Some("unit".to_owned()),
        order_column: Some("order".to_owned()),
        currency: Some(Currency::EUR),
        delimiter: Some(b'\t'),
        date_format: DateFormat::Dmy,
        decimal: Decimal::Comma,
        db: Some("shop.db".into()),
        verify: true,
        negative: Negative::Return,
        strict: true,
        today: Some(Day::from_ymd(1998, 6, 30).unwrap()),
        as_of: Some(Day::from_ymd(1997, 9, 30).unwrap()),
        language: Language::Chinese,
        policy: Some("policy.json".into()),
        explain: Some("203".to_owned()),
        json: Some("out.json".into()),
        csv: Some("out.csv".into()),
        html: Some("out.html".into()),
        rejects: Some("bad.csv".into()),
        moves: 3,
    };
    let rest: &[&str] = &["--strict", "--verify", "my.csv"];
    assert_eq!(options(&[spaced.as_slice(), rest].concat()), expected);
    assert_eq!(options(&[joined.as_slice(), rest].concat()), expected);
}

#[test]
fn the_help_names_every_option_and_no_other() {
    let mut named: Vec<&str> = HELP
        .lines()
        .filter_map(|line| line.split_whitespace().find(|w| w.starts_with("--")))
        .collect();
    named.retain(|name| *name != "--help");
    assert_eq!(named.len(), 23);
    for name in named {
        let unknown = OptionError::Unknown { name: name.to_owned() };
        assert_ne!(parse(&[name]).err(), Some(unknown), "{name}");
    }
    assert_eq!(parse(&["--strict", "-h"]), Ok(Request::Help));
    assert_eq!(parse(&["--help"]), Ok(Request::Help));
    assert!(HELP.lines().all(|line| line.len() <= 100));
}

#[test]
fn the_help_states_the_defaults() {
    let options = Options::default();
    let defaults = [
        ("--customer-column", options.customer_column.as_str()),
        ("--date-column", &options.date_column),
        ("--amount-column", &options.amount_column),
        ("--top", "10"),
    ];
    for (name, default) in defaults {
        let line = HELP.lines().find(|line| line.contains(name)).unwrap();
        assert!(line.ends_with(&format!("[default: {default}]")), "{line}");
    }
    assert_eq!(options.moves, 10);
    assert!(HELP.contains(&format!("[default: {REJECTS}]")));
    assert!(HELP.contains(&format!("[default: {DATABASE}; {SAMPLE_DATABASE} for the sample]")));
}

#[test]
fn each_refusal_is_one_clear_sentence() {
    let unknown = "there is no option `--frob`; `--help` lists them all";
    assert_eq!(refusal(&["--frob"]), unknown);
    assert_eq!(refusal(&["--frob=1"]), unknown);
    assert_eq!(refusal(&["-x"]), "there is no option `-x`; `--help` lists them all");
    assert_eq!(refusal(&["--top"]), "`--top` needs a value");
    assert_eq!(refusal(&["--json", "--strict"]), "`--json` needs a value");
    assert_eq!(refusal(&["--json="]), "`--json` needs a value");
    assert_eq!(refusal(&["--strict=yes"]), "`--strict` takes no value");
    assert_eq!(refusal(&["--top", "-1"]), "`--top` must be a whole number, not `-1`");
    assert_eq!(refusal(&["--lang=fr"]), "`--lang` must be `en` or `zh`, not `fr`");
    assert_eq!(
        refusal(&["--today", "1997-02-29"]),
        "`--today` must be a day such as 1997-01-31, not `1997-02-29`"
    );
    assert_eq!(
        refusal(&["--currency", "XAU"]),
        "`--currency` must be a currency code such as USD, not `XAU`"
    );
    assert_eq!(refusal(&["a", "b"]), "one log at a time: `b` is a second one");
    assert_eq!(
        refusal(&["--as-of=1998-01-02", "--today=1998-01-01"]),
        "`--as-of` 1998-01-02 is after `--today` 1998-01-01"
    );
}

#[test]
fn today_is_a_day_to_judge_at() {
    let options = options(&["--as-of=1998-01-01", "--today=1998-01-01"]);
    assert_eq!(options.as_of, options.today);
}

#[test]
fn no_file_is_both_read_and_written() {
    let refused = "`--rejects` names a file that is in use already";
    assert_eq!(refusal(&["a.csv", "--rejects", "a.csv"]), refused);
    assert_eq!(refusal(&[REJECTS]), refused);
    let refused = "`--json` names a file that is in use already";
    assert_eq!(refusal(&["a.csv", "--json", "a.csv"]), refused);
    assert_eq!(refusal(&["--rejects=x", "--json=x"]), refused);
    assert_eq!(refusal(&["--db=x", "--json=x"]), refused);
    assert_eq!(refusal(&["--policy=x", "--json=x"]), refused);
    let refused = "`--csv` names a file that is in use already";
    assert_eq!(refusal(&["a.csv", "--csv", "a.csv"]), refused);
    assert_eq!(refusal(&["--json=x", "--csv=x"]), refused);
    let refused = "`--db` names a file that is in use already";
    assert_eq!(refusal(&["a.csv", "--db", "a.csv"]), refused);
    assert_eq!(refusal(&["--db=x", "--rejects=x"]), refused);
    assert_eq!(refusal(&[DATABASE]), refused);
}
