//! Hours of the day at which nothing of some classes is sent, in the time of the person.

use std::time::Duration;

use chrono::{DateTime, Days, LocalResult, NaiveDateTime, NaiveTime, TimeZone as _, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::ToSchema;

use super::class::MessageClass;
use super::time::Ts;
use super::time_zone::TimeZone;

/// No clock has ever been put forward by more than a day.
const LONGEST_GAP_MINUTES: i64 = 25 * 60;

/// A time of the day, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", examples("21:00"))]
pub struct LocalTime(NaiveTime);

impl LocalTime {
    /// `hour` 0 to 23; what is beyond is midnight.
    pub fn at(hour: u32) -> Self {
        Self(NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default())
    }
}

impl std::fmt::Display for LocalTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl Serialize for LocalTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let is_formed = text.len() == 5 && text.as_bytes().get(2) == Some(&b':');
        let time = NaiveTime::parse_from_str(&text, "%H:%M").ok().filter(|_| is_formed);
        time.map(Self).ok_or_else(|| D::Error::custom("a time of the day looks like 21:00"))
    }
}

/// When nothing of these classes is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QuietHours {
    /// The first minute of them.
    pub from: LocalTime,
    /// The first minute after them, on the next day when it is earlier than `from`.
    pub until: LocalTime,
    /// Never one-time codes and replies: somebody waits for those.
    pub classes: Vec<MessageClass>,
}

impl Default for QuietHours {
    fn default() -> Self {
        Self { from: LocalTime::at(21), until: LocalTime::at(8), classes: vec![MessageClass::Marketing] }
    }
}

impl QuietHours {
    pub fn concern(&self, class: MessageClass) -> bool {
        self.classes.contains(&class) && !matches!(class, MessageClass::OneTimeCode | MessageClass::Reply)
    }

    fn are_at(&self, time: NaiveTime) -> bool {
        let (from, until) = (self.from.0, self.until.0);
        if from <= until { (from..until).contains(&time) } else { time >= from || time < until }
    }

    /// When they are over for somebody in this zone; `None` when it is not one of them at `now`. Where clocks are put back over
    /// the end, it is the later of the two times; where they are put forward over it, the moment after.
    pub fn end(&self, now: Ts, zone: TimeZone) -> Option<Ts> {
        let local = DateTime::<Utc>::from_timestamp_micros(now.micros())?.with_timezone(&zone.tz()).naive_local();
        if !self.are_at(local.time()) {
            return None;
        }
        let today = local.date();
        let day = if local.time() < self.until.0 { today } else { today.checked_add_days(Days::new(1))? };
        let end = instant(day.and_time(self.until.0), zone)?;
        // A clock that was put back in the night shows the same time once more.
        Some(if end > now { end } else { instant((day + Days::new(1)).and_time(self.until.0), zone)? })
    }
}

/// The last moment at which a clock there shows this, or the first one after, where none does.
fn instant(local: NaiveDateTime, zone: TimeZone) -> Option<Ts> {
    (0..=LONGEST_GAP_MINUTES).find_map(|minutes| {
        let shown = local.checked_add_signed(chrono::TimeDelta::minutes(minutes))?;
        match zone.tz().from_local_datetime(&shown) {
            LocalResult::Single(at) | LocalResult::Ambiguous(_, at) => Some(Ts::from(at.with_timezone(&Utc))),
            LocalResult::None => None,
        }
    })
}

/// The longest that quiet hours can last, clocks that are put back included.
pub const LONGEST: Duration = Duration::from_secs(26 * 3_600);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn end(hours: (&str, &str), now: &str, zone: &str) -> Option<String> {
        let hours: QuietHours =
            serde_json::from_value(serde_json::json!({ "from": hours.0, "until": hours.1 })).unwrap();
        let end = hours.end(Ts::parse(now).unwrap(), zone.parse().unwrap());
        end.map(|end| end.to_string().replace(".000000", ""))
    }

    #[test]
    fn they_end_in_the_persons_morning() {
        let night = ("21:00", "08:00");
        assert_eq!(end(night, "2026-11-22T22:00:00Z", "Europe/London").as_deref(), Some("2026-11-23T08:00:00Z"));
        assert_eq!(end(night, "2026-11-23T07:59:59Z", "Europe/London").as_deref(), Some("2026-11-23T08:00:00Z"));
        assert_eq!(end(night, "2026-11-23T08:00:00Z", "Europe/London"), None);
        assert_eq!(end(night, "2026-11-22T22:00:00Z", "America/New_York"), None, "five in the afternoon");
        assert_eq!(end(night, "2026-11-22T22:00:00Z", "Asia/Kolkata").as_deref(), Some("2026-11-23T02:30:00Z"));
        assert_eq!(end(("12:00", "14:00"), "2026-11-22T12:30:00Z", "UTC").as_deref(), Some("2026-11-22T14:00:00Z"));
    }

    #[test]
    fn clocks_that_are_put_forward_and_back_are_followed() {
        let night = ("21:00", "08:00");
        // On 29 March 2026 London's clocks went from 01:00 to 02:00, on 25 October from 02:00 back to 01:00.
        assert_eq!(end(night, "2026-03-28T23:00:00Z", "Europe/London").as_deref(), Some("2026-03-29T07:00:00Z"));
        assert_eq!(end(night, "2026-10-24T22:00:00Z", "Europe/London").as_deref(), Some("2026-10-25T08:00:00Z"));
        let early = ("21:00", "01:30");
        assert_eq!(end(early, "2026-03-29T00:30:00Z", "Europe/London").as_deref(), Some("2026-03-29T01:00:00Z"));
        assert_eq!(end(early, "2026-10-24T23:30:00Z", "Europe/London").as_deref(), Some("2026-10-25T01:30:00Z"));
        assert_eq!(end(early, "2026-10-25T01:10:00Z", "Europe/London").as_deref(), Some("2026-10-25T01:30:00Z"));
    }

    #[test]
    fn a_time_of_the_day_has_two_digits_each() {
        for text in ["24:00", "8:00", "08:0", "08:60", "noon", ""] {
            assert!(serde_json::from_value::<LocalTime>(serde_json::json!(text)).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whoever_waits_until_their_end_is_out_of_them(
            now in 1_577_836_800_i64..2_208_988_800,
            from in 0..1_440_u32,
            until in 0..1_440_u32,
            zone in prop::sample::select(vec!["UTC", "Europe/London", "America/Sao_Paulo", "Australia/Lord_Howe",
                "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "Asia/Beirut"]),
        ) {
            prop_assume!(from != until);
            let at = |minute: u32| LocalTime(NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap());
            let hours = QuietHours { from: at(from), until: at(until), ..QuietHours::default() };
            let (zone, now): (TimeZone, Ts) = (zone.parse().unwrap(), Ts::from_secs(now));
            if let Some(end) = hours.end(now, zone) {
                prop_assert!(end > now && end.since(now) <= LONGEST, "{end}");
                prop_assert_eq!(hours.end(end, zone), None);
                let just_before = end.minus(Duration::from_secs(1)).max(now);
                prop_assert!(hours.end(just_before, zone).is_some());
            }
        }
    }
}
