SELECT wanted.channel_id, wanted.contact_id, c.window_until, c.last_inbound_at
FROM jsonb_to_recordset($1::jsonb) AS wanted (channel_id uuid, contact_id uuid)
JOIN contacts AS k ON k.id = wanted.contact_id
JOIN conversations AS c ON c.channel_id = wanted.channel_id AND c.contact_id = coalesce(k.merged_into, k.id)
