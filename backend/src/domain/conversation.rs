//! Windows of a conversation: of one of our senders with one person (direct.md §4.1).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::provider::{Environment, word};
use super::time::Ts;

/// How long anything may be sent after the person's last message.
pub const SERVICE_WINDOW: Duration = Duration::from_secs(24 * 3_600);
/// How long after a click on an ad or a page our reply opens a free entry point.
pub const FREE_ENTRY_ANSWER: Duration = Duration::from_secs(24 * 3_600);
/// How long messages are free after that reply.
pub const FREE_ENTRY: Duration = Duration::from_secs(72 * 3_600);
/// The end of a window counts as closed already: a message that is sent then may arrive after it.
pub const MARGIN: Duration = Duration::from_secs(60);

word! {
    /// Whether free-form messages reach the person.
    pub enum WindowState {
        Open = "open",
        /// Only approved templates do.
        Closed = "closed",
        /// The gateway has not seen enough of the conversation; the provider decides.
        Unknown = "unknown",
    }
}

/// The service window as far as the gateway knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = WindowView)]
pub struct Window {
    pub state: WindowState,
    /// When it closes or has closed; absent when the person has never written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Ts>,
}

/// What is known of the sender when the person has never written to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender {
    pub environment: Environment,
    /// Since when the gateway hears of what people write to it; `None` when it never has. That it sends proves nothing: its
    /// callbacks may lead elsewhere.
    pub heard_since: Option<Ts>,
}

impl Window {
    /// Of a person who has written.
    pub fn known(until: Ts, now: Ts) -> Self {
        let state = if until > now.plus(MARGIN) { WindowState::Open } else { WindowState::Closed };
        Self { state, until: Some(until) }
    }

    /// Of a person of whom nothing was heard. They may have written before the gateway heard of it, and the simulator's people
    /// count as having written.
    pub fn unheard(sender: Sender, now: Ts) -> Self {
        let heard_long = sender.environment == Environment::Live
            && sender.heard_since.is_some_and(|since| now.since(since) >= SERVICE_WINDOW);
        Self { state: if heard_long { WindowState::Closed } else { WindowState::Unknown }, until: None }
    }

    pub fn is_closed(self) -> bool {
        self.state == WindowState::Closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Ts = Ts(1_795_342_800_000_000);
    const HOUR: Duration = Duration::from_secs(3_600);

    #[test]
    fn a_window_ends_a_minute_early() {
        let at = |seconds| Window::known(NOW.plus(Duration::from_secs(seconds)), NOW).state;
        assert_eq!(at(61), WindowState::Open);
        assert_eq!(at(60), WindowState::Closed);
        assert_eq!(at(0), WindowState::Closed);
    }

    #[test]
    fn silence_tells_something_only_of_a_live_sender_that_was_heard_for_a_day() {
        let state = |environment, heard: Option<Duration>| {
            Window::unheard(Sender { environment, heard_since: heard.map(|age| NOW.minus(age)) }, NOW).state
        };
        assert_eq!(state(Environment::Live, Some(24 * HOUR)), WindowState::Closed);
        assert_eq!(state(Environment::Live, Some(23 * HOUR)), WindowState::Unknown);
        assert_eq!(state(Environment::Live, None), WindowState::Unknown);
        assert_eq!(state(Environment::Sandbox, Some(240 * HOUR)), WindowState::Unknown);
    }
}
