//! The source files as text, and the rules about them that need no more than that.

use std::path::{Path, PathBuf};

/// The top of the checkout.
pub fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in the checkout").to_owned()
}

/// Every file below a folder whose name ends so, in a stable order. Folders of installed packages are left out.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            if !path.ends_with("node_modules") && !path.ends_with("target") {
                found.extend(files(&path, ending));
            }
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Rust source with comments and the insides of literals blanked, line breaks kept.
pub fn code_only(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => find(&chars, at, &['\n']),
            '/' if chars.get(at + 1) == Some(&'*') => end_of_block_comment(&chars, at),
            '"' => end_of_text(&chars, at),
            'r' if !before_is_word(&chars, at) && raw_hashes(&chars, at).is_some() => end_of_raw_text(&chars, at),
            '\'' => end_of_char(&chars, at),
            _ => at,
        };
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|char| if *char == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

fn find(chars: &[char], from: usize, wanted: &[char]) -> usize {
    (from..chars.len()).find(|at| chars[*at..].starts_with(wanted)).unwrap_or(chars.len())
}

fn end_of_block_comment(chars: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0, start);
    while at < chars.len() {
        if chars[at..].starts_with(&['/', '*']) {
            depth += 1;
            at += 2;
        } else if chars[at..].starts_with(&['*', '/']) {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    at
}

fn end_of_text(chars: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

fn before_is_word(chars: &[char], at: usize) -> bool {
    at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_') && chars[at - 1] != 'b'
}

fn raw_hashes(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at + 1..].iter().take_while(|char| **char == '#').count();
    (chars.get(at + 1 + hashes) == Some(&'"')).then_some(hashes)
}

fn end_of_raw_text(chars: &[char], at: usize) -> usize {
    let hashes = raw_hashes(chars, at).unwrap_or_default();
    let mut close = vec!['"'];
    close.extend(std::iter::repeat_n('#', hashes));
    (find(chars, at + hashes + 2, &close) + close.len()).min(chars.len())
}

/// A character literal, or nothing when the quote begins a lifetime.
fn end_of_char(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), _) => (find(chars, at + 3, &['\'']) + 1).min(chars.len()),
        (Some(_), Some('\'')) => at + 3,
        _ => at,
    }
}

/// The part of a source file that is its tests: all of a file of tests, else what follows the first `#[cfg(test)]`.
fn tests_of<'a>(path: &Path, code: &'a str) -> &'a str {
    let is_tests = path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs");
    if is_tests { code } else { code.find("#[cfg(test)]").map_or("", |at| &code[at..]) }
}

/// A test that sleeps is slow on a good day and red on a bad one. Only the one place that watches other processes,
/// which can't tell us when they are ready, pauses between two looks; and the soak's faults are delays, which nothing waits for.
#[test]
fn tests_do_not_sleep() {
    let mut found = Vec::new();
    for path in files(&top().join("backend"), ".rs") {
        if path.ends_with("support/watch.rs") || path.ends_with("soak/delay.rs") {
            continue;
        }
        let code = code_only(&read(&path));
        for word in ["thread::sleep", "time::sleep", "sleep_until"] {
            if tests_of(&path, &code).contains(word) {
                found.push(format!("{}: {word}", path.display()));
            }
        }
    }
    for (folder, ending) in [
        ("e2e/journeys", ".spec.ts"),
        ("e2e/screens", ".spec.ts"),
        ("e2e/perf", ".spec.ts"),
        ("frontend/src", ".test.ts"),
        ("frontend/src", ".test.tsx"),
    ] {
        let tests = files(&top().join(folder), ending);
        assert!(!tests.is_empty(), "{folder} holds no {ending}: look where its tests went");
        for path in tests {
            for word in ["setTimeout", "waitForTimeout", "timers/promises"] {
                if read(&path).contains(word) {
                    found.push(format!("{}: {word}", path.display()));
                }
            }
        }
    }
    assert!(found.is_empty(), "drain the workers or poll with a deadline instead:\n{}", found.join("\n"));
}

/// Longer files hold more than one subject. Unit tests at a file's end don't count.
const LONGEST: usize = 450;

#[test]
fn files_are_short_and_named_for_their_subject() {
    let mut found = Vec::new();
    for path in files(&top().join("backend"), ".rs") {
        let code = read(&path);
        let lines = code.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default().lines().count();
        if lines > LONGEST {
            found.push(format!("{}: {lines} lines", path.display()));
        }
        for word in ["utils", "helpers", "common"] {
            if path.components().any(|part| Path::new(part.as_os_str()).file_stem().is_some_and(|stem| stem == word)) {
                found.push(format!("{}: {word} is no subject", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn comments_and_literals_are_no_code() {
    let code = code_only(
        "let a = \"crate::x\"; // crate::y\nlet b: &'static str = r#\"\"crate::z\"#; /* a /* b */ c */ '\\'' 'x' d",
    );
    assert!(!code.contains("crate::"), "{code}");
    assert!(code.contains("&'static str") && code.ends_with(" d"), "{code}");
}
