-- To which centre a fact belongs: its event says so. NULL = the whole suite's. It follows from the
-- fields, so that neither the consumer nor a rebuild can forget it; a test compares these names with
-- the contracts. What is no id is none.
ALTER TABLE fact ADD COLUMN centre_id uuid GENERATED ALWAYS AS (substring(coalesce(
  fields ->> 'engagement.centre_id', fields ->> 'application.centre_id',
  fields ->> 'enrolment.centre_id', fields ->> 'campaign.centre_id', fields ->> 'message.centre_id',
  fields ->> 'reminder.centre_id', fields ->> 'centre_id')
  FROM '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$')::uuid) STORED;

-- Figures ask for facts of a type, a centre's for its own.
CREATE INDEX fact_type_centre ON fact (generation, type, centre_id);
DROP INDEX fact_type;
