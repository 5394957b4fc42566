#include "services/registry/consents/consent_store.h"

namespace ieum::registry {
namespace {

// Columns of a row, in the order in which they are read.
#define CONSENT_COLUMNS                                                                      \
  "c.id, c.person_id, c.centre_id, c.purpose, c.recipient_id, c.revision, c.state, "         \
  "c.text_id, c.act_id, c.channel, c.decided_at, c.recorded_at, c.recorder, c.guardian_id, " \
  "c.expires_at, h.consent_id IS NOT NULL"
constexpr int kCurrentColumn = 15;

#define CONSENT_FROM "consent c LEFT JOIN consent_head h ON h.consent_id = c.id"

#define HEAD_COLUMNS                                                                       \
  "h.person_id, h.purpose, h.recipient_id, h.consent_id, h.revision, h.state, h.text_id, " \
  "h.decided_at, h.expires_at, h.confirmations"

const db::Statement kInsert("consent_insert", R"(
  INSERT INTO consent (id, person_id, centre_id, purpose, recipient_id, revision, state, text_id,
                       act_id, channel, decided_at, recorded_at, recorder, guardian_id, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::timestamptz, $12::timestamptz, $13, $14,
          $15::timestamptz)
  ON CONFLICT (id) DO NOTHING)");

const db::Statement kPutHead("consent_head_put", R"(
  INSERT INTO consent_head (person_id, purpose, recipient_id, consent_id, revision, state, text_id,
                            decided_at, expires_at, due_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8::timestamptz, $9::timestamptz, $10::timestamptz)
  ON CONFLICT (person_id, purpose, recipient_id) DO UPDATE SET
    consent_id = excluded.consent_id, revision = excluded.revision, state = excluded.state,
    text_id = excluded.text_id, decided_at = excluded.decided_at, expires_at = excluded.expires_at,
    confirmations = 0, due_at = excluded.due_at)");

const db::Statement kSaveConfirmations("consent_head_confirmations", R"(
  UPDATE consent_head SET confirmations = $2, due_at = $3::timestamptz WHERE consent_id = $1)");

const db::Statement kFindHeads("consent_head_find", "SELECT " HEAD_COLUMNS R"(
  FROM consent_head h WHERE h.person_id = ANY($1::uuid[])
  ORDER BY h.person_id, h.purpose, h.recipient_id)");

const db::Statement kFindStanding("consent_head_find_standing", "SELECT " HEAD_COLUMNS R"(,
    r.person_id
  FROM person_records($1::uuid[]) r JOIN consent_head h ON h.person_id = r.record_id
  ORDER BY r.person_id, h.purpose, h.recipient_id, h.person_id)");
constexpr int kPersonColumn = 10;

const db::Statement kDue("consent_head_due", "SELECT " HEAD_COLUMNS R"(
  FROM consent_head h WHERE h.due_at <= $1::timestamptz ORDER BY h.due_at, h.consent_id LIMIT $2)");

const db::Statement kCountDue("consent_head_count_due", R"(
  SELECT count(*) FROM consent_head WHERE due_at <= $1::timestamptz)");

const db::Statement kFindView("consent_find_view",
                              "SELECT " CONSENT_COLUMNS " FROM " CONSENT_FROM R"(
  WHERE c.id = $1 AND ($2::boolean OR c.centre_id = ANY($3::uuid[])))");

const db::Statement kFindAct("consent_find_act", "SELECT " CONSENT_COLUMNS " FROM " CONSENT_FROM R"(
  WHERE c.act_id = $1 AND ($2::boolean OR c.centre_id = ANY($3::uuid[]))
  ORDER BY c.purpose, c.recipient_id NULLS FIRST)");

// How the head's key says that a matter has no recipient.
base::Uuid KeyOf(const std::optional<base::Uuid>& recipient) {
  return recipient.value_or(base::Uuid());
}

ConsentHead ReadHead(const db::Row& row) {
  ConsentHead head;
  head.person_id = db::AsUuid(row[0]);
  head.matter.purpose = static_cast<v1::ConsentPurpose>(row[1].as<int>());
  const base::Uuid recipient = db::AsUuid(row[2]);
  if (!recipient.nil()) head.matter.recipient = recipient;
  head.consent_id = db::AsUuid(row[3]);
  head.revision = row[4].as<int>();
  head.state = static_cast<v1::ConsentState>(row[5].as<int>());
  head.text_id = db::AsUuid(row[6]);
  head.decided_at = db::AsTime(row[7]);
  head.expires_at = db::AsOptionalTime(row[8]);
  head.confirmations = row[9].as<int>();
  return head;
}

std::vector<ConsentHead> ReadHeads(const db::Rows& rows) {
  std::vector<ConsentHead> heads;
  for (const auto& row : rows) heads.push_back(ReadHead(row));
  return heads;
}

}  // namespace

bool AddEntry(db::Tx& tx, const Consent& entry) {
  if (!tx.ExecOne(kInsert, entry.id, entry.person_id, entry.centre, entry.matter.purpose,
                  entry.matter.recipient, entry.revision, entry.state, entry.text_id, entry.act_id,
                  entry.channel, entry.decided_at, entry.recorded_at, entry.recorder,
                  entry.guardian, entry.expires_at)) {
    return false;
  }
  tx.ExecLater(kPutHead, entry.person_id, entry.matter.purpose, KeyOf(entry.matter.recipient),
               entry.id, entry.revision, entry.state, entry.text_id, entry.decided_at,
               entry.expires_at, DueAt(HeadOf(entry)));
  return true;
}

void SaveConfirmations(db::Tx& tx, const ConsentHead& head) {
  tx.ExecLater(kSaveConfirmations, head.consent_id, head.confirmations, DueAt(head));
}

std::vector<ConsentHead> FindHeads(db::Tx& tx, const std::vector<base::Uuid>& persons) {
  return ReadHeads(tx.Exec(kFindHeads, db::ArrayOf(persons)));
}

std::vector<ConsentHead> FindStandingHeads(db::Tx& tx, const std::vector<base::Uuid>& persons,
                                           absl::Time now) {
  std::vector<ConsentHead> heads;
  for (const auto& row : tx.Exec(kFindStanding, db::ArrayOf(persons))) {
    ConsentHead head = ReadHead(row);
    head.person_id = db::AsUuid(row[kPersonColumn]);
    const bool same = !heads.empty() && heads.back().person_id == head.person_id &&
                      heads.back().matter == head.matter;
    if (!same) {
      heads.push_back(std::move(head));
    } else if (CountsOver(head, heads.back(), now)) {
      heads.back() = std::move(head);
    }
  }
  return heads;
}

std::vector<ConsentHead> DueHeads(db::Tx& tx, absl::Time now, int limit) {
  return ReadHeads(tx.Exec(kDue, now, limit));
}

int64_t CountDueHeads(db::Tx& tx, absl::Time now) {
  return tx.Exec(kCountDue, now)[0][0].as<int64_t>();
}

std::optional<ConsentView> FindConsentView(db::Tx& tx, const base::Scope& scope,
                                           const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFindView, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadConsentView(*row);
}

std::vector<ConsentView> FindAct(db::Tx& tx, const base::Scope& scope, const base::Uuid& act) {
  std::vector<ConsentView> views;
  for (const auto& row : tx.Exec(kFindAct, act, scope.everywhere(), scope.AsArray())) {
    views.push_back(ReadConsentView(row));
  }
  return views;
}

const filter::ListSpec& ConsentList() {
  static const auto* spec = new filter::ListSpec{
      .columns = CONSENT_COLUMNS,
      .from = "consent c LEFT JOIN consent_head h ON h.consent_id = c.id",
      .fields = {{"name", filter::Uuid("c.id").NotNull()},
                 {"purpose", filter::Enum<v1::ConsentPurpose>("c.purpose").NotNull()},
                 {"state", filter::Enum<v1::ConsentState>("c.state").NotNull()},
                 {"current", filter::Bool("(h.consent_id IS NOT NULL)").NotNull()},
                 {"recipient", filter::Resource("c.recipient_id", "organizations/{}")},
                 {"consent_text", filter::Resource("c.text_id", "consentTexts/{}").NotNull()},
                 {"channel", filter::Enum<v1::ConsentChannel>("c.channel").NotNull()},
                 {"decide_time", filter::Timestamp("c.decided_at").NotNull()},
                 {"expire_time", filter::Timestamp("c.expires_at")},
                 {"record_time", filter::Timestamp("c.recorded_at").NotNull()},
                 {"centre", filter::Resource("c.centre_id", "organizations/{}")}},
      .key = "name",
      .centres = {"c.centre_id"}};
  return *spec;
}

ConsentView ReadConsentView(const db::Row& row) {
  ConsentView view;
  Consent& consent = view.consent;
  consent.id = db::AsUuid(row[0]);
  consent.person_id = db::AsUuid(row[1]);
  consent.centre = db::AsOptionalUuid(row[2]);
  consent.matter.purpose = static_cast<v1::ConsentPurpose>(row[3].as<int>());
  consent.matter.recipient = db::AsOptionalUuid(row[4]);
  consent.revision = row[5].as<int>();
  consent.state = static_cast<v1::ConsentState>(row[6].as<int>());
  consent.text_id = db::AsUuid(row[7]);
  consent.act_id = db::AsUuid(row[8]);
  consent.channel = static_cast<v1::ConsentChannel>(row[9].as<int>());
  consent.decided_at = db::AsTime(row[10]);
  consent.recorded_at = db::AsTime(row[11]);
  consent.recorder = db::AsText(row[12]);
  consent.guardian = db::AsOptionalUuid(row[13]);
  consent.expires_at = db::AsOptionalTime(row[14]);
  view.current = row[kCurrentColumn].as<bool>();
  return view;
}

}  // namespace ieum::registry
