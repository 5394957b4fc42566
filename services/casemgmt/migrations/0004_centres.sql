-- To which centre an engagement, its visits and its forms belong: the campaign's. NULL = the whole
-- suite's, as is everything recorded before.
ALTER TABLE campaign_reference ADD COLUMN centre_id uuid;
ALTER TABLE engagement ADD COLUMN centre_id uuid;
ALTER TABLE visit ADD COLUMN centre_id uuid;
ALTER TABLE application ADD COLUMN centre_id uuid;

-- What a centre lists is found in order; rows of the suite cost nothing here.
CREATE INDEX engagement_centre ON engagement (centre_id, id) WHERE centre_id IS NOT NULL;
CREATE INDEX visit_centre ON visit (centre_id, id) WHERE centre_id IS NOT NULL;
CREATE INDEX application_centre ON application (centre_id, id) WHERE centre_id IS NOT NULL;
