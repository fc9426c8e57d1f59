//! The README names only what there is. Its commands are run by the journeys in `e2e/`.

use std::process::Command;

use regex::Regex;

use super::sources::{files, read, top};

#[test]
fn settings_and_targets_in_the_readme_exist() {
    let help = Command::new(env!("CARGO_BIN_EXE_duplex")).arg("--help").output().expect("duplex --help runs");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let (readme, makefile) = (read(&top().join("README.md")), read(&top().join("Makefile")));
    // What is set for the tests alone is read by a script.
    let scripts: String = files(&top().join(".ci"), "").iter().map(|path| read(path)).collect();
    let mut missing = Vec::new();
    for found in Regex::new(r"\b(DUPLEX_[A-Z_]+|DATABASE_URL)\b").expect("a pattern").captures_iter(&readme) {
        if !help.contains(&found[1]) && !scripts.contains(&found[1]) {
            missing.push(found[1].to_owned());
        }
    }
    for found in Regex::new(r"`make (\w+)`").expect("a pattern").captures_iter(&readme) {
        if !makefile.contains(&format!("\n{}:", &found[1])) {
            missing.push(format!("make {}", &found[1]));
        }
    }
    assert!(missing.is_empty(), "in README.md, but nowhere else: {missing:?}");
}
