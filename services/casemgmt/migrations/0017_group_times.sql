-- Earlier times of those who left a group and came again; the last one stands in group_member. Kept by
-- the database, so that a program of an older release keeps them, too.

CREATE TABLE group_member_time (
  member_id  uuid NOT NULL REFERENCES group_member (id),
  joins      int NOT NULL,                     -- which time it was, from 1
  join_date  date NOT NULL,
  leave_date date NOT NULL,                    -- the first day without her
  PRIMARY KEY (member_id, joins)
);

CREATE FUNCTION group_member_time_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO group_member_time (member_id, joins, join_date, leave_date)
  VALUES (OLD.id, OLD.joins, OLD.join_date, OLD.leave_date)
  ON CONFLICT (member_id, joins) DO NOTHING;
  RETURN NEW;
END $$;

CREATE TRIGGER group_member_time_kept BEFORE UPDATE ON group_member FOR EACH ROW
  WHEN (OLD.join_date IS NOT NULL AND OLD.leave_date IS NOT NULL
        AND (NEW.join_date, NEW.joins) IS DISTINCT FROM (OLD.join_date, OLD.joins))
  EXECUTE FUNCTION group_member_time_keep();
