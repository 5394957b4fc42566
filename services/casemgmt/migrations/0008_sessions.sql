-- Sessions with one person, the notes on them, and appointments that say nothing of what they are for.
-- States and other words are the numbers of their enums in the contract. The hours of who holds a
-- session stand in consultant_hours under the session's id, beside those of visits.

CREATE TABLE appointment (
  id               uuid PRIMARY KEY,
  state            smallint NOT NULL,
  person_id        uuid,                     -- as she was named; NULL = erased
  start_time       timestamptz NOT NULL,
  end_time         timestamptz NOT NULL,
  appointment_date date NOT NULL,            -- Korean day of start_time
  centre_id        uuid,                     -- NULL = the whole suite's
  host_id          uuid,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  CHECK (start_time < end_time)
) WITH (fillfactor = 80);
CREATE INDEX appointment_person ON appointment (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX appointment_centre ON appointment (centre_id, appointment_date, id);
CREATE INDEX appointment_date ON appointment (appointment_date, id);
CREATE INDEX appointment_host ON appointment (host_id, id) WHERE host_id IS NOT NULL;

CREATE TABLE case_session (
  id                       uuid PRIMARY KEY,
  case_id                  uuid NOT NULL REFERENCES casefile (id),
  type                     smallint NOT NULL,
  purpose                  smallint NOT NULL,
  channel                  smallint NOT NULL,
  state                    smallint NOT NULL,
  start_time               timestamptz,      -- NULL = not known yet; real when it took place
  end_time                 timestamptz,
  service_date             date,             -- Korean day of start_time
  provider_id              uuid,
  provider_organization_id uuid,
  participants             smallint[] NOT NULL,
  goal_box                 bytea,            -- sealed with the key of the case's person
  outcome                  smallint NOT NULL DEFAULT 0,
  minutes                  int NOT NULL DEFAULT 0 CHECK (minutes >= 0),
  next_date                date,
  record_date              date,             -- Korean day on which the outcome was recorded
  absence                  smallint NOT NULL DEFAULT 0,
  cancelled_by             smallint NOT NULL DEFAULT 0,
  cancel_reason            smallint NOT NULL DEFAULT 0,
  urgent                   boolean NOT NULL,
  booked                   boolean NOT NULL DEFAULT false,  -- it was, at some time
  appointment_id           uuid,
  revision                 int NOT NULL DEFAULT 1,
  note_count               int NOT NULL DEFAULT 0 CHECK (note_count >= 0),
  created_at               timestamptz NOT NULL,
  updated_at               timestamptz NOT NULL,
  CHECK ((start_time IS NULL) = (end_time IS NULL)),
  CHECK (start_time < end_time)
) WITH (fillfactor = 80);
CREATE INDEX case_session_case ON case_session (case_id, id);
CREATE INDEX case_session_date ON case_session (service_date, id);
CREATE INDEX case_session_provider ON case_session (provider_id, service_date, id)
  WHERE provider_id IS NOT NULL;

-- Never changed. A correction is a row of its own, and a note has one at most.
CREATE TABLE session_note (
  id             uuid PRIMARY KEY,
  session_id     uuid NOT NULL REFERENCES case_session (id),
  sensitivity    smallint NOT NULL,
  text_box       bytea NOT NULL,             -- sealed with the key of the case's person
  author_subject uuid NOT NULL,
  corrects_id    uuid UNIQUE REFERENCES session_note (id),
  created_at     timestamptz NOT NULL
);
CREATE INDEX session_note_session ON session_note (session_id, id);

-- The run of absences of a case that was told last: the session before it that took place, or the
-- case's own id where there was none.
CREATE TABLE absence_run (
  case_id  uuid PRIMARY KEY REFERENCES casefile (id),
  after_id uuid NOT NULL,
  told_at  timestamptz NOT NULL
);
