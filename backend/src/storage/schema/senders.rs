//! Channels, what is known of them, and whom their alerts reach.

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    channels (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        provider -> Text,
        name -> Text,
        state -> Text,
        is_default -> Bool,
        limit_group -> Text,
        whatsapp_business_phone_id -> Nullable<Text>,
        whatsapp_access_token -> Nullable<Binary>,
        whatsapp_app_id -> Nullable<Text>,
        waba_id -> Nullable<Text>,
        app_secret -> Nullable<Binary>,
        app_secret_secondary -> Nullable<Binary>,
        verify_token -> Nullable<Binary>,
        graph_version -> Nullable<Text>,
        account_sid -> Nullable<Text>,
        auth_token -> Nullable<Binary>,
        auth_token_secondary -> Nullable<Binary>,
        api_key_sid -> Nullable<Text>,
        api_key_secret -> Nullable<Binary>,
        sender_number -> Nullable<Text>,
        messaging_service_sid -> Nullable<Text>,
        messages_per_second -> Nullable<Integer>,
        secrets_set_at -> DbJson,
        held_failure -> Nullable<DbJson>,
        held_at -> Nullable<DbTime>,
        check_report -> Nullable<DbJson>,
        checked_at -> Nullable<DbTime>,
        last_webhook_at -> Nullable<DbTime>,
        created_at -> DbTime,
        updated_at -> DbTime,
        deleted_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    channel_facts (channel_id) {
        channel_id -> DbUuid,
        workspace_id -> DbUuid,
        display_number -> Nullable<Text>,
        verified_name -> Nullable<Text>,
        name_status -> Nullable<Text>,
        quality -> Nullable<Text>,
        messaging_limit -> Nullable<Text>,
        throughput -> Nullable<Text>,
        sender_status -> Nullable<Text>,
        account_status -> Nullable<Text>,
        business_restricted_until -> Nullable<DbTime>,
        replies_restricted_until -> Nullable<DbTime>,
        token_expires_at -> Nullable<DbTime>,
        observed_at -> Nullable<DbTime>,
        heard_since -> Nullable<DbTime>,
        round_trip_at -> Nullable<DbTime>,
        round_trip_message_id -> Nullable<DbUuid>,
        round_trip_started_at -> Nullable<DbTime>,
        handshake_at -> Nullable<DbTime>,
        handshake_refused_at -> Nullable<DbTime>,
        webhooks_refused -> BigInt,
        webhook_refused_at -> Nullable<DbTime>,
        webhook_refusal -> Nullable<Text>,
        webhook_refused_url -> Nullable<Text>,
        last_told_of_at -> Nullable<DbTime>,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    account_news (channel_id, fingerprint) {
        channel_id -> DbUuid,
        fingerprint -> Binary,
        topic -> Nullable<Text>,
        told_at -> DbTime,
        received_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    alerts (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        channel_id -> Nullable<DbUuid>,
        kind -> Text,
        subject -> Text,
        severity -> Text,
        detail -> Text,
        cure -> Nullable<Text>,
        state -> Text,
        raised_at -> DbTime,
        cleared_at -> Nullable<DbTime>,
        delivery -> Text,
        delivery_run_at -> DbTime,
        delivery_tries -> Integer,
        delivered_at -> Nullable<DbTime>,
        delivery_error -> Nullable<Text>,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    alert_endpoints (workspace_id) {
        workspace_id -> DbUuid,
        url -> Text,
        secret -> Binary,
        last_delivered_at -> Nullable<DbTime>,
        last_failed_at -> Nullable<DbTime>,
        last_error -> Nullable<Text>,
        created_at -> DbTime,
        updated_at -> DbTime,
    }
}
