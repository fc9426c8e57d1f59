//! What people send (twilio.md §3.1): the frame around the content.

use crate::domain::inbound::{MessageContext, OptOut, Referral};
use crate::providers::webhook::InboundEvent;

use super::content;
use super::form::Form;

pub(super) fn read(form: &Form<'_>) -> Option<InboundEvent> {
    let (content, media) = content::read(form);
    Some(InboundEvent {
        sender: form.sender("To"),
        provider_message_id: form.message_sid()?.to_owned(),
        person: form.person("From")?,
        content,
        // A webhook has no time of sending: that of arrival stands in. What the gateway asked for itself has one.
        at: form.time("DateCreated"),
        reply_to: form.owned("OriginalRepliedMessageSid"),
        context: context(form),
        media,
    })
}

fn context(form: &Form<'_>) -> MessageContext {
    MessageContext {
        forwarded: form.is_true("Forwarded"),
        frequently_forwarded: form.is_true("FrequentlyForwarded"),
        referral: referral(form),
        opt_out: form.text("OptOutType").and_then(|word| word.to_ascii_lowercase().parse::<OptOut>().ok()),
        ..MessageContext::default()
    }
}

/// Some of its fields come with ordinary messages too: only one that names a source is a click.
fn referral(form: &Form<'_>) -> Option<Referral> {
    let source_id = form.owned("ReferralSourceId");
    let ctwa_clid = form.owned("ReferralCtwaClid");
    let source_url = form.owned("ReferralSourceUrl");
    if source_id.is_none() && ctwa_clid.is_none() && source_url.is_none() {
        return None;
    }
    Some(Referral {
        source_type: form.owned("ReferralSourceType"),
        source_id,
        source_url,
        headline: form.owned("ReferralHeadline"),
        body: form.owned("ReferralBody"),
        ctwa_clid,
        media_type: form.owned("ReferralMediaContentType"),
        media_url: form.owned("ReferralMediaUrl"),
    })
}
