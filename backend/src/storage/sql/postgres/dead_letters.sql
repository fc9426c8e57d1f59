SELECT CASE m.state WHEN 'expired' THEN 'expired' ELSE coalesce(m.failure ->> 'code', 'unclassified') END AS failure_code,
    CASE m.state WHEN 'failed' THEN m.failure ->> 'provider_code' END AS provider_code,
    m.channel_id AS channel_id,
    c.name AS channel_name,
    c.provider AS provider,
    count(*) AS count,
    min(coalesce(m.failed_at, m.updated_at)) AS oldest_at,
    max(coalesce(m.failed_at, m.updated_at)) AS newest_at,
    max(CASE m.state WHEN 'failed' THEN m.failure ->> 'detail' END) AS detail
FROM messages AS m
JOIN channels AS c ON c.id = m.channel_id
WHERE m.workspace_id = $1 AND m.state IN ('failed', 'expired')
    AND coalesce(m.failed_at, m.updated_at) >= $2
GROUP BY 1, 2, 3, 4, 5
ORDER BY count DESC, newest_at DESC
LIMIT $3
