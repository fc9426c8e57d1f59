//! One connection type over both databases.

use diesel::{PgConnection, SqliteConnection};

/// Either database. Ordinary queries use it directly; what the derive can't do goes through [`each!`].
#[derive(diesel::MultiConnection)]
pub enum Conn {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Conn {
    /// The text of a statement that differs between the databases.
    pub fn pick(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite(_) => sqlite,
            Self::Postgres(_) => postgres,
        }
    }

    pub const fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }
}

/// Expands one query once per database: for batch inserts, ON CONFLICT and row locks, which the pair can't express.
macro_rules! each {
    ($conn:expr, $c:ident => $query:expr) => {
        match $conn {
            $crate::storage::conn::Conn::Postgres($c) => $query,
            $crate::storage::conn::Conn::Sqlite($c) => $query,
        }
    };
}
pub(crate) use each;
