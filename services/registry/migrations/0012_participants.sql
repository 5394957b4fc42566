-- Who takes part is an organization or a person. Of a person is kept for whom she worked on the day on
-- which she asked; a corrected employment is a new attribution of what it covers.
ALTER TABLE enrolment ADD COLUMN person_id uuid REFERENCES person;
ALTER TABLE enrolment ADD COLUMN employer_id uuid REFERENCES organization;  -- NULL = none known
ALTER TABLE enrolment ADD COLUMN attribution int NOT NULL DEFAULT 0;        -- corrections so far
ALTER TABLE enrolment ALTER COLUMN organization_id DROP NOT NULL;
ALTER TABLE enrolment ADD CONSTRAINT enrolment_participant
  CHECK (num_nonnulls(organization_id, person_id) = 1) NOT VALID;  -- what is there was NOT NULL
ALTER TABLE enrolment ADD CONSTRAINT enrolment_employer
  CHECK (employer_id IS NULL OR person_id IS NOT NULL) NOT VALID;
-- As enrolment_living_or_offered, for persons.
CREATE UNIQUE INDEX enrolment_living_person ON enrolment (campaign_id, person_id)
  WHERE person_id IS NOT NULL AND state IN (1, 3, 4, 5, 6, 8);
CREATE INDEX enrolment_person ON enrolment (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX enrolment_employer_id ON enrolment (employer_id, id) WHERE employer_id IS NOT NULL;

-- Employments: a person has one on a day; her lock keeps it so.
CREATE INDEX affiliation_employment ON affiliation (person_id, start_date) WHERE role = 5;

-- Day of birth, sealed beside the year; and who answers for a child under fourteen, verified by
-- whom. A row is never changed but ended; a person has one that holds.
ALTER TABLE person ADD COLUMN birth_date_box bytea;
CREATE TABLE guardianship (
  id           uuid PRIMARY KEY,
  person_id    uuid NOT NULL REFERENCES person,
  guardian_id  uuid NOT NULL REFERENCES person,
  centre_id    uuid,                  -- the person's
  verification smallint NOT NULL,
  verified_at  timestamptz NOT NULL,
  verifier     text NOT NULL,
  ended_at     timestamptz,
  CHECK (person_id <> guardian_id)
);
CREATE UNIQUE INDEX guardianship_holds ON guardianship (person_id) WHERE ended_at IS NULL;
CREATE INDEX guardianship_person ON guardianship (person_id);
CREATE INDEX guardianship_guardian ON guardianship (guardian_id);
