SELECT channel_id, contact_id, at FROM (
    SELECT wanted.channel_id, wanted.contact_id, (
        SELECT m.created_at
        FROM messages AS m
        WHERE m.contact_id = wanted.contact_id AND m.channel_id = wanted.channel_id AND m.workspace_id = ?2
        ORDER BY m.id DESC
        LIMIT 1
    ) AS at
    FROM (
        SELECT unhex(value ->> 'channel_id') AS channel_id, unhex(value ->> 'contact_id') AS contact_id FROM jsonb_each(?1)
    ) AS wanted
)
WHERE at IS NOT NULL
