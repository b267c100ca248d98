//! A command that the README promises is a command that `.ci/run` runs, letter for letter.

use std::fs;
use std::io;
use std::path::Path;

fn read(name: &str) -> io::Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(path)
        .map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))
}

/// The commands in the fenced `sh` blocks, in order, without comments.
fn readme_commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut fence: Option<bool> = None;
    for line in text.replace("\\\n", " ").lines() {
        match (line.trim_start().strip_prefix("```"), fence) {
            (Some(language), None) => fence = Some(language.trim() == "sh"),
            (Some(_), Some(_)) => fence = None,
            (None, Some(true)) => commands.extend(command(line)),
            (None, _) => {}
        }
    }
    commands
}

fn command(line: &str) -> Option<String> {
    let words = line.split_whitespace().take_while(|word| !word.starts_with('#'));
    let words: Vec<_> = words.collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Whether a line of the script holds the command whole: nothing of it before, and after it only what
/// the shell keeps for itself. So `cargo test` is not found in `cargo test --features tz`.
fn script_runs(script: &str, command: &str) -> bool {
    let script = script.replace("\\\n", " ");
    let lines = script.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    lines.filter(|line| !line.starts_with("echo") && !line.starts_with("printf")).any(|line| {
        line.match_indices(command).any(|(at, _)| {
            let (before, rest) = line.split_at(at);
            let after = rest.strip_prefix(command).unwrap_or(rest);
            let starts = before.is_empty() || before.ends_with([' ', '"', '(']);
            let ends = after.trim_start();
            starts && (ends.is_empty() || (ends.starts_with(['"', '|', '>', ')', ';', '&'])))
        })
    })
}

/// The commands of the README that the script does not run. The first command is held to it whatever
/// it is: it is what a newcomer types.
fn unkept(readme: &str, script: &str) -> Vec<String> {
    let commands = readme_commands(readme);
    let promised = commands.iter().enumerate();
    promised
        .filter(|(place, command)| *place == 0 || command.starts_with("cargo "))
        .filter(|(_, command)| !script_runs(script, command))
        .map(|(_, command)| command.clone())
        .collect()
}

#[test]
fn the_script_runs_what_the_readme_promises() {
    let readme = read("README.md").unwrap();
    let commands = readme_commands(&readme);
    assert!(
        commands.first().is_some_and(|first| first.starts_with("cargo ")),
        "README.md: the first `sh` block has to start with a cargo command: {commands:?}"
    );
    let unkept = unkept(&readme, &read(".ci/run").unwrap());
    assert!(unkept.is_empty(), "\nREADME.md promises what .ci/run does not run:\n{unkept:#?}\n");
}

#[cfg(test)]
mod tests {
    use super::{readme_commands, script_runs, unkept};

    const README: &str = "\
# Title\n\
```sh\n\
cargo run --example a   # see it\n\
# a remark\n\
```\n\
```rust\n\
cargo nonsense\n\
```\n\
cargo in prose\n\
  ```sh\n\
  cargo test \\\n\
      --locked\n\
  ls\n\
  ```\n";

    #[test]
    fn commands_come_from_sh_blocks_only() {
        assert_eq!(readme_commands(README), ["cargo run --example a", "cargo test --locked", "ls"]);
    }

    #[test]
    fn a_command_is_found_whole_or_not_at_all() {
        for script in [
            "cargo test",
            "    \"cargo test\"",
            "cargo test | tee out",
            "cargo test>out",
            "out=$(cargo test)",
            "step x cargo test",
        ] {
            assert!(script_runs(script, "cargo test"), "{script}");
        }
        for script in [
            "cargo test --locked",
            "cargo tests",
            "# cargo test",
            "echo cargo test",
            "mycargo test",
        ] {
            assert!(!script_runs(script, "cargo test"), "{script}");
        }
    }

    #[test]
    fn a_promise_that_is_not_kept_is_named() {
        assert_eq!(unkept(README, "cargo run --example a\n"), ["cargo test --locked"]);
        assert_eq!(unkept(README, "cargo test --locked\n"), ["cargo run --example a"]);
        assert_eq!(unkept("```sh\n./try\n```\n", ""), ["./try"]);
    }
}
