-- Engagements with firms and the visits of consultants. States and other words are the numbers of
-- their enums in the contract.

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE engagement (
  id                       uuid PRIMARY KEY,
  organization_id          uuid NOT NULL,
  campaign_id              uuid NOT NULL REFERENCES campaign_reference (id),
  campaign_code            text NOT NULL,
  programme                text NOT NULL,
  edition                  text NOT NULL,
  task                     smallint NOT NULL,
  state                    smallint NOT NULL,
  consultant_id            uuid,
  manager_id               uuid,
  contact_person_id        uuid,
  lead_source              smallint NOT NULL,
  lead_date                date NOT NULL,
  vulnerability_reasons    smallint[] NOT NULL,
  last_step_date           date NOT NULL,
  visit_count              int NOT NULL DEFAULT 0 CHECK (visit_count >= 0),
  diagnosed_date           date,
  diagnosis_score          text,
  diagnosis_findings       text,
  plan_agreed_date         date,
  plan_tasks               text[],
  planned_visit_count      int,
  recommended_scheme_codes text[],
  result_summary           text NOT NULL DEFAULT '',
  approver_id              uuid,
  decline_reason           smallint NOT NULL DEFAULT 0,
  drop_reason              smallint NOT NULL DEFAULT 0,
  created_at               timestamptz NOT NULL,
  updated_at               timestamptz NOT NULL
) WITH (fillfactor = 80);

-- One open engagement (LEAD … RESULT_REPORTED) of a task for a firm in an edition.
CREATE UNIQUE INDEX engagement_one_open ON engagement (organization_id, programme, edition, task)
  WHERE state BETWEEN 1 AND 8;
CREATE INDEX engagement_campaign ON engagement (campaign_id, id);
CREATE INDEX engagement_consultant ON engagement (consultant_id, id);

CREATE TABLE engagement_transition (
  engagement_id uuid NOT NULL REFERENCES engagement (id),
  step          int NOT NULL,                -- 1, 2, …
  state         smallint NOT NULL,
  day           date NOT NULL,
  recorded_at   timestamptz NOT NULL,
  PRIMARY KEY (engagement_id, step)
);

CREATE TABLE scheme_adoption (
  id            uuid PRIMARY KEY,
  engagement_id uuid NOT NULL REFERENCES engagement (id),
  scheme_code   text NOT NULL,
  adopted_date  date NOT NULL,
  evidence      text NOT NULL,
  recorded_at   timestamptz NOT NULL,
  UNIQUE (engagement_id, scheme_code)
);

CREATE TABLE visit (
  id                uuid PRIMARY KEY,
  engagement_id     uuid NOT NULL REFERENCES engagement (id),
  state             smallint NOT NULL,
  start_time        timestamptz NOT NULL,
  end_time          timestamptz NOT NULL,
  visit_date        date NOT NULL,           -- Korean day of start_time
  consultant_id     uuid NOT NULL,
  contact_person_id uuid,
  minutes           text NOT NULL DEFAULT '',
  next_step         text NOT NULL DEFAULT '',
  reported_at       timestamptz,
  cancel_reason     smallint NOT NULL DEFAULT 0,
  created_at        timestamptz NOT NULL,
  updated_at        timestamptz NOT NULL,
  CHECK (start_time < end_time)
) WITH (fillfactor = 80);
CREATE INDEX visit_engagement ON visit (engagement_id, id);
CREATE INDEX visit_date ON visit (visit_date, id);

-- The hours that consultants have given to planned and held visits. That two of them never overlap
-- is the database's to decide, whoever plans at the same moment.
CREATE TABLE consultant_hours (
  visit_id      uuid PRIMARY KEY,
  consultant_id uuid NOT NULL,
  during        tstzrange NOT NULL,
  EXCLUDE USING gist (consultant_id WITH =, during WITH &&)
);
