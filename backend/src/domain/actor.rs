//! Whose move it is when something has failed.

use super::provider::word;

word! {
    /// Who can do something about a failure.
    pub enum Actor {
        /// Nobody needs to: it passes, or it is final.
        Nobody = "nobody",
        /// Whoever looks after the channel, its account and its settings.
        Operator = "operator",
        /// Whoever wrote the message or the template.
        Author = "author",
        /// The person it was sent to.
        Recipient = "recipient",
        /// Twilio or Meta: it passes.
        Provider = "provider",
        /// This program: it built something wrong.
        Gateway = "gateway",
    }
}
