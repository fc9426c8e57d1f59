UPDATE messages
SET state = 'failed', hold_reason = NULL, failure = stuck.failure, failed_at = ?2, updated_at = ?2
FROM (SELECT unhex(value ->> 'id') AS id, value ->> 'failure' AS failure FROM jsonb_each(?1)) AS stuck
WHERE messages.id = stuck.id AND messages.state = 'queued' AND messages.hold_reason = 'failover'
RETURNING messages.id
