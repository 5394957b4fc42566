-- Mails that the mail server is known to have although the ledger does not know it: they went out after
-- the backup that this database came back from. Filled by an operator, from the mail server's log, while
-- no mail goes out.
CREATE TABLE sent_before (
  message_id uuid PRIMARY KEY,           -- local part of the mail's Message-ID
  noted_at   timestamptz NOT NULL DEFAULT now()
);
