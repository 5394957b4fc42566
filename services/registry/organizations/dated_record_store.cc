#include "services/registry/organizations/dated_record_store.h"

#include "platform/base/korea_time.h"

namespace ieum::registry {
namespace {

constexpr char kKnownNow[] = "known_to = 'infinity'";

std::optional<std::string> NullIfEmpty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::string DayText(const std::optional<absl::CivilDay>& day) {
  return day ? base::FormatDay(*day) : "";
}

const db::Statement kLabelKind("label_kind_find",
                               "SELECT valid_from, valid_to FROM label_kind WHERE code = $1");

const db::Statement kEndLabel("organization_label_end", R"(
  UPDATE organization_label SET known_to = greatest(known_from, $4::timestamptz)
  WHERE organization_id = $1 AND code = $2 AND valid_from = $3::date AND known_to = 'infinity')");

const db::Statement kInsertLabel("organization_label_insert", R"(
  INSERT INTO organization_label (organization_id, code, valid_from, valid_until,
    certificate_number, revoked_date, version, known_from)
  SELECT $1::uuid, $2::text, $3::date, $4::date, $5::text, $6::date, $7::bigint,
    greatest($8::timestamptz, (
      SELECT max(known_to) FROM organization_label
      WHERE organization_id = $1::uuid AND code = $2::text AND valid_from = $3::date)))");

const db::Statement kLabel("organization_label_find", "SELECT " LABEL_COLUMNS("l.") R"(
  FROM organization_label l
  WHERE l.organization_id = $1 AND l.code = $2 AND l.valid_from = $3::date
    AND l.known_to = 'infinity')");

const db::Statement kEndTerm("council_term_end", R"(
  UPDATE council_term SET known_to = greatest(known_from, $3::timestamptz)
  WHERE organization_id = $1 AND start_date = $2::date AND known_to = 'infinity')");

const db::Statement kInsertTerm("council_term_insert", R"(
  INSERT INTO council_term (organization_id, start_date, end_date, sector, representative, version,
                            known_from)
  SELECT $1::uuid, $2::date, $3::date, $4::smallint, $5::boolean, $6::bigint,
    greatest($7::timestamptz, (
      SELECT max(known_to) FROM council_term
      WHERE organization_id = $1::uuid AND start_date = $2::date)))");

const db::Statement kTerms("council_term_of_organization", "SELECT " TERM_COLUMNS("t.") R"(
  FROM council_term t WHERE t.organization_id = $1 AND t.known_to = 'infinity'
  ORDER BY t.start_date)");

}  // namespace

std::optional<Validity> FindLabelKind(db::Tx& tx, const std::string& code) {
  const auto row = tx.ExecOptional(kLabelKind, code);
  if (!row) return std::nullopt;
  return Validity{db::AsOptionalDay((*row)[0]), db::AsOptionalDay((*row)[1])};
}

void PutLabel(db::Tx& tx, const base::Uuid& organization, const v1::OrganizationLabel& label,
              const Writing& writing) {
  tx.ExecLater(kEndLabel, organization, label.code(), label.valid_from(), writing.at);
  tx.ExecLater(kInsertLabel, organization, label.code(), label.valid_from(),
               NullIfEmpty(label.valid_until()), NullIfEmpty(label.certificate_number()),
               NullIfEmpty(label.revoked_date()), writing.version, writing.at);
}

v1::OrganizationLabel FindLabel(db::Tx& tx, const base::Uuid& organization, const std::string& code,
                                const std::string& valid_from) {
  const auto row = tx.ExecOptional(kLabel, organization, code, valid_from);
  return row ? ReadLabel(*row) : v1::OrganizationLabel();
}

void PutTerm(db::Tx& tx, const base::Uuid& organization, const v1::CouncilTerm& term,
             const Writing& writing) {
  tx.ExecLater(kEndTerm, organization, term.start_date(), writing.at);
  tx.ExecLater(kInsertTerm, organization, term.start_date(), NullIfEmpty(term.end_date()),
               term.sector(), term.representative(), writing.version, writing.at);
}

std::vector<v1::CouncilTerm> FindTerms(db::Tx& tx, const base::Uuid& organization) {
  std::vector<v1::CouncilTerm> terms;
  for (const auto& row : tx.Exec(kTerms, organization)) terms.push_back(ReadTerm(row));
  return terms;
}

v1::OrganizationLabel ReadLabel(const db::Row& row, int at) {
  v1::OrganizationLabel label;
  if (row[at].is_null()) return label;
  label.set_code(db::AsText(row[at]));
  label.set_valid_from(base::FormatDay(db::AsDay(row[at + 1])));
  label.set_valid_until(DayText(db::AsOptionalDay(row[at + 2])));
  label.set_certificate_number(db::AsText(row[at + 3]));
  label.set_revoked_date(DayText(db::AsOptionalDay(row[at + 4])));
  return label;
}

v1::CouncilTerm ReadTerm(const db::Row& row, int at) {
  v1::CouncilTerm term;
  if (row[at].is_null()) return term;
  term.set_sector(static_cast<v1::CouncilSector>(row[at].as<int>()));
  term.set_start_date(base::FormatDay(db::AsDay(row[at + 1])));
  term.set_end_date(DayText(db::AsOptionalDay(row[at + 2])));
  term.set_representative(row[at + 3].as<bool>());
  return term;
}

filter::ListSpec LabelList(std::optional<absl::Time> instant) {
  return {.columns = LABEL_COLUMNS("l."),
          .from = "organization_label l",
          .fields = {{"label", filter::Text("(l.code || ' ' || l.valid_from)").NotNull()},
                     {"code", filter::Text("l.code").NotNull()},
                     {"valid_from", filter::Date("l.valid_from").NotNull()},
                     {"valid_until", filter::Date("l.valid_until")},
                     {"revoked_date", filter::Date("l.revoked_date")}},
          .key = "label",
          .fixed = instant ? KnownAt("l.", *instant) : kKnownNow};
}

filter::ListSpec TermList(std::optional<absl::Time> instant) {
  return {.columns = TERM_COLUMNS("t."),
          .from = "council_term t",
          .fields = {{"start_date", filter::Date("t.start_date").NotNull()},
                     {"end_date", filter::Date("t.end_date")},
                     {"sector", filter::Enum<v1::CouncilSector>("t.sector").NotNull()},
                     {"representative", filter::Bool("t.representative").NotNull()}},
          .key = "start_date",
          .fixed = instant ? KnownAt("t.", *instant) : kKnownNow};
}

}  // namespace ieum::registry
