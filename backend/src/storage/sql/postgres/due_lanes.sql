SELECT c.id, c.limit_group, lane.class
FROM jsonb_array_elements_text($1::jsonb) AS wanted (name)
JOIN channels AS c ON c.limit_group = wanted.name AND c.state = 'active' AND c.deleted_at IS NULL
CROSS JOIN (VALUES ('one_time_code'), ('reply'), ('utility'), ('marketing')) AS lane (class)
WHERE EXISTS (
    SELECT 1 FROM messages AS m
    WHERE m.state = 'queued' AND m.channel_id = c.id AND m.class = lane.class AND m.run_at <= $2
      AND m.hold_reason IS DISTINCT FROM 'failover'
)
ORDER BY c.id, lane.class
