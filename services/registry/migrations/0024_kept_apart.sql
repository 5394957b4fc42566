-- Persons whose data are kept apart from those in use, because somebody holds what would be erased
-- otherwise (개인정보 보호법 제21조 제3항). To everybody they look erased: `person.erased_at` is set, and their
-- boxes open to nobody, for their keys lie in person_key_apart.

-- That they are, and why; none of their data. The records that were merged into one stand here, too.
CREATE TABLE person_apart (
  person_id   uuid PRIMARY KEY REFERENCES person,
  reason      smallint NOT NULL,           -- ErasureReason: why they would be erased
  rule_code   text NOT NULL DEFAULT '',    -- of retention; '' = none called for it
  search_keys int NOT NULL,                -- how many were kept
  kept_at     timestamptz NOT NULL,        -- business time
  keeper      text NOT NULL
);

-- By what they are found, as it stood in `person_match_key` and `person`. Reached by the functions
-- below alone, like person_key_apart.
CREATE TABLE person_match_key_apart (
  person_id uuid NOT NULL REFERENCES person,
  kind      smallint NOT NULL,
  hash      bytea NOT NULL,
  PRIMARY KEY (person_id, kind, hash)
);
CREATE TABLE person_index_apart (
  person_id   uuid PRIMARY KEY REFERENCES person,
  email_index bytea,
  phone_index bytea
);

-- Who looked at what is kept apart, or put it back, and why. Rows are only ever added, by the
-- functions below; with the data go the words of the reason.
CREATE TABLE person_apart_look (
  id        uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES person,
  put_back  boolean NOT NULL,       -- false = looked at
  looked_at timestamptz NOT NULL,   -- business time
  looker    text NOT NULL,
  reason    text NOT NULL CHECK (reason <> '')
);
CREATE INDEX person_apart_look_person ON person_apart_look (person_id, id);

-- How many keys of search went along.
CREATE FUNCTION keep_person_apart(whose uuid, since timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  found_by int;
BEGIN
  PERFORM public.person_key_keep_apart(whose, NULL, NULL);
  INSERT INTO public.person_match_key_apart (person_id, kind, hash)
  SELECT k.person_id, k.kind, k.hash FROM public.person_match_key k WHERE k.person_id = whose;
  GET DIAGNOSTICS found_by = ROW_COUNT;
  DELETE FROM public.person_match_key k WHERE k.person_id = whose;
  INSERT INTO public.person_index_apart (person_id, email_index, phone_index)
  SELECT p.id, p.email_index, p.phone_index FROM public.person p WHERE p.id = whose;
  UPDATE public.person p SET email_index = NULL, phone_index = NULL, erased_at = since
   WHERE p.id = whose;
  RETURN found_by;
END $$;

CREATE FUNCTION put_person_back(whose uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM public.person_key_put_back(whose);
  INSERT INTO public.person_match_key (kind, hash, person_id)
  SELECT a.kind, a.hash, a.person_id FROM public.person_match_key_apart a
   WHERE a.person_id = whose;
  DELETE FROM public.person_match_key_apart a WHERE a.person_id = whose;
  UPDATE public.person p SET email_index = a.email_index, phone_index = a.phone_index, erased_at = NULL
    FROM public.person_index_apart a WHERE a.person_id = whose AND p.id = whose;
  DELETE FROM public.person_index_apart a WHERE a.person_id = whose;
END $$;

CREATE FUNCTION note_person_apart_look(look uuid, whose uuid, back boolean, at_time timestamptz,
                                       who text, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO public.person_apart_look (id, person_id, put_back, looked_at, looker, reason)
  VALUES (look, whose, back, at_time, who, why);
END $$;

-- The wrapped key for a look that was written down, and for none that was not; NULL = not kept apart.
CREATE FUNCTION person_key_of_look(look uuid) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT a.wrapped FROM public.person_apart_look l
    JOIN public.person_key_apart a ON a.person_id = l.person_id
   WHERE l.id = look AND NOT l.put_back
$$;

-- With a person's key goes what was kept apart of her, whoever destroys it.
CREATE FUNCTION forget_person_apart() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DELETE FROM public.person_match_key_apart a WHERE a.person_id = NEW.person_id;
  DELETE FROM public.person_index_apart a WHERE a.person_id = NEW.person_id;
  DELETE FROM public.person_apart a WHERE a.person_id = NEW.person_id;
  UPDATE public.person_apart_look l SET reason = '(erased)' WHERE l.person_id = NEW.person_id;
  RETURN NULL;
END $$;
CREATE TRIGGER person_key_destroyed_person_apart AFTER UPDATE OF wrapped ON person_key FOR EACH ROW
  WHEN (OLD.wrapped IS NOT NULL AND NEW.wrapped IS NULL) EXECUTE FUNCTION forget_person_apart();
