-- Keys that mean one person, by the events that join and part them: whom a key means, in any depth, as was
-- known at an instant (NULL = as is known now). Records of people that registry merged and tokens of people
-- that casemgmt joined are told in the same shape. They are few; they are read once for a figure.
CREATE FUNCTION joined_keys(of_generation smallint, joins text, parts text, lost_field text, won_field text,
                            joining_field text, known_by timestamptz)
RETURNS TABLE (lost text, won text)
LANGUAGE sql STABLE ROWS 100 AS $$
  WITH RECURSIVE held AS (
    SELECT m.fields ->> lost_field AS lost, m.fields ->> won_field AS won
    FROM fact m
    WHERE m.generation = of_generation AND m.type = joins
      AND (known_by IS NULL OR m.occurred_at <= known_by)
      AND NOT EXISTS (
        SELECT 1 FROM fact u
        WHERE u.generation = of_generation AND u.type = parts
          AND (known_by IS NULL OR u.occurred_at <= known_by)
          AND u.fields ->> joining_field = m.fields ->> joining_field)
  ), chain AS (
    SELECT lost, won FROM held
    UNION
    SELECT c.lost, h.won FROM chain c JOIN held h ON h.lost = c.won)
  SELECT c.lost, c.won FROM chain c WHERE NOT EXISTS (SELECT 1 FROM held h WHERE h.lost = c.won)
$$;
