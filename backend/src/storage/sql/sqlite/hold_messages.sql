UPDATE messages
SET state = 'queued', run_at = back.run_at, hold_reason = back.hold_reason, updated_at = ?2
FROM (
    SELECT unhex(value ->> 'id') AS id, value ->> 'run_at' AS run_at, value ->> 'hold_reason' AS hold_reason FROM jsonb_each(?1)
) AS back
WHERE messages.id = back.id AND messages.state = 'claimed' AND messages.claimed_by = ?3
RETURNING messages.id
