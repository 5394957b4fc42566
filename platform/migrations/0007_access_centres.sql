-- Which centre is below which: who acts for the upper one acts for the lower one, too. As registry's
-- events tell it, one row each, and in registry itself as its commands write it; the row of a centre
-- with the highest position holds. Rows are kept, so that a ledger that lost its end is heeded.
CREATE TABLE access_centre (
  id        uuid NOT NULL,
  pos       bigint NOT NULL DEFAULT 0,  -- of the event in its shard of registry's ledger; 0 = here
  parent_id uuid,                       -- NULL = below none
  PRIMARY KEY (id, pos)
);
