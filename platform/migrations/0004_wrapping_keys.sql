-- Which wrapping key holds a person's key, so that it is known when an old one is needed no more. NULL:
-- written before this was kept, by the first.
ALTER TABLE person_key ADD COLUMN key_id text;

-- Wrapping keys by their ids; the keys themselves are nowhere in here. What is not listed is in use.
-- A retired one wraps nothing any more: a process that still had it would make what nobody can open.
CREATE TABLE wrapping_key (
  id         text PRIMARY KEY,
  added_at   timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz
);
