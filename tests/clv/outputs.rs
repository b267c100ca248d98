//! Files beside the report: whole or not at all.

use std::process::Stdio;

use super::program::Folder;

#[test]
fn the_page_is_whole_in_both_languages_and_repeatable() {
    let folder = Folder::new("page");
    for (language, said) in [("en", "lang=\"en\""), ("zh", "lang=\"zh-CN\"")] {
        let arguments = ["--lang", language, "--html", "page.html"];
        folder.report(&arguments);
        let page = folder.read("page.html");
        assert!(page.contains(said) && page.contains("1998-06-30") && page.ends_with("</html>\n"));
        assert_eq!(page.matches("<svg").count(), 6, "{language}");
        assert_eq!(page.matches("<table").count(), 5, "{language}");
        assert!(!page.contains("NaN") && !page.contains("inf"));
        folder.report(&arguments);
        assert!(folder.read("page.html") == page);
    }
    assert_eq!(folder.names(), ["page.html"]);
}

#[test]
fn older_files_are_replaced_and_what_an_interrupted_run_left_is_gone() {
    let folder = Folder::new("replaced");
    folder.write("answers.json", "older");
    folder.write(".answers.json.part", "{".repeat(10_000_000));
    let answers = folder.answers(&["--model=bgnbd"]);
    assert_eq!(answers["model"], "bgnbd");
    assert_eq!(folder.names(), ["answers.json"]);
}

#[test]
#[cfg(target_os = "linux")]
fn what_cannot_be_written_is_told_and_leaves_nothing_behind() {
    let folder = Folder::new("full");
    let sentence = folder.refusal(1, &["--json=/dev/full"]);
    assert!(sentence.starts_with("cannot write `/dev/full`: "), "{sentence}");
    // A device is written to and stays one.
    folder.report(&["--json=/dev/null"]);
    folder.report(&["--html=/dev/null"]);
    assert_eq!(folder.names(), Vec::<String>::new());
}

#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let folder = Folder::new("pipe");
    for arguments in [&["--top=1000"][..], &["--help"]] {
        let mut command = folder.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ran = child.wait_with_output().unwrap();
        assert_eq!((ran.status.code(), ran.stderr.as_slice()), (Some(0), &b""[..]));
    }
}
