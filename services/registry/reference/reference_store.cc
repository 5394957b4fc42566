#include "services/registry/reference/reference_store.h"

#include <map>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"

namespace ieum::registry {
namespace {

Validity ReadValidity(const db::Row& row, int from, int to) {
  return {db::AsOptionalDay(row[from]), db::AsOptionalDay(row[to])};
}

std::string DayText(const pqxx::field& field) {
  return field.is_null() ? "" : base::FormatDay(db::AsDay(field));
}

const db::Statement kFindCodes("reference_find_codes", R"(
  SELECT r.code, r.valid_from, r.valid_to, v.revision, v.valid_from, v.valid_to, k.section,
         c.code, c.valid_from, c.valid_to
  FROM (SELECT $5::date AS day) asked
  LEFT JOIN region r ON r.code = $1
  LEFT JOIN ksic_revision v ON v.revision = $3::int
    OR ($3::int = 0 AND v.valid_from <= asked.day AND asked.day <= coalesce(v.valid_to, asked.day))
  LEFT JOIN ksic_code k ON k.revision = v.revision AND k.code = $2
  LEFT JOIN industrial_complex c ON c.code = $4)");

const db::Statement kFindManyCodes("reference_find_many_codes", R"(
  SELECT DISTINCT ON (asked.place)
         r.code, r.valid_from, r.valid_to, v.revision, v.valid_from, v.valid_to, k.section,
         c.code, c.valid_from, c.valid_to
  FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::date[]) WITH ORDINALITY
    AS asked(region, division, revision, complex, day, place)
  LEFT JOIN region r ON r.code = asked.region
  LEFT JOIN ksic_revision v ON v.revision = asked.revision OR (asked.revision = 0
    AND v.valid_from <= asked.day AND asked.day <= coalesce(v.valid_to, asked.day))
  LEFT JOIN ksic_code k ON k.revision = v.revision AND k.code = asked.division
  LEFT JOIN industrial_complex c ON c.code = asked.complex
  ORDER BY asked.place)");

const db::Statement kUnknownPrefixes("reference_unknown_regions", R"(
  SELECT asked.word FROM unnest($1::text[], $2::text[]) WITH ORDINALITY asked (word, key, place)
  WHERE NOT EXISTS (SELECT 1 FROM region r WHERE starts_with(r.code, asked.key))
  ORDER BY asked.place)");

const db::Statement kUnknownKsic("reference_unknown_ksic", R"(
  SELECT asked.word FROM unnest($1::text[]) WITH ORDINALITY asked (word, place)
  WHERE NOT EXISTS (SELECT 1 FROM ksic_code k WHERE k.code = left(asked.word, 2))
  ORDER BY asked.place)");

const db::Statement kHolidayDays("reference_holiday_days", "SELECT day FROM holiday");

CodeFindings ReadFindings(const db::Row& row) {
  CodeFindings found;
  if (!row[0].is_null()) found.region = ReadValidity(row, 1, 2);
  if (!row[3].is_null()) found.ksic_revision = row[3].as<int>();
  found.ksic_validity = ReadValidity(row, 4, 5);
  found.ksic_section = db::AsText(row[6]);
  if (!row[7].is_null()) found.complex = ReadValidity(row, 8, 9);
  return found;
}

std::vector<std::string> FirstColumn(const db::Rows& rows) {
  std::vector<std::string> texts;
  for (const auto& row : rows) texts.push_back(db::AsText(row[0]));
  return texts;
}

}  // namespace

CodeFindings FindCodes(db::Tx& tx, const v1::OrganizationFacts& facts, absl::CivilDay day) {
  const db::Rows rows =
      tx.Exec(kFindCodes, RegionKey(facts.region_code()), KsicDivision(facts.ksic_code()),
              facts.ksic_revision(), facts.complex_code(), day);
  return ReadFindings(rows[0]);
}

std::vector<CodeFindings> FindCodes(db::Tx& tx, const std::vector<CodesAsked>& asked) {
  // Firms of one file have a few hundred codes in common.
  using Words = std::tuple<std::string, std::string, int, std::string, absl::CivilDay>;
  std::map<Words, size_t> places;
  std::vector<size_t> place_of;
  std::vector<db::Param> regions, divisions, revisions, complexes, days;
  for (const auto& [facts, day] : asked) {
    Words words(RegionKey(facts->region_code()), KsicDivision(facts->ksic_code()),
                facts->ksic_revision(), facts->complex_code(), day);
    const auto [at, fresh] = places.emplace(std::move(words), places.size());
    place_of.push_back(at->second);
    if (!fresh) continue;
    regions.emplace_back(std::get<0>(at->first));
    divisions.emplace_back(std::get<1>(at->first));
    revisions.emplace_back(facts->ksic_revision());
    complexes.emplace_back(facts->complex_code());
    days.emplace_back(day);
  }
  std::vector<CodeFindings> findings;
  if (asked.empty()) return findings;
  const db::Rows rows = tx.Exec(kFindManyCodes, db::Array(regions), db::Array(divisions),
                                db::Array(revisions), db::Array(complexes), db::Array(days));
  for (const size_t place : place_of) {
    findings.push_back(ReadFindings(rows[static_cast<int>(place)]));
  }
  return findings;
}

std::vector<std::string> UnknownRegionPrefixes(db::Tx& tx,
                                               const std::vector<std::string>& prefixes) {
  std::vector<std::string> keys;
  for (const std::string& prefix : prefixes) keys.push_back(RegionKey(prefix));
  return FirstColumn(tx.Exec(kUnknownPrefixes, db::ArrayOf(prefixes), db::ArrayOf(keys)));
}

std::vector<std::string> UnknownKsic(db::Tx& tx, const std::vector<std::string>& words) {
  return FirstColumn(tx.Exec(kUnknownKsic, db::ArrayOf(words)));
}

std::vector<absl::CivilDay> HolidayDays(db::Tx& tx) {
  std::vector<absl::CivilDay> days;
  for (const auto& row : tx.Exec(kHolidayDays)) days.push_back(db::AsDay(row[0]));
  return days;
}

const filter::ListSpec& RegionList() {
  static const auto* spec = new filter::ListSpec{
      .columns = "r.code, r.name_ko, r.name_en, r.province_code, r.valid_from, r.valid_to",
      .from = "region r",
      .fields = {{"code", filter::Text("r.code").NotNull()},
                 {"province_code", filter::Text("r.province_code")},
                 {"valid_from", filter::Date("r.valid_from")},
                 {"valid_to", filter::Date("r.valid_to")}},
      .key = "code"};
  return *spec;
}

v1::Region ReadRegion(const db::Row& row) {
  v1::Region region;
  region.set_name(absl::StrCat("regions/", db::AsText(row[0])));
  region.set_code(db::AsText(row[0]));
  region.set_display_name(db::AsText(row[1]));
  region.set_display_name_en(db::AsText(row[2]));
  region.set_province_code(db::AsText(row[3]));
  region.set_valid_from(DayText(row[4]));
  region.set_valid_to(DayText(row[5]));
  return region;
}

const filter::ListSpec& KsicList() {
  static const auto* spec = new filter::ListSpec{
      .columns = "k.revision, k.code, k.section, k.name_ko, k.name_en, v.valid_from, v.valid_to",
      .from = "ksic_code k JOIN ksic_revision v USING (revision)",
      .fields = {{"name", filter::Text("k.revision || '-' || k.code").NotNull()},
                 {"revision", filter::Int("k.revision").NotNull()},
                 {"code", filter::Text("k.code").NotNull()},
                 {"section", filter::Text("k.section").NotNull()}},
      .key = "name",
      .default_order = "revision, code"};
  return *spec;
}

v1::KsicCode ReadKsic(const db::Row& row) {
  v1::KsicCode code;
  code.set_name(absl::StrCat("ksicCodes/", db::AsText(row[0]), "-", db::AsText(row[1])));
  code.set_revision(row[0].as<int>());
  code.set_code(db::AsText(row[1]));
  code.set_section(db::AsText(row[2]));
  code.set_display_name(db::AsText(row[3]));
  code.set_display_name_en(db::AsText(row[4]));
  code.set_valid_from(DayText(row[5]));
  code.set_valid_to(DayText(row[6]));
  return code;
}

const filter::ListSpec& ComplexList() {
  static const auto* spec = new filter::ListSpec{
      .columns = "c.code, c.name_ko, c.name_en, c.kind, c.region_code, c.valid_from, c.valid_to",
      .from = "industrial_complex c",
      .fields = {{"code", filter::Text("c.code").NotNull()},
                 {"kind", filter::Enum<v1::IndustrialComplexKind>("c.kind").NotNull()},
                 {"region_code", filter::Text("c.region_code").NotNull()}},
      .key = "code"};
  return *spec;
}

v1::IndustrialComplex ReadComplex(const db::Row& row) {
  v1::IndustrialComplex complex;
  complex.set_name(absl::StrCat("industrialComplexes/", db::AsText(row[0])));
  complex.set_code(db::AsText(row[0]));
  complex.set_display_name(db::AsText(row[1]));
  complex.set_display_name_en(db::AsText(row[2]));
  complex.set_kind(static_cast<v1::IndustrialComplexKind>(row[3].as<int>()));
  complex.set_region_code(db::AsText(row[4]));
  complex.set_valid_from(DayText(row[5]));
  complex.set_valid_to(DayText(row[6]));
  return complex;
}

const filter::ListSpec& SchemeList() {
  static const auto* spec = new filter::ListSpec{
      .columns = "s.code, s.name_ko, s.name_en, s.provider, s.valid_from, s.valid_to",
      .from = "scheme s",
      .fields = {{"code", filter::Text("s.code").NotNull()}},
      .key = "code"};
  return *spec;
}

v1::Scheme ReadScheme(const db::Row& row) {
  v1::Scheme scheme;
  scheme.set_name(absl::StrCat("schemes/", db::AsText(row[0])));
  scheme.set_code(db::AsText(row[0]));
  scheme.set_display_name(db::AsText(row[1]));
  scheme.set_display_name_en(db::AsText(row[2]));
  scheme.set_provider(db::AsText(row[3]));
  scheme.set_valid_from(DayText(row[4]));
  scheme.set_valid_to(DayText(row[5]));
  return scheme;
}

const filter::ListSpec& HolidayList() {
  static const auto* spec =
      new filter::ListSpec{.columns = "h.day, h.name_ko, h.name_en",
                           .from = "holiday h",
                           .fields = {{"date", filter::Date("h.day").NotNull()}},
                           .key = "date"};
  return *spec;
}

v1::Holiday ReadHoliday(const db::Row& row) {
  v1::Holiday holiday;
  holiday.set_date(DayText(row[0]));
  holiday.set_name(absl::StrCat("holidays/", holiday.date()));
  holiday.set_display_name(db::AsText(row[1]));
  holiday.set_display_name_en(db::AsText(row[2]));
  return holiday;
}

}  // namespace ieum::registry
