-- Dated activities, who is on their lists, what was counted without names, and their minutes. States
-- and other words are the numbers of their enums in the contract.

CREATE TABLE activity (
  id                 uuid PRIMARY KEY,         -- of registry's plan, where it comes from one
  parent_id          uuid REFERENCES activity (id),
  kind               smallint NOT NULL,
  state              smallint NOT NULL,
  programme          text NOT NULL,            -- '' = none, as in the next three
  edition            text NOT NULL,
  line_code          text NOT NULL,
  activity_key       text NOT NULL,
  task               smallint NOT NULL,
  start_date         date NOT NULL,
  end_date           date NOT NULL,            -- the last day
  label              text NOT NULL,
  label_en           text NOT NULL,
  place              text NOT NULL,
  capacity           int NOT NULL CHECK (capacity >= 0),  -- 0 = without limit
  manager_id         uuid,
  centre_id          uuid,                     -- NULL = the whole suite's
  plan_version       bigint,                   -- registry's, of the edition; NULL = made by hand
  plan_start_date    date,
  plan_end_date      date,
  date_by_hand       boolean NOT NULL,
  manager_by_hand    boolean NOT NULL,
  cancel_reason      smallint NOT NULL,
  held_date          date,
  headcount_revision int NOT NULL DEFAULT 0,
  minutes_revision   int NOT NULL DEFAULT 0,
  created_at         timestamptz NOT NULL,
  updated_at         timestamptz NOT NULL,
  CHECK (start_date <= end_date)
) WITH (fillfactor = 80);
CREATE INDEX activity_parent ON activity (parent_id, id) WHERE parent_id IS NOT NULL;
CREATE INDEX activity_start ON activity (start_date, id);
CREATE INDEX activity_line ON activity (programme, edition, line_code, id);
CREATE INDEX activity_manager ON activity (manager_id, id) WHERE manager_id IS NOT NULL;
CREATE INDEX activity_centre ON activity (centre_id, id) WHERE centre_id IS NOT NULL;

-- One row for each who is invited or came; who came twice is one row.
CREATE TABLE attendance (
  id              uuid PRIMARY KEY,
  activity_id     uuid NOT NULL REFERENCES activity (id),
  person_id       uuid,                        -- as recorded: person_alias tells whose it is now
  organization_id uuid,
  role            smallint NOT NULL,
  walk_in         boolean NOT NULL,
  answer          smallint NOT NULL,
  answered_at     timestamptz,
  checked_in_at   timestamptz,
  attended_date   date,
  anonymised      boolean NOT NULL DEFAULT false,
  centre_id       uuid,                        -- the activity's
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL,
  CHECK (person_id IS NOT NULL OR organization_id IS NOT NULL OR anonymised),
  CHECK ((checked_in_at IS NULL) = (attended_date IS NULL))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX attendance_person ON attendance (activity_id, person_id)
  WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX attendance_body ON attendance (activity_id, organization_id)
  WHERE person_id IS NULL AND NOT anonymised;
CREATE INDEX attendance_activity ON attendance (activity_id, id);
CREATE INDEX attendance_of_person ON attendance (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX attendance_of_body ON attendance (organization_id, id)
  WHERE organization_id IS NOT NULL;
CREATE INDEX attendance_centre ON attendance (centre_id, id) WHERE centre_id IS NOT NULL;

-- Every count of people without names; the newest revision holds.
CREATE TABLE headcount (
  activity_id uuid NOT NULL REFERENCES activity (id),
  revision    int NOT NULL,
  kind        smallint NOT NULL,
  count       int NOT NULL CHECK (count >= 0),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (activity_id, revision, kind)
);

-- Minutes as they were published; a correction is the next revision.
CREATE TABLE activity_minutes (
  activity_id    uuid NOT NULL REFERENCES activity (id),
  revision       int NOT NULL,
  minutes        text NOT NULL,
  published_date date NOT NULL,
  recorded_at    timestamptz NOT NULL,
  PRIMARY KEY (activity_id, revision)
);

-- Which records of registry's are one person: a merge until it is undone. Rows that name a person
-- keep the id that they were written with, so that an undone merge leaves nothing behind. Where the
-- words stood in registry's ledger tells what a restored ledger has never said.
CREATE TABLE person_alias (
  merge_id     uuid PRIMARY KEY,
  survivor_id  uuid NOT NULL,
  duplicate_id uuid NOT NULL,
  merged_shard smallint,                       -- NULL = only its end was heard yet
  merged_pos   bigint,
  undone_shard smallint,                       -- NULL = it stands
  undone_pos   bigint
);
CREATE INDEX person_alias_duplicate ON person_alias (duplicate_id)
  WHERE merged_pos IS NOT NULL AND undone_pos IS NULL;
CREATE INDEX person_alias_survivor ON person_alias (survivor_id)
  WHERE merged_pos IS NOT NULL AND undone_pos IS NULL;

-- Who stands for the person now; herself when nobody else does. The depth ends a circle that two
-- merges make while the undoing of one is still on its way.
CREATE FUNCTION person_survivor(uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
  WITH RECURSIVE up (id, depth) AS (
    SELECT $1, 0
    UNION ALL
    SELECT a.survivor_id, up.depth + 1
    FROM up JOIN person_alias a ON a.duplicate_id = up.id
      AND a.merged_pos IS NOT NULL AND a.undone_pos IS NULL
    WHERE up.depth < 20)
  SELECT id FROM up ORDER BY depth DESC, id LIMIT 1
$$;

-- All ids of the person whom one of them names.
CREATE FUNCTION person_ids(uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  WITH RECURSIVE down (id) AS (
    SELECT person_survivor($1)
    UNION
    SELECT a.duplicate_id
    FROM down JOIN person_alias a ON a.survivor_id = down.id
      AND a.merged_pos IS NOT NULL AND a.undone_pos IS NULL)
  SELECT id FROM down
$$;
