-- A program of an older release that runs beside this one seals a person anew and leaves her match keys
-- as they are. What names `full_name_box` and not `match_form` makes the form negative, -1 - form: less
-- than any, so that the next scan makes her keys. The triggers run in the order of their names.
CREATE FUNCTION person_sealed_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.match_form := -1 - NEW.match_form;
  RETURN NEW;
END $$;
CREATE TRIGGER person_match_form_1_sealed BEFORE UPDATE OF full_name_box ON person FOR EACH ROW
  WHEN (NEW.match_form >= 0) EXECUTE FUNCTION person_sealed_anew();
CREATE TRIGGER person_match_form_2_said BEFORE UPDATE OF match_form ON person FOR EACH ROW
  WHEN (NEW.match_form < 0) EXECUTE FUNCTION person_sealed_anew();
