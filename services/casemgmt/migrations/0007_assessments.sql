-- Risk instruments and their versions, assessments, case conferences and service plans. States and
-- other words are the numbers of their enums in the contract. What was written down in words about a
-- woman is sealed with her key (*_box); codes, scores and dates stay when she is erased.

CREATE TABLE instrument (
  id         uuid PRIMARY KEY,
  code       text NOT NULL,
  version    int NOT NULL CHECK (version > 0),
  label      text NOT NULL,
  label_en   text NOT NULL,
  full_sum   text NOT NULL,                    -- decimal: the sum that is 100 points
  created_at timestamptz NOT NULL,
  UNIQUE (code, version)
);

CREATE TABLE instrument_factor (
  instrument_id uuid NOT NULL REFERENCES instrument (id),
  position      int NOT NULL,                  -- 1, 2, … in the order of the form
  code          text NOT NULL,
  label         text NOT NULL,
  label_en      text NOT NULL,
  weight        text NOT NULL,                 -- decimal
  sensitive     boolean NOT NULL,              -- about health
  PRIMARY KEY (instrument_id, code),
  UNIQUE (instrument_id, position)
);

-- The working taxonomy: weights 1, and 24 is 100 points.
INSERT INTO instrument (id, code, version, label, label_en, full_sum, created_at)
VALUES ('0190c0de-0000-7000-8000-000000000001', 'RISK', 1, '경력단절 위기도 조사지',
        'Risk of a career break', '24', '2024-01-01T00:00:00Z');
INSERT INTO instrument_factor (instrument_id, position, code, label, label_en, weight, sensitive)
SELECT '0190c0de-0000-7000-8000-000000000001', position, code, label, label_en, '1',
       code IN ('RF08', 'RF13')
FROM (VALUES
  (1, 'RF01', '임신·출산', 'pregnancy/childbirth'),
  (2, 'RF02', '육아·돌봄공백', 'childcare gap'),
  (3, 'RF03', '육아휴직 복귀', 'return from leave'),
  (4, 'RF04', '가족돌봄', 'care of other family'),
  (5, 'RF05', '자녀 취학·교육', 'child''s school entry/education'),
  (6, 'RF06', '장시간·불규칙 근로', 'long/irregular hours'),
  (7, 'RF07', '조직문화·차별·괴롭힘', 'organisational culture, discrimination, harassment'),
  (8, 'RF08', '소진·심리', 'burnout, mental strain'),
  (9, 'RF09', '직무역량·경력정체', 'job competence, career plateau'),
  (10, 'RF10', '고용불안(계약만료)', 'contract instability'),
  (11, 'RF11', '임금·근로조건', 'pay and conditions gap'),
  (12, 'RF12', '통근·이주', 'commuting/relocation'),
  (13, 'RF13', '건강', 'own health'),
  (14, 'RF14', '혼인', 'marriage')) AS factor (position, code, label, label_en);

-- Every assessment stays as it was recorded; only its decision comes later.
CREATE TABLE assessment (
  id               uuid PRIMARY KEY,
  case_id          uuid NOT NULL REFERENCES casefile (id),
  version          int NOT NULL,               -- 1, 2, … within the case
  state            smallint NOT NULL,
  reassessment     boolean NOT NULL,
  instrument_id    uuid NOT NULL REFERENCES instrument (id),
  score            text NOT NULL,              -- decimal, two places
  computed_level   smallint NOT NULL,
  level            smallint NOT NULL,
  primary_factor   text NOT NULL,              -- '' = none weighs anything
  override_box     bytea,
  needs_box        bytea,
  assessed_date    date NOT NULL,
  author           uuid NOT NULL,              -- subject: access::SubjectId of the account
  author_person_id uuid,                       -- the person behind it; NULL = registry does not know
  decider          uuid,
  decided_date     date,
  return_box       bytea,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  UNIQUE (case_id, version)
);
-- One at a time waits for its decision (SUBMITTED).
CREATE UNIQUE INDEX assessment_one_open ON assessment (case_id) WHERE state = 1;

-- Severities that are not 0, with the weight that they had.
CREATE TABLE assessment_factor (
  assessment_id uuid NOT NULL REFERENCES assessment (id),
  code          text NOT NULL,
  severity      smallint NOT NULL CHECK (severity BETWEEN 1 AND 4),
  PRIMARY KEY (assessment_id, code)
);

CREATE TABLE conference (
  id              uuid PRIMARY KEY,
  state           smallint NOT NULL,
  centre_id       uuid,                        -- NULL = the whole suite's
  conference_date date NOT NULL,               -- once held, the day on which it was
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX conference_centre ON conference (centre_id, id) WHERE centre_id IS NOT NULL;
CREATE INDEX conference_day ON conference (conference_date, id);

-- Who sits in it, as subjects; whoever leaves it sees its agenda no more.
CREATE TABLE conference_seat (
  conference_id uuid NOT NULL REFERENCES conference (id),
  subject       uuid NOT NULL,
  PRIMARY KEY (conference_id, subject)
);
CREATE INDEX conference_seat_subject ON conference_seat (subject, conference_id);

CREATE TABLE agenda_item (
  id              uuid PRIMARY KEY,
  conference_id   uuid NOT NULL REFERENCES conference (id),
  case_id         uuid NOT NULL REFERENCES casefile (id),
  state           smallint NOT NULL,
  question_box    bytea,
  classification  smallint NOT NULL DEFAULT 0,
  classified_date date,
  minutes_box     bytea,
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL
) WITH (fillfactor = 80);
-- A case waits on one agenda at a time (PENDING).
CREATE UNIQUE INDEX agenda_item_one_pending ON agenda_item (case_id) WHERE state = 1;
CREATE INDEX agenda_item_conference ON agenda_item (conference_id, id);
CREATE INDEX agenda_item_case ON agenda_item (case_id, id);

CREATE TABLE case_plan (
  id             uuid PRIMARY KEY,
  case_id        uuid NOT NULL REFERENCES casefile (id),
  version        int NOT NULL,                 -- 1, 2, … within the case
  state          smallint NOT NULL,
  author         uuid NOT NULL,                -- subject of who wrote it last
  decider        uuid,
  decided_date   date,
  comment_box    bytea,
  signed_date    date,
  agreement      smallint NOT NULL DEFAULT 0,
  legal_due_date date,
  on_time        boolean NOT NULL DEFAULT false,
  created_at     timestamptz NOT NULL,
  updated_at     timestamptz NOT NULL,
  UNIQUE (case_id, version)
) WITH (fillfactor = 80);
-- One version at a time is being written, decided about or signed (DRAFT … APPROVED).
CREATE UNIQUE INDEX case_plan_one_open ON case_plan (case_id) WHERE state BETWEEN 1 AND 4;

-- Everybody who ever wrote a version: none of them decides about it.
CREATE TABLE case_plan_writer (
  plan_id          uuid NOT NULL REFERENCES case_plan (id),
  subject          uuid NOT NULL,
  writer_person_id uuid,                       -- the person behind it; NULL = registry does not know
  PRIMARY KEY (plan_id, subject)
);

CREATE TABLE plan_goal (
  plan_id       uuid NOT NULL REFERENCES case_plan (id),
  number        int NOT NULL,
  factor        text NOT NULL,                 -- '' = none
  goal_box      bytea,
  attainment    smallint NOT NULL DEFAULT 0,
  attained_date date,
  PRIMARY KEY (plan_id, number)
);

CREATE TABLE plan_action (
  plan_id     uuid NOT NULL REFERENCES case_plan (id),
  number      int NOT NULL,
  goal_number int NOT NULL,                    -- 0 = of no goal
  service     smallint NOT NULL,
  action_box  bytea,
  owner       uuid,                            -- subject; NULL = the case's manager
  due_date    date NOT NULL,
  result      smallint NOT NULL DEFAULT 0,
  result_date date,
  result_box  bytea,
  PRIMARY KEY (plan_id, number)
);
