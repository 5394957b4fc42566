-- Changes that one person asks for and another one approves.

-- Which fields nobody changes alone: one list of the whole suite, and one of each centre that has its
-- own beside it. None at first: until somebody sets a list nothing needs a review.
CREATE TABLE sensitive_field_set (
  id         uuid PRIMARY KEY,
  centre_id  uuid UNIQUE REFERENCES organization,  -- NULL = of everything
  fields     text[] NOT NULL,
  updated_at timestamptz NOT NULL,
  setter     text NOT NULL
);

-- A request never changes but by its end. What it would change of a person is sealed with her key and
-- goes when she is erased.
CREATE TABLE change_request (
  id              uuid PRIMARY KEY,
  kind            smallint NOT NULL,     -- 1 organization, 2 its facts, 3 one of its labels, 4 person
  organization_id uuid REFERENCES organization,
  person_id       uuid REFERENCES person,
  part            text NOT NULL DEFAULT '',  -- which record of facts or labels
  fields          text[] NOT NULL CHECK (cardinality(fields) > 0),
  before_value    jsonb,                 -- of an organization, as messages of the contract
  after_value     jsonb,
  before_box      bytea,                 -- of a person
  after_box       bytea,
  centre_id       uuid,                  -- whose staff decide; NULL = the whole suite's
  state           smallint NOT NULL,     -- ChangeState
  reason          text NOT NULL,         -- '' once the person was erased
  requester       text NOT NULL,
  created_at      timestamptz NOT NULL,
  expires_at      timestamptz NOT NULL,
  seen_version    bigint NOT NULL,       -- of what it is of, at which its fields were last as before
  decider         text NOT NULL DEFAULT '',
  decided_at      timestamptz,
  decide_reason   text NOT NULL DEFAULT '',
  applied_version bigint NOT NULL DEFAULT 0,
  CHECK ((organization_id IS NULL) <> (person_id IS NULL)),
  CHECK ((state = 1) = (decided_at IS NULL)),
  CHECK ((state = 2) = (applied_version > 0)),
  CHECK (person_id IS NULL OR (before_value IS NULL AND after_value IS NULL))
);
-- Those that wait: of one thing, and by when they end.
CREATE INDEX change_request_waiting_of ON change_request (coalesce(organization_id, person_id))
  WHERE state = 1;
CREATE INDEX change_request_waiting ON change_request (expires_at) WHERE state = 1;
-- What an approval made.
CREATE UNIQUE INDEX change_request_applied ON change_request
  (coalesce(organization_id, person_id), applied_version) WHERE state = 2;
-- What the list is filtered by.
CREATE INDEX change_request_organization ON change_request (organization_id, id)
  WHERE organization_id IS NOT NULL;
CREATE INDEX change_request_person ON change_request (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX change_request_state ON change_request (state, id);
CREATE INDEX change_request_requester ON change_request (requester, id);
CREATE INDEX change_request_decider ON change_request (decider, id);
CREATE INDEX change_request_created ON change_request (created_at, id);
CREATE INDEX change_request_expires ON change_request (expires_at, id);
CREATE INDEX change_request_centre ON change_request (centre_id, id) WHERE centre_id IS NOT NULL;
