UPDATE attempts
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
FROM (
    SELECT unhex(value ->> 'id') AS id,
        value ->> 'state' AS state,
        value ->> 'provider_message_id' AS provider_message_id,
        value ->> 'failure' AS failure,
        value ->> 'evidence' AS evidence,
        value ->> 'answered_at' AS answered_at,
        value ->> 'accepted_at' AS accepted_at,
        value ->> 'sent_at' AS sent_at,
        value ->> 'delivered_at' AS delivered_at,
        value ->> 'read_at' AS read_at,
        value ->> 'failed_at' AS failed_at,
        value ->> 'pricing' AS pricing,
        value ->> 'inquiry' AS inquiry
    FROM jsonb_each(?)
) AS r
WHERE attempts.id = r.id
