UPDATE messages
SET failure = stuck.failure, updated_at = ?2
FROM (SELECT unhex(value ->> 'id') AS id, value ->> 'failure' AS failure FROM jsonb_each(?1)) AS stuck
WHERE messages.id = stuck.id AND messages.state = 'queued' AND messages.failure IS NOT stuck.failure
RETURNING messages.id
