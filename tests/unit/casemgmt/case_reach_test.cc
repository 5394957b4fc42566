// Goal: who sees a centre's cases sees them, who manages one sees that one, and nobody else any
// (C36). Method: reaches against rows. row:C36
#include "services/casemgmt/cases/case_reach.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "nlohmann/json.hpp"
#include "platform/rpc/roles.h"

namespace ieum::casemgmt {
namespace {

constexpr char kHere[] = "0190b0c0-0000-7000-8000-00000000000a";
constexpr char kThere[] = "0190b0c0-0000-7000-8000-00000000000b";

nlohmann::json RolesFile() {
  return nlohmann::json::parse(std::ifstream(IEUM_SOURCE_DIR "/deploy/roles.json"))["roles"];
}

TEST(CaseReach, IsTheTeamsCentresAndOnesOwnCases) {
  const base::Uuid me = base::Uuid::NewV7(), other = base::Uuid::NewV7();
  const auto here = base::Uuid::Parse(kHere), there = base::Uuid::Parse(kThere);
  const Reach manager = {.own_in = base::Scope::Of({kHere}), .subject = me};
  EXPECT_TRUE(Reaches(manager, here, me));
  EXPECT_FALSE(Reaches(manager, here, other));
  EXPECT_FALSE(Reaches(manager, here, std::nullopt));
  EXPECT_FALSE(Reaches(manager, there, me));
  EXPECT_FALSE(Reaches(manager, std::nullopt, me));
  const Reach supervisor = {
      .team = base::Scope::Of({kHere}), .own_in = base::Scope::Of({kHere}), .subject = me};
  EXPECT_TRUE(Reaches(supervisor, here, other));
  EXPECT_FALSE(Reaches(supervisor, there, other));
  EXPECT_TRUE(Reaches(Reach::Everything(), std::nullopt, other));
  EXPECT_FALSE(Reaches(Reach(), here, me));
}

// The table of domain.md §2 in words of permissions: who may open cases, whose, and with what in
// them.
TEST(CaseReach, IsGivenByRolesAsTheTableOfConfidenceSays) {
  const rpc::Roles roles = rpc::Roles::Shipped();
  const auto may = [&](const char* role, const char* permission) {
    return roles.Allow({role}, permission);
  };
  struct Line {
    const char* role;
    bool list, get, record, team, codes, approve;
  };
  const Line table[] = {
      {"case_manager", true, true, true, false, true, false},
      {"supervisor", true, true, true, true, true, true},
      {"centre_head", true, false, false, true, false, false},
      {"conference_member", false, false, false, false, false, false},
      {"centre_staff", false, false, false, false, false, false},
      {"consultant", false, false, false, false, false, false},
      {"programme_manager", false, false, false, false, false, false},
      {"auditor", false, false, false, false, false, false},
      {"operator", false, false, false, false, false, false},
      {"service_reporting", false, false, false, false, false, false},
      {"service_notify", false, false, false, false, false, false},
      // Reads only, for an emergency that the supervisor hears of.
      {"break_glass", true, true, true, true, true, false},
  };
  for (const Line& line : table) {
    EXPECT_EQ(may(line.role, "casemgmt.cases.list"), line.list) << line.role;
    EXPECT_EQ(may(line.role, "casemgmt.cases.get"), line.get) << line.role;
    EXPECT_EQ(may(line.role, "casemgmt.case_records.get"), line.record) << line.role;
    EXPECT_EQ(may(line.role, kSeeTeam), line.team) << line.role;
    EXPECT_EQ(may(line.role, "casemgmt.cases.see_codes"), line.codes) << line.role;
    EXPECT_EQ(may(line.role, "casemgmt.cases.approve_closure"), line.approve) << line.role;
  }
  for (const char* write : {"casemgmt.cases.contact", "casemgmt.cases.create",
                            "casemgmt.cases.hold", "casemgmt.cases.reassign"}) {
    EXPECT_FALSE(may("break_glass", write)) << write;
    EXPECT_FALSE(may("centre_head", write)) << write;
  }
}

// What was written down, and what follows from it, opens to nobody else, whatever is added to
// roles.json later.
TEST(CaseReach, OpensWhatWasWrittenDownToItsKeepersAlone) {
  const rpc::Roles roles = rpc::Roles::Shipped();
  const std::set<std::string> keepers = {"case_manager", "supervisor", "break_glass"};
  const nlohmann::json file = RolesFile();  // items() does not keep what it walks over
  for (const auto& [role, patterns] : file.items()) {
    for (const char* confidential : {"casemgmt.session_notes.read",
                                     "casemgmt.session_notes.read_psychological",
                                     "casemgmt.session_notes.list",
                                     "casemgmt.case_records.get",
                                     "casemgmt.cases.get",
                                     "casemgmt.cases.see_codes",
                                     "casemgmt.assessments.get",
                                     "casemgmt.assessments.list",
                                     "casemgmt.assessments.compare",
                                     "casemgmt.plans.get",
                                     "casemgmt.plans.list",
                                     "casemgmt.sessions.get",
                                     "casemgmt.sessions.list",
                                     "casemgmt.sessions.summarize",
                                     "casemgmt.retention_checks.get",
                                     "casemgmt.retention_checks.list",
                                     "casemgmt.case_tasks.get",
                                     "casemgmt.case_tasks.list",
                                     "casemgmt.referrals.get",
                                     "casemgmt.referrals.list",
                                     "casemgmt.transfers.get",
                                     "casemgmt.transfers.list"}) {
      EXPECT_EQ(roles.Allow({role}, confidential), keepers.contains(role))
          << role << " " << confidential;
    }
  }
}

}  // namespace
}  // namespace ieum::casemgmt
