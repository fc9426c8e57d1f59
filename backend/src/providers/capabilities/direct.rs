//! The figures of Meta's Cloud API.

mod matrix;

use super::limits::{
    AddressLimits, CarouselLimits, ContactLimits, CtaUrlLimits, FlowLimits, InteractiveLimits, ListLimits,
    LocationLimits, MediaTextLimits, OneTimeCodeLimits, ProductLimits, ReactionLimits, ReplyButtonLimits,
};
use super::matrix::{InboundSupport, OutboundSupport, Part, PartSupport, every};
use super::{
    CHECKED_ON, Capabilities, MB, Marks, MediaCapability, OWN, PairRate, TemplateAddressing, TemplateCapabilities,
    TextCapabilities, Throughput, Tracking, limit, support,
};
use crate::domain::content::Kind;
use crate::domain::content::media::MediaKind;
use crate::domain::inbound::kind::InboundKind;
use crate::domain::provider::ProviderKind;

pub(super) use matrix::{carries_in, carries_out, carries_part};

/// Meta's Cloud API.
pub static DIRECT: Capabilities = Capabilities {
    provider: ProviderKind::Direct,
    outbound: every!(Kind, carries_out => OutboundSupport),
    inbound: every!(InboundKind, carries_in => InboundSupport),
    parts: every!(Part, carries_part => PartSupport),
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
        max_coupon_chars: limit(20, "direct.md §2.8"),
        min_cards: limit(2, "direct.md §2.8"),
        max_cards: limit(10, "direct.md §2.8"),
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
    reaction: Some(ReactionLimits { max_age_days: limit(30, "direct.md §2.3") }),
    interactive: InteractiveLimits {
        max_body_chars: limit(1024, "direct.md §2.4"),
        max_header_chars: limit(60, "direct.md §2.4"),
        max_footer_chars: limit(60, "direct.md §2.4"),
        max_url_chars: limit(2000, "direct.md §2.8"),
    },
    reply_buttons: Some(ReplyButtonLimits {
        max_buttons: limit(3, "direct.md §2.4"),
        max_id_chars: limit(256, "direct.md §2.4"),
        max_title_chars: limit(20, "direct.md §2.4"),
    }),
    list: Some(ListLimits {
        max_body_chars: limit(4096, "direct.md §2.4"),
        max_button_chars: limit(20, "direct.md §2.4"),
        max_sections: limit(10, "direct.md §2.4"),
        max_section_title_chars: limit(24, "direct.md §2.4"),
        max_rows: limit(10, "direct.md §2.4"),
        max_row_id_chars: limit(200, "direct.md §2.4"),
        max_row_title_chars: limit(24, "direct.md §2.4"),
        max_row_description_chars: limit(72, "direct.md §2.4"),
    }),
    cta_url: Some(CtaUrlLimits { max_button_chars: limit(20, "direct.md §2.4") }),
    flow: Some(FlowLimits {
        max_button_chars: limit(30, "direct.md §2.4"),
        max_name_chars: limit(200, OWN),
        max_token_chars: limit(1000, OWN),
    }),
    address_request: Some(AddressLimits {
        countries: &["IN"],
        calling_codes: &["+91"],
        source: "direct.md §2.4",
        checked_on: CHECKED_ON,
    }),
    products: Some(ProductLimits {
        max_sections: limit(10, "direct.md §2.4"),
        max_section_title_chars: limit(24, "direct.md §2.4"),
        max_products: limit(30, "direct.md §2.4"),
        max_id_chars: limit(200, OWN),
    }),
    carousel: Some(CarouselLimits {
        min_cards: limit(2, "direct.md §2.4"),
        max_cards: limit(10, "direct.md §2.4"),
        max_body_chars: limit(160, "direct.md §2.4"),
        max_line_breaks: limit(2, "direct.md §2.4"),
        max_buttons: limit(3, "direct.md §2.4 (of reply buttons; unconfirmed for cards)"),
        max_button_chars: limit(20, "direct.md §2.4"),
        max_button_id_chars: limit(20, "direct.md §2.4"),
    }),
    one_time_code: OneTimeCodeLimits { max_code_chars: limit(15, "direct.md §2.5") },
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
