// Goal: the list of changes that need two people touches few rows, whatever it is filtered by and
// for whomever. Method: as in list_indexes_test.cc.
#include "absl/strings/str_cat.h"
#include "services/registry/changes/change_store.h"
#include "services/registry/changes/sensitive_store.h"
#include "tests/integration/registry/list_indexes.h"

namespace ieum::registry {
namespace {

TEST_F(ListIndexes, FindChanges) {
  ExpectIndexes({"ListChangeRequests",
                 &ChangeList(),
                 {{"name", "name = \"4c23adb1-7be0-7b61-22a4-51681f2c51da\""},
                  {"organization", absl::StrCat("organization = ", kOrganization)},
                  {"person", Named("person", "persons/", kPerson)},
                  {"state", "state = CHANGE_STATE_REQUESTED"},
                  {"state", "state = CHANGE_STATE_APPROVED"},
                  {"requester", "requester = \"staff/rare\""},
                  {"requester", "requester = \"staff/kim\""},
                  {"decider", "decider = \"staff/rare\""},
                  {"decider", "decider = \"staff/kim\""},
                  {"create_time", After("create_time", 20'000)},
                  {"expire_time", After("expire_time", 20'000)},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

}  // namespace
}  // namespace ieum::registry
