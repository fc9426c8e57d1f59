WITH wanted AS (
    SELECT unhex(value ->> 'channel_id') AS channel_id, value ->> 'provider_message_id' AS provider_message_id
    FROM jsonb_each(?)
)
SELECT wanted.channel_id, wanted.provider_message_id, m.id AS message_id, TRUE AS inbound
FROM wanted
CROSS JOIN messages AS m
    ON m.channel_id = wanted.channel_id AND m.provider_message_id = wanted.provider_message_id AND m.direction = 'inbound'
UNION ALL
SELECT wanted.channel_id, wanted.provider_message_id, a.message_id, FALSE AS inbound
FROM wanted
CROSS JOIN attempts AS a ON a.channel_id = wanted.channel_id AND a.provider_message_id = wanted.provider_message_id
