-- Retention checks of closed cases, what was recommended to firms and whether they do it, trainings for
-- firms, and the terms of consulting. States and other words are the numbers of their enums in the
-- contract.

-- What a task asks of consulting: 3 is focus consulting, 4 consulting on culture.
CREATE TABLE consulting_terms (
  task             smallint PRIMARY KEY,
  min_visits       int NOT NULL CHECK (min_visits > 0),   -- held, whatever the plan says
  second_diagnosis boolean NOT NULL                       -- completion asks for it
);
INSERT INTO consulting_terms VALUES (3, 3, false), (4, 2, true);

ALTER TABLE engagement ADD COLUMN second_diagnosed_date date;
ALTER TABLE engagement ADD COLUMN second_diagnosis_score text;
ALTER TABLE engagement ADD COLUMN second_diagnosis_findings text;

-- A firm's papers, as its plan is.
CREATE TABLE recommendation (
  id               uuid PRIMARY KEY,
  engagement_id    uuid NOT NULL REFERENCES engagement (id),
  measure          text NOT NULL,
  scheme_code      text NOT NULL,              -- '' = another measure
  recommended_date date NOT NULL,
  state            smallint NOT NULL,
  adopted_date     date,                       -- found by the first check that said so
  adoption_id      uuid,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  CHECK ((adopted_date IS NULL) = (adoption_id IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX recommendation_engagement ON recommendation (engagement_id, id);

CREATE TABLE adoption_check (
  id                uuid PRIMARY KEY,
  recommendation_id uuid NOT NULL REFERENCES recommendation (id),
  months            int NOT NULL CHECK (months > 0),
  due_date          date NOT NULL,
  state             smallint NOT NULL,
  revision          int NOT NULL DEFAULT 0,    -- 0 = nobody has looked
  UNIQUE (recommendation_id, months)
) WITH (fillfactor = 80);
CREATE INDEX adoption_check_due ON adoption_check (due_date, id) WHERE state = 1;

-- What a check found, every time that it was recorded; the newest revision holds.
CREATE TABLE adoption_finding (
  check_id      uuid NOT NULL REFERENCES adoption_check (id),
  revision      int NOT NULL,
  outcome       smallint NOT NULL,
  evidence_kind smallint NOT NULL,
  evidence      text NOT NULL,
  checked_date  date NOT NULL,
  recorded_at   timestamptz NOT NULL,
  PRIMARY KEY (check_id, revision)
);

-- Activities that are trainings of an engagement, and what was last told of who completed them.
CREATE TABLE training (
  activity_id     uuid PRIMARY KEY REFERENCES activity (id),
  engagement_id   uuid NOT NULL REFERENCES engagement (id),
  organization_id uuid NOT NULL,               -- the engagement's firm
  duration        int NOT NULL CHECK (duration > 0),  -- minutes
  result_id       uuid,                        -- NULL = not held
  attendee_count  int NOT NULL DEFAULT 0,
  completer_count int NOT NULL DEFAULT 0
) WITH (fillfactor = 80);
CREATE INDEX training_engagement ON training (engagement_id, activity_id);
CREATE INDEX training_organization ON training (organization_id, activity_id);

ALTER TABLE attendance ADD COLUMN attended_duration int NOT NULL DEFAULT 0;  -- minutes; 0 = not known

-- Parts of a case: whose it is says casefile.
CREATE TABLE retention_check (
  id            uuid PRIMARY KEY,
  case_id       uuid NOT NULL REFERENCES casefile (id),
  months        int NOT NULL CHECK (months > 0),
  anchor_date   date NOT NULL,
  due_date      date NOT NULL,
  occurrence_id uuid NOT NULL,                 -- another one with each anchor
  state         smallint NOT NULL,
  attempt_count int NOT NULL DEFAULT 0,
  revision      int NOT NULL DEFAULT 0,        -- of its result; 0 = none
  cancel_reason smallint NOT NULL DEFAULT 0,
  created_at    timestamptz NOT NULL,
  updated_at    timestamptz NOT NULL,
  UNIQUE (case_id, months)
) WITH (fillfactor = 80);
CREATE INDEX retention_check_due ON retention_check (due_date, id);
CREATE INDEX retention_check_to_tell ON retention_check (due_date, id) WHERE state = 1;

-- What a check found, every time that it was recorded; the newest revision holds.
CREATE TABLE retention_result (
  check_id     uuid NOT NULL REFERENCES retention_check (id),
  revision     int NOT NULL,
  id           uuid NOT NULL,
  result       smallint NOT NULL,
  evidence     smallint NOT NULL,
  checked_date date NOT NULL,
  correction   smallint NOT NULL,              -- why it replaced the one before; 0 = it is the first
  recorded_at  timestamptz NOT NULL,
  PRIMARY KEY (check_id, revision)
);

CREATE TABLE retention_attempt (
  check_id     uuid NOT NULL REFERENCES retention_check (id),
  attempt      int NOT NULL,                   -- 1, 2, …
  attempt_date date NOT NULL,
  channel      smallint NOT NULL,
  outcome      smallint NOT NULL,
  recorded_at  timestamptz NOT NULL,
  PRIMARY KEY (check_id, attempt)
);
