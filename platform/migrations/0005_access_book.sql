-- What subjects hold, as registry's events tell it, and in registry itself as its commands write it.
-- A subject's id follows from its account, which does not stand here.
CREATE TABLE access_subject (
  id     uuid PRIMARY KEY,
  closed boolean NOT NULL
);

CREATE TABLE access_grant (
  id         uuid PRIMARY KEY,
  subject_id uuid NOT NULL,
  role       text NOT NULL CHECK (role <> ''),
  centre     text NOT NULL CHECK (centre = '*' OR centre ~ '^[0-9a-f-]{36}$'),
  expires_at timestamptz,                 -- business time; NULL = it does not
  pos        bigint NOT NULL DEFAULT 0    -- of the event in its shard of registry's ledger; 0 = here
);
CREATE INDEX access_grant_subject ON access_grant (subject_id);

-- Raised by every change, in its transaction: who keeps a copy sees that it is an old one.
CREATE TABLE access_revision (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  revision bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO access_revision DEFAULT VALUES;
