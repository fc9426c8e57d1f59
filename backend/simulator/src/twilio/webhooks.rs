//! What Twilio's webhooks say (twilio.md §3.1, §3.4).

use super::API_VERSION;
use super::errors::text;
use super::fields::{Fields, Form};
use super::messages::twilio_status;
use crate::accounts::TwilioAccount;
use crate::delivery::Fact;
use crate::ledger::Status;
use crate::people::{bsuid, is_bsuid};

/// A status callback.
pub(crate) fn status_form(account: &TwilioAccount, fact: &Fact) -> Form {
    let (record, status) = (&fact.record, fact.status);
    let word = twilio_status(status, fact.code, record.service_sid.is_some());
    let mut form = Fields::default();
    form.put("MessageSid", &record.id).put("SmsSid", &record.id).put("MessageStatus", word).put("SmsStatus", word);
    form.put("AccountSid", &account.account_sid).put("ApiVersion", API_VERSION);
    form.put("From", &format!("whatsapp:{}", account.sender_number)).put("To", &format!("whatsapp:{}", record.person));
    if let Some(service) = &record.service_sid {
        form.put("MessagingServiceSid", service);
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

/// Twilio hides the last four digits of the recipient (twilio.md §3.4).
fn masked(phone: &str) -> String {
    let kept = phone.chars().count().saturating_sub(4);
    phone.chars().take(kept).chain("XXXX".chars()).collect()
}
