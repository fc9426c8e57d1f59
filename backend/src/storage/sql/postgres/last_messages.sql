SELECT wanted.channel_id, wanted.contact_id, newest.created_at AS at
FROM jsonb_to_recordset($1::jsonb) AS wanted (channel_id uuid, contact_id uuid)
CROSS JOIN LATERAL (
    SELECT m.created_at
    FROM messages AS m
    WHERE m.contact_id = wanted.contact_id AND m.channel_id = wanted.channel_id AND m.workspace_id = $2
    ORDER BY m.id DESC
    LIMIT 1
) AS newest
