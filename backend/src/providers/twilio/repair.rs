//! Setting what the connection check misses: the sender's webhooks, with retries and a second address, and the messaging
//! service's (twilio.md §2.8, §2.9, §3.6).

use serde_json::Value;

use crate::providers::repair::{Repair, RepairStep};

use super::ask::{Refused, Twilio};
use super::check::sender::{self, text};
use super::check::service::leaves_inbound;
use super::management::{self, SenderWebhooks};

pub(super) async fn run(twilio: Twilio<'_>) -> Repair {
    let repair = Repair::default();
    let found = match sender::find(twilio).await {
        Ok(Some(found)) => found,
        Ok(None) => {
            return repair.stop("The account has no WhatsApp sender with this number, so nothing was changed.".into());
        }
        Err(refused) => return repair.stop(refused.told("The senders can't be read, so nothing was changed")),
    };
    let mut repair = repair;
    match mend(twilio, &found, &mut repair).await {
        Ok(()) => repair,
        Err((what, refused)) => repair.stop(refused.told(what)),
    }
}

async fn mend(twilio: Twilio<'_>, found: &Value, repair: &mut Repair) -> Result<(), (&'static str, Refused)> {
    let wanted = SenderWebhooks::of(twilio.public_base, twilio.channel);
    let present = |path| text(found, path).map(str::to_owned);
    let (callback, fallback) = (present("/webhook/callback_url"), present("/webhook/fallback_url"));
    let status = present("/webhook/status_callback_url");
    let method = text(found, "/webhook/callback_method").unwrap_or("POST");
    let inbound = callback.as_deref() != Some(wanted.callback.as_str())
        || fallback.as_deref() != Some(wanted.fallback.as_str())
        || method != "POST";
    let receipts = status.as_deref() != Some(wanted.status.as_str());
    if inbound || receipts {
        let sid = text(found, "/sid").unwrap_or_default();
        let base = &twilio.bases.twilio_messaging;
        twilio
            .ask_built(management::set_webhooks(base, twilio.credentials, sid, &wanted))
            .await
            .map_err(|refused| ("The sender's webhooks could not be set", refused))?;
        if inbound {
            repair.note(RepairStep::SenderWebhook, callback, Some(wanted.callback.to_string()));
        }
        if receipts {
            repair.note(RepairStep::SenderStatusCallback, status, Some(wanted.status.to_string()));
        }
    }
    service(twilio, repair).await.map_err(|refused| ("The messaging service could not be changed", refused))
}

/// The service's own address would be that of all its senders, so it is the senders that are given theirs.
async fn service(twilio: Twilio<'_>, repair: &mut Repair) -> Result<(), Refused> {
    let Some(sid) = twilio.credentials.messaging_service_sid.as_deref() else { return Ok(()) };
    let base = &twilio.bases.twilio_messaging;
    let service = twilio.ask(management::service(base, twilio.credentials, sid)).await?;
    let own = text(&service, "/inbound_request_url").map(|url| url.split('#').next().unwrap_or(url).to_owned());
    if leaves_inbound(&service) || own.as_deref() == Some(twilio.hook().as_str()) {
        return Ok(());
    }
    twilio.ask(management::leave_inbound_to_senders(base, twilio.credentials, sid)).await?;
    repair.note(RepairStep::ServiceInbound, own, None);
    Ok(())
}
