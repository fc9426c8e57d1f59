UPDATE conversations
SET free_entry_until = max(coalesce(free_entry_until, 0), reply.at + 259200000000), free_entry_answer_until = NULL
FROM (
    SELECT k.channel_id, k.contact_id, min(m.accepted_at) AS at
    FROM jsonb_each(?) AS wanted
    CROSS JOIN conversations AS k
        ON k.channel_id = unhex(wanted.value ->> 'channel_id') AND k.contact_id = unhex(wanted.value ->> 'contact_id')
        AND k.free_entry_answer_until IS NOT NULL
    CROSS JOIN messages AS m
        ON m.contact_id = k.contact_id AND m.channel_id = k.channel_id AND m.direction = 'outbound'
        AND m.accepted_at BETWEEN k.free_entry_answer_until - 86400000000 AND k.free_entry_answer_until
    GROUP BY k.channel_id, k.contact_id
) AS reply
WHERE conversations.channel_id = reply.channel_id AND conversations.contact_id = reply.contact_id
