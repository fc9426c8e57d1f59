//! What a column is in each database, and how the domain's types become columns.
//!
//! | type | PostgreSQL | SQLite |
//! | --- | --- | --- |
//! | [`DbUuid`] | UUID | BLOB of 16 bytes |
//! | [`DbTime`] | TIMESTAMPTZ | INTEGER, microseconds since 1970 |
//! | [`DbJson`] | JSONB | TEXT |
//! | words of the domain | TEXT | TEXT |

use std::io::Write;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, HasSqlType, Nullable, SingleValue, SqlType, Text};
use diesel::sqlite::Sqlite;
use serde_json::Value;
use uuid::Uuid;

use super::conn::MultiBackend;
use crate::domain::alert::{AlertDelivery, AlertKind, AlertSeverity, AlertState};
use crate::domain::circuit::CircuitState;
use crate::domain::class::MessageClass;
use crate::domain::contact::{IdentityKind, Recipient};
use crate::domain::event::EventKind;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{
    AlertId, ApiKeyId, AttemptId, ChannelId, ContactId, EventId, FaultId, JournalId, MediaId, MessageId, SessionId,
    SuppressionId, TemplateId, TemplateRegistrationId, UserId, WebhookDeliveryId, WebhookEndpointId, WebhookTryId,
    WorkspaceId,
};
use crate::domain::media::{FileKind, MediaState};
use crate::domain::message::Direction;
use crate::domain::provider::{Environment, ProviderKind};
use crate::domain::scope::Role;
use crate::domain::standing::{Quality, WebhookRefusal};
use crate::domain::state::{
    AttemptState, ChannelState, Evidence, HoldReason, JournalOrigin, JournalState, MessageState,
};
use crate::domain::suppression::{SuppressionScope, SuppressionSource};
use crate::domain::template_definition::TemplateCategory;
use crate::domain::template_state::{TemplateQuality, TemplateStatus};
use crate::domain::time::Ts;
use crate::domain::webhook::{WebhookDeliveryState, WebhookDisabledReason, WebhookEndpointState};

#[derive(Clone, Copy, Debug, Default, SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951), sqlite_type(name = "Binary"))]
pub struct DbUuid;

#[derive(Clone, Copy, Debug, Default, SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185), sqlite_type(name = "Long"))]
pub struct DbTime;

#[derive(Clone, Copy, Debug, Default, SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(oid = 3802, array_oid = 3807), sqlite_type(name = "Text"))]
pub struct DbJson;

/// A JSON column.
#[derive(Clone, Debug, PartialEq)]
pub struct Json(pub Value);

impl Json {
    /// # Errors
    /// The value can't be written as JSON (a map with keys that are not text).
    pub fn of<T: serde::Serialize + ?Sized>(value: &T) -> serde_json::Result<Self> {
        serde_json::to_value(value).map(Self)
    }

    /// # Errors
    /// The stored document has another shape.
    pub fn read<T: serde::de::DeserializeOwned>(self) -> serde_json::Result<T> {
        serde_json::from_value(self.0)
    }
}

/// PostgreSQL counts from 2000-01-01.
const PG_EPOCH_MICROS: i64 = 946_684_800_000_000;

/// The plumbing that diesel's derives would write, for types that must not know diesel, on both databases and the pair.
macro_rules! column {
    ($($type:ty => $sql:ty),+ $(,)?) => {$(
        impl AsExpression<$sql> for $type {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression { Bound::new(self) }
        }
        impl<'a> AsExpression<$sql> for &'a $type {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression { Bound::new(self) }
        }
        impl AsExpression<Nullable<$sql>> for $type {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression { Bound::new(self) }
        }
        impl<'a> AsExpression<Nullable<$sql>> for &'a $type {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression { Bound::new(self) }
        }
        impl<DB: Backend> ToSql<Nullable<$sql>, DB> for $type where $type: ToSql<$sql, DB> {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                <$type as ToSql<$sql, DB>>::to_sql(self, out)
            }
        }
        impl<DB: Backend, ST: SingleValue> diesel::deserialize::Queryable<ST, DB> for $type where $type: FromSql<ST, DB> {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> { Ok(row) }
        }
        impl ToSql<$sql, MultiBackend> for $type {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((<$sql>::default(), self));
                Ok(IsNull::No)
            }
        }
        impl FromSql<$sql, MultiBackend> for $type {
            fn from_sql(bytes: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                bytes.from_sql::<Self, $sql>()
            }
        }
    )+};
}

macro_rules! multi_type {
    ($($sql:ty),+) => {$(
        impl HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                MultiBackend::lookup_sql_type::<$sql>(lookup)
            }
        }
    )+};
}
multi_type!(DbUuid, DbTime, DbJson);

macro_rules! id_columns {
    ($($id:ty),+ $(,)?) => {
        column!($($id => DbUuid),+);
        $(
            impl ToSql<DbUuid, Pg> for $id {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                    out.write_all(self.0.as_bytes())?;
                    Ok(IsNull::No)
                }
            }
            impl ToSql<DbUuid, Sqlite> for $id {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                    out.set_value(self.0.as_bytes().as_slice());
                    Ok(IsNull::No)
                }
            }
            impl FromSql<DbUuid, Pg> for $id {
                fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                    Ok(Self(Uuid::from_slice(value.as_bytes())?))
                }
            }
            impl FromSql<DbUuid, Sqlite> for $id {
                fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                    let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
                    Ok(Self(Uuid::from_slice(&bytes)?))
                }
            }
        )+
    };
}
id_columns!(
    AlertId,
    FaultId,
    WorkspaceId,
    UserId,
    SessionId,
    ApiKeyId,
    ChannelId,
    ContactId,
    MessageId,
    AttemptId,
    JournalId,
    EventId,
    MediaId,
    SuppressionId,
    TemplateId,
    TemplateRegistrationId,
    WebhookEndpointId,
    WebhookDeliveryId,
    WebhookTryId,
);

macro_rules! text_columns {
    ($($word:ty),+ $(,)?) => {
        column!($($word => Text),+);
        $(
            impl ToSql<Text, Pg> for $word {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                    out.write_all(self.as_str().as_bytes())?;
                    Ok(IsNull::No)
                }
            }
            impl ToSql<Text, Sqlite> for $word {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                    out.set_value(self.as_str());
                    Ok(IsNull::No)
                }
            }
            impl FromSql<Text, Pg> for $word {
                fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                    Ok(std::str::from_utf8(value.as_bytes())?.parse()?)
                }
            }
            impl FromSql<Text, Sqlite> for $word {
                fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                    Ok(<String as FromSql<Text, Sqlite>>::from_sql(value)?.parse()?)
                }
            }
        )+
    };
}
text_columns!(
    AlertDelivery,
    AlertKind,
    AlertSeverity,
    AlertState,
    AttemptState,
    ChannelState,
    CircuitState,
    Direction,
    Environment,
    EventKind,
    Evidence,
    FailureCode,
    FileKind,
    HoldReason,
    IdentityKind,
    JournalOrigin,
    JournalState,
    MediaState,
    MessageClass,
    MessageState,
    ProviderKind,
    Quality,
    Recipient,
    Role,
    SuppressionScope,
    SuppressionSource,
    TemplateCategory,
    TemplateQuality,
    TemplateStatus,
    WebhookDeliveryState,
    WebhookDisabledReason,
    WebhookEndpointState,
    WebhookRefusal,
);

column!(Ts => DbTime, Json => DbJson);

impl ToSql<DbTime, Pg> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&self.micros().saturating_sub(PG_EPOCH_MICROS).to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<DbTime, Pg> for Ts {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let bytes: [u8; 8] = value.as_bytes().try_into()?;
        Ok(Self::from_micros(i64::from_be_bytes(bytes).saturating_add(PG_EPOCH_MICROS)))
    }
}

impl ToSql<DbTime, Sqlite> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.micros());
        Ok(IsNull::No)
    }
}

impl FromSql<DbTime, Sqlite> for Ts {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_micros(<i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?))
    }
}

/// Version byte of JSONB's binary form.
const JSONB_VERSION: u8 = 1;

impl ToSql<DbJson, Pg> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[JSONB_VERSION])?;
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}

impl FromSql<DbJson, Pg> for Json {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        match value.as_bytes().split_first() {
            Some((&JSONB_VERSION, document)) => Ok(Self(serde_json::from_slice(document)?)),
            _ => Err("an unknown version of the JSONB format".into()),
        }
    }
}

impl ToSql<DbJson, Sqlite> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}

impl FromSql<DbJson, Sqlite> for Json {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_str(&<String as FromSql<Text, Sqlite>>::from_sql(value)?)?))
    }
}
