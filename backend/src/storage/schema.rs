//! The tables, once for both databases; the types in [`super::types`] decide what a column is in each.

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    installation (id) {
        id -> SmallInt,
        key_fingerprint -> Binary,
        setup_code_hash -> Nullable<Binary>,
        setup_done_at -> Nullable<DbTime>,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    users (id) {
        id -> DbUuid,
        email -> Text,
        name -> Text,
        password_hash -> Text,
        password_changed_at -> DbTime,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    workspaces (id) {
        id -> DbUuid,
        name -> Text,
        environment -> Text,
        whatsapp_provider -> Text,
        created_at -> DbTime,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    memberships (workspace_id, user_id) {
        workspace_id -> DbUuid,
        user_id -> DbUuid,
        role -> Text,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    sessions (id) {
        id -> DbUuid,
        user_id -> DbUuid,
        refresh_hash -> Binary,
        previous_hash -> Nullable<Binary>,
        rotated_at -> DbTime,
        successor -> Nullable<Binary>,
        user_agent -> Nullable<Text>,
        created_at -> DbTime,
        expires_at -> DbTime,
        revoked_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    api_keys (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        name -> Text,
        prefix -> Text,
        hash -> Binary,
        scopes -> DbJson,
        created_by -> Nullable<DbUuid>,
        created_at -> DbTime,
        expires_at -> Nullable<DbTime>,
        revoked_at -> Nullable<DbTime>,
        last_used_at -> Nullable<DbTime>,
    }
}

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

    contacts (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        name -> Nullable<Text>,
        created_at -> DbTime,
        updated_at -> DbTime,
        username -> Nullable<Text>,
        merged_into -> Nullable<DbUuid>,
        marketing_stopped_at -> Nullable<DbTime>,
        marketing_changed_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    contact_identities (workspace_id, kind, value) {
        workspace_id -> DbUuid,
        kind -> Text,
        value -> Text,
        contact_id -> DbUuid,
        created_at -> DbTime,
        valid_from -> Nullable<DbTime>,
        retired_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    conversations (channel_id, contact_id) {
        channel_id -> DbUuid,
        contact_id -> DbUuid,
        workspace_id -> DbUuid,
        position -> DbUuid,
        last_inbound_at -> Nullable<DbTime>,
        window_until -> DbTime,
        free_entry_answer_until -> Nullable<DbTime>,
        free_entry_until -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    messages (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        channel_id -> DbUuid,
        contact_id -> DbUuid,
        direction -> Text,
        kind -> Text,
        recipient -> Text,
        content -> DbJson,
        state -> Text,
        hold_reason -> Nullable<Text>,
        run_at -> DbTime,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<DbTime>,
        attempt -> Integer,
        attempt_id -> Nullable<DbUuid>,
        tries -> Integer,
        failure -> Nullable<DbJson>,
        provider_message_id -> Nullable<Text>,
        reply_to -> Nullable<Text>,
        reply_to_id -> Nullable<DbUuid>,
        context -> Nullable<DbJson>,
        client_reference -> Nullable<Text>,
        expires_at -> Nullable<DbTime>,
        created_at -> DbTime,
        updated_at -> DbTime,
        accepted_at -> Nullable<DbTime>,
        sent_at -> Nullable<DbTime>,
        delivered_at -> Nullable<DbTime>,
        read_at -> Nullable<DbTime>,
        failed_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    attempts (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        message_id -> DbUuid,
        channel_id -> DbUuid,
        n -> Integer,
        state -> Text,
        provider_message_id -> Nullable<Text>,
        failure -> Nullable<DbJson>,
        evidence -> Nullable<Text>,
        created_at -> DbTime,
        answered_at -> Nullable<DbTime>,
        accepted_at -> Nullable<DbTime>,
        sent_at -> Nullable<DbTime>,
        delivered_at -> Nullable<DbTime>,
        read_at -> Nullable<DbTime>,
        failed_at -> Nullable<DbTime>,
        pricing -> Nullable<DbJson>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    journal (id) {
        id -> DbUuid,
        provider -> Text,
        channels -> DbJson,
        url -> Text,
        body -> Binary,
        received_at -> DbTime,
        state -> Text,
        run_at -> DbTime,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<DbTime>,
        tries -> Integer,
        error -> Nullable<Text>,
        foreign_events -> Integer,
        processed_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    feed_heads (workspace_id) {
        workspace_id -> DbUuid,
        last_seq -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    events (workspace_id, seq) {
        workspace_id -> DbUuid,
        seq -> BigInt,
        id -> DbUuid,
        kind -> Text,
        at -> DbTime,
        message_id -> Nullable<DbUuid>,
        attempt_id -> Nullable<DbUuid>,
        channel_id -> Nullable<DbUuid>,
        journal_id -> Nullable<DbUuid>,
        data -> DbJson,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    idempotency_keys (principal, route, key) {
        principal -> Text,
        route -> Text,
        key -> Text,
        body_hash -> Binary,
        status -> Nullable<Integer>,
        response -> Nullable<Text>,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    leases (name) {
        name -> Text,
        holder -> Text,
        epoch -> BigInt,
        expires_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    stored_contents (workspace_id, account_sid, shape_hash) {
        workspace_id -> DbUuid,
        account_sid -> Text,
        shape_hash -> Text,
        content_sid -> Text,
        created_at -> DbTime,
        last_used_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    content_removals (workspace_id, account_sid, content_sid) {
        workspace_id -> DbUuid,
        account_sid -> Text,
        content_sid -> Text,
        message_id -> Nullable<DbUuid>,
        due_at -> DbTime,
        tries -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    media (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        direction -> Text,
        kind -> Text,
        mime_type -> Text,
        size_bytes -> Nullable<BigInt>,
        sha256 -> Nullable<Binary>,
        filename -> Nullable<Text>,
        properties -> Nullable<DbJson>,
        state -> Text,
        source -> Nullable<DbJson>,
        channel_id -> Nullable<DbUuid>,
        message_id -> Nullable<DbUuid>,
        tries -> Integer,
        run_at -> DbTime,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<DbTime>,
        failure -> Nullable<Text>,
        created_at -> DbTime,
        expires_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    media_uploads (media_id, channel_id) {
        media_id -> DbUuid,
        channel_id -> DbUuid,
        provider_media_id -> Text,
        uploaded_at -> DbTime,
        expires_at -> DbTime,
    }
}

diesel::joinable!(channels -> workspaces (workspace_id));
diesel::joinable!(media_uploads -> media (media_id));

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    templates (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        name -> Text,
        language -> Text,
        category -> Text,
        definition -> DbJson,
        created_at -> DbTime,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    template_registrations (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        template_id -> DbUuid,
        provider -> Text,
        account -> Text,
        provider_ref -> Nullable<Text>,
        status -> Text,
        category -> Text,
        correct_category -> Nullable<Text>,
        quality -> Nullable<Text>,
        rejection_reason -> Nullable<Text>,
        rejection_detail -> Nullable<Text>,
        problem -> Nullable<DbJson>,
        definition -> DbJson,
        slots -> DbJson,
        lost -> DbJson,
        edits -> DbJson,
        submitted_at -> Nullable<DbTime>,
        status_at -> DbTime,
        synced_at -> Nullable<DbTime>,
        poll_at -> Nullable<DbTime>,
        raw -> Nullable<DbJson>,
        created_at -> DbTime,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    template_syncs (workspace_id, provider, account) {
        workspace_id -> DbUuid,
        provider -> Text,
        account -> Text,
        due_at -> DbTime,
        attempted_at -> Nullable<DbTime>,
        succeeded_at -> Nullable<DbTime>,
        failures -> Integer,
        counts -> DbJson,
        unreadable -> DbJson,
        error -> Nullable<DbJson>,
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
        round_trip_at -> Nullable<DbTime>,
        round_trip_message_id -> Nullable<DbUuid>,
        round_trip_started_at -> Nullable<DbTime>,
        handshake_at -> Nullable<DbTime>,
        handshake_refused_at -> Nullable<DbTime>,
        webhooks_refused -> BigInt,
        webhook_refused_at -> Nullable<DbTime>,
        webhook_refusal -> Nullable<Text>,
        webhook_refused_url -> Nullable<Text>,
        updated_at -> DbTime,
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

diesel::allow_tables_to_appear_in_same_query!(
    installation,
    users,
    workspaces,
    memberships,
    sessions,
    api_keys,
    channels,
    contacts,
    contact_identities,
    conversations,
    messages,
    attempts,
    journal,
    feed_heads,
    events,
    idempotency_keys,
    leases,
    stored_contents,
    content_removals,
    media,
    media_uploads,
    templates,
    template_registrations,
    template_syncs,
    channel_facts,
    alerts,
    alert_endpoints,
);
