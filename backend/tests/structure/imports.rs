//! Who imports whom, held against the table in `backend/README.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use regex::Regex;

use super::sources::{code_only, files, read, top};

/// What a room may use, as the README's table says.
#[derive(Debug, PartialEq)]
enum Allowed {
    Rooms(BTreeSet<String>),
    EverythingBut(BTreeSet<String>),
}

impl Allowed {
    fn parse(cell: &str) -> Self {
        let names = |text: &str| text.split(',').map(|name| name.trim().to_owned()).collect();
        match cell {
            "nothing of ours" => Self::Rooms(BTreeSet::new()),
            "everything" => Self::EverythingBut(BTreeSet::new()),
            _ => match cell.strip_prefix("everything but ") {
                Some(rest) => Self::EverythingBut(names(rest)),
                None => Self::Rooms(names(cell)),
            },
        }
    }

    fn has(&self, room: &str) -> bool {
        match self {
            Self::Rooms(rooms) => rooms.contains(room),
            Self::EverythingBut(rooms) => !rooms.contains(room),
        }
    }
}

/// The rows of the README's table that begins with this header cell: the names of the first column, and the second.
fn table(header: &str) -> Vec<(Vec<String>, String)> {
    let readme = read(&top().join("backend/README.md"));
    let rows: Vec<(Vec<String>, String)> = readme
        .lines()
        .skip_while(|line| !line.starts_with(&format!("| {header} |")))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let names = cells[0].split(',').map(|name| name.trim().trim_matches('`').to_owned()).collect();
            (names, cells[1].to_owned())
        })
        .collect();
    assert!(!rows.is_empty(), "backend/README.md has a table that begins with {header}");
    rows
}

fn rooms() -> BTreeMap<String, Allowed> {
    let mut rooms = BTreeMap::new();
    for (names, allowed) in table("room") {
        for name in names {
            rooms.insert(name, Allowed::parse(&allowed));
        }
    }
    rooms
}

/// The rooms that every room may use.
fn free_to_all() -> BTreeSet<String> {
    table("free to all").into_iter().flat_map(|(names, _)| names).collect()
}

/// The room a file belongs to: its first folder below `src`, or its own name there.
fn room_of(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(top().join("backend/src")).expect("a file of the backend");
    let room = inside.iter().next()?.to_string_lossy().trim_end_matches(".rs").to_owned();
    (room != "lib" && room != "main").then_some(room)
}

/// Every room named by a path in this code: `crate::room`, `crate::{room::…, room::…}`, and `super::…` up to the root.
fn used_rooms(code: &str, depth: usize) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let single = Regex::new(r"\bcrate::(\w+)").expect("a pattern");
    used.extend(single.captures_iter(code).map(|found| found[1].to_owned()));
    let group = Regex::new(r"\bcrate::\{").expect("a pattern");
    used.extend(group.find_iter(code).flat_map(|found| first_names(&code[found.end()..])));
    let upwards = format!(r"\b(?:super::){{{depth},}}(\w+)");
    let names: BTreeSet<String> =
        Regex::new(&upwards).expect("a pattern").captures_iter(code).map(|found| found[1].to_owned()).collect();
    let known = rooms();
    used.extend(names.into_iter().filter(|name| known.contains_key(name)));
    used
}

/// The first word of each branch of a `use` group whose opening brace was just read.
fn first_names(code: &str) -> Vec<String> {
    let (mut depth, mut names, mut begins) = (1, Vec::new(), true);
    for word in Regex::new(r"\w+|[{},]").expect("a pattern").find_iter(code) {
        match word.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," => begins = depth == 1,
            name if begins && depth == 1 => {
                names.push(name.to_owned());
                begins = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

#[test]
fn rooms_use_only_what_the_table_allows() {
    let (rooms, free) = (rooms(), free_to_all());
    let mut wrong = Vec::new();
    for path in files(&top().join("backend/src"), ".rs") {
        let Some(room) = room_of(&path) else { continue };
        let Some(allowed) = rooms.get(&room) else {
            wrong.push(format!("{}: the room {room} is not in the table", path.display()));
            continue;
        };
        let inside = path.strip_prefix(top().join("backend/src")).expect("a file of the backend");
        let depth = inside.iter().count() - usize::from(inside.ends_with("mod.rs"));
        for used in used_rooms(&code_only(&read(&path)), depth) {
            if used != room && !free.contains(&used) && !(rooms.contains_key(&used) && allowed.has(&used)) {
                wrong.push(format!("{}: {room} may not use {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "see the table of rooms in backend/README.md\n{}", wrong.join("\n"));
}

/// A room that exists only in the table would hide a typing error in it.
#[test]
fn the_table_names_rooms_only() {
    let planned: BTreeSet<String> = table("room to come").into_iter().flat_map(|(names, _)| names).collect();
    let source = top().join("backend/src");
    let exists = |name: &str| source.join(name).join("mod.rs").is_file() || source.join(format!("{name}.rs")).is_file();
    let missing: BTreeSet<String> =
        rooms().into_keys().chain(free_to_all()).filter(|name| !planned.contains(name) && !exists(name)).collect();
    assert!(missing.is_empty(), "in the table, but not in backend/src: {missing:?}");
}

#[test]
fn outside_crates_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    let limits = table("crate");
    for path in files(&top().join("backend/src"), ".rs") {
        let Some(room) = room_of(&path) else { continue };
        if path.ends_with("tests.rs") {
            continue;
        }
        let code = code_only(&read(&path));
        let code = code.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        for (names, allowed) in &limits {
            for name in names {
                let pattern = Regex::new(&format!(r"(^|[^\w:]){name}::|\buse {name}\b")).expect("a pattern");
                if pattern.is_match(code) && !Allowed::parse(allowed).has(&room) {
                    wrong.push(format!("{}: {name} belongs to {allowed}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "see the table of crates in backend/README.md\n{}", wrong.join("\n"));
}

#[test]
fn paths_are_read_in_every_form() {
    let code = "use crate::{a::{x, y}, b, c::d};\nuse crate::e::f; fn g() { crate::h::i() }";
    let used: Vec<String> = used_rooms(code, 1).into_iter().collect();
    assert_eq!(used, ["a", "b", "c", "e", "h"]);
    assert_eq!(used_rooms("use super::super::domain::x;", 2), BTreeSet::from(["domain".to_owned()]));
    assert_eq!(used_rooms("use super::domain::x;", 2), BTreeSet::new());
}
