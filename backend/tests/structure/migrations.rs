//! Both migration folders make the same tables: both databases are really migrated and asked what they have.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};
use diesel::{PgConnection, SqliteConnection, sql_query};
use duplex::storage::DatabaseUrl;
use regex::Regex;

use super::sources::{files, top};
use super::support::{Database, TestDb, fresh_database};

/// A table as far as both databases can be compared.
#[derive(Debug, Default)]
pub struct Table {
    pub columns: BTreeMap<String, Column>,
    primary_key: BTreeSet<String>,
    indexes: BTreeSet<String>,
    foreign_keys: BTreeSet<String>,
    /// The words that CHECK constraints allow.
    words: BTreeSet<String>,
}

#[derive(Debug)]
pub struct Column {
    pub kind: String,
    pub nullable: bool,
    has_default: bool,
}

impl Table {
    /// All of it, a line per fact, with types as SQLite has them.
    fn facts(&self) -> BTreeSet<String> {
        let columns = self.columns.iter().map(|(name, column)| {
            let null = if column.nullable { "" } else { " not null" };
            let default = if column.has_default { " default" } else { "" };
            format!("column {name} {}{null}{default}", in_sqlite(&column.kind))
        });
        let marked = |mark: &'static str, facts: &BTreeSet<String>| -> Vec<String> {
            facts.iter().map(|fact| format!("{mark} {fact}")).collect()
        };
        columns
            .chain(marked("in the primary key:", &self.primary_key))
            .chain(marked("index", &self.indexes))
            .chain(marked("foreign key", &self.foreign_keys))
            .chain(marked("allowed word", &self.words))
            .collect()
    }
}

pub type Tables = BTreeMap<String, Table>;

/// Where diesel notes which migrations ran.
const BOOKKEEPING: &str = "__diesel_schema_migrations";

/// How PostgreSQL's types are stored in SQLite; SQLite's own stay what they are.
pub fn in_sqlite(kind: &str) -> &str {
    match kind {
        "BLOB" | "TEXT" | "INTEGER" | "REAL" => kind,
        "uuid" | "bytea" => "BLOB",
        "text" | "character varying" | "jsonb" => "TEXT",
        "smallint" | "integer" | "bigint" | "boolean" | "timestamp with time zone" => "INTEGER",
        "double precision" => "REAL",
        other => panic!("no column may have the type {other}: say here how SQLite stores it"),
    }
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
    #[diesel(sql_type = Bool)]
    has_default: bool,
    #[diesel(sql_type = Bool)]
    in_key: bool,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = Nullable<Text>)]
    line: Option<String>,
}

const SQLITE_COLUMNS: &str = "
    SELECT t.name AS \"of\", c.name AS name, c.type AS kind, c.\"notnull\" = 0 AND c.pk = 0 AS nullable,
        c.dflt_value IS NOT NULL AS has_default, c.pk > 0 AS in_key
    FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";

const SQLITE_INDEXES: &str = "
    SELECT t.name AS \"of\", i.name || CASE WHEN i.\"unique\" THEN ' unique' ELSE '' END
        || CASE WHEN i.partial THEN ' partial' ELSE '' END
        || ' (' || (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')' AS line
    FROM sqlite_schema t, pragma_index_list(t.name) i WHERE t.type = 'table' AND i.origin = 'c'";

const SQLITE_FOREIGN_KEYS: &str = "
    SELECT t.name AS \"of\", f.\"from\" || ' -> ' || f.\"table\" || ' on delete ' || lower(f.on_delete) AS line
    FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'";

const SQLITE_TEXTS: &str = "SELECT name AS \"of\", sql AS line FROM sqlite_schema WHERE type = 'table'";

const POSTGRES_COLUMNS: &str = "
    SELECT c.table_name::text AS of, c.column_name::text AS name, c.data_type::text AS kind, c.is_nullable = 'YES' AS nullable,
        c.column_default IS NOT NULL AS has_default,
        EXISTS (SELECT 1 FROM information_schema.table_constraints k JOIN information_schema.key_column_usage u
            USING (constraint_schema, constraint_name) WHERE k.constraint_type = 'PRIMARY KEY'
            AND k.table_name = c.table_name AND u.column_name = c.column_name) AS in_key
    FROM information_schema.columns c WHERE c.table_schema = 'public'";

const POSTGRES_INDEXES: &str = "
    SELECT t.relname::text AS of, i.relname::text || CASE WHEN x.indisunique THEN ' unique' ELSE '' END
        || CASE WHEN x.indpred IS NOT NULL THEN ' partial' ELSE '' END
        || ' (' || (SELECT string_agg(a.attname, ', ' ORDER BY k.at) FROM unnest(x.indkey) WITH ORDINALITY k (num, at)
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.num) || ')' AS line
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    WHERE t.relnamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = x.indexrelid AND contype IN ('p', 'u'))";

const POSTGRES_FOREIGN_KEYS: &str = "
    SELECT conrelid::regclass::text AS of, a.attname::text || ' -> ' || confrelid::regclass::text || ' on delete '
        || CASE confdeltype WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'r' THEN 'restrict' ELSE 'no action' END AS line
    FROM pg_constraint JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = ANY (conkey) WHERE contype = 'f'";

const POSTGRES_TEXTS: &str = "SELECT conrelid::regclass::text AS of, pg_get_constraintdef(oid) AS line FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0";

fn read<C>(conn: &mut C, [columns, indexes, foreign_keys, texts]: [&str; 4]) -> Tables
where
    C: diesel::connection::LoadConnection,
    for<'a> diesel::query_builder::SqlQuery:
        diesel::query_dsl::LoadQuery<'a, C, ColumnRow> + diesel::query_dsl::LoadQuery<'a, C, Line>,
{
    let mut tables = Tables::new();
    let rows: Vec<ColumnRow> = sql_query(columns).load(conn).expect("the columns can be listed");
    for row in rows.into_iter().filter(|row| row.of != BOOKKEEPING) {
        let table = tables.entry(row.of).or_default();
        if row.in_key {
            table.primary_key.insert(row.name.clone());
        }
        table.columns.insert(row.name, Column { kind: row.kind, nullable: row.nullable, has_default: row.has_default });
    }
    let mut each_line = |query: &str, keep: fn(&mut Table, String)| {
        let lines: Vec<Line> = sql_query(query).load(conn).expect("the catalogue can be read");
        for Line { of, line } in lines {
            if let (Some(table), Some(line)) = (tables.get_mut(&of), line) {
                keep(table, line);
            }
        }
    };
    each_line(indexes, |table, line| {
        table.indexes.insert(line);
    });
    each_line(foreign_keys, |table, line| {
        table.foreign_keys.insert(line);
    });
    each_line(texts, |table, line| {
        let without_defaults = Regex::new(r"DEFAULT '[^']*'").expect("a pattern").replace_all(&line, "").into_owned();
        let quoted = Regex::new(r"'([^']*)'").expect("a pattern");
        table.words.extend(quoted.captures_iter(&without_defaults).map(|found| found[1].to_owned()));
    });
    tables
}

/// The tables of a freshly migrated database.
pub fn tables(database: Database) -> Tables {
    let fresh: TestDb = fresh_database(database);
    match fresh.url() {
        DatabaseUrl::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy()).expect("the database opens");
            read(&mut conn, [SQLITE_COLUMNS, SQLITE_INDEXES, SQLITE_FOREIGN_KEYS, SQLITE_TEXTS])
        }
        DatabaseUrl::Postgres(url) => {
            let mut conn = PgConnection::establish(url).expect("the database opens");
            read(&mut conn, [POSTGRES_COLUMNS, POSTGRES_INDEXES, POSTGRES_FOREIGN_KEYS, POSTGRES_TEXTS])
        }
    }
}

#[test]
fn both_folders_have_the_same_versions() {
    let versions = |folder: &str| -> BTreeSet<String> {
        let folder = top().join("migrations").join(folder);
        files(&folder, ".sql")
            .iter()
            .map(|path| path.strip_prefix(&folder).expect("a file below it").to_string_lossy().into_owned())
            .collect()
    };
    assert_eq!(versions("sqlite"), versions("postgres"));
    assert!(!versions("sqlite").is_empty());
}

#[test]
fn both_databases_have_the_same_tables() {
    let (sqlite, postgres) = (tables(Database::Sqlite), tables(Database::Postgres));
    assert!(sqlite.len() > 10, "the tables were read");
    assert_eq!(sqlite.keys().collect::<Vec<_>>(), postgres.keys().collect::<Vec<_>>());
    let mut differences = Vec::new();
    for (name, table) in &sqlite {
        let (lite, pg) = (table.facts(), postgres[name].facts());
        differences.extend(lite.difference(&pg).map(|fact| format!("{name}: only on SQLite: {fact}")));
        differences.extend(pg.difference(&lite).map(|fact| format!("{name}: only on PostgreSQL: {fact}")));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// More columns would need diesel's wide-table features, which cost a minute of every build.
#[test]
fn no_table_is_wide() {
    for (name, table) in tables(Database::Sqlite) {
        assert!(table.columns.len() <= 32, "{name} has {} columns", table.columns.len());
    }
}
