SELECT c.id, c.limit_group
FROM json_each(?) AS wanted
JOIN channels AS c ON c.limit_group = wanted.value AND c.state = 'active' AND c.deleted_at IS NULL
WHERE EXISTS (SELECT 1 FROM messages AS m WHERE m.state = 'queued' AND m.channel_id = c.id AND m.run_at <= ?)
ORDER BY c.id
