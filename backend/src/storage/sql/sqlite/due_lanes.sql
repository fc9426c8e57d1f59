SELECT c.id, c.limit_group, lane.class
FROM jsonb_each(?) AS wanted
JOIN channels AS c ON c.limit_group = wanted.value AND c.state = 'active' AND c.deleted_at IS NULL
CROSS JOIN (
    SELECT 'one_time_code' AS class UNION ALL SELECT 'reply' UNION ALL SELECT 'utility' UNION ALL SELECT 'marketing'
) AS lane
WHERE EXISTS (
    SELECT 1 FROM messages AS m
    WHERE m.state = 'queued' AND m.channel_id = c.id AND m.class = lane.class AND m.run_at <= ?
      AND m.hold_reason IS NOT 'failover'
)
ORDER BY c.id, lane.class
