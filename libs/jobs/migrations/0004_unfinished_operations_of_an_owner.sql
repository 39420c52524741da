-- Counted whenever an operation is started: how many its owner has that are not finished.
create index operations_unfinished on operations (tenant_id, subject, client) where status in ('queued', 'running');
