//! Points in time: UTC with microseconds, RFC 3339 at the edges.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::ToSchema;

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, format = DateTime, examples("2026-11-22T10:00:00.000000Z"))]
pub struct Ts(pub i64);

impl Ts {
    /// 9999-12-31T23:59:59Z: the time of what is not to happen.
    pub const NEVER: Self = Self(253_402_300_799_000_000);

    pub fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From whole seconds since the epoch, as Meta's webhooks carry them.
    pub fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1_000_000))
    }

    pub fn micros(self) -> i64 {
        self.0
    }

    pub fn plus(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(micros))
    }

    pub fn minus(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(micros))
    }

    /// Time from `earlier` to `self`; zero when `earlier` is not earlier.
    pub fn since(self, earlier: Ts) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// For a sentence: to the minute.
    pub fn to_the_minute(self) -> String {
        DateTime::<Utc>::from_timestamp_micros(self.0).unwrap_or_default().format("%Y-%m-%d %H:%M UTC").to_string()
    }

    /// # Errors
    /// The text is not an RFC 3339 time.
    pub fn parse(text: &str) -> Result<Self, chrono::ParseError> {
        Ok(Self::from(DateTime::parse_from_rfc3339(text)?.with_timezone(&Utc)))
    }
}

impl From<DateTime<Utc>> for Ts {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_micros())
    }
}

impl fmt::Display for Ts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = DateTime::<Utc>::from_timestamp_micros(self.0).unwrap_or_default();
        f.write_str(&at.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl fmt::Debug for Ts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ts({self})")
    }
}

impl Serialize for Ts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Ts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Ts::parse(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_json_with_its_microseconds() {
        let at = Ts::from_micros(1_795_342_800_123_456);
        let json = serde_json::to_string(&at).unwrap();
        assert_eq!(json, "\"2026-11-22T10:20:00.123456Z\"");
        assert_eq!(serde_json::from_str::<Ts>(&json).unwrap(), at);
    }

    #[test]
    fn other_offsets_become_utc() {
        assert_eq!(Ts::parse("2026-11-22T12:20:00+02:00").unwrap(), Ts::parse("2026-11-22T10:20:00Z").unwrap());
    }
}
