//! `storage/schema.rs` and the files below it say what the migrations make.

use std::collections::BTreeMap;

use regex::Regex;

use super::migrations::{Tables, in_sqlite, tables};
use super::sources::{code_only, files, read, top};
use super::support::Database;

/// The types a column of this diesel type may have in PostgreSQL.
fn in_postgres(diesel: &str) -> &'static [&'static str] {
    match diesel {
        "DbUuid" => &["uuid"],
        "DbTime" => &["timestamp with time zone"],
        "DbJson" => &["jsonb"],
        "Text" => &["text", "character varying"],
        "Binary" => &["bytea"],
        "SmallInt" => &["smallint"],
        "Integer" => &["integer"],
        "BigInt" => &["bigint"],
        "Bool" => &["boolean"],
        "Double" => &["double precision"],
        other => panic!("storage/schema: no column may have the type {other}"),
    }
}

/// table → column → (diesel type, nullable)
fn declared() -> BTreeMap<String, BTreeMap<String, (String, bool)>> {
    let code: String =
        files(&top().join("backend/src/storage/schema"), ".rs").iter().map(|path| code_only(&read(path))).collect();
    let table = Regex::new(r"(?s)table! \{.*?(\w+) \([\w, ]+\) \{(.*?)\}").expect("a pattern");
    let column = Regex::new(r"(\w+) -> (?:(Nullable)<)?(\w+)").expect("a pattern");
    table
        .captures_iter(&code)
        .map(|found| {
            let columns = column
                .captures_iter(&found[2])
                .map(|found| (found[1].to_owned(), (found[3].to_owned(), found.get(2).is_some())))
                .collect();
            (found[1].to_owned(), columns)
        })
        .collect()
}

#[test]
fn schema_agrees_with_both_databases() {
    let (sqlite, postgres): (Tables, Tables) = (tables(Database::Sqlite), tables(Database::Postgres));
    let declared = declared();
    assert_eq!(declared.keys().collect::<Vec<_>>(), postgres.keys().collect::<Vec<_>>());
    for (table, columns) in declared {
        let (lite, pg) = (&sqlite[&table].columns, &postgres[&table].columns);
        assert_eq!(columns.keys().collect::<Vec<_>>(), pg.keys().collect::<Vec<_>>(), "{table}");
        for (name, (kind, nullable)) in columns {
            let place = format!("{table}.{name}");
            assert!(
                in_postgres(&kind).contains(&pg[&name].kind.as_str()),
                "{place} is {kind} here, {:?} there",
                pg[&name]
            );
            assert_eq!(in_sqlite(&pg[&name].kind), lite[&name].kind, "{place}");
            assert_eq!((nullable, nullable), (pg[&name].nullable, lite[&name].nullable), "{place}: nullable");
        }
    }
}
