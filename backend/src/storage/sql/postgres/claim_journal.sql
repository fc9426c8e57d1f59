WITH due AS MATERIALIZED (
    SELECT id FROM journal
    WHERE state = 'pending' AND run_at <= $3
    ORDER BY run_at, id
    LIMIT $4
    FOR UPDATE SKIP LOCKED
)
UPDATE journal AS j
SET state = 'claimed', claimed_by = $1, claimed_until = now() + $2 * interval '1 microsecond'
FROM due
WHERE j.id = due.id
RETURNING j.id, j.provider, j.channels, j.url, j.body, j.received_at, j.tries, j.applied_at, j.origin
