-- What appointments are for, which nobody is told: who sees the case or the group sees them. Those of
-- before of groups stay without it. An appointment's id is random and stands in the row of its session;
-- those of a group's session come from a random seed, which nobody is told either. NULL = planned before
-- this, and what was booked of it keeps its id.

ALTER TABLE group_session ADD COLUMN appointment_seed uuid;
ALTER TABLE appointment ADD COLUMN case_id uuid REFERENCES casefile (id);
ALTER TABLE appointment ADD COLUMN group_id uuid REFERENCES peer_group (id);
UPDATE appointment p SET case_id = s.case_id FROM case_session s WHERE s.appointment_id = p.id;
