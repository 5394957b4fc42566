-- Accounts and their grants with the whole history: a row is never deleted. What holds now stands in
-- `access_grant`, too, as in every service.
CREATE TABLE subject (
  id            uuid PRIMARY KEY,       -- follows from the account
  account       text NOT NULL UNIQUE,
  state         smallint NOT NULL,      -- 1 open, 2 closed
  person_id     uuid REFERENCES person,
  state_account text NOT NULL DEFAULT '',  -- who closed or reopened it last
  state_reason  text NOT NULL DEFAULT '',
  created_at    timestamptz NOT NULL,
  updated_at    timestamptz NOT NULL
);

CREATE TABLE subject_grant (
  id         uuid PRIMARY KEY,
  subject_id uuid NOT NULL REFERENCES subject,
  role       text NOT NULL,
  centre_id  uuid REFERENCES organization,  -- NULL = everywhere
  kind       smallint NOT NULL,             -- 1 given, 2 broken glass
  given_at   timestamptz NOT NULL,
  giver      text NOT NULL,
  reason     text NOT NULL,
  cause      smallint NOT NULL DEFAULT 0,
  resource   text NOT NULL DEFAULT '',
  expires_at timestamptz,
  ended_at   timestamptz,
  ender      text NOT NULL DEFAULT '',
  ended_by   smallint NOT NULL DEFAULT 0,   -- 0 holds, 1 revoked, 2 subject closed, 3 expired
  end_reason text NOT NULL DEFAULT '',
  CHECK ((ended_at IS NULL) = (ended_by = 0)),
  CHECK ((kind = 2) = (expires_at IS NOT NULL AND cause > 0))
);
-- One living grant of a role in a centre.
CREATE UNIQUE INDEX subject_grant_living ON subject_grant
  (subject_id, role, coalesce(centre_id, '00000000-0000-0000-0000-000000000000'))
  WHERE ended_at IS NULL;
CREATE INDEX subject_grant_subject ON subject_grant (subject_id, id);
CREATE INDEX subject_grant_centre ON subject_grant (centre_id, id);
CREATE INDEX subject_grant_expiry ON subject_grant (expires_at)
  WHERE ended_at IS NULL AND expires_at IS NOT NULL;
-- Who is told when glass is broken.
CREATE INDEX subject_grant_role ON subject_grant (role, centre_id) WHERE ended_at IS NULL;
