UPDATE messages AS t
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
FROM jsonb_to_recordset($1::jsonb) AS r (
    id uuid, state text, hold_reason text, run_at timestamptz, tries integer, failure jsonb, provider_message_id text, expires_at timestamptz, updated_at timestamptz, accepted_at timestamptz, sent_at timestamptz, delivered_at timestamptz, read_at timestamptz, failed_at timestamptz
)
WHERE t.id = r.id
