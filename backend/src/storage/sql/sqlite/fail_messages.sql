UPDATE messages
SET state = 'failed', failure = r.failure, failed_at = ?2, updated_at = ?2
FROM (SELECT unhex(value ->> 'id') AS id, value ->> 'failure' AS failure FROM json_each(?1)) AS r
WHERE messages.id = r.id AND messages.state = 'claimed' AND messages.claimed_by = ?3
RETURNING messages.id
