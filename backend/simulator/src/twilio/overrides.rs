//! Retry overrides in the fragment of a webhook URL (twilio.md §3.6).

use std::time::Duration;

/// When and how often Twilio tries a webhook again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Overrides {
    /// Tries after the first.
    pub(crate) retries: u32,
    pub(crate) on_connect: bool,
    pub(crate) on_read: bool,
    pub(crate) on_4xx: bool,
    pub(crate) on_5xx: bool,
    /// Time for one try.
    pub(crate) total: Duration,
}

impl Default for Overrides {
    fn default() -> Self {
        Self {
            retries: 1,
            on_connect: true,
            on_read: false,
            on_4xx: false,
            on_5xx: false,
            total: Duration::from_secs(15),
        }
    }
}

impl Overrides {
    /// Parts a configured URL into what is requested and signed, and the overrides. What is not understood keeps its default.
    pub(crate) fn split(configured: &str) -> (&str, Self) {
        let Some((url, fragment)) = configured.split_once('#') else { return (configured, Self::default()) };
        let mut overrides = Self::default();
        for (key, value) in fragment.split('&').filter_map(|pair| pair.split_once('=')) {
            match key {
                "rc" => overrides.retries = value.parse().map_or(overrides.retries, |count: u32| count.min(5)),
                "rp" => overrides.read_policy(value),
                "rt" | "tt" => overrides.read_time(value),
                _ => {}
            }
        }
        (url, overrides)
    }

    fn read_policy(&mut self, policy: &str) {
        let names: Vec<&str> = policy.split(',').collect();
        let names = |name: &str| names.contains(&name) || names.contains(&"all");
        (self.on_connect, self.on_read, self.on_4xx, self.on_5xx) =
            (names("ct"), names("rt"), names("4xx"), names("5xx"));
    }

    fn read_time(&mut self, ms: &str) {
        if let Ok(ms) = ms.parse::<u64>() {
            self.total = self.total.min(Duration::from_millis(ms.clamp(100, 15_000)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_come_from_the_fragment_and_leave_the_url() {
        let (url, overrides) =
            Overrides::split("https://gw.example.com/hooks/twilio/inbound?a=b#rc=3&rp=5xx,ct,rt&tt=2000");
        assert_eq!(url, "https://gw.example.com/hooks/twilio/inbound?a=b");
        let expected = Overrides {
            retries: 3,
            on_connect: true,
            on_read: true,
            on_4xx: false,
            on_5xx: true,
            total: Duration::from_secs(2),
        };
        assert_eq!(overrides, expected);
    }

    #[test]
    fn without_overrides_only_a_failed_connection_is_tried_again_once() {
        let (_, overrides) = Overrides::split("https://gw.example.com/hooks");
        assert_eq!((overrides.retries, overrides.on_connect, overrides.on_5xx), (1, true, false));
    }
}
