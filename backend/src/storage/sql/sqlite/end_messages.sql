UPDATE messages
SET state = ?4, failure = r.failure, failed_at = CASE WHEN ?4 = 'failed' THEN ?2 END, updated_at = ?2
FROM (SELECT unhex(value ->> 'id') AS id, value ->> 'failure' AS failure FROM jsonb_each(?1)) AS r
WHERE messages.id = r.id AND messages.state = 'claimed' AND messages.claimed_by = ?3
RETURNING messages.id
