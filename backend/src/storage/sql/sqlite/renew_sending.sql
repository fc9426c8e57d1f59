UPDATE messages
SET claimed_until = CAST(unixepoch('subsec') * 1000000 AS INTEGER) + ?2
FROM (SELECT unhex(value ->> 'id') AS id, unhex(value ->> 'attempt_id') AS attempt_id FROM json_each(?1)) AS leaving
WHERE messages.id = leaving.id AND messages.attempt_id = leaving.attempt_id AND messages.state = 'sending'
  AND messages.claimed_by = ?3
RETURNING messages.attempt_id
