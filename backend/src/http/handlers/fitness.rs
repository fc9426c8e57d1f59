//! Whether a channel can carry a message to a person: the rules that every way of sending has in common.

use crate::channels::LoadedChannel;
use crate::domain::contact::Recipient;
use crate::domain::content::Content;
use crate::providers::Violation;

/// What the provider's capabilities have against it. `unfit` is what the use of a template lacks.
pub fn violations(channel: &LoadedChannel, to: &Recipient, content: &Content, unfit: Vec<Violation>) -> Vec<Violation> {
    let can = channel.service.capabilities();
    let mut violations = can.check(content).err().unwrap_or_default();
    if !unfit.is_empty() {
        // The SID of a Content is filled in for a template that fits.
        violations.retain(|violation| violation.field != "content.twilio.content_sid");
        violations.extend(unfit);
    }
    violations.extend(can.check_recipient(to, content).err());
    violations
}
