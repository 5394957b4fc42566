// Goal: a change is told field by field, and never what is personal. Method: messages of the
// registry's contract beside each other. row:R21
#include "platform/ledger/field_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ieum/registry/v1/organization_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"

namespace ieum::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace registry;  // NOLINT(build/namespaces)

TEST(FieldChanges, AreNoneBetweenEqualMessages) {
  v1::Organization firm;
  firm.set_display_name("동백정밀");
  EXPECT_THAT(FieldChanges(firm, firm), IsEmpty());
}

TEST(FieldChanges, TellWhatWasAndWhatIsInTheContractsWords) {
  v1::Organization before, after;
  before.set_display_name("동백정밀");
  before.set_kind(v1::ORGANIZATION_KIND_FIRM);
  before.set_external_code("G001");
  after = before;
  after.set_display_name("동백정밀(주)");
  after.clear_external_code();
  after.set_state(v1::ORGANIZATION_STATE_INACTIVE);
  EXPECT_THAT(FieldChanges(before, after),
              ElementsAre(FieldChange{"display_name", "동백정밀", "동백정밀(주)"},
                          FieldChange{"external_code", "G001", ""},
                          FieldChange{"state", "", "ORGANIZATION_STATE_INACTIVE"}));
}

TEST(FieldChanges, TellZeroFromNothingAndGoIntoMessages) {
  v1::Organization before, after;
  after.mutable_facts()->set_women_headcount(0);
  after.mutable_facts()->set_sme(false);
  EXPECT_THAT(FieldChanges(before, after, "now."),
              ElementsAre(FieldChange{"now.facts.women_headcount", "", "0"},
                          FieldChange{"now.facts.sme", "", "false"}));
}

TEST(FieldChanges, TellListsAsOneValue) {
  v1::EligibilityRules before, after;
  before.add_region_prefixes("26");
  after.add_region_prefixes("26");
  after.add_region_prefixes("28");
  EXPECT_THAT(FieldChanges(before, after),
              ElementsAre(FieldChange{"region_prefixes", "26", "26, 28"}));
}

// row:R28
TEST(FieldChanges, LeaveOutWhatIsPersonal) {
  v1::Person before, after;
  after.set_full_name("홍길동");
  after.set_email("hong@example.test");
  after.set_phone("010-0000-0001");
  after.set_basis(v1::LEGAL_BASIS_CONTRACT);
  EXPECT_THAT(FieldChanges(before, after),
              ElementsAre(FieldChange{"basis", "", "LEGAL_BASIS_CONTRACT"}));
}

TEST(FieldChanges, MarkWhatIsPersonalForWhoAsksForIt) {
  v1::Person before, after;
  before.set_email("hong@example.test");
  after.set_basis(v1::LEGAL_BASIS_CONTRACT);
  EXPECT_THAT(FieldChanges(before, after, "", PersonalFields::kMarked),
              ElementsAre(FieldChange{"email", "hong@example.test", "", true},
                          FieldChange{"basis", "", "LEGAL_BASIS_CONTRACT", false}));
}

}  // namespace
}  // namespace ieum::ledger
