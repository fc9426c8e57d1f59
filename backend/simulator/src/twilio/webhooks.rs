//! What Twilio's webhooks say (twilio.md §3.1, §3.4).

use serde_json::json;

use super::API_VERSION;
use super::errors::text;
use super::messages::twilio_status;
use crate::accounts::TwilioAccount;
use crate::delivery::Fact;
use crate::ledger::{Record, Status};
use crate::people::{bsuid, is_bsuid};
use crate::state::World;

type Form = Vec<(String, String)>;

/// A status callback.
pub(crate) fn status_form(account: &TwilioAccount, fact: &Fact) -> Form {
    let (record, status) = (&fact.record, fact.status);
    let word = twilio_status(status, fact.code, record.service);
    let mut form = Fields::default();
    form.put("MessageSid", &record.id).put("SmsSid", &record.id).put("MessageStatus", word).put("SmsStatus", word);
    form.put("AccountSid", &account.account_sid).put("ApiVersion", API_VERSION);
    form.put("From", &format!("whatsapp:{}", account.sender_number)).put("To", &format!("whatsapp:{}", record.person));
    if record.service {
        form.put("MessagingServiceSid", &account.messaging_service_sid);
    }
    form.put("ChannelPrefix", "whatsapp").put("ChannelInstallSid", &account.sender_sid);
    form.put("ExternalUserId", &format!("whatsapp:{}", bsuid(&account.waba_id, &record.person)));
    if !is_bsuid(&record.person) {
        form.put("ChannelToAddress", &masked(&record.person));
    }
    match status {
        Status::Sent => form.put("StructuredMessage", if &*record.kind == "content" { "true" } else { "false" }),
        Status::Delivered => form.put("EventType", "DELIVERED"),
        Status::Read => form.put("EventType", "READ"),
        Status::Accepted | Status::Failed | Status::Canceled => &mut form,
    };
    if let (Status::Failed, Some(code)) = (status, fact.code) {
        form.put("ErrorCode", &code.to_string())
            .put("ErrorMessage", text(code))
            .put("ChannelStatusMessage", text(code));
        if word == "undelivered" {
            form.put("EventType", "UNDELIVERED");
        }
    }
    form.0
}

/// A message from the virtual customer.
pub(crate) fn inbound_form(world: &World, account: &TwilioAccount, record: &Record) -> Form {
    let name = world.people.name(&account.account_sid, &record.person).unwrap_or_default();
    let wa_id = if is_bsuid(&record.person) { "" } else { record.person.trim_start_matches('+') };
    let mut form = Fields::default();
    form.put("MessageSid", &record.id).put("SmsSid", &record.id).put("SmsMessageSid", &record.id);
    form.put("AccountSid", &account.account_sid).put("ApiVersion", API_VERSION).put("SmsStatus", "received");
    form.put("From", &format!("whatsapp:{}", record.person)).put("To", &format!("whatsapp:{}", account.sender_number));
    form.put("Body", &record.text).put("NumMedia", "0").put("NumSegments", "1").put("ReferralNumMedia", "0");
    form.put("MessageType", &record.kind).put("ProfileName", &name).put("WaId", wa_id);
    form.put("ExternalUserId", &format!("whatsapp:{}", bsuid(&account.waba_id, &record.person)));
    form.put("Forwarded", "false").put("FrequentlyForwarded", "false");
    if &*record.kind == "button" {
        form.put("ButtonText", &record.text).put("ButtonPayload", &record.text).put("ButtonType", "REPLY");
    }
    if let Some(quoted) = &record.reply_to {
        form.put("OriginalRepliedMessageSid", quoted);
        form.put("OriginalRepliedMessageSender", &format!("whatsapp:{}", account.sender_number));
    }
    let context = json!({ "ProfileName": name, "WaId": wa_id, "Forwarded": "false", "FrequentlyForwarded": "false" });
    form.put("ChannelMetadata", &json!({ "type": "whatsapp", "data": { "context": context } }).to_string());
    form.0
}

#[derive(Default)]
struct Fields(Form);

impl Fields {
    fn put(&mut self, name: &str, value: &str) -> &mut Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// Twilio hides the last four digits of the recipient (twilio.md §3.4).
fn masked(phone: &str) -> String {
    let kept = phone.chars().count().saturating_sub(4);
    phone.chars().take(kept).chain("XXXX".chars()).collect()
}
