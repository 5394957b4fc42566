-- That somebody asked for what is held of a person, until when the answer is due and how it ended. A row
-- is never changed but told of and settled; what was handed over stands here as its hash alone. It belongs to the centre that keeps
-- the person, whichever that is by now.
CREATE TABLE data_export (
  id            uuid PRIMARY KEY,
  person_id     uuid NOT NULL REFERENCES person,
  applicant     smallint NOT NULL,
  channel       smallint NOT NULL,
  received_date date NOT NULL,
  due_date      date NOT NULL,
  created_at    timestamptz NOT NULL,
  due_told_at   timestamptz,           -- when it was told that the answer is due; NULL = not yet
  outcome       smallint NOT NULL DEFAULT 0,  -- 0 = open
  settled_at    timestamptz,
  file_hash     text NOT NULL DEFAULT '',     -- SHA-256 of what was handed over
  CHECK (received_date <= due_date),
  CHECK ((outcome = 0) = (settled_at IS NULL)),
  CHECK ((outcome = 1) = (file_hash <> ''))
);
CREATE INDEX data_export_person ON data_export (person_id, id);
CREATE INDEX data_export_received ON data_export (received_date, id);
CREATE INDEX data_export_due_date ON data_export (due_date, id);
CREATE INDEX data_export_due ON data_export (due_date, id) WHERE outcome = 0 AND due_told_at IS NULL;
CREATE INDEX data_export_open ON data_export (id) WHERE outcome = 0;
