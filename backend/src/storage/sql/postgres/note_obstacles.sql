UPDATE messages AS m
SET failure = stuck.failure, updated_at = $2
FROM jsonb_to_recordset($1::jsonb) AS stuck (id uuid, failure jsonb)
WHERE m.id = stuck.id AND m.state = 'queued' AND m.failure IS DISTINCT FROM stuck.failure
RETURNING m.id
