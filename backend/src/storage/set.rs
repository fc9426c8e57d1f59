//! Sets of rows as one JSON parameter: one round trip for many ids, the same shape on both databases.
//!
//! PostgreSQL unpacks it with `jsonb_to_recordset`, SQLite with `json_each`. Ids are text there and hex here, times RFC 3339
//! there and microseconds here, documents nested there and text here.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::conn::Conn;
use super::types::Json;
use crate::domain::time::Ts;

/// Writes the rows of a set for one of the databases.
#[derive(Clone, Copy)]
pub struct SetWriter {
    postgres: bool,
}

impl SetWriter {
    pub fn of(conn: &Conn) -> Self {
        Self { postgres: conn.is_postgres() }
    }

    pub fn id(self, id: impl Into<Uuid>) -> Value {
        let id: Uuid = id.into();
        Value::String(if self.postgres { id.to_string() } else { id.simple().to_string() })
    }

    pub fn time(self, at: Option<Ts>) -> Value {
        match at {
            None => Value::Null,
            Some(at) if self.postgres => Value::String(at.to_string()),
            Some(at) => Value::from(at.micros()),
        }
    }

    pub fn json(self, document: Option<&Json>) -> Value {
        match document {
            None => Value::Null,
            Some(document) if self.postgres => document.0.clone(),
            Some(document) => Value::String(document.0.to_string()),
        }
    }

    pub fn text(self, text: Option<&str>) -> Value {
        text.map_or(Value::Null, |text| Value::String(text.to_owned()))
    }
}

/// One row of a set.
pub fn row<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(Map::from_iter(fields.map(|(name, value)| (name.to_owned(), value))))
}

/// The parameter: an array of rows.
pub fn rows(rows: impl IntoIterator<Item = Value>) -> String {
    Value::Array(rows.into_iter().collect()).to_string()
}
