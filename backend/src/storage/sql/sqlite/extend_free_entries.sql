UPDATE conversations
SET free_entry_until = max(coalesce(free_entry_until, 0), told.until)
FROM (
    SELECT unhex(value ->> 'channel_id') AS channel_id, unhex(value ->> 'contact_id') AS contact_id, value ->> 'until' AS until
    FROM jsonb_each(?)
) AS told
WHERE conversations.channel_id = told.channel_id AND conversations.contact_id = told.contact_id
