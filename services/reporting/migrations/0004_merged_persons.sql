-- Records of people that registry has merged, by its events: whom a person's id means, in any depth. What
-- counts people counts her once. Merges are few; they are read once for a figure.
CREATE FUNCTION merged_persons(of_generation smallint) RETURNS TABLE (person text, survivor text)
LANGUAGE sql STABLE ROWS 100 AS $$
  WITH RECURSIVE held AS (
    SELECT m.fields ->> 'duplicate_person_id' AS lost, m.fields ->> 'survivor_person_id' AS won
    FROM fact m
    WHERE m.generation = of_generation AND m.type = 'ieum.registry.v1.PersonsMerged'
      AND NOT EXISTS (
        SELECT 1 FROM fact u
        WHERE u.generation = of_generation AND u.type = 'ieum.registry.v1.PersonsUnmerged'
          AND u.fields ->> 'merge_id' = m.fields ->> 'merge_id')
  ), chain AS (
    SELECT lost, won FROM held
    UNION
    SELECT c.lost, h.won FROM chain c JOIN held h ON h.lost = c.won)
  SELECT c.lost, c.won FROM chain c WHERE NOT EXISTS (SELECT 1 FROM held h WHERE h.lost = c.won)
$$;
