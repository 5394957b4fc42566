// Goal: no list of rows that belong to centres forgets to ask whose. Method: every declared list of
// the services against the tables that migrations give a centre; seen to fail on made-up ones.
// row:R23
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "re2/re2.h"
#include "tests/style/source_tree.h"

namespace ieum::style {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

using Faults = std::vector<std::string>;

// "notify/message" of "services/notify/…".
std::string Qualified(const SourceFile& file, const std::string& table) {
  std::string service;
  RE2::PartialMatch(file.path, R"(^services/(\w+)/)", &service);
  return service + "/" + table;
}

void Collect(const SourceFile& file, const RE2& table, std::set<std::string>* tables) {
  re2::StringPiece rest(file.text);
  std::string name;
  while (RE2::FindAndConsume(&rest, table, &name)) tables->insert(Qualified(file, name));
}

// Tables and views with a column `centre_id`.
std::set<std::string> OwnedTables(const std::vector<SourceFile>& tree) {
  static const RE2 altered(R"(ALTER TABLE (\w+) ADD COLUMN centre_id)");
  static const RE2 created(R"(CREATE TABLE (\w+) \((?:[^;]*\n)?\s*centre_id\s)");
  static const RE2 view(R"(VIEW (\w+) AS[^;]*\bcentre_id\nFROM)");
  std::set<std::string> tables;
  for (const SourceFile& file : tree) {
    if (!file.path.ends_with(".sql") || !file.Under("services")) continue;
    for (const RE2* pattern : {&altered, &created, &view}) Collect(file, *pattern, &tables);
  }
  return tables;
}

// The first table of a list's `.from`, which is a literal or a constant of the file.
std::string TableOf(const SourceFile& file, const std::string& spec) {
  std::string table, constant;
  if (RE2::PartialMatch(spec, R"re(\.from\s*=\s*"(\w+))re", &table)) return table;
  if (!RE2::PartialMatch(spec, R"(\.from\s*=\s*(\w+))", &constant)) return "";
  RE2::PartialMatch(
      file.text, "\\b" + constant + R"re((?:\[\])?\s*=\s*(?:absl::StrCat\()?\s*"(\w+))re", &table);
  return table;
}

Faults ListsThatDoNotAsk(const SourceFile& file, const std::set<std::string>& owned) {
  static const RE2 list(R"((?s)((?:ListSpec|return)\s*\{\s*\.columns.*?\};))");
  Faults faults;
  re2::StringPiece rest(file.text);
  std::string spec;
  while (RE2::FindAndConsume(&rest, list, &spec)) {
    if (spec.find(".centres = {") != std::string::npos) continue;
    const std::string table = TableOf(file, spec);
    if (table.empty()) {
      faults.push_back(Fault(file, 1, "a list whose table cannot be told"));
    } else if (owned.contains(Qualified(file, table))) {
      faults.push_back(Fault(file, 1, "the list of " + table + " does not ask whose rows"));
    }
  }
  return faults;
}

TEST(CentreLists, AreSeenToForgetInMadeUpFiles) {
  const std::vector<SourceFile> tree = {
      {"services/a/migrations/0002_b.sql", "ALTER TABLE thing ADD COLUMN centre_id uuid;\n"},
      {"services/a/migrations/0003_c.sql",
       "CREATE TABLE other (\n  id uuid,\n  centre_id uuid\n);\n"}};
  const std::set<std::string> owned = OwnedTables(tree);
  EXPECT_THAT(owned, ::testing::ElementsAre("a/other", "a/thing"));
  const auto faults = [&](const std::string& text) {
    return ListsThatDoNotAsk({"services/a/things/thing_store.cc", text}, owned);
  };
  EXPECT_THAT(faults("new filter::ListSpec{.columns = \"t.id\", .from = \"thing t\"};"), SizeIs(1));
  EXPECT_THAT(faults("char kFrom[] = \"other o\";\nListSpec{.columns = k, .from = kFrom};"),
              SizeIs(1));
  EXPECT_THAT(faults("ListSpec{.columns = k, .from = Made()};"), SizeIs(1));
  EXPECT_THAT(faults("ListSpec{.columns = k, .from = \"thing t\", .centres = {\"t.centre_id\"}};"),
              IsEmpty());
  EXPECT_THAT(faults("ListSpec{.columns = k, .from = \"shared s\"};"), IsEmpty());
}

// Lists each of whose rows is judged by a right of its own, and where; lists that everybody may
// see.
const std::map<std::string, std::string>& JudgedRowByRow() {
  static const auto* judged = new std::map<std::string, std::string>{
      {"services/registry/timelines/timeline_store.cc",
       "by kind and centre in timeline_service.cc; timeline_test.cc has readers beside kinds"},
      {"services/casemgmt/cases/case_template_store.cc",
       "the suite's templates are everybody's, a centre's its own: case_centres_test.cc"},
      {"services/registry/changes/sensitive_store.cc",
       "of whose data something is sensitive: everybody may know"}};
  return *judged;
}

TEST(CentreLists, AskWhoseRowsTheyShow) {
  const std::set<std::string> owned = OwnedTables(Tree());
  EXPECT_TRUE(owned.contains("notify/balance"));
  EXPECT_TRUE(owned.contains("registry/enrolment"));
  Faults faults;
  for (const SourceFile& file : Tree()) {
    if (!file.Under("services") || !file.path.ends_with("_store.cc")) continue;
    if (JudgedRowByRow().contains(file.path)) continue;
    for (auto& fault : ListsThatDoNotAsk(file, owned)) faults.push_back(std::move(fault));
  }
  EXPECT_THAT(faults, IsEmpty());
}

}  // namespace
}  // namespace ieum::style
