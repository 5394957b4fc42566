-- The event that cancelled the message while an attempt was under way. The attempt's outcome decides
-- what comes of it: what would wait for another attempt is cancelled instead.
ALTER TABLE message ADD COLUMN cancelled_by uuid;
