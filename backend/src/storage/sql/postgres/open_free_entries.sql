UPDATE conversations AS c
SET free_entry_until = greatest(c.free_entry_until, reply.at + interval '72 hours'), free_entry_answer_until = NULL
FROM (
    SELECT k.channel_id, k.contact_id, min(m.accepted_at) AS at
    FROM jsonb_to_recordset($1::jsonb) AS wanted (channel_id uuid, contact_id uuid)
    JOIN conversations AS k
        ON k.channel_id = wanted.channel_id AND k.contact_id = wanted.contact_id AND k.free_entry_answer_until IS NOT NULL
    JOIN messages AS m
        ON m.contact_id = k.contact_id AND m.channel_id = k.channel_id AND m.direction = 'outbound'
        AND m.accepted_at BETWEEN k.free_entry_answer_until - interval '24 hours' AND k.free_entry_answer_until
    GROUP BY k.channel_id, k.contact_id
) AS reply
WHERE c.channel_id = reply.channel_id AND c.contact_id = reply.contact_id
