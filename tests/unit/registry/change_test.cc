// Goal: who may decide about a change, until when, and which fields nobody changes alone. Method:
// tables. row:R20
#include "services/registry/changes/change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"
#include "services/registry/changes/sensitive_fields.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const base::Uuid kPerson = base::Uuid::Derive(base::Uuid(), "person");
const base::Uuid kStaff = base::Uuid::Derive(base::Uuid(), "staff");
const base::Uuid kOther = base::Uuid::Derive(base::Uuid(), "other");

Change Asked(ChangeKind kind = ChangeKind::kPerson) {
  Change change;
  change.kind = kind;
  change.target = kPerson;
  change.requester = "staff/kim";
  change.created_at = absl::UnixEpoch();
  change.expires_at = absl::UnixEpoch() + kChangeLife;
  return change;
}

TEST(ChangeRequest, IsDecidedBySomebodyElse) {
  struct Row {
    Account requester, decider;
    ChangeKind kind;
    std::string reason;
  };
  const Account kim{"staff/kim", kStaff};
  const std::vector<Row> table = {
      {kim, {"staff/lee", kOther}, ChangeKind::kPerson, ""},
      {kim, {"staff/lee", std::nullopt}, ChangeKind::kPerson, ""},
      {{"staff/kim", std::nullopt}, {"staff/lee", std::nullopt}, ChangeKind::kPerson, ""},
      {kim, {"staff/kim", kStaff}, ChangeKind::kPerson, "CHANGE_BY_REQUESTER"},
      {{"staff/kim", std::nullopt},
       {"staff/kim", std::nullopt},
       ChangeKind::kFacts,
       "CHANGE_BY_REQUESTER"},
      {kim, {"staff/kim.second", kStaff}, ChangeKind::kPerson, "CHANGE_BY_REQUESTER"},
      {kim, {"staff/lee", kPerson}, ChangeKind::kPerson, "CHANGE_NOT_YOURS"},
      {kim, {"staff/lee", kPerson}, ChangeKind::kOrganization, ""}};
  for (const Row& row : table) {
    EXPECT_EQ(base::ReasonOf(RequireOther(Asked(row.kind), row.requester, row.decider)), row.reason)
        << row.decider.name;
  }
}

TEST(ChangeRequest, WaitsForFourteenDaysAndForOneDecision) {
  Change change = Asked();
  EXPECT_TRUE(RequireWaiting(change, change.created_at).ok());
  EXPECT_TRUE(RequireWaiting(change, change.expires_at - absl::Microseconds(1)).ok());
  EXPECT_EQ(base::ReasonOf(RequireWaiting(change, change.expires_at)), "CHANGE_DECIDED");
  for (int state = v1::CHANGE_STATE_APPROVED; state <= v1::ChangeState_MAX; ++state) {
    Change decided = Asked();
    End(&decided, static_cast<v1::ChangeState>(state), "staff/lee", decided.created_at);
    EXPECT_EQ(base::ReasonOf(RequireWaiting(decided, decided.created_at)), "CHANGE_DECIDED");
  }
}

TEST(ChangeRequest, IsTakenBackByWhoAskedForIt) {
  EXPECT_TRUE(RequireOwn(Asked(), "staff/kim").ok());
  EXPECT_EQ(base::ReasonOf(RequireOwn(Asked(), "staff/lee")), "CHANGE_NOT_YOURS");
}

TEST(SensitiveFields, HoldWhatIsBelowThem) {
  const Sensitive sensitive({"person.phone", "organization.facts", "organization.parent"});
  struct Row {
    std::string field;
    bool held, any_below;
  };
  for (const Row& row : std::vector<Row>{{"person.phone", true, true},
                                         {"person.phone_e164", false, false},
                                         {"person", false, true},
                                         {"person.email", false, false},
                                         {"organization.facts.sme", true, true},
                                         {"organization.facts", true, true},
                                         {"organization.factsheet", false, false},
                                         {"organization.labels", false, false}}) {
    EXPECT_EQ(sensitive.Holds(row.field), row.held) << row.field;
    EXPECT_EQ(sensitive.AnyBelow(row.field), row.any_below) << row.field;
  }
  EXPECT_TRUE(Sensitive({"organization.facts.sme"}).AnyBelow(kFactsField));
  EXPECT_FALSE(Sensitive().AnyBelow(kFactsField));
}

TEST(SensitiveFields, AreNamedTogetherInTheRefusal) {
  const Sensitive sensitive({"person.phone", "person.email"});
  EXPECT_TRUE(RequireNoReview(sensitive, {"person.full_name"}).ok());
  EXPECT_TRUE(RequireNoReview(Sensitive(), {"person.phone"}).ok());
  const absl::Status refused =
      RequireNoReview(sensitive, {"person.email", "person.full_name", "person.phone"});
  EXPECT_EQ(base::ReasonOf(refused), "CHANGE_NEEDS_REVIEW");
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), ::testing::HasSubstr("person.email, person.phone"));
}

TEST(SensitiveFields, AreFieldsThatCanBeChanged) {
  EXPECT_TRUE(CheckSensitive({"person.guardian", "organization.facts", "organization.labels",
                              "organization.facts.region_code", "organization.facts.sme"})
                  .ok());
  for (const char* field :
       {"person.name", "person.centre", "person", "organization.kind", "organization.facts.",
        "organization.facts.valid_from", "organization.facts.nothing", "person.phone.number", ""}) {
    const absl::Status refused = CheckSensitive({"person.phone", field});
    EXPECT_EQ(base::ReasonOf(refused), "INVALID_FIELD") << field;
    EXPECT_THAT(base::FieldsOf(refused), ElementsAre("fields[1]")) << field;
  }
}

TEST(SensitiveFields, OfFactsAreWhatDiffersFromWhatHolds) {
  v1::OrganizationFacts before, after;
  before.set_valid_from("2023-01-01");
  before.set_region_code("26110");
  after = before;
  after.set_valid_from("2023-06-01");
  EXPECT_THAT(ChangedFacts(before, after), IsEmpty());
  after.set_region_code("26140");
  after.set_total_headcount(0);
  EXPECT_THAT(ChangedFacts(before, after),
              ElementsAre("organization.facts.total_headcount", "organization.facts.region_code"));
}

}  // namespace
}  // namespace ieum::registry
