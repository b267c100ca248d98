-- The feed of a tenant: an index of this table ends with its position, whatever else is in it.
CREATE INDEX guanxi_journal_feed ON guanxi_journal (tenant);

INSERT INTO guanxi_migrations (number, name) VALUES (3, 'feed');
