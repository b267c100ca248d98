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
fn nothing_asked_shows_the_demonstration() {
    let options = options(&[]);
    assert_eq!(
        (&options.db, &options.to, &options.cursor),
        (&Source::Demo, &Target::Output, &None)
    );
    assert_eq!(options.tenant, TenantId::derive(demo::TENANT));
    assert!(!options.is_following);
}

#[test]
fn every_option_is_read_in_both_spellings() {
    let pairs = [
        ("--db", "shop.db"),
        ("--tenant", "shop"),
        ("--to", "out.jsonl"),
        ("--cursor", "place"),
        ("--interval", "50"),
        ("--page", "7"),
    ];
    let spaced: Vec<&str> = pairs.iter().flat_map(|&(name, value)| [name, value]).collect();
    let joined: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let joined: Vec<&str> = joined.iter().map(String::as_str).collect();
    let expected = Options {
        db: Source::File("shop.db".into()),
        tenant: TenantId::derive("shop"),
        to: Target::File("out.jsonl".into()),
        cursor: Some("place".into()),
        is_following: true,
        interval: Duration::from_millis(50),
        page: PageSize::new(7).unwrap(),
    };
    assert_eq!(options(&[&spaced[..], &["--follow"]].concat()), expected);
    assert_eq!(options(&[&joined[..], &["--follow"]].concat()), expected);
}

#[test]
fn a_tenant_is_named_or_given_by_its_id() {
    let id = TenantId::derive("shop").to_string();
    assert_eq!(options(&["--db=a", "--tenant", &id]), options(&["--db=a", "--tenant=shop"]));
}

#[test]
fn the_cursor_is_noted_beside_the_file_and_nowhere_for_output() {
    assert_eq!(options(&["--to", "out.jsonl"]).cursor, Some("out.jsonl.cursor".into()));
    assert_eq!(options(&["--to", "-"]).cursor, None);
    assert_eq!(options(&["--to=-", "--cursor=place"]).cursor, Some("place".into()));
}

#[test]
fn an_address_is_no_file_and_is_never_shown() {
    let options = options(&["--db=postgres://shop:secret@localhost/crm", "--tenant=shop"]);
    assert!(matches!(options.db, Source::Postgres(_)));
    assert!(!format!("{options:?}").contains("secret"));
}

#[test]
fn each_refusal_is_one_clear_sentence() {
    assert_eq!(refusal(&["--frob"]), "there is no option `--frob`; `--help` lists them all");
    assert_eq!(refusal(&["-x"]), "there is no option `-x`; `--help` lists them all");
    assert_eq!(refusal(&["a.db"]), "`a.db` belongs to no option; `--help` lists them all");
    assert_eq!(refusal(&["--to"]), "`--to` needs a value");
    assert_eq!(refusal(&["--to", "--follow"]), "`--to` needs a value");
    assert_eq!(refusal(&["--db="]), "`--db` needs a value");
    assert_eq!(refusal(&["--follow=yes"]), "`--follow` takes no value");
    assert_eq!(
        refusal(&["--page", "0"]),
        "`--page` must be a whole number from 1 to 1000, not `0`"
    );
    assert_eq!(refusal(&["--page=1001"]).split(',').count(), 2);
    assert_eq!(
        refusal(&["--interval=0"]),
        "`--interval` must be a number of milliseconds from 1 to 3600000, not `0`"
    );
    assert_eq!(refusal(&["--db=a"]), "`--db` and `--tenant` go together");
    assert_eq!(refusal(&["--tenant=a"]), "`--db` and `--tenant` go together");
    let same = |name| format!("`{name}` names a file that is in use already");
    assert_eq!(refusal(&["--db=a", "--tenant=t", "--to=a"]), same("--to"));
    assert_eq!(refusal(&["--to", demo::DATABASE]), same("--to"));
    assert_eq!(refusal(&["--db=a", "--tenant=t", "--cursor=a"]), same("--cursor"));
    assert_eq!(refusal(&["--to=a", "--cursor=a"]), same("--cursor"));
}

#[test]
fn the_help_names_every_option_and_no_other() {
    let words = HELP.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    let named: Vec<&str> = words.filter(|word| word.starts_with("--")).collect();
    assert_eq!(named.len(), 7);
    for name in named {
        let unknown = OptionError::Unknown { name: name.to_owned() };
        assert_ne!(parse(&[name]).err(), Some(unknown), "{name}");
    }
    assert_eq!(parse(&["--follow", "-h"]), Ok(Request::Help));
    assert!(HELP.lines().all(|line| line.len() <= 100));
    assert!(HELP.contains(demo::DATABASE));
    for default in [format!("{}", PAGE.rows()), format!("{}", INTERVAL.as_millis())] {
        assert!(HELP.contains(&format!("[default: {default}]")), "{default}");
    }
}
