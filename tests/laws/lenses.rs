//! The lenses against the table of the design page, typed in from that page, and the page that the
//! project shows its users.

use std::collections::BTreeSet;

use expect_test::expect_file;
use guanxi::lifecycle::lens::{
    self, CrmPhase, CustomerState, Element, Framework, JourneyStage, KeyAccountPhase, LensFacts,
    ManagementLayer, Outside, Place, RelationshipPhase, SalesStep, SatisfactionPhase,
};
use guanxi::{Language, Speak, Stage};

const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];

/// The design page: a row per stage, F1 to F9 from left to right.
const PAGE: &str = "
Prospect | prospect | understanding | exploration | potential | identification | introduction | positioning | acquisition | interest and need
Aware | awareness | communication | exploration | potential | attraction | introduction | acquisition | acquisition | interest and need
Considering | consideration | acquisition | exploration | potential | attraction | introduction | acquisition | acquisition | solution design
Deciding | decision | acquisition | exploration | potential | attraction | introduction | acquisition | acquisition | negotiation
Onboarding | interaction | service | formation | new | retention | introduction | development | interaction | follow-up
Growing | interaction | upgrade | formation | new | retention | growth | development | maintenance | follow-up
Loyal | loyalty | retention | stability | loyal | development | stability | retention | development | follow-up
Declining | reflection | retention | decline | loyal if ever Loyal, else new | retention | attrition | retention | satisfaction | follow-up
Lost | outside | acquisition | outside | lost | recovery | attrition | acquisition | acquisition | outside
Disqualified | outside | outside | outside | outside | outside | outside | outside | outside | outside
Ended | outside | removal | outside | outside | outside | outside | outside | outside | outside
";

/// The stages in which the design page lets an open review speak.
const REVIEWED: [&str; 4] = ["Onboarding", "Growing", "Loyal", "Declining"];

type Lens = fn(Stage, LensFacts) -> Place<&'static str>;

/// The lenses in the order of the page's columns, with codes for stages.
const LENSES: [Lens; 9] = [
    |stage, facts| lens::journey(stage, facts).map(JourneyStage::code),
    |stage, facts| lens::management(stage, facts).map(ManagementLayer::code),
    |stage, facts| lens::relationship(stage, facts).map(RelationshipPhase::code),
    |stage, facts| lens::customer_state(stage, facts).map(CustomerState::code),
    |stage, facts| lens::phases(stage, facts).map(CrmPhase::code),
    |stage, facts| lens::key_account(stage, facts).map(KeyAccountPhase::code),
    |stage, facts| lens::elements(stage, facts).map(Element::code),
    |stage, facts| lens::satisfaction(stage, facts).map(SatisfactionPhase::code),
    |stage, facts| lens::sales(stage, facts).map(SalesStep::code),
];

fn every_facts() -> impl Iterator<Item = LensFacts> {
    (0..8_u8).map(|bits| LensFacts {
        review_open: bits & 1 != 0,
        ever_loyal: bits & 2 != 0,
        key_account: bits & 4 != 0,
    })
}

/// What the page says of one cell and the sentences around its table say of the facts.
fn expected(row: &str, framework: Framework, cell: &str, facts: LensFacts) -> String {
    let reviewing = facts.review_open && REVIEWED.contains(&row);
    let words = match (framework, cell) {
        (Framework::KeyAccount, _) if !facts.key_account => "outside: not key account",
        (Framework::Journey, _) if reviewing => "reflection",
        (Framework::Satisfaction, _) if reviewing => "satisfaction",
        (_, "loyal if ever Loyal, else new") if facts.ever_loyal => "loyal",
        (_, "loyal if ever Loyal, else new") => "new",
        // A row that is outside is so because of its own stage.
        (_, "outside") => return format!("outside: {}", row.to_lowercase()),
        (_, words) => words,
    };
    words.to_owned()
}

#[test]
fn every_cell_is_as_the_design_page_has_it() {
    let rows: Vec<Vec<&str>> =
        PAGE.trim().lines().map(|line| line.split(" | ").collect()).collect();
    assert_eq!(rows.len(), Stage::ALL.len());
    for (stage, row) in Stage::ALL.into_iter().zip(rows) {
        let (name, cells) = row.split_first().unwrap();
        assert_eq!(stage.code(), name.to_lowercase());
        assert_eq!(cells.len(), LENSES.len());
        for ((framework, lens), cell) in Framework::ALL.into_iter().zip(LENSES).zip(cells) {
            for facts in every_facts() {
                let seen = match lens(stage, facts) {
                    Place::At(code) => code.to_owned(),
                    Place::Outside(reason) => format!("outside: {reason}"),
                };
                let wanted = expected(name, framework, cell, facts);
                let wanted = wanted.replace("follow-up", "follow up");
                assert_eq!(seen.replace('_', " "), wanted, "{framework} {stage} {facts:?}");
            }
        }
    }
}

#[test]
fn layers_run_beside_the_leading_one() {
    use ManagementLayer::{Communication, Service, Understanding};
    for stage in Stage::ALL {
        let place = lens::management_layers(stage);
        assert_eq!(
            place.map(|layers| layers.leading),
            lens::management(stage, LensFacts::default())
        );
        let Place::At(layers) = place else {
            assert_eq!(place, Place::Outside(Outside::Disqualified), "{stage}");
            continue;
        };
        assert!(!layers.beside.contains(&layers.leading), "{stage}");
        assert!(layers.beside.is_sorted(), "{stage}");
        assert!(layers.beside.iter().all(|&layer| layers.runs(layer)), "{stage}");
        assert!(layers.runs(layers.leading), "{stage}");

        let ended = stage == Stage::Ended;
        let lost = stage == Stage::Lost;
        assert!(layers.runs(Understanding), "{stage}");
        assert_eq!(layers.runs(Communication), stage >= Stage::Aware && !ended, "{stage}");
        assert_eq!(layers.runs(Service), stage >= Stage::Onboarding && !lost && !ended, "{stage}");
    }
}

#[test]
fn any_lens_is_shown_in_words() {
    for language in LANGUAGES {
        for stage in Stage::ALL {
            for facts in every_facts() {
                let typed = [
                    lens::journey(stage, facts).text(language),
                    lens::management(stage, facts).text(language),
                    lens::relationship(stage, facts).text(language),
                    lens::customer_state(stage, facts).text(language),
                    lens::phases(stage, facts).text(language),
                    lens::key_account(stage, facts).text(language),
                    lens::elements(stage, facts).text(language),
                    lens::satisfaction(stage, facts).text(language),
                    lens::sales(stage, facts).text(language),
                ];
                let shown = Framework::ALL.map(|one| lens::show(one, stage, facts, language));
                assert_eq!(shown.as_slice(), typed.as_slice(), "{stage} {facts:?}");
            }
        }
    }
}

/// The words of one vocabulary: code, English name, Chinese name.
type Words = Vec<[&'static str; 3]>;

macro_rules! words {
    ($vocabulary:ident) => {{
        // What is stored is the code, and it reads back as the same word.
        for word in $vocabulary::ALL {
            let stored = serde_json::to_string(&word).unwrap();
            assert_eq!(stored, format!("\"{}\"", word.code()));
            assert_eq!(serde_json::from_str::<$vocabulary>(&stored).unwrap(), word);
            assert_eq!(word.to_string(), word.code());
        }
        assert!($vocabulary::ALL.is_sorted());
        let [english, chinese] = LANGUAGES;
        $vocabulary::ALL.map(|word| [word.code(), word.name(english), word.name(chinese)]).to_vec()
    }};
}

/// The stages of F1 to F9.
fn vocabularies() -> [Words; 9] {
    [
        words!(JourneyStage),
        words!(ManagementLayer),
        words!(RelationshipPhase),
        words!(CustomerState),
        words!(CrmPhase),
        words!(KeyAccountPhase),
        words!(Element),
        words!(SatisfactionPhase),
        words!(SalesStep),
    ]
}

#[test]
fn names_are_distinct_and_in_their_language() {
    let mut all = vocabularies().to_vec();
    all.push(words!(Framework));
    all.push(words!(Outside));
    for words in all {
        for column in 0..3 {
            let distinct: BTreeSet<&str> = words.iter().map(|word| word[column]).collect();
            assert_eq!(distinct.len(), words.len(), "{words:?}");
            assert!(!distinct.contains(""), "{words:?}");
        }
        for [_, english, chinese] in words {
            assert!(english.is_ascii(), "{english}");
            assert!(english.starts_with(|first: char| first.is_ascii_uppercase()), "{english}");
            assert!(!chinese.is_ascii(), "{chinese}");
            assert!(!chinese.contains(|one: char| one.is_ascii_alphabetic()), "{chinese}");
        }
    }
}

/// The digest of the domain, typed in from it: every framework's Chinese names in order.
const CHINESE: [(&str, &str); 9] = [
    ("七阶段客户旅程", "潜在客户 意识 考虑 决策 交互 忠诚 反思"),
    ("七层管理", "了解 沟通 服务 获取 保持 升级 删除"),
    ("关系生命周期", "考察期 形成期 稳定期 退化期"),
    ("客户四状态", "潜在 新 忠诚 流失"),
    ("客户关系管理五阶段", "识别 吸引 保留 发展 恢复"),
    ("大客户生命周期", "导入 成长 稳定 流失"),
    ("四要素", "定位 获取 发展 保持"),
    ("满意度循环", "获取 互动 满意度 维护 发展"),
    ("营销过程", "兴趣需求收集 方案设计 营销 跟踪"),
];

#[test]
fn stages_stand_in_the_order_of_their_framework() {
    for ((framework, words), (name, stages)) in
        Framework::ALL.into_iter().zip(vocabularies()).zip(CHINESE)
    {
        assert_eq!(framework.name(Language::Chinese), name);
        let shown: Vec<&str> = words.iter().map(|[_, _, chinese]| *chinese).collect();
        assert_eq!(shown.join(" "), stages);
    }
}

#[test]
fn every_stage_and_every_reason_is_in_use() {
    let mut reasons = BTreeSet::new();
    let mut unused = Vec::new();
    for ((framework, lens), words) in Framework::ALL.into_iter().zip(LENSES).zip(vocabularies()) {
        let places: Vec<_> = Stage::ALL
            .into_iter()
            .flat_map(|stage| every_facts().map(move |facts| lens(stage, facts)))
            .collect();
        reasons.extend(places.iter().filter_map(|place| place.outside()));
        let reached: BTreeSet<_> = places.iter().filter_map(|place| place.stage()).collect();
        let codes = words.iter().map(|[code, _, _]| *code).filter(|code| !reached.contains(code));
        unused.extend(codes.map(|code| format!("{framework} {code}")));
    }
    assert_eq!(reasons, BTreeSet::from(Outside::ALL));
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn a_place_is_stored_with_its_kind() {
    let at: Place<SalesStep> = Place::At(SalesStep::FollowUp);
    let outside: Place<SalesStep> = Place::Outside(Outside::NotKeyAccount);
    assert_eq!(serde_json::to_string(&at).unwrap(), r#"{"at":"follow_up"}"#);
    assert_eq!(serde_json::to_string(&outside).unwrap(), r#"{"outside":"not_key_account"}"#);
}

const INTRODUCTION: &str = "\
# Lenses: one customer in the words of nine frameworks

The library moves a customer through one lifecycle. Businesses describe the same path in other words,
so each framework has a *lens*: a total function from the customer's stage, and a few facts beside it,
to the framework's own stage. Use a lens to show customers in the words your business already speaks.
Nothing is decided by what a lens answers.

```rust
use guanxi::lifecycle::lens::{self, Framework, JourneyStage, LensFacts, Place};
use guanxi::{Language, Stage};

let facts = LensFacts { review_open: true, ..LensFacts::default() };
assert_eq!(lens::journey(Stage::Growing, facts), Place::At(JourneyStage::Reflection));
assert_eq!(lens::show(Framework::Journey, Stage::Growing, facts, Language::Chinese), \"反思\");
```

How to read the tables:

- *Outside* means that the framework has no stage for such a customer. The answer carries the reason:
  lost, disqualified, relationship ended, or not a key account.
- A review is open while the customer is reviewing quality, reliability or communication. It speaks
  from Onboarding to Declining; when the relationship is over, it changes nothing.
- A customer in decline is *Loyal* in F4 if it has ever been loyal, in this episode or an earlier one.
- F2 shows the layer that leads. Others run beside it: understanding always, communication from Aware
  on, service from Onboarding on. Service pauses while the customer is lost, and once the relationship
  is ended only understanding is left. `management_layers` gives them all.
- F6 is for key accounts; any other customer is outside it in every stage.
- F9 is read from the lifecycle, so it knows the first sale only: a customer that bought is in
  follow-up. Opportunities have steps of their own once there is a record of each.
";

const NOTE: &str = "\
This page is generated from the functions; `UPDATE_EXPECT=1 cargo test --test laws lenses` writes it
anew.";

fn generated(name: &str, content: &str) -> String {
    format!("<!-- generated: {name} -->\n\n{content}\n<!-- end: {name} -->\n")
}

fn stages_markdown() -> String {
    let mut lines =
        vec!["| | framework | | stages, in order |".to_owned(), "|---|---|---|---|".to_owned()];
    for (framework, words) in Framework::ALL.into_iter().zip(vocabularies()) {
        let [english, chinese] = LANGUAGES.map(|language| framework.name(language));
        let stages: Vec<String> =
            words.iter().map(|[code, _, chinese]| format!("`{code}` {chinese}")).collect();
        let stages = stages.join(" · ");
        lines.push(format!("| {framework} | {english} | {chinese} | {stages} |"));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn page() -> String {
    let [english, chinese] = LANGUAGES.map(lens::table_markdown);
    [
        format!("{INTRODUCTION}\n{NOTE}\n"),
        format!("## In English\n\n{}", generated("lenses", &english)),
        format!("## 中文\n\n{}", generated("lenses-zh", &chinese)),
        format!(
            "## Codes\n\nThe codes that are stored, in each framework's order.\n\n{}",
            generated("lens-codes", &stages_markdown())
        ),
    ]
    .join("\n")
}

#[test]
fn the_page_shows_the_lenses_as_they_are() {
    expect_file!["../../docs/lenses.md"].assert_eq(&page());
}
