SELECT c.id, c.limit_group
FROM jsonb_array_elements_text($1::jsonb) AS wanted (name)
JOIN channels AS c ON c.limit_group = wanted.name AND c.state = 'active' AND c.deleted_at IS NULL
WHERE EXISTS (SELECT 1 FROM messages AS m WHERE m.state = 'queued' AND m.channel_id = c.id AND m.run_at <= $2)
ORDER BY c.id
