-- Ids of messages follow from what they say and to whom, so that a restored database gives them again.
-- Everybody sees them who sees messages; with this value in them nobody finds the recipient by trying all
-- persons. It is in every backup and is never told.
CREATE TABLE message_seed (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  seed     uuid NOT NULL
);
INSERT INTO message_seed (seed) VALUES (gen_random_uuid());
