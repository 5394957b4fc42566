// Goal: a list promises no more places than there are, and nobody answers, or is taken back, out of
// turn. Method: values around every bound. row:C28
#include "services/casemgmt/activities/attendance.h"

#include <gtest/gtest.h>

#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

TEST(Attendance, IsOfAPersonOrAnOrganization) {
  EXPECT_TRUE(CheckAttendee({.person = base::Uuid::NewV7()}).ok());
  EXPECT_TRUE(CheckAttendee({.organization = base::Uuid::NewV7()}).ok());
  EXPECT_EQ(base::ReasonOf(CheckAttendee({})), "INVALID_FIELD");
}

TEST(Attendance, PromisesAsManyPlacesAsThereAre) {
  EXPECT_TRUE(CheckPlaces(2, 2).ok());
  EXPECT_EQ(base::ReasonOf(CheckPlaces(2, 3)), "ACTIVITY_FULL");
  EXPECT_TRUE(CheckPlaces(0, 100000).ok()) << "0 is without limit";
}

TEST(Attendance, FillsNoListForEver) {
  EXPECT_TRUE(CheckListed({.listed = kListedMax - 1}).ok());
  EXPECT_EQ(base::ReasonOf(CheckListed({.listed = kListedMax})), "ATTENDEE_LIMIT");
}

TEST(Attendance, IsAnsweredBeforeAndTakenBackAfterSomebodyCame) {
  Attendance entry;
  EXPECT_TRUE(CheckCanAnswer(entry).ok());
  EXPECT_EQ(base::ReasonOf(CheckCame(entry)), "ATTENDANCE_STATE");
  entry.check_in_time = absl::UnixEpoch();
  EXPECT_EQ(base::ReasonOf(CheckCanAnswer(entry)), "ATTENDANCE_STATE");
  EXPECT_TRUE(CheckCame(entry).ok());
}

TEST(Attendance, OfNobodyIsNoActivity) {
  EXPECT_EQ(base::ReasonOf(CheckSomebodyCame(0, 0)), "ATTENDANCE_MISSING");
  EXPECT_TRUE(CheckSomebodyCame(1, 0).ok());
  EXPECT_TRUE(CheckSomebodyCame(0, 1).ok());
}

}  // namespace
}  // namespace ieum::casemgmt
