// Goal: a person who asks is told of every message to her and what became of it, and of nobody
// else's. Method: a mail that goes out to one of two people; the holdings against the schema.
// row:Y5
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ieum/platform/v1/personal_data.pb.h"
#include "tests/integration/notify/mail_server.h"
#include "tests/integration/notify/world.h"
#include "tests/support/person_places.h"

namespace ieum::notify::testing {
namespace {

using platform::v1::ExportPersonalDataRequest;
using platform::v1::ExportPersonalDataResponse;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Whoever adds a table that names a person finds out here.
TEST(Holdings, NameEveryPlaceWhereAPersonStands) {
  ieum::testing::TestDatabase database(notify_migrations());
  EXPECT_THAT(ieum::testing::HoldingsFaults(database, HeldByNotify()), IsEmpty());
}

absl::StatusOr<ExportPersonalDataResponse> Of(World& world, const std::string& person,
                                              rpc::Peer* as = nullptr) {
  ExportPersonalDataRequest request;
  request.set_person("persons/" + person);
  ExportPersonalDataResponse held;
  RETURN_IF_ERROR(
      (as == nullptr ? *world.manager : *as)
          .Call("/ieum.platform.v1.PersonalDataService/ExportPersonalData", request, &held));
  return held;
}

int Count(const ExportPersonalDataResponse& held, const std::string& kind) {
  int count = 0;
  for (const auto& record : held.records()) count += record.kind() == kind;
  return count;
}

TEST(Held, IsEveryMessageToHerAndWhatBecameOfIt) {
  World world;
  MailServer server;
  const auto sender = world.NewSender(server.url());
  world.MakeOneDue();
  world.Settle(*sender);
  const auto held = Of(world, kContact);
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_EQ(held->service(), "notify");
  EXPECT_EQ(Count(*held, "messages"), world.Count("message"));
  EXPECT_EQ(Count(*held, "message_steps"), world.Count("message_step"));
  EXPECT_GE(Count(*held, "reminders"), 1);
  EXPECT_THAT(held->SerializeAsString(), HasSubstr("HANDED_OVER"));
  EXPECT_THAT(held->SerializeAsString(), Not(HasSubstr("kim@hanbit.test")))
      << "no address is kept here; registry tells of those that were used";
  EXPECT_EQ(Count(*Of(world, kConsultant), "messages"), 0) << "none of them was to her";
  EXPECT_EQ(base::ReasonOf(Of(world, kContact, world.nobody.get()).status()), "PERMISSION_DENIED");
}

}  // namespace
}  // namespace ieum::notify::testing
