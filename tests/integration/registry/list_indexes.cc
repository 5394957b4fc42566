#include "tests/integration/registry/list_indexes.h"

#include <gmock/gmock.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "tests/integration/registry/many_rows.h"
#include "tests/support/centres.h"
#include "tests/support/list_plans.h"

namespace ieum {
db::MigrationSet registry_migrations();
}

namespace ieum::registry {
namespace {

using base::Scope;
using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using nlohmann::json;
using ::testing::IsEmpty;

// Of tables of 10,000 to 30,000 rows; a page has 50, and a page of one centre in five is
// read off 250.
constexpr double kMostRows = 1500;

ieum::testing::TestDatabase* database = nullptr;

const std::vector<std::pair<const char*, Scope>>& Scopes() {
  static const auto* scopes = new std::vector<std::pair<const char*, Scope>>{
      {"everywhere", Scope::Everywhere()},
      {"a large centre", Scope::Of({kCentreA})},
      {"a small centre", Scope::Of({kCentreB})},
      {"two centres", Scope::Of({kCentreA, kCentreB})},
      {"nobody", Scope()}};
  return *scopes;
}

json PlanOf(const List& list, const Scope& scope, const std::string& filter) {
  filter::ListQuery query = ieum::testing::FirstPage(*list.spec, scope, filter);
  query.Where(list.of, list.parent);
  const filter::Sql sql = query.ToSql();
  std::string text;
  const absl::Status read = database->database().Read("list_plan", [&](db::Tx& tx) {
    text = tx.RunDynamic("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + sql.text,
                         {sql.params.begin(), sql.params.end()})[0][0]
               .c_str();
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read << " " << sql.text;
  return read.ok() ? json::parse(text)[0]["Plan"] : json::object();
}

// Rows that were looked at in tables, and tables that were read whole.
double Touched(const json& node, std::set<std::string>* whole) {
  double rows = 0;
  if (node.contains("Relation Name")) {
    rows = node["Actual Loops"].get<double>() *
           (node["Actual Rows"].get<double>() + node.value("Rows Removed by Filter", 0.0) +
            node.value("Rows Removed by Index Recheck", 0.0));
    if (node["Node Type"] == "Seq Scan") whole->insert(node["Relation Name"]);
  }
  if (!node.contains("Plans")) return rows;
  for (const json& below : node["Plans"]) rows += Touched(below, whole);
  return rows;
}

std::set<std::string> FieldsOf(const List& list) {
  return absl::StrSplit(list.spec->fields.Names(), ", ");
}

}  // namespace

void ListIndexes::SetUpTestSuite() {
  database = new ieum::testing::TestDatabase(registry_migrations());
  FillManyRows(database->conninfo());
}

void ListIndexes::TearDownTestSuite() {
  delete database;
  database = nullptr;
}

void ListIndexes::ExpectFewTouched(const List& list, const std::string& filter) {
  for (const auto& [whose, scope] : Scopes()) {
    const json plan = PlanOf(list, scope, filter);
    std::set<std::string> whole;
    EXPECT_LE(Touched(plan, &whole), kMostRows)
        << list.title << " of " << whose << ": " << filter << "\n"
        << plan.dump(1);
    EXPECT_THAT(whole, IsEmpty()) << list.title << " of " << whose << ": " << filter;
  }
}

void ListIndexes::ExpectIndexes(const List& list) {
  std::set<std::string> known;
  for (const auto& [field, filter] : list.asked) {
    known.insert(field);
    ExpectFewTouched(list, filter);
  }
  ExpectFewTouched(list, "");
  for (const auto& [field, reason] : list.walks) {
    EXPECT_FALSE(reason.empty()) << field;
    known.insert(field);
  }
  EXPECT_EQ(known, FieldsOf(list)) << list.title << ": which of its fields has an index?";
}

void ListIndexes::ExpectSmall(const List& list) {
  std::set<std::string> asked;
  for (const auto& [field, filter] : list.asked) {
    asked.insert(field);
    std::set<std::string> whole;
    EXPECT_LE(Touched(PlanOf(list, Scope::Everywhere(), filter), &whole), kMostRows)
        << list.title << ": " << filter;
  }
  EXPECT_EQ(asked, FieldsOf(list)) << list.title;
}

std::string Named(const std::string& field, const std::string& pattern, const std::string& id) {
  return absl::StrCat(field, " = \"", pattern, id, "\"");
}

std::string After(const std::string& field, int rows, int last) {
  const absl::Time at = absl::FromCivil(absl::CivilSecond(2023, 1, 1), absl::UTCTimeZone()) +
                        absl::Minutes(rows - last);
  return absl::StrCat(field, " > \"", absl::FormatTime(absl::RFC3339_full, at, absl::UTCTimeZone()),
                      "\"");
}

}  // namespace ieum::registry
