-- To which centre a campaign, its enrolments, a person and her affiliations belong. NULL = the whole
-- suite's, as is everything recorded before. Organizations and reference data are everybody's.
ALTER TABLE campaign ADD COLUMN centre_id uuid REFERENCES organization;
ALTER TABLE enrolment ADD COLUMN centre_id uuid;  -- the campaign's
ALTER TABLE person ADD COLUMN centre_id uuid REFERENCES organization;
ALTER TABLE affiliation ADD COLUMN centre_id uuid;  -- the person's

-- What a centre lists is found in order; rows of the suite cost nothing here.
CREATE INDEX campaign_centre ON campaign (centre_id, id) WHERE centre_id IS NOT NULL;
CREATE INDEX enrolment_centre ON enrolment (centre_id, id) WHERE centre_id IS NOT NULL;
CREATE INDEX affiliation_centre ON affiliation (centre_id, id) WHERE centre_id IS NOT NULL;
