SELECT unhex(wanted.value ->> 'channel_id') AS channel_id, k.id AS contact_id, c.window_until, c.last_inbound_at
FROM jsonb_each(?) AS wanted
CROSS JOIN contacts AS k ON k.id = unhex(wanted.value ->> 'contact_id')
CROSS JOIN conversations AS c
    ON c.channel_id = unhex(wanted.value ->> 'channel_id') AND c.contact_id = coalesce(k.merged_into, k.id)
