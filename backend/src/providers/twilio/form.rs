//! The fields of a Twilio channel (twilio.md §1.2, §1.5).

use url::Url;

use crate::providers::descriptor::{
    CopyField, FieldGroup, Place, Samples, SecretField, TextField, TextRule, hook_template, opaque,
};

const CONSOLE: Place =
    Place { path: "Twilio console > Account > API keys & tokens", url: "https://console.twilio.com/" };
const KEYS: Place = Place {
    path: "Twilio console > Account > API keys & tokens > Create API key",
    url: "https://console.twilio.com/us1/account/keys-credentials/api-keys",
};
const SENDERS: Place = Place {
    path: "Twilio console > Messaging > Senders > WhatsApp senders",
    url: "https://console.twilio.com/us1/develop/sms/senders/whatsapp-senders",
};
const SERVICES: Place =
    Place { path: "Twilio console > Messaging > Services", url: "https://console.twilio.com/us1/develop/sms/services" };

const TOKEN: TextRule = TextRule {
    pattern: "^[0-9a-fA-F]{32}$",
    min_length: 32,
    max_length: 32,
    expected: "32 hex digits",
    samples: Samples {
        valid: &["5f1d7a84db34e9b2c6a0f3e85e9d1c47"],
        invalid: &["", "5f1d7a84", "5f1d7a84db34e9b2c6a0f3e85e9d1c4z", "5f1d7a84db34e9b2c6a0f3e85e9d1c471"],
    },
};

pub const ACCOUNT_SID: TextField = TextField {
    name: "account_sid",
    label: "Account SID",
    group: FieldGroup::Account,
    required: true,
    rule: TextRule {
        pattern: "^AC[0-9a-fA-F]{32}$",
        min_length: 34,
        max_length: 34,
        expected: "AC and 32 hex digits",
        samples: Samples {
            valid: &["AC0123456789abcdef0123456789abcdef"],
            invalid: &[
                "",
                "SK0123456789abcdef0123456789abcdef",
                "AC0123456789abcdef",
                "ac0123456789abcdef0123456789abcdef",
            ],
        },
    },
    default: None,
    help: "Names the account, or the subaccount that owns the sender.",
    where_to_find: Some(CONSOLE),
};

pub const AUTH_TOKEN: SecretField = SecretField {
    name: "auth_token",
    label: "Auth token",
    group: FieldGroup::Account,
    required: true,
    generated: false,
    rule: TOKEN,
    help: "Signs every webhook, so it is needed even when an API key makes the calls.",
    where_to_find: Some(CONSOLE),
};

pub const AUTH_TOKEN_SECONDARY: SecretField = SecretField {
    name: "auth_token_secondary",
    label: "Secondary auth token",
    group: FieldGroup::Advanced,
    required: false,
    generated: false,
    rule: TOKEN,
    help: "Only while the auth token is being changed: webhooks signed with either one are accepted.",
    where_to_find: Some(CONSOLE),
};

pub const API_KEY_SID: TextField = TextField {
    name: "api_key_sid",
    label: "API key SID",
    group: FieldGroup::Advanced,
    required: false,
    rule: TextRule {
        pattern: "^SK[0-9a-fA-F]{32}$",
        min_length: 34,
        max_length: 34,
        expected: "SK and 32 hex digits",
        samples: Samples {
            valid: &["SK0123456789abcdef0123456789abcdef"],
            invalid: &["", "AC0123456789abcdef0123456789abcdef", "SK0123456789abcdef0123456789abcde"],
        },
    },
    default: None,
    help: "Makes the calls in place of the auth token, and can be withdrawn alone. A standard key is enough.",
    where_to_find: Some(KEYS),
};

pub const API_KEY_SECRET: SecretField = SecretField {
    name: "api_key_secret",
    label: "API key secret",
    group: FieldGroup::Advanced,
    required: false,
    generated: false,
    rule: opaque(
        16,
        128,
        r"^[\x21-\x7e]{16,128}$",
        Samples {
            valid: &["aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY"],
            invalid: &["", "short", "with a blank inside it, so no"],
        },
    ),
    help: "Shown once, when the key is made.",
    where_to_find: Some(KEYS),
};

pub const SENDER_NUMBER: TextField = TextField {
    name: "sender_number",
    label: "Sender number",
    group: FieldGroup::Sender,
    required: true,
    rule: TextRule {
        pattern: r"^\+[1-9][0-9]{6,14}$",
        min_length: 8,
        max_length: 16,
        expected: "a plus sign, the country's code and the number, digits only",
        samples: Samples {
            valid: &["+15559870000", "+447700900123"],
            invalid: &["", "15559870000", "+0155598700", "+1 555 987 0000", "whatsapp:+15559870000"],
        },
    },
    default: None,
    help: "The WhatsApp sender that people see. Each message names it.",
    where_to_find: Some(SENDERS),
};

pub const MESSAGING_SERVICE_SID: TextField = TextField {
    name: "messaging_service_sid",
    label: "Messaging service SID",
    group: FieldGroup::Sender,
    required: false,
    rule: TextRule {
        pattern: "^MG[0-9a-fA-F]{32}$",
        min_length: 34,
        max_length: 34,
        expected: "MG and 32 hex digits",
        samples: Samples {
            valid: &["MG0123456789abcdef0123456789abcdef"],
            invalid: &["", "MG", "AC0123456789abcdef0123456789abcdef"],
        },
    },
    default: None,
    help: "Only if the sender belongs to a service whose opt-out handling you use.",
    where_to_find: Some(SERVICES),
};

pub(in crate::providers) fn inbound_hook(public_base: &Url) -> CopyField {
    CopyField {
        name: "webhook_address",
        label: "Webhook for incoming messages",
        group: FieldGroup::Webhooks,
        template: hook_template(public_base, "/hooks/twilio/{channel_id}"),
        help: "Set it at the sender, with method POST. Status callbacks need no setting: each message names its own.",
        where_to_find: Some(SENDERS),
    }
}
