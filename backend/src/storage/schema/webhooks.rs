//! Whom a workspace's events are told, and how far.

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    webhook_endpoints (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        url -> Text,
        description -> Text,
        event_types -> DbJson,
        secret -> Binary,
        secret_ends_with -> Text,
        previous_secret -> Nullable<Binary>,
        previous_secret_until -> Nullable<DbTime>,
        state -> Text,
        disabled_reason -> Nullable<Text>,
        disabled_at -> Nullable<DbTime>,
        feed_cursor -> BigInt,
        failing_since -> Nullable<DbTime>,
        last_delivered_at -> Nullable<DbTime>,
        last_failed_at -> Nullable<DbTime>,
        created_at -> DbTime,
        updated_at -> DbTime,
        deleted_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    webhook_deliveries (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        endpoint_id -> DbUuid,
        event_seq -> BigInt,
        event_id -> DbUuid,
        event_type -> Text,
        state -> Text,
        tries -> Integer,
        run_at -> DbTime,
        last_status -> Nullable<Integer>,
        last_error -> Nullable<Text>,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<DbTime>,
        created_at -> DbTime,
        delivered_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    webhook_tries (id) {
        id -> DbUuid,
        delivery_id -> DbUuid,
        at -> DbTime,
        status -> Nullable<Integer>,
        error -> Nullable<Text>,
        duration_ms -> Integer,
        answer -> Nullable<Text>,
    }
}
