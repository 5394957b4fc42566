-- Days that a hold has counted are not held again; what a crisis made due does not wait for the end of a
-- hold; an urgent service brings the plan nearer and leaves the day by law; a task's clock has runs; and
-- attempts to reach somebody, of whom a case is closed as lost.

ALTER TABLE casefile ADD COLUMN hold_ended date;       -- first day after the last hold
ALTER TABLE casefile ADD COLUMN hold_crisis_due date;  -- what a crisis made due while it was held
ALTER TABLE casefile ADD COLUMN urgent_due_date date;  -- of the plan, because of an urgent service
ALTER TABLE case_task ADD COLUMN clock_run int NOT NULL DEFAULT 0;

CREATE TABLE contact_attempt (
  id           uuid PRIMARY KEY,
  case_id      uuid NOT NULL REFERENCES casefile (id),
  attempt_date date NOT NULL,
  channel      smallint NOT NULL,
  outcome      smallint NOT NULL,
  recorded_at  timestamptz NOT NULL
);
CREATE INDEX contact_attempt_case ON contact_attempt (case_id, attempt_date, id);
