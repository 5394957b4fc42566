-- What waits stands in a narrow table of its own, and no index of a message asks for its state any
-- more: on its way a message is then rewritten in its place, without a new entry in any index.

DROP INDEX message_queue;
DROP INDEX message_sending;
ALTER TABLE message SET (fillfactor = 60);

-- How many steps it has taken, while it is unsent: its next one need not be counted.
ALTER TABLE message ADD COLUMN steps int NOT NULL DEFAULT 1;
UPDATE message m SET steps = (SELECT count(*) FROM message_step s WHERE s.message_id = m.id)
WHERE state IN (1, 2);

-- Every message that is PENDING or SENDING. One more may stand here that is not any more; whoever
-- begins to send removes it.
CREATE TABLE unsent_message (
  due_at     timestamptz NOT NULL,
  message_id uuid NOT NULL,
  PRIMARY KEY (due_at, message_id)
);
INSERT INTO unsent_message (due_at, message_id) SELECT due_at, id FROM message WHERE state IN (1, 2);

-- By the database itself, so that no message can be made that nobody would send, whoever makes it.
CREATE FUNCTION queue_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO unsent_message (due_at, message_id)
  SELECT due_at, id FROM made WHERE state IN (1, 2);
  RETURN NULL;
END $$;
CREATE TRIGGER message_queued AFTER INSERT ON message REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION queue_messages();

-- Steps are written by the statements that find their message, and messages are never deleted: the
-- check locked each message once more for each of its steps.
ALTER TABLE message_step DROP CONSTRAINT message_step_message_id_fkey;
