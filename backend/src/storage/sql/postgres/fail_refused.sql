UPDATE messages AS m
SET state = 'failed', hold_reason = NULL, failure = stuck.failure, failed_at = $2, updated_at = $2
FROM jsonb_to_recordset($1::jsonb) AS stuck (id uuid, failure jsonb)
WHERE m.id = stuck.id AND m.state = 'queued' AND m.hold_reason = 'failover'
RETURNING m.id
