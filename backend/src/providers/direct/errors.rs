//! Meta's codes (direct.md §5, 2026-11-22). Marked ambiguous there: [`UNKNOWN`] at once, worth a retry when the code comes
//! by webhook, because a failed status says that the message is not on its way.

use std::time::Duration;

use crate::domain::actor::Actor;
use crate::domain::failure::FailureCode as F;
use crate::providers::codes::{Arrival, DOWN, REJECTED, RETRY, Row, UNKNOWN, find, retry_after, throttled};
use crate::providers::failure::{Failover, SendError, ThrottleScope};

/// Under this code the real reason stands in `error_subcode`.
const PARAMETER: u32 = 100;

/// The error a pair of codes stands for; `None` for a code the table does not have.
pub fn classify(code: u32, subcode: Option<u32>, arrival: Arrival, wait: Option<Duration>) -> Option<SendError> {
    let by_code = || find(TABLE, code).map(|row| row.error(code, arrival, wait));
    let by_subcode = || subcode.and_then(|sub| find(TABLE, sub).map(|row| row.error(sub, arrival, wait)));
    if code == PARAMETER { by_subcode().or_else(by_code) } else { by_code().or_else(by_subcode) }
}

/// A code of calls other than sending. On a send it can only mean that something is set up wrongly.
const fn elsewhere(first: u32, last: u32, cause: &'static str, advice: &'static str) -> Row {
    Row::span(first, last, F::SenderMisconfigured, REJECTED, cause, advice)
        .failover(Failover::NotApplicable)
        .actor(Actor::Operator)
}

const TOKEN: &str = "Meta does not accept the access token. Make a new system-user token and put it into the channel.";
const PERMISSION: &str = "The access token lacks a permission. Give the system user whatsapp_business_messaging and assign the WhatsApp account to it.";
const QUOTA: &str = "The quota of calls is used up at the moment. Sending goes on more slowly by itself.";
const AMBIGUOUS: &str =
    "Meta failed and may have sent the message. The gateway looks for evidence before it does anything.";
const PARAMETERS: &str = "The template's values are in the wrong form. Check each value: no line breaks, tabs or long runs of blanks, and the right type.";
const GROUPS: &str = "Messages to groups are not supported. Write to the person instead.";
const TEMPLATE_FORM: &str =
    "The template's form is refused. Open it in WhatsApp Manager and correct what is named there.";
const REGISTRATION: &str = "The number's registration is not complete. Finish it in WhatsApp Manager.";
const MIGRATION: &str = "The number is being moved between accounts. Finish the move in WhatsApp Manager.";
const OTHER_CALL: &str =
    "Meta reports a problem that does not concern this message. Run the connection check of the channel.";

/// Sorted by code.
pub const TABLE: &[Row] = &[
    Row::code(0, F::CredentialsInvalid, DOWN, "The access token can't be used: it has expired, was revoked, or belongs to nobody.", TOKEN).failover(Failover::Yes),
    Row::code(1, F::ProviderError, UNKNOWN, "An unknown error: a malformed request, or a fault of Meta's.", AMBIGUOUS).late(RETRY).retries(2).failover(Failover::Yes),
    Row::code(2, F::ProviderUnavailable, UNKNOWN, "Meta is down or overloaded.", AMBIGUOUS).late(RETRY).failover(Failover::Yes),
    Row::code(3, F::PermissionMissing, DOWN, "The app lacks a capability or permission.", PERMISSION).failover(Failover::Yes),
    Row::code(4, F::ThrottledAccount, throttled(ThrottleScope::Account), "The app's quota of calls is used up.", QUOTA).failover(Failover::Yes),
    Row::code(10, F::PermissionMissing, DOWN, "A permission was not granted, or was taken back.", PERMISSION).failover(Failover::Yes),
    Row::code(33, F::SenderNotReady, DOWN, "The number or account does not exist, was deleted, or can't be seen with this token.", "Meta does not know the phone number id, or the token may not see it. Check the id and the system user's assets.")
        .failover(Failover::Yes),
    Row::code(PARAMETER, F::ContentInvalid, REJECTED, "A parameter is unknown, misspelt or too long, or an id is unknown.", "Meta does not accept a parameter of the message. Check the lengths and the values, then send a new message."),
    Row::code(190, F::CredentialsInvalid, DOWN, "The access token has expired or is invalid.", TOKEN).failover(Failover::Yes),
    Row::span(200, 299, F::PermissionMissing, DOWN, "A permission of the API is missing; with code 200 the WhatsApp account is not assigned to the system user.", PERMISSION).failover(Failover::Yes),
    Row::code(368, F::AccountRestricted, DOWN, "Meta has blocked the account for a time because its policies were broken.", "Meta has restricted the account for breaking its policies. Open the account's quality page and appeal there.")
        .failover(Failover::Operator),
    Row::code(613, F::ThrottledAccount, throttled(ThrottleScope::Account), "The limit of calls to the Graph API is reached.", QUOTA).failover(Failover::Yes),
    Row::code(80007, F::ThrottledAccount, throttled(ThrottleScope::Account), "The WhatsApp account's quota of calls is used up.", QUOTA).failover(Failover::Yes),
    Row::code(130403, F::RecipientBlocked, REJECTED, "The business itself has blocked this person.", "Your business has blocked this person. Lift the block before writing again.")
        .actor(Actor::Operator),
    Row::code(130429, F::ThrottledSender, throttled(ThrottleScope::Sender), "The number's throughput is reached.", "The number sends faster than it may. It goes on more slowly by itself.")
        .failover(Failover::Yes),
    Row::code(130472, F::ExperimentGroup, REJECTED, "The person is in a group to which Meta delivers no marketing, for an experiment.", "Meta holds marketing back from this person as part of an experiment. Reach them in another way.")
        .actor(Actor::Nobody),
    Row::code(130497, F::CountryNotAllowed, REJECTED, "The business may not write to people in this country.", "Your business may not write to this person's country. Check which countries your trade allows.")
        .actor(Actor::Operator),
    Row::code(131000, F::ProviderError, UNKNOWN, "Something went wrong at Meta, and Meta does not say what.", AMBIGUOUS).late(RETRY).failover(Failover::Yes),
    Row::code(131005, F::PermissionMissing, DOWN, "Access was denied.", PERMISSION).failover(Failover::Yes),
    Row::code(131008, F::ContentInvalid, REJECTED, "A required parameter is missing.", "A needed parameter is missing. Check that every part of the message is filled."),
    Row::code(131009, F::ContentInvalid, REJECTED, "The value of a parameter is not valid, or a marketing template is still being made ready.", "A value of the message is not valid. A fresh marketing template may also need some minutes before it can be used."),
    Row::code(131016, F::ProviderUnavailable, UNKNOWN, "The service is not available at the moment.", AMBIGUOUS).late(RETRY).failover(Failover::Yes),
    Row::code(131020, F::ContentUnsupported, REJECTED, "The recipient is a group that can't be written to.", GROUPS),
    Row::code(131021, F::RecipientInvalid, REJECTED, "Sender and recipient are the same number.", "The recipient is the sender itself. Choose another recipient."),
    Row::code(131026, F::RecipientUnreachable, REJECTED, "It can't be delivered: the number is not on WhatsApp, has not accepted its terms, uses an old app, or has blocked the business.", "The person can't receive it: not on WhatsApp, an old app, or the terms are not accepted. Check the number or use another way.")
        .actor(Actor::Recipient),
    Row::code(131030, F::RecipientNotAllowed, REJECTED, "The recipient is not on the list of a test number.", "A test number writes only to its listed recipients. Add this person to the list, or use a real number.")
        .failover(Failover::Yes)
        .actor(Actor::Operator),
    Row::code(131031, F::AccountSuspended, DOWN, "The WhatsApp account is locked for breaking a policy, or the data given does not match.", "The WhatsApp account is locked. See the reason in Meta Business Suite and appeal there.")
        .failover(Failover::Operator),
    Row::code(131037, F::SenderNotReady, DOWN, "The number's display name must be approved before the first message.", "The number's display name is not approved yet. Finish that in WhatsApp Manager.").failover(Failover::Yes),
    Row::code(131041, F::ContentUnsupported, REJECTED, "The message is for a group that can't be written to.", GROUPS),
    Row::code(131042, F::PaymentProblem, DOWN, "A payment method, a credit line, a currency or a time zone is missing or wrong.", "Meta can't bill the account. Check payment method, credit line, currency and time zone in WhatsApp Manager.")
        .failover(Failover::Yes),
    elsewhere(131044, 131044, "The payment method does not cover calls.", "Meta can't bill calls of this account. Check the payment method in WhatsApp Manager."),
    Row::code(131045, F::SenderMisconfigured, DOWN, "The number's registration or certificate is broken.", "The number's registration is broken. Register it again with its two-step PIN.").failover(Failover::Yes),
    Row::code(131047, F::WindowClosed, REJECTED, "More than 24 hours have passed since the person last wrote, and the message is not a template.", "More than 24 hours have passed since the person last wrote. Send an approved template instead."),
    Row::code(131048, F::AccountRestricted, DOWN, "Too many people have blocked or reported this number.", "Too many people blocked or reported this number. Wait some hours, write only to people who expect it, and lower the volume.")
        .failover(Failover::Operator),
    Row::code(131049, F::MarketingLimited, REJECTED, "Meta held it back to keep engagement healthy: the person gets, or ignores, a lot of marketing.", "Meta held the marketing message back to spare this person. Try again after 24 hours at the earliest, and once only.")
        .actor(Actor::Nobody),
    Row::code(131050, F::RecipientOptedOut, REJECTED, "The person has stopped marketing from this business in WhatsApp.", "The person has stopped marketing from your business. Do not send them marketing again.")
        .failover(Failover::Forbidden)
        .actor(Actor::Recipient),
    Row::code(131051, F::ContentUnsupported, REJECTED, "Meta does not know this type of message.", "Meta does not know this kind of message. Send it as text or as a template."),
    Row::code(131052, F::MediaUnusable, RETRY, "A medium that the person sent can't be fetched, or is over 100 MB.", "A medium that the person sent could not be fetched. Ask for it once more.")
        .retries(1)
        .failover(Failover::NotApplicable),
    // Refused for good when the file itself is unusable; but a link's fetch may fail once, and an id may have died, and is forgotten.
    Row::code(131053, F::MediaUnusable, RETRY, "The medium can't be used: its type, its size, or its link.", "Meta could not use the medium. Check that its link opens without a login and that kind and size are allowed.")
        .retries(1)
        .actor(Actor::Author),
    Row::code(131055, F::ContentUnsupported, REJECTED, "This way of sending does not take templates of this category.", "This template's category can't be sent this way. Use a template of the right category."),
    Row::code(131056, F::ThrottledPair, throttled(ThrottleScope::Pair), "Too many messages from this number to this person in a short time.", "Too many messages to this one person in a short time. It goes on more slowly by itself."),
    Row::code(131057, F::SenderNotReady, retry_after(60), "The account is in maintenance, mostly while its throughput is raised.", "The number is in maintenance for a moment. It is tried again by itself.").failover(Failover::Yes),
    Row::code(131058, F::TemplateRejected, REJECTED, "The sample template goes out from Meta's test numbers only.", "Meta's sample template goes out from test numbers only. Use a template of your own.")
        .failover(Failover::NotApplicable),
    elsewhere(131059, 131059, "The position in a list is no longer valid.", "A list changed while it was read. Start reading it again."),
    Row::code(131061, F::ContentUnsupported, REJECTED, "The template must be sent by Meta's marketing API.", "This template may only be sent by Meta's marketing API. Use another template.").failover(Failover::NotApplicable),
    Row::code(131062, F::RecipientInvalid, REJECTED, "This message needs a telephone number, and only a user id was given.", "One-time codes need a phone number, and only a user id is known here. Ask the person for the number.")
        .actor(Actor::Recipient),
    Row::code(131063, F::ContentUnsupported, REJECTED, "Marketing is switched off on the ordinary endpoint.", "Marketing is switched off for this way of sending. Switch it on in WhatsApp Manager.")
        .failover(Failover::NotApplicable)
        .actor(Actor::Operator),
    Row::code(131064, F::AccountRestricted, DOWN, "The messaging limit was cut because templates were filed in wrong categories.", "Meta has cut the sending limit because templates were filed in the wrong category. Correct the categories and wait.")
        .failover(Failover::Operator),
    Row::span(131200, 131299, F::ContentUnsupported, REJECTED, "The message concerns a group.", GROUPS),
    Row::code(132000, F::TemplateParameters, REJECTED, "The number of values differs from the number of the template's variables.", "The number of values differs from the template's variables. Give exactly one value per variable."),
    Row::code(132001, F::TemplateMissing, REJECTED, "The template does not exist in this language, or is not approved.", "No approved template has this name in this language. Check both, or wait for the approval.").failover(Failover::Maybe),
    Row::code(132005, F::ContentTooLong, REJECTED, "The text is too long once the variables are filled.", "The template is too long once it is filled. Use shorter values."),
    Row::code(132007, F::PolicyViolation, REJECTED, "The template breaks WhatsApp's content policy.", "The template breaks WhatsApp's content policy. Change it and submit it again."),
    Row::code(132008, F::TemplateParameters, REJECTED, "The values don't have the form that the template asks for.", PARAMETERS),
    Row::code(132012, F::TemplateParameters, REJECTED, "A value has another format than the template asks for.", PARAMETERS),
    Row::code(132015, F::TemplatePaused, REJECTED, "The template is paused because of its low quality.", "The template is paused because of its quality. Wait for the pause to end, or use another template.").failover(Failover::Yes),
    Row::code(132016, F::TemplateDisabled, REJECTED, "The template was paused too often and is disabled for good.", "The template is disabled for good because of its quality. Make a new one.").failover(Failover::Yes),
    Row::code(132018, F::TemplateParameters, REJECTED, "The template's parameters are not valid.", PARAMETERS),
    Row::code(132068, F::TemplateDisabled, REJECTED, "The flow behind the template is blocked.", "The template's flow is blocked. Repair the flow in WhatsApp Manager.").actor(Actor::Operator),
    Row::code(132069, F::TemplatePaused, retry_after(3600), "The flow behind the template is throttled to ten an hour.", "The template's flow is slowed down to ten an hour because of errors. Repair the flow.")
        .retries(1)
        .actor(Actor::Operator),
    elsewhere(133000, 133000, "An earlier deregistration of the number did not finish.", "An earlier deregistration did not finish. Deregister the number once more."),
    Row::code(133004, F::ProviderUnavailable, RETRY, "The server for registrations is not available.", "Meta's server is not available. It is tried again by itself.").failover(Failover::Yes),
    elsewhere(133005, 133006, "The two-step PIN is wrong, or the number must be verified again.", REGISTRATION),
    elsewhere(133008, 133009, "The PIN was tried too often or too fast.", "Too many wrong PINs in a short time. Wait as long as WhatsApp Manager says."),
    Row::code(133010, F::SenderNotReady, DOWN, "The number is not registered on the Cloud API.", "The number is not registered. Register it with its two-step PIN.").failover(Failover::Yes),
    elsewhere(133015, 133015, "The number was deleted a moment ago.", "The number was deleted just now. Wait five minutes before registering it again."),
    elsewhere(133016, 133016, "The number was registered and deregistered too often: ten times in 72 hours.", "The number was registered too often. Wait 72 hours."),
    elsewhere(134011, 134011, "The terms for payments are not accepted.", "The terms for payments are not accepted. Accept them in WhatsApp Manager."),
    Row::code(134100, F::ContentUnsupported, REJECTED, "The marketing API takes marketing templates only.", "Only marketing templates go out by the marketing API. Use the ordinary way.").failover(Failover::NotApplicable),
    Row::code(134101, F::TemplateMissing, retry_after(600), "The template is still being made ready for the marketing API.", "The template is still being prepared for the marketing API. It is tried again in ten minutes.")
        .failover(Failover::NotApplicable),
    elsewhere(134102, 134103, "The account can't use the marketing API.", "The account can't use the marketing API. Check its eligibility in WhatsApp Manager."),
    Row::code(135000, F::ContentInvalid, REJECTED, "A parameter of the request is wrong, and Meta does not say which.", "Meta does not accept the message and gives no reason. Check every value of it."),
    elsewhere(136024, 136024, "A verification code could not be asked for or checked.", "A verification code could not be sent or checked. Wait, then ask for a new one."),
    Row::code(137000, F::IdentityChanged, REJECTED, "The person's identity key is another one than the one that was expected.", "The person's WhatsApp identity has changed. Make sure who it is before writing again.").actor(Actor::Recipient),
    elsewhere(138000, 138999, "The code belongs to calls.", OTHER_CALL),
    elsewhere(139000, 139004, "The code belongs to the management of flows.", OTHER_CALL),
    elsewhere(139100, 139102, "The list of blocked people was changed in part only, is full, or changed while it was read.", "The list of blocked people could not be changed as asked. Read it again."),
    Row::code(139103, F::ProviderError, RETRY, "The list of blocked people failed inside Meta.", "The list of blocked people failed inside Meta. Try again.").failover(Failover::NotApplicable),
    Row::code(139200, F::ContentUnsupported, REJECTED, "Sending without a template (Direct Send) was refused.", "Sending without a template is refused for this account. Use an approved template.")
        .failover(Failover::NotApplicable)
        .actor(Actor::Operator),
    elsewhere(141000, 141999, "The code stands in health reports only.", "Meta's health report names a problem of the account. Read it in WhatsApp Manager."),
    elsewhere(147001, 147004, "The code belongs to the management of business user names.", OTHER_CALL),
    elsewhere(200005, 200007, "Template insights are not possible, can't be switched off, or are not switched on.", "Template insights are not possible, or not switched on, for this account."),
    elsewhere(1752041, 1752041, "An onboarding was asked for twice.", OTHER_CALL),
    elsewhere(2388001, 2388001, "The migration of the number did not succeed.", MIGRATION),
    elsewhere(2388012, 2388012, "The migration of the number did not succeed.", MIGRATION),
    elsewhere(2388019, 2388019, "The account has as many templates as it may have.", "The account has as many templates as it may have. Delete some that are not used."),
    Row::span(2388039, 2388040, F::TemplateRejected, REJECTED, "The template's content is not allowed, or is too long.", TEMPLATE_FORM).failover(Failover::NotApplicable),
    Row::code(2388047, F::TemplateRejected, REJECTED, "The template's header is not in the right form.", TEMPLATE_FORM).failover(Failover::NotApplicable),
    Row::span(2388072, 2388073, F::TemplateRejected, REJECTED, "The template's body or footer is not in the right form.", TEMPLATE_FORM).failover(Failover::NotApplicable),
    elsewhere(2388091, 2388091, "The migration of the number did not succeed.", MIGRATION),
    elsewhere(2388093, 2388093, "The migration of the number did not succeed.", MIGRATION),
    elsewhere(2388103, 2388103, "The migration of the number did not succeed.", MIGRATION),
    Row::code(2388293, F::TemplateRejected, REJECTED, "The template has too many variables for the length of its text.", TEMPLATE_FORM).failover(Failover::NotApplicable),
    Row::code(2388299, F::TemplateRejected, REJECTED, "A variable stands at the beginning or the end of the template's text.", TEMPLATE_FORM).failover(Failover::NotApplicable),
    Row::code(2388318, F::TemplateRejected, REJECTED, "The template was made by Meta and can't be edited.", TEMPLATE_FORM).failover(Failover::NotApplicable),
    Row::code(2388330, F::TemplateRejected, REJECTED, "The template was made by Meta and can't be deleted.", TEMPLATE_FORM).failover(Failover::NotApplicable),
    Row::code(2494100, F::SenderNotReady, retry_after(300), "The number is in maintenance.", "The number is in maintenance. It is tried again in some minutes.").failover(Failover::Yes),
    elsewhere(2593079, 2593079, "The code belongs to the transfer of an account's ownership.", OTHER_CALL),
    elsewhere(2593085, 2593085, "The code belongs to the transfer of an account's ownership.", OTHER_CALL),
    elsewhere(2593107, 2593109, "The synchronisation of contacts or history has reached its limit.", OTHER_CALL),
];
