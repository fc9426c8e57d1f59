INSERT INTO conversations AS c (channel_id, contact_id, workspace_id, position, last_inbound_at, window_until, free_entry_answer_until)
SELECT channel_id, contact_id, workspace_id, position, last_inbound_at, window_until, free_entry_answer_until
FROM jsonb_to_recordset($1::jsonb) AS heard (
    channel_id uuid, contact_id uuid, workspace_id uuid, position uuid, last_inbound_at timestamptz,
    window_until timestamptz, free_entry_answer_until timestamptz
)
ON CONFLICT (channel_id, contact_id) DO UPDATE
SET position = greatest(c.position, excluded.position),
    last_inbound_at = greatest(c.last_inbound_at, excluded.last_inbound_at),
    window_until = greatest(c.window_until, excluded.window_until),
    free_entry_answer_until = greatest(c.free_entry_answer_until, excluded.free_entry_answer_until)
