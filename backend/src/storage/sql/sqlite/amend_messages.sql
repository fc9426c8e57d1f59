UPDATE messages
SET kind = r.kind, content = r.content, context = r.context, updated_at = ?2
FROM (
    SELECT unhex(value ->> 'id') AS id, value ->> 'kind' AS kind, value ->> 'content' AS content, value ->> 'context' AS context
    FROM jsonb_each(?1)
) AS r
WHERE messages.id = r.id
