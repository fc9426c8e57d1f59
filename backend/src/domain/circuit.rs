//! The circuit of a channel: whether its provider can be relied on at the moment.

use super::provider::word;

word! {
    /// Where a channel's circuit stands.
    #[derive(Default)]
    pub enum CircuitState {
        /// Messages flow.
        #[default]
        Closed = "closed",
        /// The provider fails: nothing is sent, and a look from time to time tells whether it works again.
        Open = "open",
        /// The look was green: one message goes, and what becomes of it decides.
        HalfOpen = "half_open",
    }
}
