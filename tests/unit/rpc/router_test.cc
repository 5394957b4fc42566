// Goal: a door that does not fit its contract is found at start.
#include "platform/rpc/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ieum/sample/v1/broken_service.pb.h"
#include "ieum/sample/v1/sample_service.pb.h"

namespace ieum::rpc {
namespace {

using ::testing::HasSubstr;

struct Door {
  absl::StatusOr<sample::v1::OpenResponse> Open(Call&, const sample::v1::OpenRequest&) {
    return sample::v1::OpenResponse();
  }
  absl::StatusOr<sample::v1::OpenResponse> Unrule(Call&, const sample::v1::UnruleRequest&) {
    return sample::v1::OpenResponse();
  }
  absl::StatusOr<sample::v1::Thing> Get(Call&, const sample::v1::GetThingRequest&) {
    return sample::v1::Thing();
  }
};

TEST(Router, RefusesAMethodWithoutAHandler) {
  Router router;
  Door door;
  router.Service("ieum.sample.v1.SampleService").Unary("GetThing", &door, &Door::Get);
  EXPECT_THAT(std::string(router.Check().message()), HasSubstr("/CreateThing has no handler"));
}

TEST(Router, RefusesAMethodWithoutAPermission) {
  Router router;
  Door door;
  router.Service("ieum.sample.v1.OpenService").Unary("Open", &door, &Door::Open);
  EXPECT_THAT(std::string(router.Check().message()), HasSubstr("has no permission option"));
}

TEST(Router, RefusesARuleThatCannotBeChecked) {
  Router router;
  Door door;
  router.Service("ieum.sample.v1.UnruledService").Unary("Unrule", &door, &Door::Unrule);
  EXPECT_THAT(std::string(router.Check().message()), HasSubstr("WithHostname.host"));
}

TEST(Router, ReadsThePermissionFromTheContract) {
  Router router;
  Door door;
  router.Service("ieum.sample.v1.SampleService").Unary("GetThing", &door, &Door::Get);
  EXPECT_EQ(router.routes().at("/ieum.sample.v1.SampleService/GetThing").permission,
            "sample.things.get");
}

TEST(RouterDeath, AbortsWhereTheDoorDoesNotFit) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  Door door;
  EXPECT_DEATH(Router().Service("ieum.sample.v1.NoService"), "no service .* is linked in");
  EXPECT_DEATH(
      {
        Router router;
        router.Service("ieum.sample.v1.SampleService").Unary("FindThing", &door, &Door::Get);
      },
      "has no method FindThing");
  EXPECT_DEATH(
      {
        Router router;
        router.Service("ieum.sample.v1.SampleService").Unary("CreateThing", &door, &Door::Get);
      },
      "other types than its handler");
  EXPECT_DEATH(
      {
        Router router;
        router.Service("ieum.sample.v1.SampleService");
        router.Service("ieum.sample.v1.SampleService");
      },
      "opened twice");
}

}  // namespace
}  // namespace ieum::rpc
