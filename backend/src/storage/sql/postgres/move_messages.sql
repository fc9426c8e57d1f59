UPDATE messages AS m
SET channel_id = moved.to_id, recipient = moved.recipient, content = moved.content, class = moved.class, terms = moved.terms,
    state = 'queued', hold_reason = NULL, run_at = GREATEST(m.run_at, $2), failure = NULL, provider_message_id = NULL,
    reply_to = NULL, tries = 0, accepted_at = NULL, sent_at = NULL, failed_at = NULL, updated_at = $2
FROM jsonb_to_recordset($1::jsonb)
    AS moved (id uuid, from_id uuid, to_id uuid, recipient text, content jsonb, class text, terms jsonb)
WHERE m.id = moved.id AND m.channel_id = moved.from_id AND m.state IN ('queued', 'failed')
  AND (m.expires_at IS NULL OR m.expires_at > $2)
  AND NOT EXISTS (SELECT 1 FROM attempts AS a WHERE a.message_id = m.id AND a.state <> 'refused')
RETURNING m.id
