#include "services/casemgmt/references/consent_heard.h"

#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

base::Uuid KeyOf(const std::optional<base::Uuid>& receiver) {
  return receiver.value_or(base::Uuid());
}

}  // namespace

// An end has the revision of what it ends.
const db::Statement kKeep("consent_heard_keep", R"(
  INSERT INTO consent_heard AS known (person_id, purpose, receiver, revision, given, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (person_id, purpose, receiver) DO UPDATE
  SET revision = EXCLUDED.revision, given = EXCLUDED.given, expires_at = EXCLUDED.expires_at
  WHERE EXCLUDED.revision > known.revision
     OR (EXCLUDED.revision = known.revision AND NOT EXCLUDED.given))");

bool KeepConsent(db::Tx& tx, const HeardConsent& heard) {
  return tx.ExecCount(kKeep, heard.person, heard.purpose, KeyOf(heard.receiver), heard.revision,
                      heard.given, heard.expires_at) == 1;
}

// Of several records of a person each has said something of its own; one that says yes is enough,
// unless another one says no.
const db::Statement kHas("consent_heard_has", R"(
  SELECT bool_and(given AND (expires_at IS NULL OR expires_at > $4)) FROM consent_heard
  WHERE person_id IN (SELECT person_ids($1)) AND purpose = $2 AND receiver = $3)");

bool HasConsent(db::Tx& tx, const base::Uuid& person, registry::v1::ConsentPurpose purpose,
                absl::Time now, const std::optional<base::Uuid>& receiver) {
  const auto row = tx.ExecOptional(kHas, person, purpose, KeyOf(receiver), now);
  return row && !(*row)[0].is_null() && (*row)[0].as<bool>();
}

absl::Status RequireConsent(db::Tx& tx, const base::Uuid& person,
                            registry::v1::ConsentPurpose purpose, absl::Time now,
                            const std::optional<base::Uuid>& receiver) {
  if (HasConsent(tx, person, purpose, now, receiver)) return absl::OkStatus();
  constexpr std::string_view prefix = "CONSENT_PURPOSE_";
  const std::string word = registry::v1::ConsentPurpose_Name(purpose).substr(prefix.size());
  return base::Forbidden(v1::ERROR_REASON_CONSENT_MISSING,
                         "the person's consent is not known here; record it, and repeat this: it "
                         "may be on its way",
                         {{"purpose", word}});
}

const db::Statement kForget("consent_heard_forget",
                            "DELETE FROM consent_heard WHERE person_id = $1");
const db::Statement kForgetRevisions("consent_heard_forget_revisions",
                                     "UPDATE consent_heard SET revision = 0");

void ForgetConsents(db::Tx& tx, const base::Uuid& person) { tx.Exec(kForget, person); }

void ForgetConsentRevisions(db::Tx& tx) { tx.Exec(kForgetRevisions); }

}  // namespace ieum::casemgmt
