-- By whom one person's data were looked at is asked for when she wants to know; nobody reads the whole
-- log for that.
CREATE INDEX access_log_subjects ON access_log USING gin (subjects);
