// Firms of a chunk. What a number is of is asked once for all rows; from then on what the rows
// before have made counts as known.
#include <map>
#include <set>

#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "services/registry/changes/sensitive_fields.h"
#include "services/registry/changes/sensitive_store.h"
#include "services/registry/imports/import_rows.h"
#include "services/registry/organizations/facts.h"
#include "services/registry/organizations/organization_batch_store.h"
#include "services/registry/organizations/organization_commands.h"
#include "services/registry/reference/reference_store.h"

namespace ieum::registry {
namespace {

constexpr char kKind[] = "organization";
constexpr char kNumberField[] = "organization.business_registration_number";
constexpr char kCodeField[] = "organization.external_code";

// A row as it was read; `refused` is set when its own fields do not allow it.
struct FirmRow {
  int64_t number = 0;
  Organization organization;  // as a new one
  std::optional<v1::OrganizationFacts> facts;
  absl::CivilDay day;  // of the facts
  std::optional<RowResult> refused;
};

absl::Status RequireImportable(const v1::Organization& wanted) {
  if (wanted.kind() != v1::ORGANIZATION_KIND_FIRM) {
    return base::InvalidField(v1::ERROR_REASON_ORGANIZATION_KIND, "organization.kind",
                              "must be a firm");
  }
  if (!wanted.parent().empty()) {
    return base::InvalidField("INVALID_FIELD", "organization.parent",
                              "must be empty: a part of a firm is registered by itself");
  }
  return absl::OkStatus();
}

FirmRow ReadRow(const ImportJob& job, const v1::RowToImport& wire, absl::Time now,
                base::FieldErrors* errors) {
  FirmRow row;
  row.number = wire.number();
  RegisterOrganizationInput input;
  input.kind = wire.organization().kind();
  input.display_name = wire.organization().display_name();
  input.business_number = wire.organization().business_registration_number();
  input.external_code = wire.organization().external_code();
  row.organization = Described(RowId(job.id, row.number), input, now, errors);
  errors->Add(RequireImportable(wire.organization()));
  if (!wire.has_facts()) return row;
  row.facts = wire.facts();
  const auto day = FactsDay(*row.facts, "facts");
  if (day.ok()) row.day = *day;
  errors->Add(day.status());
  return row;
}

// All rows, with facts that are judged on their own days.
std::vector<FirmRow> ReadRows(db::Tx& tx, const ImportJob& job, const RowsToImport& wire,
                              absl::Time now) {
  std::vector<FirmRow> rows;
  std::vector<base::FieldErrors> errors(wire.size());
  for (int at = 0; at < wire.size(); ++at) {
    if (wire[at].has_unreadable()) {
      RowResult refused{wire[at].number(), v1::IMPORT_OUTCOME_REFUSED};
      refused.field = wire[at].unreadable().field();
      refused.error_reason = wire[at].unreadable().error_reason();
      rows.push_back({.number = wire[at].number(), .refused = std::move(refused)});
    } else {
      rows.push_back(ReadRow(job, wire[at], now, &errors[at]));
    }
  }
  std::vector<CodesAsked> asked;
  std::vector<size_t> askers;
  for (size_t at = 0; at < rows.size(); ++at) {
    if (!rows[at].facts || !errors[at].empty()) continue;
    asked.push_back({&*rows[at].facts, rows[at].day});
    askers.push_back(at);
  }
  const std::vector<CodeFindings> codes = FindCodes(tx, asked);
  for (size_t at = 0; at < askers.size(); ++at) {
    FirmRow& row = rows[askers[at]];
    CheckFacts(*row.facts, codes[at], row.day, "facts", &errors[askers[at]]);
    row.facts->set_valid_from(base::FormatDay(row.day));
    row.facts = CompleteFacts(*std::move(row.facts), codes[at]);
  }
  for (size_t at = 0; at < rows.size(); ++at) {
    if (!errors[at].empty()) rows[at].refused = Refused(rows[at].number, errors[at].ToStatus());
  }
  return rows;
}

// What is known of a firm, what this chunk has made of it included.
struct Known {
  Organization organization;
  int64_t version = 0;
  bool fresh = false;    // made by this chunk
  bool changed = false;  // by this chunk
};

class FirmChunk {
 public:
  FirmChunk(ledger::UnitOfWork& work, const ImportJob& job, std::vector<FirmRow> rows)
      : work_(work), job_(job), rows_(std::move(rows)) {}

  // Locks, and loads what the rows are held beside.
  void Load(const base::Uuid& chunk);
  std::vector<RowResult> Decide();
  void Write();

 private:
  std::vector<std::string> Numbers() const;
  void LoadFacts();
  RowResult DecideRow(const FirmRow& row);
  RowResult Register(const FirmRow& row);
  RowResult Meet(const FirmRow& row, Known* known);
  bool SaysNothingNew(const FirmRow& row, const Known& known) const;
  bool FactsAreNew(const FirmRow& row, const Known& known) const;
  void Record(const FirmRow& row, Known* known);

  ledger::UnitOfWork& work_;
  const ImportJob& job_;
  std::vector<FirmRow> rows_;
  std::map<std::string, Known> known_;                 // by number
  std::map<std::string, base::Uuid> codes_;            // external codes that somebody has
  std::map<FactsPlace, v1::OrganizationFacts> facts_;  // of the days that rows speak of
  std::map<FactsPlace, int64_t> recorded_;             // by this chunk, and as which version
  Sensitive sensitive_;                                // of firms
};

std::vector<std::string> FirmChunk::Numbers() const {
  std::set<std::string> numbers;
  for (const FirmRow& row : rows_) {
    if (!row.refused) numbers.insert(row.organization.business_number);
  }
  return {numbers.begin(), numbers.end()};
}

void FirmChunk::Load(const base::Uuid& chunk) {
  db::Tx& tx = work_.tx();
  const std::vector<std::string> numbers = Numbers();
  const auto owners = FindClaims(tx, Claim::kBusinessNumber, numbers);
  std::vector<base::Uuid> ids;
  for (const auto& [number, id] : owners) ids.push_back(id);
  std::vector<base::Uuid> locked = ids;
  locked.push_back(chunk);
  work_.Lock(std::move(locked));
  std::set<std::string> codes;
  for (const FirmRow& row : rows_) {
    if (!row.refused && !row.organization.external_code.empty()) {
      codes.insert(row.organization.external_code);
    }
  }
  codes_ = FindClaims(tx, Claim::kExternalCode, {codes.begin(), codes.end()});
  if (ids.empty()) return;
  sensitive_ = FindSensitive(tx, std::nullopt);
  // Somebody may have changed a number before the lock was taken.
  if (FindClaims(tx, Claim::kBusinessNumber, numbers) != owners) db::Conflict();
  for (auto& [id, organization] : FindOrganizations(tx, ids)) {
    known_[organization.business_number] = {organization, work_.Version(id)};
  }
  LoadFacts();
}

void FirmChunk::LoadFacts() {
  std::vector<FactsPlace> places;
  for (const FirmRow& row : rows_) {
    if (row.refused || !row.facts) continue;
    const auto known = known_.find(row.organization.business_number);
    if (known != known_.end()) places.emplace_back(known->second.organization.id, row.day);
  }
  facts_ = FindFacts(work_.tx(), places);
}

std::vector<RowResult> FirmChunk::Decide() {
  std::vector<RowResult> results;
  for (const FirmRow& row : rows_) {
    results.push_back(row.refused ? *row.refused : DecideRow(row));
  }
  return results;
}

RowResult FirmChunk::DecideRow(const FirmRow& row) {
  const auto known = known_.find(row.organization.business_number);
  RowResult result = known == known_.end() ? Register(row) : Meet(row, &known->second);
  result.number = row.number;
  return result;
}

RowResult FirmChunk::Register(const FirmRow& row) {
  const Organization& organization = row.organization;
  const std::string& code = organization.external_code;
  if (!code.empty() && !codes_.emplace(code, organization.id).second) {
    return Refused(row.number, base::InvalidField(v1::ERROR_REASON_EXTERNAL_CODE_TAKEN, kCodeField,
                                                  "another organization has this code"));
  }
  known_[organization.business_number] = {organization, 1, true, true};
  if (row.facts) {
    const FactsPlace place(organization.id, row.day);
    facts_[place] = *row.facts;
    recorded_[place] = 1;
  }
  work_.Append(organization.id, kKind, OrganizationName(organization.id),
               RegisteredEvent(organization, row.facts, base::KoreaDay(work_.now())));
  return {.outcome = v1::IMPORT_OUTCOME_CREATED, .organization = organization.id};
}

bool FirmChunk::FactsAreNew(const FirmRow& row, const Known& known) const {
  if (!row.facts) return false;
  const auto recorded = facts_.find({known.organization.id, row.day});
  return recorded == facts_.end() ||
         recorded->second.SerializeAsString() != row.facts->SerializeAsString();
}

bool FirmChunk::SaysNothingNew(const FirmRow& row, const Known& known) const {
  const std::string& code = row.organization.external_code;
  return row.organization.display_name == known.organization.display_name &&
         (code.empty() || code == known.organization.external_code) && !FactsAreNew(row, known);
}

RowResult FirmChunk::Meet(const FirmRow& row, Known* known) {
  RowResult result{.outcome = v1::IMPORT_OUTCOME_UNCHANGED, .organization = known->organization.id};
  if (SaysNothingNew(row, *known)) return result;
  if (job_.policy == v1::DUPLICATE_POLICY_BLOCK) {
    return Refused(row.number,
                   base::InvalidField(v1::ERROR_REASON_BUSINESS_NUMBER_TAKEN, kNumberField,
                                      "an active organization has this number"));
  }
  if (job_.policy == v1::DUPLICATE_POLICY_QUEUE ||
      known->organization.kind != v1::ORGANIZATION_KIND_FIRM) {
    result.outcome = v1::IMPORT_OUTCOME_REVIEW;
    return result;
  }
  result.outcome = v1::IMPORT_OUTCOME_LINKED;
  if (!FactsAreNew(row, *known)) return result;
  if (!known->fresh && sensitive_.AnyBelow(kFactsField)) {
    // Nobody changes them alone, and a file is one person's.
    result.outcome = v1::IMPORT_OUTCOME_REVIEW;
    return result;
  }
  Record(row, known);
  return result;
}

void FirmChunk::Record(const FirmRow& row, Known* known) {
  const FactsPlace place(known->organization.id, row.day);
  facts_[place] = *row.facts;
  recorded_[place] = ++known->version;
  known->changed = true;
  work_.Append(known->organization.id, kKind, OrganizationName(known->organization.id),
               FactsChangedEvent(known->organization, *row.facts, base::KoreaDay(work_.now())));
}

void FirmChunk::Write() {
  std::vector<NewOrganization> made;
  std::vector<std::pair<base::Uuid, int64_t>> touched;
  for (const auto& [number, known] : known_) {
    if (known.fresh) {
      made.push_back({known.organization, known.version});
    } else if (known.changed) {
      touched.emplace_back(known.organization.id, known.version);
    }
  }
  std::vector<NewFacts> records;
  for (const auto& [place, version] : recorded_) {
    records.push_back({place, facts_.at(place), version});
  }
  InsertOrganizations(work_.tx(), made, work_.now());
  PutFacts(work_.tx(), records, work_.now());
  SaveVersions(work_.tx(), touched, work_.now());
}

}  // namespace

absl::StatusOr<std::vector<RowResult>> ImportFirms(ledger::UnitOfWork& work, const ImportJob& job,
                                                   const base::Uuid& chunk,
                                                   const RowsToImport& rows) {
  FirmChunk firms(work, job, ReadRows(work.tx(), job, rows, work.now()));
  firms.Load(chunk);
  std::vector<RowResult> results = firms.Decide();
  firms.Write();
  return results;
}

}  // namespace ieum::registry
