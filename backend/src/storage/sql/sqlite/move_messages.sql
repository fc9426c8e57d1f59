UPDATE messages
SET channel_id = moved.to_id, recipient = moved.recipient, content = moved.content, class = moved.class, terms = moved.terms,
    state = 'queued', hold_reason = NULL, run_at = max(messages.run_at, ?2), failure = NULL, provider_message_id = NULL,
    reply_to = NULL, tries = 0, accepted_at = NULL, sent_at = NULL, failed_at = NULL, updated_at = ?2
FROM (
    SELECT unhex(value ->> 'id') AS id, unhex(value ->> 'from_id') AS from_id, unhex(value ->> 'to_id') AS to_id,
        value ->> 'recipient' AS recipient, value ->> 'content' AS content, value ->> 'class' AS class,
        value ->> 'terms' AS terms
    FROM jsonb_each(?1)
) AS moved
WHERE messages.id = moved.id AND messages.channel_id = moved.from_id AND messages.state IN ('queued', 'failed')
  AND (messages.expires_at IS NULL OR messages.expires_at > ?2)
  AND NOT EXISTS (SELECT 1 FROM attempts AS a WHERE a.message_id = messages.id AND a.state <> 'refused')
RETURNING messages.id
