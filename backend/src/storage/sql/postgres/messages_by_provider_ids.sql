WITH wanted AS (
    SELECT channel_id, provider_message_id FROM jsonb_to_recordset($1::jsonb) AS r (channel_id uuid, provider_message_id text)
)
SELECT wanted.channel_id, wanted.provider_message_id, m.id AS message_id, TRUE AS inbound
FROM wanted
JOIN messages AS m
    ON m.channel_id = wanted.channel_id AND m.provider_message_id = wanted.provider_message_id AND m.direction = 'inbound'
UNION ALL
SELECT wanted.channel_id, wanted.provider_message_id, a.message_id, FALSE AS inbound
FROM wanted
JOIN attempts AS a ON a.channel_id = wanted.channel_id AND a.provider_message_id = wanted.provider_message_id
