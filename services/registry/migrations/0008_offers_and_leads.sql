-- Offers: a seat that became free is held for the first who waits until an instant. `seats_taken`
-- counts held seats too, so that an older program, which knows no offers, does not sell them.
ALTER TABLE campaign ADD COLUMN offer_hours int NOT NULL DEFAULT 0 CHECK (offer_hours >= 0);
ALTER TABLE campaign ADD COLUMN offered int NOT NULL DEFAULT 0
  CHECK (offered >= 0 AND offered <= seats_taken);

ALTER TABLE enrolment ADD COLUMN offered_until timestamptz;  -- of its offer; NULL = never offered
ALTER TABLE enrolment ADD COLUMN evidence jsonb;  -- EligibilityEvidence; NULL = of before it was kept
ALTER TABLE enrolment ADD CONSTRAINT enrolment_offered
  CHECK (state <> 8 OR offered_until IS NOT NULL);
-- As enrolment_living, which older programs rely on, with those that were offered a seat.
CREATE UNIQUE INDEX enrolment_living_or_offered ON enrolment (campaign_id, organization_id)
  WHERE state IN (1, 3, 4, 5, 6, 8);
CREATE INDEX enrolment_offer_ends ON enrolment (offered_until, id) WHERE state = 8;

-- Firms that may take part in a coming edition.
CREATE TABLE lead (
  id                 uuid PRIMARY KEY,
  organization_id    uuid NOT NULL REFERENCES organization,
  programme          text NOT NULL,
  edition            text NOT NULL,
  task               smallint NOT NULL,            -- 0 = not said
  source_code        text NOT NULL DEFAULT '',
  source             text NOT NULL DEFAULT '',     -- a resource name, of another service too
  source_campaign_id uuid REFERENCES campaign,     -- when it is a campaign
  contact_person_id  uuid REFERENCES person,
  state              smallint NOT NULL,
  contact_due_date   date,                         -- NULL = nothing signed
  due_told_at        timestamptz,                  -- when the due day was told
  campaign_id        uuid REFERENCES campaign,     -- of its enrolment
  enrolment_id       uuid REFERENCES enrolment,
  centre_id          uuid REFERENCES organization, -- NULL = the whole suite's
  created_at         timestamptz NOT NULL,
  updated_at         timestamptz NOT NULL,
  CHECK ((enrolment_id IS NOT NULL) = (state = 4)),
  CHECK ((enrolment_id IS NULL) = (campaign_id IS NULL)),
  CHECK (state NOT IN (2, 3, 4) OR contact_due_date IS NOT NULL)
);
-- One open lead of a firm, programme and edition in a centre.
CREATE UNIQUE INDEX lead_open ON lead (organization_id, programme, edition,
  coalesce(centre_id, '00000000-0000-0000-0000-000000000000')) WHERE state IN (1, 2, 3);
CREATE INDEX lead_organization ON lead (organization_id, id);
CREATE INDEX lead_edition ON lead (programme, edition, id);
CREATE INDEX lead_centre ON lead (centre_id, id) WHERE centre_id IS NOT NULL;
CREATE INDEX lead_contact_due ON lead (contact_due_date, id)
  WHERE state = 2 AND due_told_at IS NULL;
CREATE INDEX lead_contact_person ON lead (contact_person_id) WHERE contact_person_id IS NOT NULL;

CREATE TABLE lead_transition (
  lead_id     uuid NOT NULL REFERENCES lead,
  step        smallint NOT NULL,
  state       smallint NOT NULL,
  day         date NOT NULL,
  channel     smallint NOT NULL DEFAULT 0,
  loss_reason smallint NOT NULL DEFAULT 0,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (lead_id, step)
);
