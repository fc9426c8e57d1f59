//! The figures of Twilio's Messages API.

mod matrix;

use super::limits::{
    ContactLimits, CtaUrlLimits, FlowLimits, InteractiveLimits, ListLimits, LocationLimits, MediaTextLimits,
    OneTimeCodeLimits, ReplyButtonLimits,
};
use super::matrix::{InboundSupport, OutboundSupport, Part, PartSupport, every};
use super::{
    Capabilities, MB, Marks, MediaCapability, OWN, TemplateAddressing, TemplateCapabilities, TextCapabilities,
    Throughput, Tracking, limit, support,
};
use crate::domain::content::Kind;
use crate::domain::content::media::MediaKind;
use crate::domain::inbound::kind::InboundKind;
use crate::domain::provider::ProviderKind;

pub(super) use matrix::{carries_in, carries_out, carries_part};

/// Twilio's Messages API.
pub static TWILIO: Capabilities = Capabilities {
    provider: ProviderKind::Twilio,
    outbound: every!(Kind, carries_out => OutboundSupport),
    inbound: every!(InboundKind, carries_in => InboundSupport),
    parts: every!(Part, carries_part => PartSupport),
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
        max_coupon_chars: limit(20, "direct.md §2.8"),
        min_cards: limit(2, "twilio.md §2.5"),
        max_cards: limit(10, "twilio.md §2.5"),
    },
    media_text: MediaTextLimits {
        max_caption_chars: limit(1024, "direct.md §2.3"),
        max_filename_chars: limit(240, OWN),
    },
    location: Some(LocationLimits {
        max_latitude: limit(90, "direct.md §2.3"),
        max_longitude: limit(180, "direct.md §2.3"),
        max_name_chars: limit(1000, OWN),
        max_address_chars: limit(1000, OWN),
    }),
    contacts: Some(ContactLimits {
        max_cards: limit(257, "direct.md §2.3"),
        max_entries: limit(20, OWN),
        max_text_chars: limit(1000, OWN),
    }),
    reaction: None,
    interactive: InteractiveLimits {
        max_body_chars: limit(1024, "twilio.md §2.5"),
        max_header_chars: limit(60, "twilio.md §2.5"),
        max_footer_chars: limit(60, "twilio.md §2.5"),
        max_url_chars: limit(2000, "direct.md §2.8"),
    },
    reply_buttons: Some(ReplyButtonLimits {
        max_buttons: limit(3, "twilio.md §2.5"),
        max_id_chars: limit(256, "direct.md §2.4"),
        max_title_chars: limit(20, "twilio.md §2.5 (unconfirmed)"),
    }),
    list: Some(ListLimits {
        max_body_chars: limit(1024, "twilio.md §2.5"),
        max_button_chars: limit(20, "twilio.md §2.5 (unconfirmed)"),
        // Only after the caller agreed to less: what is sent has one.
        max_sections: limit(10, "direct.md §2.4"),
        max_section_title_chars: limit(24, "direct.md §2.4"),
        max_rows: limit(10, "twilio.md §2.5"),
        max_row_id_chars: limit(200, "twilio.md §2.5"),
        max_row_title_chars: limit(24, "twilio.md §2.5"),
        max_row_description_chars: limit(72, "twilio.md §2.5"),
    }),
    cta_url: Some(CtaUrlLimits { max_button_chars: limit(20, "twilio.md §2.5 (unconfirmed)") }),
    flow: Some(FlowLimits {
        max_button_chars: limit(20, "twilio.md §2.5 (unconfirmed)"),
        max_name_chars: limit(200, OWN),
        max_token_chars: limit(1000, OWN),
    }),
    address_request: None,
    products: None,
    carousel: None,
    one_time_code: OneTimeCodeLimits { max_code_chars: limit(15, "direct.md §2.5") },
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
