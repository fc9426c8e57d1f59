//! In which time a person lives, as far as their number tells.

use std::fmt;
use std::str::FromStr;

use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::ToSchema;

use super::phone::Phone;
use super::provider::word;

mod numbers;

/// A zone of the IANA time zone database.
#[derive(Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[schema(value_type = String, examples("Europe/London"))]
pub struct TimeZone(Tz);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such time zone; use a name of the IANA database, like Europe/London")]
pub struct UnknownTimeZone;

impl TimeZone {
    pub const UTC: Self = Self(Tz::UTC);

    pub const fn tz(self) -> Tz {
        self.0
    }

    /// The zone of a number: its country's where that has one, else that of its area code where it is certain.
    pub fn of_number(phone: &Phone) -> Option<Self> {
        numbers::zone_of(phone.digits()).map(Self)
    }
}

impl Default for TimeZone {
    fn default() -> Self {
        Self::UTC
    }
}

impl FromStr for TimeZone {
    type Err = UnknownTimeZone;
    fn from_str(text: &str) -> Result<Self, UnknownTimeZone> {
        text.parse().map(Self).map_err(|_| UnknownTimeZone)
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl fmt::Debug for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TimeZone({self})")
    }
}

impl Serialize for TimeZone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de> Deserialize<'de> for TimeZone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

word! {
    /// Where a person's time zone is known from.
    pub enum TimeZoneSource {
        /// Their number.
        Number = "number",
        /// Somebody has set it.
        Set = "set",
        /// Nothing is known of the person: it is the workspace's.
        Workspace = "workspace",
    }
}

/// A person's time zone and where it is known from: what was set, else what the first telling number says, else the workspace's.
pub fn of_person<'a>(
    set: Option<&str>,
    numbers: impl IntoIterator<Item = &'a str>,
    workspace: TimeZone,
) -> (TimeZone, TimeZoneSource) {
    // A name that a newer version has stored counts as none.
    if let Some(zone) = set.and_then(|name| name.parse().ok()) {
        return (zone, TimeZoneSource::Set);
    }
    let told = numbers.into_iter().find_map(|number| TimeZone::of_number(&Phone::parse(number).ok()?));
    told.map_or((workspace, TimeZoneSource::Workspace), |zone| (zone, TimeZoneSource::Number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(number: &str) -> Option<String> {
        TimeZone::of_number(&Phone::parse(number).unwrap()).map(|zone| zone.to_string())
    }

    #[test]
    fn a_number_tells_where_its_country_or_its_area_is() {
        for (number, zone) in [
            ("+447700900123", Some("Europe/London")),
            ("+491701234567", Some("Europe/Berlin")),
            ("+919876543210", Some("Asia/Kolkata")),
            ("+5511987654321", Some("America/Sao_Paulo")),
            ("+5592987654321", Some("America/Manaus")),
            ("+12125550123", Some("America/New_York")),
            ("+14155550123", Some("America/Los_Angeles")),
            ("+16025550123", Some("America/Phoenix")),
            ("+14165550123", Some("America/Toronto")),
            ("+18765550123", Some("America/Jamaica")),
            ("+18005550123", None),
            ("+525512345678", Some("America/Mexico_City")),
            ("+5215512345678", Some("America/Mexico_City")),
            ("+526641234567", Some("America/Tijuana")),
            ("+61212345678", Some("Australia/Sydney")),
            ("+61412345678", None),
            ("+34612345678", None),
            ("+34911234567", Some("Europe/Madrid")),
            ("+77011234567", Some("Asia/Almaty")),
            ("+74951234567", Some("Europe/Moscow")),
            ("+79161234567", None),
            ("+353851234567", Some("Europe/Dublin")),
            ("+6281234567890", None),
        ] {
            assert_eq!(of(number).as_deref(), zone, "{number}");
        }
    }

    #[test]
    fn what_was_set_goes_before_the_number_and_that_before_the_workspace() {
        let workspace: TimeZone = "Asia/Tokyo".parse().unwrap();
        let told = |set, numbers: &[&str]| of_person(set, numbers.iter().copied(), workspace);
        let number = "+447700900123";
        assert_eq!(told(Some("Europe/Paris"), &[number]).1, TimeZoneSource::Set);
        assert_eq!(told(Some("Mars/Olympus"), &[number]).0.to_string(), "Europe/London");
        assert_eq!(told(None, &["+18005550123", number]).1, TimeZoneSource::Number);
        assert_eq!(told(None, &[]), (workspace, TimeZoneSource::Workspace));
    }
}
