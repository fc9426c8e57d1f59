//! What keeps a sender from sending as it likes: its rate, the people reached in a day, its circuit.

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    sender_limits (channel_id) {
        channel_id -> DbUuid,
        workspace_id -> DbUuid,
        ceiling -> Integer,
        share -> Double,
        lowered_at -> Nullable<DbTime>,
        failure -> Nullable<DbJson>,
        people_per_day -> Nullable<Integer>,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    reached_people (portfolio, person) {
        portfolio -> Text,
        person -> Text,
        reached_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    channel_circuits (channel_id) {
        channel_id -> DbUuid,
        workspace_id -> DbUuid,
        state -> Text,
        reason -> Nullable<DbJson>,
        openings -> Integer,
        probe_at -> Nullable<DbTime>,
        changed_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    channel_faults (id) {
        id -> DbUuid,
        channel_id -> DbUuid,
        at -> DbTime,
        failure -> DbJson,
    }
}
