UPDATE messages AS m
SET claimed_until = now() + $2 * interval '1 microsecond'
FROM jsonb_to_recordset($1::jsonb) AS leaving (id uuid, attempt_id uuid)
WHERE m.id = leaving.id AND m.attempt_id = leaving.attempt_id AND m.state = 'sending' AND m.claimed_by = $3
RETURNING m.attempt_id
