UPDATE journal
SET state = r.state, tries = r.tries, run_at = r.run_at, error = r.error, foreign_events = r.foreign_events,
    processed_at = r.processed_at, applied_at = coalesce(journal.applied_at, r.applied_at)
FROM (
    SELECT unhex(value ->> 'id') AS id, value ->> 'state' AS state, value ->> 'tries' AS tries,
        value ->> 'run_at' AS run_at, value ->> 'error' AS error, value ->> 'foreign_events' AS foreign_events,
        value ->> 'processed_at' AS processed_at, value ->> 'applied_at' AS applied_at
    FROM jsonb_each(?)
) AS r
WHERE journal.id = r.id AND journal.state = 'claimed' AND journal.claimed_by = ?
