UPDATE attempts AS t
SET state = r.state,
    provider_message_id = r.provider_message_id,
    failure = r.failure,
    evidence = r.evidence,
    answered_at = r.answered_at,
    accepted_at = r.accepted_at,
    sent_at = r.sent_at,
    delivered_at = r.delivered_at,
    read_at = r.read_at,
    failed_at = r.failed_at,
    pricing = r.pricing,
    inquiry = r.inquiry
FROM jsonb_to_recordset($1::jsonb) AS r (
    id uuid, state text, provider_message_id text, failure jsonb, evidence text, answered_at timestamptz, accepted_at timestamptz, sent_at timestamptz, delivered_at timestamptz, read_at timestamptz, failed_at timestamptz, pricing jsonb, inquiry jsonb
)
WHERE t.id = r.id
