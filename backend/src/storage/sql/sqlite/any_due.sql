SELECT EXISTS (
    SELECT 1
    FROM json_each(?) AS wanted
    CROSS JOIN messages AS m
    JOIN channels AS c ON c.id = m.channel_id AND c.state = 'active' AND c.deleted_at IS NULL
    WHERE m.state = 'queued' AND m.limit_group = wanted.value AND m.run_at <= ?
) AS due
