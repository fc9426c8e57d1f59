UPDATE messages
SET state = r.state,
    hold_reason = r.hold_reason,
    run_at = r.run_at,
    tries = r.tries,
    failure = r.failure,
    provider_message_id = r.provider_message_id,
    expires_at = r.expires_at,
    updated_at = r.updated_at,
    accepted_at = r.accepted_at,
    sent_at = r.sent_at,
    delivered_at = r.delivered_at,
    read_at = r.read_at,
    failed_at = r.failed_at
FROM (
    SELECT unhex(value ->> 'id') AS id,
        value ->> 'state' AS state,
        value ->> 'hold_reason' AS hold_reason,
        value ->> 'run_at' AS run_at,
        value ->> 'tries' AS tries,
        value ->> 'failure' AS failure,
        value ->> 'provider_message_id' AS provider_message_id,
        value ->> 'expires_at' AS expires_at,
        value ->> 'updated_at' AS updated_at,
        value ->> 'accepted_at' AS accepted_at,
        value ->> 'sent_at' AS sent_at,
        value ->> 'delivered_at' AS delivered_at,
        value ->> 'read_at' AS read_at,
        value ->> 'failed_at' AS failed_at
    FROM jsonb_each(?)
) AS r
WHERE messages.id = r.id
