//! Twilio's codes (twilio.md §6, 2026-11-22). Internal errors and timeouts on creating a message are [`UNKNOWN`]: there is
//! no idempotency key, and the message may exist. The same codes by status callback say that it is not on its way.

use std::time::Duration;

use crate::domain::actor::Actor;
use crate::domain::failure::FailureCode as F;
use crate::providers::codes::{Arrival, DOWN, REJECTED, RETRY, Row, UNKNOWN, find, throttled, throttled_for};
use crate::providers::failure::{Failover, SendError, ThrottleScope};

/// The error a code stands for; `None` for a code the table does not have.
pub fn classify(code: u32, arrival: Arrival, wait: Option<Duration>) -> Option<SendError> {
    find(TABLE, code).map(|row| row.error(code, arrival, wait))
}

/// A code of webhooks, other calls or other channels. On a message it can only mean that something is set up wrongly.
const fn elsewhere(first: u32, last: u32, cause: &'static str, advice: &'static str) -> Row {
    Row::span(first, last, F::SenderMisconfigured, REJECTED, cause, advice)
        .failover(Failover::NotApplicable)
        .actor(Actor::Operator)
}

const fn ours(first: u32, last: u32, cause: &'static str) -> Row {
    Row::span(first, last, F::GatewayFault, REJECTED, cause, GATEWAY).actor(Actor::Gateway)
}

const GATEWAY: &str = "The gateway built something Twilio does not understand. Nothing was sent; please report this.";
const AMBIGUOUS: &str =
    "Twilio failed and may have sent the message. The gateway looks for evidence before it does anything.";
const ACCOUNT: &str = "The Twilio account is not active. Check its balance and its state in the Twilio console.";
const CREDENTIALS: &str =
    "Twilio does not accept the credentials. Check account SID, auth token and API key of the channel.";
const WEBHOOK: &str =
    "Twilio could not reach the webhook address. Check that it is public, with a valid certificate, then reconcile.";
const TLS: &str = "Twilio refused the encryption of the connection. Update the machine that runs the gateway.";
const INVALID_TO: &str = "Twilio does not understand the recipient's address. Check the number.";
const FROM: &str =
    "The sender number can't be used from this account. Check that it is an online WhatsApp sender of the account.";
const TOO_LONG: &str = "The text is longer than Twilio takes (1,600 characters). Shorten it or split it.";
const CONTENT_SID: &str =
    "Twilio does not have this Content in the account. Check the content SID, then sync the templates.";
const VARIABLES: &str = "The template's values are malformed or empty. Give a non-empty text for each variable.";
const SERVICE: &str = "The messaging service can't be used. Check its SID and that the sender is in its pool.";
const FRAUD: &str = "Twilio's fraud protection stopped the message. Check the recipient, then ask Twilio's support.";
const SMS_ONLY: &str = "The code belongs to SMS and should not appear on WhatsApp. Check that sender and recipient are WhatsApp addresses.";
const SCHEDULE: &str = "The time of sending is not accepted. The gateway schedules by itself; please report this.";
const SENDER_SETUP: &str = "The sender is not set up fully. Look at it in the Twilio console.";
const REGISTRATION: &str = "The sender's registration is refused. Correct it in the Twilio console.";
const TEMPLATE_FORM: &str = "The Content is not complete or not allowed. Correct it in Twilio's content editor.";
const SAMPLE_MEDIA: &str = "A template's sample medium can't be fetched. Put it where it opens without a login.";
const UNEXPLAINED: &str =
    "Twilio gives a code whose meaning is not published. Look at the message in the Twilio console.";
const SUSPENDED: &str = "The Twilio account was suspended. Settle it with Twilio's support.";

/// Sorted by code.
pub const TABLE: &[Row] = &[
    Row::code(10001, F::AccountSuspended, DOWN, "The account is not active.", ACCOUNT).failover(Failover::Yes),
    elsewhere(11200, 11237, "Twilio got no usable answer from a webhook: status, connection, time, network, DNS, redirects or certificate.", WEBHOOK),
    elsewhere(11240, 11243, "The edge or a retry override behind # in a webhook's address is not valid.", "The retry settings behind the webhook address are not accepted. Please report this."),
    elsewhere(11750, 11750, "The answer to a webhook is too large.", GATEWAY),
    Row::code(11751, F::MediaUnusable, REJECTED, "The medium is above the channel's limit.", "The medium is larger than WhatsApp takes from Twilio (16 MB). Send a smaller one."),
    elsewhere(11770, 11770, "The answer to a webhook is empty.", GATEWAY),
    elsewhere(12100, 12300, "The answer to a webhook is no valid TwiML.", GATEWAY),
    Row::code(12400, F::ProviderError, UNKNOWN, "An internal error at Twilio.", AMBIGUOUS).late(RETRY).failover(Failover::Yes),
    Row::code(14101, F::RecipientInvalid, REJECTED, "The recipient's address is not valid.", INVALID_TO),
    elsewhere(14107, 14109, "Automatic answers go round, or one webhook was answered with too many messages.", "Automatic answers go round in a loop. Switch off answers set up at Twilio."),
    elsewhere(20001, 20001, "Twilio has ignored parameters that it does not know.", "Twilio ignored a parameter. Please report this."),
    Row::code(20002, F::ContentInvalid, REJECTED, "A name or parameter of the request is not valid.", GATEWAY).actor(Actor::Gateway),
    Row::code(20003, F::CredentialsInvalid, DOWN, "The credentials are wrong, or may not do this.", CREDENTIALS).failover(Failover::Yes),
    Row::code(20004, F::GatewayFault, REJECTED, "The method is not allowed here.", GATEWAY).failover(Failover::NotApplicable).actor(Actor::Gateway),
    Row::code(20005, F::AccountSuspended, DOWN, "The account is not active: no funds, or suspended.", ACCOUNT).failover(Failover::Yes),
    Row::code(20006, F::PermissionMissing, DOWN, "Access was denied.", "The API key may not send messages. Use a standard key, or grant it messages.")
        .failover(Failover::NotApplicable),
    ours(20007, 20007, "The page asked for is too large.").failover(Failover::NotApplicable),
    Row::code(20008, F::CredentialsInvalid, DOWN, "Test credentials were used for something that they can't do.", "These are Twilio's test credentials, which send nothing. Use the live ones.")
        .failover(Failover::NotApplicable),
    elsewhere(20009, 20009, "The message is not final and can't be deleted.", "The message is not final yet and can't be deleted. Try again in some hours."),
    Row::code(20010, F::PermissionMissing, DOWN, "A feature is switched off for the account.", "A needed feature is switched off for the account. Ask Twilio's support.")
        .failover(Failover::NotApplicable),
    Row::span(20011, 20012, F::SenderMisconfigured, DOWN, "The version of TLS or its ciphers are refused.", TLS).failover(Failover::NotApplicable),
    Row::code(20162, F::ProviderError, RETRY, "Two changes of the same thing met.", "Two changes met at Twilio. It is tried again by itself.").failover(Failover::NotApplicable),
    Row::code(20404, F::SenderMisconfigured, REJECTED, "The SID or the path is unknown, or belongs to another account.", "Twilio does not know what was asked for. Check the account SID of the channel.")
        .failover(Failover::NotApplicable)
        .actor(Actor::Operator),
    Row::code(20409, F::ProviderError, RETRY, "Two changes of the same thing met.", "Two changes met at Twilio. It is tried again by itself.").failover(Failover::NotApplicable),
    Row::code(20410, F::GatewayFault, DOWN, "This version of the API is gone.", "Twilio has withdrawn this interface. Update the gateway.").failover(Failover::Yes).actor(Actor::Gateway),
    Row::code(20413, F::ContentTooLong, REJECTED, "The body of the request is too large.", "The message is too large for Twilio. Shorten it.").failover(Failover::NotApplicable),
    Row::span(20422, 20423, F::ContentInvalid, REJECTED, "A parameter is not valid.", "Twilio does not accept a value of the message. Check each value."),
    Row::code(20426, F::GatewayFault, DOWN, "The API must be called in a newer version.", "Twilio asks for a newer version of this interface. Update the gateway.").failover(Failover::Yes).actor(Actor::Gateway),
    Row::code(20429, F::ThrottledAccount, throttled(ThrottleScope::Account), "Too many requests of the account run at once.", "Too many calls at once for the Twilio account. It goes on more slowly by itself.")
        .failover(Failover::Yes),
    Row::code(20500, F::ProviderError, UNKNOWN, "An internal error at Twilio.", AMBIGUOUS).late(RETRY).failover(Failover::Yes),
    Row::span(20503, 20504, F::ProviderUnavailable, UNKNOWN, "Twilio is not available, or took too long.", AMBIGUOUS).late(RETRY).failover(Failover::Yes),
    // Refused for a number; a user id may still be understood by the other provider.
    Row::code(21211, F::RecipientInvalid, REJECTED, "The recipient's address is not valid.", INVALID_TO).failover(Failover::Maybe),
    Row::code(21212, F::SenderMisconfigured, DOWN, "The sender's address is not valid.", "Twilio does not accept the sender number. Correct it in the channel.").failover(Failover::Yes),
    Row::code(21219, F::RecipientNotAllowed, REJECTED, "The account is on trial, and the recipient is not verified.", "A trial account writes only to verified numbers. Verify this one or upgrade the account.")
        .failover(Failover::Yes)
        .actor(Actor::Operator),
    Row::code(21401, F::RecipientInvalid, REJECTED, "The recipient's address is not valid.", INVALID_TO),
    Row::code(21408, F::CountryNotAllowed, REJECTED, "The region of the recipient is not enabled for the account.", "The recipient's country is not enabled. Enable it in Twilio's geographic permissions.")
        .failover(Failover::Yes)
        .actor(Actor::Operator),
    Row::code(21601, F::SenderMisconfigured, DOWN, "The sender can't send messages.", FROM).failover(Failover::Yes),
    Row::code(21602, F::ContentInvalid, REJECTED, "The message has neither text, medium nor content.", "The message is empty. Give it a text or a template."),
    ours(21603, 21604, "The request named neither a sender nor a service, or no recipient."),
    Row::code(21605, F::ContentTooLong, REJECTED, "The text is too long.", TOO_LONG).failover(Failover::Yes),
    Row::span(21606, 21607, F::SenderMisconfigured, DOWN, "The sender can't be used for this account or this recipient.", FROM).failover(Failover::Yes),
    Row::code(21608, F::RecipientNotAllowed, REJECTED, "The account is on trial, and the recipient is not verified.", "A trial account writes only to verified numbers. Verify this one or upgrade the account.")
        .failover(Failover::Yes)
        .actor(Actor::Operator),
    Row::code(21609, F::SenderMisconfigured, DOWN, "The address for status callbacks is not valid.", "Twilio does not accept the gateway's public address. It needs http or https and a host without an underscore.")
        .failover(Failover::NotApplicable),
    Row::code(21610, F::RecipientOptedOut, REJECTED, "The person has opted out of this sender or service.", "The person has opted out of this sender. Do not write until they ask for it again.")
        .failover(Failover::Forbidden)
        .actor(Actor::Recipient),
    Row::code(21611, F::ThrottledSender, throttled_for(ThrottleScope::Sender, 60), "The sender's queue holds more than ten hours of traffic.", "Twilio's queue for this sender is full. It goes on more slowly by itself.")
        .failover(Failover::Yes),
    Row::code(21612, F::RecipientUnreachable, REJECTED, "This sender can't reach this recipient.", "Twilio can't reach this person from this sender. Check both numbers.").failover(Failover::Yes),
    Row::code(21614, F::RecipientInvalid, REJECTED, "The recipient's number is no mobile number.", "The recipient's number is no mobile number. Check it.").failover(Failover::Yes),
    Row::code(21616, F::SenderMisconfigured, DOWN, "The sender's address fits more than one sender.", "The sender number matches more than one sender. Correct it in the Twilio console.")
        .failover(Failover::NotApplicable),
    Row::code(21617, F::ContentTooLong, REJECTED, "The text is longer than 1,600 characters.", TOO_LONG).failover(Failover::Yes),
    Row::code(21618, F::PolicyViolation, REJECTED, "Twilio has filtered the content.", "Twilio's content filter stopped the message. Change its words."),
    Row::code(21619, F::ContentInvalid, REJECTED, "The message has neither text, medium nor content.", "The message is empty. Give it a text or a template."),
    Row::code(21620, F::MediaUnusable, REJECTED, "The address of a medium is malformed.", "The medium's address is malformed. Give a public https link."),
    Row::span(21621, 21622, F::ContentUnsupported, REJECTED, "Pictures by MMS are not enabled.", SMS_ONLY).failover(Failover::NotApplicable),
    Row::code(21623, F::MediaUnusable, REJECTED, "The message has more than ten media.", "Too many media in one message. Send one per message."),
    ours(21624, 21624, "The validity period is not valid.").failover(Failover::NotApplicable),
    Row::code(21626, F::SenderMisconfigured, DOWN, "An event or address for status callbacks is not valid.", "Twilio does not accept the gateway's public address. Check it in the settings.")
        .failover(Failover::NotApplicable),
    ours(21627, 21627, "The maximum price is not valid.").failover(Failover::NotApplicable),
    ours(21652, 21653, "The subject or the number of recipients is not valid.").failover(Failover::NotApplicable),
    ours(21654, 21654, "Variables came without a content SID.").failover(Failover::NotApplicable),
    Row::code(21655, F::TemplateMissing, REJECTED, "The content SID is wrong, deleted, or of another account.", CONTENT_SID).failover(Failover::Yes),
    Row::code(21656, F::TemplateParameters, REJECTED, "The variables are no JSON, malformed, null or empty.", VARIABLES).failover(Failover::Yes),
    ours(21657, 21657, "The sender id is not valid.").failover(Failover::NotApplicable),
    Row::code(21658, F::ContentTooLong, REJECTED, "A parameter is longer than allowed.", "A value of the message is too long for Twilio. Shorten it.").failover(Failover::NotApplicable),
    Row::span(21701, 21705, F::SenderMisconfigured, DOWN, "The messaging service is missing, unavailable, empty, invalid, or has no fitting sender.", SERVICE).failover(Failover::Yes),
    elsewhere(21709, 21712, "A change of the service's pool was refused.", SERVICE),
    elsewhere(21714, 21714, "A change of the service's pool was refused.", SERVICE),
    ours(21910, 21910, "Sender and recipient are of different channels."),
    Row::code(30001, F::ThrottledSender, throttled_for(ThrottleScope::Sender, 60), "The queue has overflowed.", "Twilio's queue for this sender is full. It goes on more slowly by itself.")
        .failover(Failover::Yes),
    Row::code(30002, F::AccountSuspended, DOWN, "The account was suspended after the message was queued.", SUSPENDED).failover(Failover::Yes),
    Row::code(30003, F::RecipientUnreachable, REJECTED, "The handset is switched off or out of reach.", "The person's phone is off or out of reach. Try again later.").actor(Actor::Nobody),
    Row::code(30004, F::RecipientBlocked, REJECTED, "The message is blocked.", "The message is blocked on the way to this person. Reach them in another way.").actor(Actor::Recipient),
    Row::span(30005, 30006, F::RecipientUnreachable, REJECTED, "The number is unknown, or is a landline.", "The number does not exist or is a landline. Check it.").actor(Actor::Recipient),
    Row::code(30007, F::PolicyViolation, REJECTED, "The message was filtered as spam.", "The message was filtered as spam. Check its content and how often you send it."),
    Row::code(30008, F::ProviderError, RETRY, "An unknown error on the way.", "It failed for an unknown reason. It is tried once more by itself.").retries(1).failover(Failover::Yes),
    ours(30010, 30010, "The message costs more than the maximum price.").failover(Failover::NotApplicable),
    ours(30012, 30013, "The time to live is not valid.").failover(Failover::NotApplicable),
    ours(30014, 30016, "Sender and recipient don't fit together."),
    elsewhere(30017, 30019, "The code belongs to SMS.", SMS_ONLY),
    Row::span(30020, 30021, F::ProviderError, RETRY, "An internal error at Twilio.", "Twilio had an internal error. It is tried again by itself.").failover(Failover::Yes),
    elsewhere(30022, 30027, "The code belongs to SMS in the United States.", SMS_ONLY),
    ours(30028, 30031, "A version, retention or rate value is not valid.").failover(Failover::NotApplicable),
    elsewhere(30032, 30035, "The code belongs to SMS in the United States.", SMS_ONLY),
    Row::code(30036, F::Expired, throttled(ThrottleScope::Sender), "The validity period was over before the message left the queue.", "Its time ran out in Twilio's queue. It is sent again, more slowly, if it is still of use.")
        .failover(Failover::Yes),
    Row::code(30103, F::ProviderError, RETRY, "The shortening of links failed inside Twilio.", "Twilio had an internal error. It is tried again by itself.").failover(Failover::Yes),
    ours(30400, 30400, "The change of the message is not valid.").failover(Failover::NotApplicable),
    ours(30404, 30404, "The message was not found.").failover(Failover::NotApplicable),
    elsewhere(30409, 30409, "A cancellation came too late.", "The message can't be cancelled any more."),
    // Also by callback: Twilio itself gave up waiting and does not know.
    Row::code(30410, F::AnswerLost, UNKNOWN, "WhatsApp did not answer Twilio in time, and Twilio does not try again, so as not to send it twice.", "Twilio got no answer from WhatsApp and may have sent the message. Wait for a receipt before sending it again.")
        .failover(Failover::Yes),
    Row::code(30450, F::PolicyViolation, REJECTED, "The fraud protection has stopped the message.", FRAUD),
    Row::span(30453, 30454, F::PolicyViolation, REJECTED, "The fraud protection has stopped the message.", FRAUD),
    Row::code(30500, F::ProviderError, RETRY, "An internal error at Twilio.", "Twilio had an internal error. It is tried again by itself.").failover(Failover::Yes),
    elsewhere(35111, 35111, "The time of sending is missing.", SCHEDULE),
    elsewhere(35114, 35114, "The time of sending is out of range.", SCHEDULE),
    elsewhere(35118, 35118, "Scheduling needs a messaging service.", SCHEDULE),
    elsewhere(35125, 35126, "Too many messages are scheduled, or the type of schedule is wrong.", SCHEDULE),
    elsewhere(57012, 57012, "A webhook's signature did not match, as its receiver reported.", "Twilio's webhook did not pass the signature check. Check the auth token and the public address."),
    Row::code(59004, F::ThrottledAccount, throttled(ThrottleScope::Account), "Too many calls of the API for webhook settings.", "Too many changes of webhook settings. It is tried again by itself.")
        .failover(Failover::NotApplicable),
    Row::code(60200, F::ContentInvalid, REJECTED, "A parameter is not valid.", "Twilio does not accept a value of the message. Check each value."),
    Row::code(63001, F::CredentialsInvalid, DOWN, "WhatsApp does not accept how Twilio authenticates the sender.", "Twilio's connection to Meta for this sender is broken. Reconnect the sender in the Twilio console.").failover(Failover::Yes),
    Row::code(63002, F::SenderMisconfigured, DOWN, "WhatsApp does not know the sender's address.", "WhatsApp does not know the sender. Check it in the Twilio console.").failover(Failover::Yes),
    Row::code(63003, F::RecipientUnreachable, REJECTED, "The recipient is not on WhatsApp, is inactive, or the number is malformed.", "The person is not on WhatsApp, or the number is wrong. Check it.").actor(Actor::Recipient),
    Row::code(63005, F::ContentInvalid, REJECTED, "WhatsApp did not accept the content.", "WhatsApp does not accept the content. Check it against the kind of message."),
    Row::code(63006, F::ContentInvalid, REJECTED, "The content could not be brought into the channel's form.", "The content can't be put into WhatsApp's form. Simplify it."),
    Row::code(63007, F::SenderNotReady, DOWN, "No WhatsApp sender of the account has this number, or it is not online.", "The sender is not an online WhatsApp sender of this account. Check number and account in the Twilio console.").failover(Failover::Yes),
    Row::code(63008, F::SenderMisconfigured, DOWN, "The channel is not configured rightly.", SENDER_SETUP).failover(Failover::Yes),
    Row::code(63009, F::ProviderUnavailable, RETRY, "Meta answered with an error of its own.", "Meta failed behind Twilio. It is tried again by itself."),
    Row::code(63010, F::ProviderError, RETRY, "An internal error at Twilio.", "Twilio had an internal error. It is tried again by itself.").failover(Failover::Yes),
    Row::code(63011, F::ProviderError, RETRY, "The request could not be processed.", "Twilio could not process the message. It is tried once more by itself.").retries(1).failover(Failover::Yes),
    Row::code(63012, F::ProviderUnavailable, RETRY, "An internal error at Meta.", "Meta failed behind Twilio. It is tried again by itself."),
    Row::code(63013, F::PolicyViolation, REJECTED, "The message breaks WhatsApp's policy, or a variable holds more than four blanks in a row.", "The message breaks WhatsApp's policy; more than four blanks in a row in a value do so too. Change it."),
    Row::code(63014, F::RecipientBlocked, REJECTED, "The person has blocked the sender, or taken their consent back.", "The person has blocked your business or taken back consent. Do not write again.").actor(Actor::Recipient),
    Row::code(63015, F::RecipientNotAllowed, REJECTED, "The recipient has not joined the sandbox.", "The person has not joined the Twilio sandbox. Let them send its join words first.")
        .failover(Failover::Yes)
        .actor(Actor::Recipient),
    Row::code(63016, F::WindowClosed, REJECTED, "More than 24 hours have passed since the person last wrote, and the message is not a template.", "More than 24 hours have passed since the person last wrote. Send an approved template instead."),
    Row::code(63017, F::ThrottledAccount, throttled(ThrottleScope::Account), "The account sends more than 2,000 messages a second.", "The account sends faster than it may. It goes on more slowly by itself.").failover(Failover::Yes),
    Row::code(63018, F::ThrottledSender, throttled(ThrottleScope::Sender), "The sender sends too fast, or has reached Meta's daily limit.", "The sender is over its rate or its daily limit. It goes on more slowly; if that lasts, pause marketing for a day.")
        .failover(Failover::Yes),
    Row::code(63019, F::MediaUnusable, RETRY, "The medium could not be fetched, or is empty.", "The medium could not be fetched or was empty. Check that its link opens without a login.")
        .retries(1)
        .failover(Failover::Maybe)
        .actor(Actor::Author),
    Row::code(63020, F::PaymentProblem, DOWN, "The business account at Meta has a problem: an invitation was not accepted, or billing.", "Meta reports a problem with the business account, such as billing or an open invitation. Settle it in Meta Business Suite.")
        .failover(Failover::Yes),
    Row::code(63021, F::ContentInvalid, REJECTED, "The content is not valid: format, template or codec.", "The content is not valid: its form, its codec, or it does not match the template. Check it."),
    Row::code(63022, F::SenderMisconfigured, DOWN, "The certificate of the display name is not valid.", "The certificate of the sender's display name is not valid. Renew the name in the Twilio console.").failover(Failover::Yes),
    Row::code(63023, F::ProviderError, RETRY, "An error of the channel without a further reason.", "WhatsApp failed without a reason. It is tried once more by itself.").retries(1).failover(Failover::Yes),
    Row::code(63024, F::RecipientUnreachable, REJECTED, "The recipient can't receive it: not on WhatsApp, or an old app.", "The person can't receive it: not on WhatsApp, or an old app. Check the number or use another way.").actor(Actor::Recipient),
    Row::code(63025, F::MediaUnusable, RETRY, "The medium exists already.", "The medium is stored already. It is tried again by itself.").failover(Failover::NotApplicable),
    Row::code(63026, F::AccountRestricted, throttled_for(ThrottleScope::Sender, 600), "The sender was flagged as a sender of spam.", "The sender is flagged as spam. Write only to people who expect it.").actor(Actor::Operator),
    Row::code(63027, F::TemplateMissing, REJECTED, "The template does not exist in this language.", "The template does not exist in this language. Sync the templates and check the language.").failover(Failover::Yes),
    Row::code(63028, F::TemplateParameters, REJECTED, "The number of values differs from the template's variables.", "The number of values differs from the template's variables. Give exactly one value per variable."),
    Row::code(63029, F::ProviderError, RETRY, "The person's app could not load the template.", "The person's app could not load the template. It is tried once more by itself.").retries(1).failover(Failover::Yes),
    Row::code(63030, F::ContentInvalid, REJECTED, "A parameter is not allowed for this kind of message.", "A parameter does not go with this kind of message. A template can't carry a medium of its own."),
    Row::code(63031, F::RecipientInvalid, REJECTED, "Sender and recipient are the same number.", "The recipient is the sender itself. Choose another recipient."),
    Row::code(63032, F::ExperimentGroup, REJECTED, "The person is in a group to which Meta delivers no marketing, for an experiment.", "Meta holds marketing back from this person as part of an experiment. Try again after some days.").actor(Actor::Nobody),
    Row::code(63033, F::RecipientBlocked, REJECTED, "The business has blocked the recipient, or the recipient the business.", "The person can't be written to: one side has blocked the other.").actor(Actor::Recipient),
    Row::code(63034, F::MediaUnusable, REJECTED, "The medium is too large.", "The medium is too large. Send a smaller one.").failover(Failover::Maybe),
    elsewhere(63035, 63036, "The code belongs to RCS.", SMS_ONLY),
    Row::code(63037, F::ProviderError, UNKNOWN, "The upload of a medium to Meta failed; Twilio tries again.", "An upload to Meta failed and Twilio tries it again. Wait for a receipt.").failover(Failover::NotApplicable),
    Row::code(63038, F::DailyLimit, DOWN, "The account's limit of messages a day is reached: trial and new accounts have one.", "The account's daily number of messages is used up. It goes on the next day; ask Twilio for a higher limit.").failover(Failover::Yes),
    elsewhere(63039, 63039, "The code belongs to Messenger.", SMS_ONLY),
    Row::code(63040, F::TemplateRejected, REJECTED, "Meta has rejected the template.", "The template was rejected. Correct it and submit it again.").failover(Failover::Maybe),
    Row::code(63041, F::TemplatePaused, REJECTED, "The template is paused because of its low quality.", "The template is paused because of its quality. Try again in three to six hours, or use another one.").failover(Failover::Maybe),
    Row::code(63042, F::TemplateDisabled, REJECTED, "The template is disabled.", "The template is disabled. Make a new one.").failover(Failover::Maybe),
    elsewhere(63043, 63045, "The sample medium of a template can't be fetched.", SAMPLE_MEDIA),
    elsewhere(63046, 63046, "A template was approved; this is no error.", "A template was approved."),
    elsewhere(63047, 63047, "The sample medium of a template has another type than its content.", SAMPLE_MEDIA),
    Row::code(63048, F::Unclassified, REJECTED, "Twilio does not publish what this code means.", UNEXPLAINED),
    Row::code(63049, F::MarketingLimited, REJECTED, "Meta has withheld a marketing message: the person gets a lot of them, or has a number in the United States.", "Meta held the marketing message back to spare this person. Try again after 24 hours at the earliest, and never to numbers in the United States.")
        .actor(Actor::Nobody),
    Row::code(63050, F::Unclassified, REJECTED, "Twilio does not publish what this code means.", UNEXPLAINED),
    Row::code(63051, F::AccountSuspended, DOWN, "Meta has locked the business account.", "Meta has locked the business account. See the reason in Meta Business Suite and appeal there.").failover(Failover::Yes),
    elsewhere(63052, 63052, "The old template system was used.", "The message used Twilio's old template system. Use a content SID."),
    Row::span(63053, 63058, F::Unclassified, REJECTED, "Twilio does not publish what this code means.", UNEXPLAINED),
    Row::code(63059, F::SenderNotReady, DOWN, "The number was moved to another WhatsApp account.", "The number was moved to another WhatsApp account. Point the channel at where it lives now.").failover(Failover::Yes),
    elsewhere(63060, 63060, "Meta has rejected the display name.", "The sender's display name was rejected. Choose another one in the Twilio console."),
    elsewhere(63100, 63128, "The registration of a sender was refused.", REGISTRATION),
    elsewhere(68008, 68008, "The Verify service has no WhatsApp.", "Twilio Verify is not set up for WhatsApp. This gateway does not use it."),
    Row::code(90010, F::AccountSuspended, DOWN, "The account is not active.", ACCOUNT).failover(Failover::Yes),
    elsewhere(92001, 92004, "The Content has no type, too many variables, or no valid language.", TEMPLATE_FORM),
    ours(92005, 92005, "Variables came without a content SID.").failover(Failover::NotApplicable),
    Row::code(92006, F::TemplateMissing, REJECTED, "The content SID is wrong, deleted, or of another account.", CONTENT_SID).failover(Failover::Yes),
    Row::code(92007, F::TemplateParameters, REJECTED, "The variables are no JSON, malformed, null or empty.", VARIABLES).failover(Failover::Yes),
    elsewhere(92008, 92099, "The Content's type is withdrawn, or it was submitted for approval before.", TEMPLATE_FORM),
];
