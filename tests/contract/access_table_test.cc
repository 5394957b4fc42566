// Goal: nobody may do what nobody has looked at. Method: every method of every contract with every
// role that ships, held in one centre and everywhere, against access_table.csv, which is reviewed
// like code. A method or a role that does not stand there fails. row:Y6
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "ieum/platform/v1/options.pb.h"
#include "nlohmann/json.hpp"
#include "platform/rpc/roles.h"
#include "tests/contract/contracts.h"

namespace ieum::contract {
namespace {

constexpr char kTable[] = "tests/contract/access_table.csv";
constexpr char kHere[] = "0190b0c0-0000-7000-8000-00000000000a";
constexpr char kThere[] = "0190b0c0-0000-7000-8000-00000000000b";
constexpr char kSuite[] = "";  // rows of no centre

// What a cell may say.
constexpr char kNever[] = "-";
constexpr char kOwn[] = "own";  // in the centre of the grant; in all of them for one everywhere
constexpr char kAll[] = "all";  // for a grant everywhere only

std::vector<std::string> RoleNames() {
  std::vector<std::string> names;
  const auto roles = nlohmann::json::parse(ReadProjectFile("deploy/roles.json"))["roles"];
  for (const auto& [role, patterns] : roles.items()) names.push_back(role);
  return names;
}

struct Table {
  std::vector<std::string> roles;                         // of the head
  std::map<std::string, std::vector<std::string>> cells;  // of each method
};

Table ReadTable() {
  Table table;
  for (const std::string& line :
       std::vector<std::string>(absl::StrSplit(ReadProjectFile(kTable), '\n', absl::SkipEmpty()))) {
    std::vector<std::string> words = absl::StrSplit(line, ',');
    const std::string first = words.front();
    words.erase(words.begin());
    if (table.roles.empty()) {
      table.roles = std::move(words);
    } else {
      EXPECT_TRUE(table.cells.emplace(first, std::move(words)).second) << first << " stands twice";
    }
  }
  return table;
}

std::string PermissionOf(const MethodDescriptor* method) {
  return method->options().GetExtension(platform::v1::permission);
}

// What the code decides, in the words of the table.
std::string Decided(const rpc::Roles& roles, const std::string& role,
                    const std::string& permission) {
  if (roles.ScopeOf({{role, "*"}}, permission).empty()) return kNever;
  return roles.ScopeOf({{role, kHere}}, permission).empty() ? kAll : kOwn;
}

// The line that the table would need.
std::string LineOf(const MethodDescriptor* method, const std::vector<std::string>& roles) {
  const rpc::Roles shipped = rpc::Roles::Shipped();
  std::vector<std::string> words = {method->full_name()};
  for (const std::string& role : roles) {
    words.push_back(Decided(shipped, role, PermissionOf(method)));
  }
  return absl::StrJoin(words, ",");
}

void ExpectCell(const rpc::Roles& roles, const MethodDescriptor* method, const std::string& role,
                const std::string& cell) {
  const std::string permission = PermissionOf(method);
  const base::Scope here = roles.ScopeOf({{role, kHere}}, permission);
  const base::Scope everywhere = roles.ScopeOf({{role, "*"}}, permission);
  const bool may_here = cell == kOwn, may_everywhere = cell == kOwn || cell == kAll;
  const std::string who = absl::StrCat(method->full_name(), " by ", role);
  EXPECT_TRUE(cell == kNever || cell == kOwn || cell == kAll) << who << ": " << cell;
  EXPECT_EQ(here.Holds(kHere), may_here) << who << " in its centre";
  EXPECT_FALSE(here.Holds(kThere)) << who << " in another centre";
  EXPECT_FALSE(here.Holds(kSuite)) << who << " on the suite's rows";
  EXPECT_EQ(here.empty(), !may_here) << who;
  for (const char* row : {kHere, kThere, kSuite}) {
    EXPECT_EQ(everywhere.Holds(row), may_everywhere)
        << who << " everywhere, row of '" << row << "'";
  }
}

TEST(AccessTable, SaysOfEveryMethodAndRoleWhereItMay) {
  const Table table = ReadTable();
  ASSERT_EQ(table.roles, RoleNames())
      << "the head of " << kTable << " needs:\nmethod," << absl::StrJoin(RoleNames(), ",");
  const rpc::Roles shipped = rpc::Roles::Shipped();
  std::set<std::string> known;
  for (const MethodDescriptor* method : Methods()) {
    known.insert(method->full_name());
    const auto row = table.cells.find(method->full_name());
    if (row == table.cells.end() || row->second.size() != table.roles.size()) {
      ADD_FAILURE() << kTable << " needs a line, once somebody has thought about it:\n"
                    << LineOf(method, table.roles);
      continue;
    }
    for (size_t at = 0; at < table.roles.size(); ++at) {
      ExpectCell(shipped, method, table.roles[at], row->second[at]);
    }
  }
  for (const auto& [method, cells] : table.cells) {
    EXPECT_TRUE(known.contains(method)) << kTable << " tells of " << method << ", which is gone";
  }
}

// A grant in one centre carries nothing of the platform, whose logs and streams know no centres;
// what is held of a person stands in rows that do.
TEST(AccessTable, KeepsThePlatformForThoseWhoActEverywhere) {
  const Table table = ReadTable();
  for (const auto& [method, cells] : table.cells) {
    if (method.rfind("ieum.platform.", 0) != 0) continue;
    if (method.rfind("ieum.platform.v1.PersonalDataService.", 0) == 0) continue;
    for (const std::string& cell : cells) EXPECT_NE(cell, kOwn) << method;
  }
}

}  // namespace
}  // namespace ieum::contract
