-- The same centres, told ten times as fast: a pattern that has to say where it matched cost more than
-- the rest of the row.
CREATE FUNCTION centre_said(said text) RETURNS uuid
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF said LIKE '________-____-____-____-____________'
     AND translate(said, '0123456789abcdef', '') = '----' THEN
    RETURN said::uuid;
  END IF;
  RETURN NULL;
END $$;

ALTER TABLE fact DROP COLUMN centre_id;
ALTER TABLE fact ADD COLUMN centre_id uuid GENERATED ALWAYS AS (centre_said(coalesce(
  fields ->> 'engagement.centre_id', fields ->> 'application.centre_id',
  fields ->> 'enrolment.centre_id', fields ->> 'campaign.centre_id', fields ->> 'message.centre_id',
  fields ->> 'reminder.centre_id', fields ->> 'centre_id'))) STORED;
CREATE INDEX fact_type_centre ON fact (generation, type, centre_id);
