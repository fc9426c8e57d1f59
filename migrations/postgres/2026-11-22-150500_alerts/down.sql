DROP TABLE alert_endpoints;
DROP TABLE alerts;
