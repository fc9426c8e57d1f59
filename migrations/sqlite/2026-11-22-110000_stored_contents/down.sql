DROP TABLE content_removals;
DROP TABLE stored_contents;
