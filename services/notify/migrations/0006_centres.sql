-- To which centre a reminder and its messages belong: the facts of its events say so. NULL = the whole
-- suite's. It follows from the facts, so that no writer can forget it; a test compares these names with
-- the contracts. What is no id is none.
ALTER TABLE reminder ADD COLUMN centre_id uuid GENERATED ALWAYS AS (substring(coalesce(
  nullif(facts ->> 'engagement_centre_id', ''), nullif(facts ->> 'application_centre_id', ''),
  nullif(facts ->> 'enrolment_centre_id', ''), nullif(facts ->> 'campaign_centre_id', ''),
  nullif(facts ->> 'centre_id', ''))
  FROM '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$')::uuid) STORED;
ALTER TABLE message ADD COLUMN centre_id uuid GENERATED ALWAYS AS (substring(coalesce(
  nullif(facts ->> 'engagement_centre_id', ''), nullif(facts ->> 'application_centre_id', ''),
  nullif(facts ->> 'enrolment_centre_id', ''), nullif(facts ->> 'campaign_centre_id', ''),
  nullif(facts ->> 'centre_id', ''))
  FROM '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$')::uuid) STORED;

-- What a centre lists is found in order; rows of the suite cost nothing here.
CREATE INDEX reminder_centre ON reminder (centre_id, due_at, id) WHERE centre_id IS NOT NULL;
CREATE INDEX message_centre ON message (centre_id, due_at, id) WHERE centre_id IS NOT NULL;

-- The balance of each rule, day and centre.
CREATE OR REPLACE VIEW balance AS
WITH plan AS (
  SELECT rule_code, due_date, centre_id,
         CASE WHEN state = 2 THEN message_count ELSE 1 END AS planned,
         (state = 3)::int AS skipped, (state = 4)::int AS cancelled, (state = 1)::int AS pending
  FROM reminder
  UNION ALL
  SELECT n.rule_code, n.due_date, r.centre_id, 1, 0, 0, 0
  FROM change_notice n JOIN reminder r ON r.id = n.reminder_id
), planned AS (
  SELECT rule_code, due_date, centre_id, sum(planned) AS planned, sum(skipped) AS skipped,
         sum(cancelled) AS cancelled, sum(pending) AS pending
  FROM plan GROUP BY rule_code, due_date, centre_id
), became AS (
  SELECT rule_code, due_date, centre_id,
         count(*) FILTER (WHERE state = 3) AS handed_over,
         count(*) FILTER (WHERE state = 5) AS suppressed,
         count(*) FILTER (WHERE state = 6) AS expired,
         count(*) FILTER (WHERE state = 7) AS cancelled,
         count(*) FILTER (WHERE state IN (1, 2)) AS pending,
         count(*) FILTER (WHERE state = 4) AS in_doubt
  FROM message GROUP BY rule_code, due_date, centre_id
), line AS (
  SELECT coalesce(p.rule_code, b.rule_code) AS rule_code,
         coalesce(p.due_date, b.due_date) AS due_date,
         coalesce(p.planned, 0) AS planned,
         coalesce(b.handed_over, 0) AS handed_over,
         coalesce(b.suppressed, 0) AS suppressed,
         coalesce(b.expired, 0) AS expired,
         coalesce(p.skipped, 0) AS skipped,
         coalesce(p.cancelled, 0) + coalesce(b.cancelled, 0) AS cancelled,
         coalesce(p.pending, 0) + coalesce(b.pending, 0) AS pending,
         coalesce(b.in_doubt, 0) AS in_doubt,
         coalesce(p.centre_id, b.centre_id) AS centre_id
  FROM planned p
  FULL JOIN became b ON b.rule_code = p.rule_code AND b.due_date = p.due_date
                    AND b.centre_id IS NOT DISTINCT FROM p.centre_id
)
SELECT rule_code, due_date, planned, handed_over, suppressed, expired, skipped, cancelled, pending,
       in_doubt,
       planned = handed_over + suppressed + expired + skipped + cancelled + pending + in_doubt
         AS balanced,
       centre_id
FROM line;
