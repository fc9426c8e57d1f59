//! What each provider can carry: facts with source and date, read by the API, the limits and the console.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::content::media::MediaKind;
use crate::domain::content::{Content, Kind};
use crate::domain::provider::{ProviderKind, word};

use super::content;
use super::violation::Violation;

/// When the facts below were last compared with their sources.
pub const CHECKED_ON: &str = "2026-11-22";

/// A figure with its ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Limit {
    pub value: u64,
    pub source: &'static str,
    #[schema(format = Date)]
    pub checked_on: &'static str,
}

/// Whether something can be done, with its ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Support {
    pub supported: bool,
    pub source: &'static str,
    #[schema(format = Date)]
    pub checked_on: &'static str,
}

const fn limit(value: u64, source: &'static str) -> Limit {
    Limit { value, source, checked_on: CHECKED_ON }
}

const fn support(supported: bool, source: &'static str) -> Support {
    Support { supported, source, checked_on: CHECKED_ON }
}

/// Everything the gateway needs to know about a provider before it queues a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Capabilities {
    pub provider: ProviderKind,
    /// Kinds of content this version sends there.
    pub kinds: &'static [Kind],
    pub text: TextCapabilities,
    pub templates: TemplateCapabilities,
    pub throughput: Throughput,
    pub media: &'static [MediaCapability],
    pub tracking: Tracking,
    pub marks: Marks,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TextCapabilities {
    /// Characters in a text.
    pub max_chars: Limit,
    /// The preview of a link can be switched.
    pub preview_switch: Support,
}

/// How a template is addressed when it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TemplateCapabilities {
    pub addressing: TemplateAddressing,
    /// Variables may have names.
    pub named_variables: Support,
    /// Characters in a template's name.
    pub max_name_chars: Limit,
    /// Characters of one value; of the whole body at direct.
    pub max_value_chars: Limit,
    pub max_variables: Limit,
    /// Buttons of one template.
    pub max_buttons: Limit,
    /// The longest run of blanks in a value.
    pub max_blanks_in_a_row: Limit,
}

word! {
    /// How a template is named on the wire.
    pub enum TemplateAddressing {
        /// By name and language.
        Name = "name",
        /// By the SID of a stored Content.
        ContentSid = "content_sid",
    }
}

/// The rates the gateway keeps by default; a channel's real ones may be higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Throughput {
    /// Messages per second of one sender.
    pub per_second: Limit,
    /// To one person; absent where the provider queues by itself and names no figure.
    pub pair: Option<PairRate>,
    /// Seconds a full queue of a sender may hold at the provider; 0 = it does not queue.
    pub queue_seconds: Limit,
    /// Calls at once for one account; a cautious start where no figure is published.
    pub concurrency: Limit,
}

/// A bucket per sender and person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PairRate {
    /// Seconds until one more message may go to the same person.
    pub seconds_per_message: Limit,
    /// Messages that may go at once, as a loan on the future.
    pub burst: Limit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MediaCapability {
    pub kind: MediaKind,
    /// In bytes.
    pub max_bytes: Limit,
    pub mime_types: &'static [&'static str],
}

/// What the provider tells about a message after it took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tracking {
    /// Characters of ours that come back with each status.
    pub callback_data_chars: Limit,
    pub delivered_receipts: Support,
    pub read_receipts: Support,
    /// Receipts carry the provider's own time.
    pub receipt_times: Support,
    /// Receipts carry the price category.
    pub pricing_in_receipts: Support,
    /// Sent messages can be listed: evidence for lost answers.
    pub message_list: Support,
    /// Sending knows an idempotency key.
    pub idempotency_key: Support,
}

/// What a person can be shown of what becomes of their message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Marks {
    /// That it was read, without the sign that an answer is being written.
    pub read_without_typing: Support,
    /// Marking a message marks those before it as well.
    pub read_marks_earlier: Support,
    /// That an answer is being written.
    pub typing: Support,
    /// Days after which a message can't be marked any more.
    pub max_age_days: Limit,
}

impl Capabilities {
    pub const fn of(provider: ProviderKind) -> &'static Self {
        match provider {
            ProviderKind::Twilio => &TWILIO,
            ProviderKind::Direct => &DIRECT,
        }
    }

    /// Whether the provider can carry a content, before it is queued. Fields are paths below `content`.
    ///
    /// # Errors
    /// Every rule that is broken.
    pub fn check(&self, content: &Content) -> Result<(), Vec<Violation>> {
        let violations = content::violations(self, content);
        if violations.is_empty() { Ok(()) } else { Err(violations) }
    }
}

const MB: u64 = 1024 * 1024;

/// Meta's Cloud API.
pub static DIRECT: Capabilities = Capabilities {
    provider: ProviderKind::Direct,
    kinds: &[Kind::Text, Kind::Template],
    text: TextCapabilities {
        max_chars: limit(4096, "direct.md §2.3"),
        preview_switch: support(true, "direct.md §2.3"),
    },
    templates: TemplateCapabilities {
        addressing: TemplateAddressing::Name,
        named_variables: support(true, "direct.md §2.5"),
        max_name_chars: limit(512, "direct.md §2.8"),
        max_value_chars: limit(1024, "direct.md §2.5"),
        // No figure is published; the body's 1,024 characters bound it.
        max_variables: limit(100, "direct.md §2.8"),
        max_buttons: limit(10, "direct.md §2.8"),
        max_blanks_in_a_row: limit(4, "direct.md §2.5"),
    },
    throughput: Throughput {
        per_second: limit(80, "direct.md §4.7"),
        pair: Some(PairRate { seconds_per_message: limit(6, "direct.md §4.8"), burst: limit(45, "direct.md §4.8") }),
        queue_seconds: limit(0, "direct.md §4.7"),
        concurrency: limit(40, "own choice; no figure published"),
    },
    media: &[
        MediaCapability {
            kind: MediaKind::Image,
            max_bytes: limit(5 * MB, "direct.md §2.6"),
            mime_types: &["image/jpeg", "image/png"],
        },
        MediaCapability {
            kind: MediaKind::Video,
            max_bytes: limit(16 * MB, "direct.md §2.6"),
            mime_types: &["video/mp4", "video/3gpp"],
        },
        MediaCapability {
            kind: MediaKind::Audio,
            max_bytes: limit(16 * MB, "direct.md §2.6"),
            mime_types: &["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"],
        },
        MediaCapability {
            kind: MediaKind::Document,
            max_bytes: limit(100 * MB, "direct.md §2.6"),
            mime_types: &[
                "application/pdf",
                "text/plain",
                "application/msword",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.ms-excel",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "application/vnd.ms-powerpoint",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            ],
        },
        MediaCapability {
            kind: MediaKind::Sticker,
            max_bytes: limit(500 * 1024, "direct.md §2.6"),
            mime_types: &["image/webp"],
        },
    ],
    tracking: Tracking {
        callback_data_chars: limit(512, "direct.md §2.2"),
        delivered_receipts: support(true, "direct.md §3.5"),
        read_receipts: support(true, "direct.md §3.5"),
        receipt_times: support(true, "direct.md §3.5"),
        pricing_in_receipts: support(true, "direct.md §3.5"),
        message_list: support(false, "direct.md §3.9"),
        idempotency_key: support(false, "direct.md §2.2"),
    },
    marks: Marks {
        read_without_typing: support(true, "direct.md §2.5"),
        read_marks_earlier: support(true, "direct.md §2.5"),
        typing: support(true, "direct.md §2.5"),
        max_age_days: limit(30, "direct.md §2.5"),
    },
};

/// Twilio's Messages API.
pub static TWILIO: Capabilities = Capabilities {
    provider: ProviderKind::Twilio,
    kinds: &[Kind::Text, Kind::Template],
    text: TextCapabilities {
        max_chars: limit(1600, "twilio.md §2.1"),
        preview_switch: support(false, "twilio.md §8.1"),
    },
    templates: TemplateCapabilities {
        addressing: TemplateAddressing::ContentSid,
        named_variables: support(false, "twilio.md §8.4"),
        max_name_chars: limit(512, "direct.md §2.8"),
        max_value_chars: limit(1024, "direct.md §2.5"),
        max_variables: limit(100, "twilio.md §2.4"),
        max_buttons: limit(10, "direct.md §2.8"),
        max_blanks_in_a_row: limit(4, "twilio.md §6.3"),
    },
    throughput: Throughput {
        per_second: limit(80, "twilio.md §5"),
        pair: None,
        queue_seconds: limit(36_000, "twilio.md §5"),
        concurrency: limit(20, "twilio.md §5 (unconfirmed)"),
    },
    media: &[
        MediaCapability {
            kind: MediaKind::Image,
            max_bytes: limit(5 * MB, "twilio.md §5"),
            mime_types: &["image/jpeg", "image/png"],
        },
        MediaCapability {
            kind: MediaKind::Video,
            max_bytes: limit(16 * MB, "twilio.md §5"),
            mime_types: &["video/mp4"],
        },
        MediaCapability {
            kind: MediaKind::Audio,
            max_bytes: limit(16 * MB, "twilio.md §5"),
            mime_types: &["audio/ogg", "audio/amr", "audio/3gpp", "audio/aac", "audio/mpeg"],
        },
        MediaCapability {
            kind: MediaKind::Document,
            max_bytes: limit(16 * MB, "twilio.md §5"),
            mime_types: &[
                "application/pdf",
                "application/msword",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ],
        },
        MediaCapability {
            kind: MediaKind::Sticker,
            max_bytes: limit(16 * MB, "twilio.md §5 (unconfirmed)"),
            mime_types: &["image/webp"],
        },
    ],
    tracking: Tracking {
        // The address of the status callback carries it.
        callback_data_chars: limit(4000, "twilio.md §2.1"),
        delivered_receipts: support(true, "twilio.md §3.4"),
        read_receipts: support(true, "twilio.md §3.4"),
        receipt_times: support(false, "twilio.md §3.4"),
        pricing_in_receipts: support(false, "twilio.md §0"),
        message_list: support(true, "twilio.md §2.2"),
        idempotency_key: support(false, "twilio.md §0"),
    },
    marks: Marks {
        read_without_typing: support(false, "twilio.md §2.10"),
        read_marks_earlier: support(false, "twilio.md §2.10"),
        typing: support(true, "twilio.md §2.10"),
        // Twilio says "recent" only; behind it stands Meta's limit.
        max_age_days: limit(30, "direct.md §2.5"),
    },
};
