UPDATE journal AS j
SET state = r.state, tries = r.tries, run_at = r.run_at, error = r.error, foreign_events = r.foreign_events,
    processed_at = r.processed_at, applied_at = coalesce(j.applied_at, r.applied_at)
FROM jsonb_to_recordset($1::jsonb) AS r (
    id uuid, state text, tries integer, run_at timestamptz, error text, foreign_events integer, processed_at timestamptz,
    applied_at timestamptz
)
WHERE j.id = r.id AND j.state = 'claimed' AND j.claimed_by = $2
