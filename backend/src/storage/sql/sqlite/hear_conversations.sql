INSERT INTO conversations AS c (channel_id, contact_id, workspace_id, position, last_inbound_at, window_until, free_entry_answer_until)
SELECT unhex(value ->> 'channel_id'), unhex(value ->> 'contact_id'), unhex(value ->> 'workspace_id'), unhex(value ->> 'position'),
    value ->> 'last_inbound_at', value ->> 'window_until', value ->> 'free_entry_answer_until'
FROM jsonb_each(?)
WHERE true
ON CONFLICT (channel_id, contact_id) DO UPDATE
SET position = max(c.position, excluded.position),
    last_inbound_at = max(coalesce(c.last_inbound_at, excluded.last_inbound_at), excluded.last_inbound_at),
    window_until = max(c.window_until, excluded.window_until),
    free_entry_answer_until = max(
        coalesce(c.free_entry_answer_until, excluded.free_entry_answer_until),
        coalesce(excluded.free_entry_answer_until, c.free_entry_answer_until)
    )
