//! The rows of the comparison that are written by hand: whatever is no kind of message.

use std::borrow::Cow;

use super::super::capabilities::CHECKED_ON;
use super::costs::{META_PRICING, TWILIO_PRICING};
use super::{Cell, CellVerdict, ComparisonGroup as Group, ComparisonRow};

const OWN: &str = "own assessment";
pub(super) const META: &str =
    "https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages";
const META_LIMITS: &str = "https://developers.facebook.com/documentation/business-messaging/whatsapp/messaging-limits";
const META_THROUGHPUT: &str = "https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput";
const META_WEBHOOKS: &str =
    "https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview";
pub(super) const TWILIO: &str = "https://www.twilio.com/docs/whatsapp";
const TWILIO_CONTENT: &str = "https://www.twilio.com/docs/content";
const TWILIO_SECURITY: &str = "https://www.twilio.com/docs/usage/webhooks/webhooks-security";

const fn row(key: &'static str, group: Group, label: &'static str, twilio: Cell, direct: Cell) -> ComparisonRow {
    ComparisonRow { key: Cow::Borrowed(key), group, label, twilio, direct }
}

const fn cell(verdict: CellVerdict, note: &'static str, source: &'static str, url: Option<&'static str>) -> Cell {
    Cell { verdict, note, source, url, checked_on: CHECKED_ON }
}

const fn yes(note: &'static str, source: &'static str, url: &'static str) -> Cell {
    cell(CellVerdict::Yes, note, source, Some(url))
}

const fn partly(note: &'static str, source: &'static str, url: &'static str) -> Cell {
    cell(CellVerdict::Partly, note, source, Some(url))
}

const fn no(note: &'static str, source: &'static str, url: &'static str) -> Cell {
    cell(CellVerdict::No, note, source, Some(url))
}

const fn text(note: &'static str, source: &'static str, url: &'static str) -> Cell {
    cell(CellVerdict::Text, note, source, Some(url))
}

const fn opinion(note: &'static str) -> Cell {
    cell(CellVerdict::Text, note, OWN, None)
}

const fn unknown(note: &'static str) -> Cell {
    cell(CellVerdict::Unknown, note, "no source found", None)
}

pub(super) const ROWS: &[ComparisonRow] = &[
    row(
        "setup_effort",
        Group::Setup,
        "Steps to the first real message",
        text(
            "Twilio account, sender with Meta sign-up in Twilio's console, one webhook address",
            "twilio.md §2.8",
            TWILIO,
        ),
        text(
            "Meta app, system user with token, number registered, account subscribed, webhook address",
            "direct.md §1.2, §2.9, §2.11",
            META,
        ),
    ),
    row(
        "setup_values",
        Group::Setup,
        "Values to enter here",
        text("3: account SID, auth token, sender number", "twilio.md §1.2", TWILIO),
        text("5: app id, app secret, access token, account id, phone number id", "direct.md §1.2", META),
    ),
    row(
        "setup_time",
        Group::Setup,
        "Time until the first message",
        opinion(
            "About 5 minutes, by our own estimate; Twilio publishes no figure. The shared sandbox sender works at once",
        ),
        opinion(
            "30 to 60 minutes, by our own estimate; Meta publishes no figure. A test number works once the app exists",
        ),
    ),
    row(
        "trial",
        Group::Setup,
        "Trying it without an own number",
        partly(
            "Shared sandbox sender; people join by a code word for 3 days; 50 messages a day on trial accounts",
            "twilio.md §5",
            TWILIO,
        ),
        partly("Test number, free, to 5 listed recipients", "direct.md §4.10", META),
    ),
    row(
        "token_life",
        Group::Setup,
        "Credentials that last",
        yes("Auth token and API keys last until they are changed", "twilio.md §1.2", TWILIO),
        yes("A system user's token lasts 60 days or for ever, as chosen", "direct.md §1.2", META),
    ),
    row(
        "platform_fee",
        Group::Cost,
        "Provider's own fee",
        text("0.005 USD per message, out and in", "twilio.md §7", TWILIO_PRICING),
        text("None", "direct.md §6", META_PRICING),
    ),
    row(
        "failed_fee",
        Group::Cost,
        "Fee for failed messages",
        text("0.001 USD for the final status failed", "twilio.md §7", TWILIO_PRICING),
        text("None", "direct.md §6", META_PRICING),
    ),
    row(
        "meta_fee",
        Group::Cost,
        "Meta's part per delivered message",
        text("Passed on without a margin, by market and category", "twilio.md §7", TWILIO_PRICING),
        text("By market and category; see the rate card", "direct.md §6", META_PRICING),
    ),
    row(
        "free_replies",
        Group::Cost,
        "Free replies inside the window",
        unknown("Not seen in a Twilio text since Meta charges for replies (October 2026)"),
        partly("The first 1,000 delivered per number and month", "direct.md §6", META_PRICING),
    ),
    row(
        "best_for",
        Group::BestFor,
        "Best for",
        opinion("Small volumes, teams that use Twilio already, and whoever wants one bill"),
        opinion("High volumes, long texts and rich messages, and whoever wants prices and receipts in detail"),
    ),
    row(
        "read_marks",
        Group::Messages,
        "Marking as read, typing",
        partly("Read marks only together with the typing sign", "twilio.md §0", TWILIO),
        yes("Both", "direct.md §2.5", META),
    ),
    row(
        "opt_out",
        Group::Messages,
        "Opt-out words handled by the provider",
        partly("In a messaging service with advanced opt-out", "twilio.md §5", TWILIO),
        no("Only WhatsApp's own switch for marketing", "direct.md §4.3", META),
    ),
    row(
        "named_variables",
        Group::Templates,
        "Named variables",
        no("One flat numbered list", "twilio.md §8.4", TWILIO_CONTENT),
        yes("By position or by name", "direct.md §2.5", META),
    ),
    row(
        "category_price",
        Group::Templates,
        "Category that was charged",
        no("Not told in receipts", "twilio.md §0", TWILIO),
        yes("In the receipts", "direct.md §3.5", META_WEBHOOKS),
    ),
    row(
        "throughput",
        Group::Limits,
        "Messages per second and sender",
        text("80; text alone to 400 on request", "twilio.md §5", TWILIO),
        text("80, in and out together; 1,000 by automatic upgrade", "direct.md §4.7", META_THROUGHPUT),
    ),
    row(
        "pair_rate",
        Group::Limits,
        "To one person",
        unknown("No figure published beside Meta's own limit"),
        text("One in 6 seconds on average, 45 at once as a loan", "direct.md §4.8", META),
    ),
    row(
        "queue",
        Group::Limits,
        "Queue at the provider",
        yes("Up to 10 hours of traffic per sender", "twilio.md §5", TWILIO),
        no("Excess is refused; the gateway queues", "direct.md §4.7", META_THROUGHPUT),
    ),
    row(
        "daily_people",
        Group::Limits,
        "New people in 24 hours",
        text("Meta's limit: 250, 2,000, 10,000, 100,000, unlimited", "twilio.md §5", META_LIMITS),
        text(
            "Meta's limit: 250, 2,000, 10,000, 100,000, unlimited; for all numbers of the business together",
            "direct.md §4.5",
            META_LIMITS,
        ),
    ),
    row(
        "senders",
        Group::Limits,
        "Senders",
        text("2 without business verification, 20 with, 50 on request", "twilio.md §5", TWILIO),
        text("2 at first, later 20", "direct.md §2.9", META),
    ),
    row(
        "signed_webhooks",
        Group::Webhooks,
        "Signed webhooks",
        yes("HMAC-SHA1 over address and fields", "twilio.md §4.1", TWILIO_SECURITY),
        yes("HMAC-SHA256 over the body", "direct.md §3.2", META_WEBHOOKS),
    ),
    row(
        "webhook_retries",
        Group::Webhooks,
        "Webhooks repeated after an outage of yours",
        partly(
            "Incoming messages once by default, and only when no connection came about",
            "twilio.md §3.6",
            TWILIO_SECURITY,
        ),
        yes("For at least 36 hours, 7 days by most pages", "direct.md §3.9", META_WEBHOOKS),
    ),
    row(
        "receipt_times",
        Group::Webhooks,
        "Times in receipts",
        no("The time of arrival must do", "twilio.md §3.4", TWILIO),
        yes("To the second", "direct.md §3.5", META_WEBHOOKS),
    ),
    row(
        "correlation",
        Group::Webhooks,
        "Receipts carry an id of yours",
        yes("In the callback address of each message", "twilio.md §2.1", TWILIO),
        yes("Up to 512 characters", "direct.md §2.2", META),
    ),
    row(
        "message_list",
        Group::Webhooks,
        "Sent messages can be looked up",
        yes("By person, sender and day", "twilio.md §2.2", TWILIO),
        no("Only a webhook can tell", "direct.md §3.9", META_WEBHOOKS),
    ),
    row("support", Group::Support, "Help from people", unknown("Not compared yet"), unknown("Not compared yet")),
];
