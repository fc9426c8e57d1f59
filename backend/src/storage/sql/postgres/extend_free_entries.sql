UPDATE conversations AS c
SET free_entry_until = greatest(c.free_entry_until, told.until)
FROM jsonb_to_recordset($1::jsonb) AS told (channel_id uuid, contact_id uuid, until timestamptz)
WHERE c.channel_id = told.channel_id AND c.contact_id = told.contact_id
