-- Persons' cases: where they stand, what is due, who manages them, what was written down. States and
-- other words are the numbers of their enums in the contract. What was said of a person is sealed with
-- her key; events and figures know her by a token.

CREATE TABLE participant (
  token       uuid PRIMARY KEY,
  person_id   uuid UNIQUE,                     -- as registry knows her; NULL = erased
  joined_into uuid REFERENCES participant (token),  -- stands for it; NULL = itself
  joining_id  uuid,                            -- names that, while it lasts
  created_at  timestamptz NOT NULL
);
CREATE INDEX participant_joined ON participant (joined_into) WHERE joined_into IS NOT NULL;

-- What was heard of consents: what was said last to each matter. `receiver` is the nil id where data
-- stay here.
CREATE TABLE consent_heard (
  person_id  uuid NOT NULL,
  purpose    smallint NOT NULL,
  receiver   uuid NOT NULL,
  revision   int NOT NULL,
  given      boolean NOT NULL,
  expires_at timestamptz,
  PRIMARY KEY (person_id, purpose, receiver)
);

-- How quickly cases go. Versions are never changed.
CREATE TABLE case_template (
  id         uuid PRIMARY KEY,
  programme  text NOT NULL,                    -- '' = every programme
  centre_id  uuid,                             -- NULL = the whole suite's
  version    int NOT NULL CHECK (version >= 1),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX case_template_one ON case_template
  (programme, coalesce(centre_id, '00000000-0000-0000-0000-000000000000'));
CREATE TABLE case_template_version (
  template_id            uuid NOT NULL REFERENCES case_template (id),
  version                int NOT NULL,
  contact_business_days  int NOT NULL,
  contact_crisis_days    int NOT NULL,
  consult_days           int NOT NULL,
  assessment_days        int NOT NULL,
  conference_days        int NOT NULL,
  conference_crisis_days int NOT NULL,
  plan_days              int NOT NULL,
  intake_to_plan_days    int NOT NULL,
  urgent_plan_days       int NOT NULL,
  monitoring_days        int NOT NULL,
  monitoring_crisis_days int NOT NULL,
  reassessment_months    int NOT NULL,
  reassessment_days      int NOT NULL,
  closing_days           int NOT NULL,
  max_hold_days          int NOT NULL,
  check_months           int[] NOT NULL,
  published_at           timestamptz NOT NULL,
  PRIMARY KEY (template_id, version)
);

CREATE TABLE casefile (
  id                     uuid PRIMARY KEY,
  participant            uuid NOT NULL REFERENCES participant (token),
  person_id              uuid,                 -- as recorded; NULL = erased
  case_number            text,                 -- NULL before the intake
  programme              text NOT NULL,
  edition                text NOT NULL,
  line_code              text NOT NULL,        -- '' = none
  centre_id              uuid,                 -- NULL = the whole suite's
  ownership_epoch        bigint NOT NULL,
  manager_subject        uuid,                 -- who may read it
  manager_id             uuid,                 -- registry's persons, to write to
  supervisor_id          uuid,
  state                  smallint NOT NULL,
  on_hold                boolean NOT NULL,
  risk_level             smallint NOT NULL,
  classification         smallint NOT NULL,
  primary_factor         text NOT NULL,
  urgent                 boolean NOT NULL,
  source                 smallint NOT NULL,
  source_enrolment_campaign uuid,
  source_enrolment_id    uuid,
  source_organization_id uuid,
  opened_date            date NOT NULL,
  intake_date            date,
  closed_date            date,
  last_step_date         date NOT NULL,
  close_reason           smallint NOT NULL,
  reject_reason          smallint NOT NULL,
  due_date               date,
  plan_due_date          date,
  reassess_due_date      date,
  hold_from              date,
  hold_until             date,
  hold_reason            smallint NOT NULL,
  held_days              int NOT NULL,
  closure_reason         smallint NOT NULL,    -- asked for; 0 = not
  closure_employed       boolean NOT NULL,
  closure_asked_date     date,
  closure_due_date       date,
  closure_by_subject     uuid,
  closure_by_person      uuid,
  template_id            uuid REFERENCES case_template (id),  -- NULL = the standard pace
  template_version       int NOT NULL,
  reopened_from          uuid REFERENCES casefile (id),
  next_case              uuid REFERENCES casefile (id),
  created_at             timestamptz NOT NULL,
  updated_at             timestamptz NOT NULL,
  CHECK (on_hold = (hold_from IS NOT NULL)),
  CHECK ((closure_reason = 0) = (closure_asked_date IS NULL))
) WITH (fillfactor = 80);

-- One open case (REFERRED … REASSESSMENT) of a person in an edition.
CREATE UNIQUE INDEX casefile_one_open ON casefile (person_id, programme, edition)
  WHERE state BETWEEN 1 AND 10 AND person_id IS NOT NULL;
CREATE INDEX casefile_person ON casefile (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX casefile_participant ON casefile (participant, id);
CREATE INDEX casefile_manager ON casefile (manager_subject, id) WHERE manager_subject IS NOT NULL;
CREATE INDEX casefile_centre ON casefile (centre_id, id);
CREATE UNIQUE INDEX casefile_number ON casefile
  (coalesce(centre_id, '00000000-0000-0000-0000-000000000000'), case_number)
  WHERE case_number IS NOT NULL AND ownership_epoch = 1;
CREATE UNIQUE INDEX casefile_reopened ON casefile (reopened_from) WHERE reopened_from IS NOT NULL;

-- The last number of a centre and year. The row stays locked until the intake is committed, so no
-- number is ever left out.
CREATE TABLE case_counter (
  centre_id   uuid NOT NULL,                   -- the nil id: the whole suite
  year        int NOT NULL,
  last_number bigint NOT NULL,
  PRIMARY KEY (centre_id, year)
);

CREATE TABLE case_transition (
  case_id     uuid NOT NULL REFERENCES casefile (id),
  step        int NOT NULL,                    -- 1, 2, …
  state       smallint NOT NULL,
  day         date NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (case_id, step)
);

-- Whose it was and is, for who comes with an older epoch.
CREATE TABLE case_ownership (
  case_id         uuid NOT NULL REFERENCES casefile (id),
  epoch           bigint NOT NULL,
  centre_id       uuid,
  manager_subject uuid,                        -- the last one of that epoch
  since           timestamptz NOT NULL,
  PRIMARY KEY (case_id, epoch)
);

-- What was written down, sealed with the person's key.
CREATE TABLE case_words (
  id          uuid PRIMARY KEY,
  case_id     uuid NOT NULL REFERENCES casefile (id),
  kind        smallint NOT NULL,
  box         bytea,                           -- NULL = erased
  author      uuid NOT NULL,                   -- the subject
  recorded_at timestamptz NOT NULL
);
CREATE INDEX case_words_case ON case_words (case_id, recorded_at DESC, id DESC);

-- What is to be done by a day, of cases and of whatever else has something due.
CREATE TABLE case_task (
  id             uuid PRIMARY KEY,
  kind           smallint NOT NULL,
  aggregate      uuid NOT NULL,                -- to whose ledger its events go
  aggregate_kind text NOT NULL,
  case_id        uuid REFERENCES casefile (id),
  subject        text NOT NULL,
  due_date       date NOT NULL,
  owner_subject  uuid,
  owner_id       uuid,
  supervisor_id  uuid,
  centre_id      uuid,
  state          smallint NOT NULL,
  paused         boolean NOT NULL,
  overdue_told   date,                         -- the due day that was told to be over
  created_at     timestamptz NOT NULL,
  updated_at     timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX case_task_case ON case_task (case_id, due_date, id) WHERE state = 1;
CREATE INDEX case_task_owner ON case_task (owner_subject, due_date, id) WHERE state = 1;
CREATE INDEX case_task_centre ON case_task (centre_id, due_date, id) WHERE state = 1;
CREATE INDEX case_task_due ON case_task (due_date, id) WHERE state = 1;
-- What is to be told when its day is over; told ones leave it.
CREATE INDEX case_task_untold ON case_task (due_date, id)
  WHERE state = 1 AND NOT paused AND (overdue_told IS NULL OR overdue_told < due_date);

-- Cases of one manager given to another one, in pieces.
CREATE TABLE case_reassignment (
  id                uuid PRIMARY KEY,
  centre_id         uuid,                      -- NULL = the whole suite
  everywhere        boolean NOT NULL,          -- true: of every centre
  from_subject      uuid NOT NULL,
  to_subject        uuid NOT NULL,
  to_person         uuid NOT NULL,
  case_count        int NOT NULL,
  given_count       int NOT NULL,
  left_count        int NOT NULL,
  created_at        timestamptz NOT NULL,
  finished_at       timestamptz
);
CREATE INDEX case_reassignment_open ON case_reassignment (created_at, id) WHERE finished_at IS NULL;
CREATE INDEX case_reassignment_centre ON case_reassignment (centre_id, id);
CREATE TABLE case_reassignment_item (
  reassignment_id uuid NOT NULL REFERENCES case_reassignment (id),
  case_id         uuid NOT NULL,
  PRIMARY KEY (reassignment_id, case_id)
);
