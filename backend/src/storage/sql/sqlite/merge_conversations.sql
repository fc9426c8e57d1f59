INSERT INTO conversations AS c (channel_id, contact_id, workspace_id, position, last_inbound_at, window_until, free_entry_answer_until, free_entry_until)
SELECT channel_id, ?1, workspace_id, position, last_inbound_at, window_until, free_entry_answer_until, free_entry_until
FROM conversations
WHERE contact_id = ?2
ON CONFLICT (channel_id, contact_id) DO UPDATE
SET position = max(c.position, excluded.position),
    last_inbound_at = max(
        coalesce(c.last_inbound_at, excluded.last_inbound_at), coalesce(excluded.last_inbound_at, c.last_inbound_at)
    ),
    window_until = max(c.window_until, excluded.window_until),
    free_entry_answer_until = max(
        coalesce(c.free_entry_answer_until, excluded.free_entry_answer_until),
        coalesce(excluded.free_entry_answer_until, c.free_entry_answer_until)
    ),
    free_entry_until = max(
        coalesce(c.free_entry_until, excluded.free_entry_until), coalesce(excluded.free_entry_until, c.free_entry_until)
    )
