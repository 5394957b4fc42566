-- What kind of message a text is by law, and for which channel it is worded. What was written before this
-- file, or by a program that says neither, is a notice by e-mail: nothing else could be written.
ALTER TABLE template_version
  ADD COLUMN law_class smallint NOT NULL DEFAULT 1,  -- LawClass
  ADD COLUMN channel   smallint NOT NULL DEFAULT 1;  -- Channel
