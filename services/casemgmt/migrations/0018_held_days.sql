-- A hold does not begin before what was done that waits in a hold, and what is recorded behind a hold
-- of a day before it is due as much later. What ended with a case is told by its row; NULL = open, or
-- closed by a program of before.

ALTER TABLE casefile ADD COLUMN hold_began date;       -- first day of the last hold that is over
ALTER TABLE casefile ADD COLUMN last_act_date date;    -- of what left the case where it stands
ALTER TABLE casefile ADD COLUMN ended_sessions int;
ALTER TABLE casefile ADD COLUMN ended_appointments int;
ALTER TABLE casefile ADD COLUMN ended_referrals int;
ALTER TABLE casefile ADD COLUMN ended_tasks int;
ALTER TABLE casefile ADD COLUMN planned_checks int;
