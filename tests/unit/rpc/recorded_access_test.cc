// Goal: the access log says of a call that an emergency let it through, also when its caller holds
// the same in another centre. Method: calls of a caller with grants side by side.
#include "platform/rpc/recorded_access.h"

#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "ieum/sample/v1/sample_service.pb.h"

namespace ieum::rpc {
namespace {

constexpr char kHere[] = "0190b0c0-0000-7000-8000-00000000000a";
constexpr char kThere[] = "0190b0c0-0000-7000-8000-00000000000b";
constexpr char kPath[] = "/ieum.sample.v1.SampleService/GetThing";
constexpr char kPermission[] = "sample.things.get";

bool Emergency(const std::vector<Grant>& grants, const absl::Status& outcome = absl::OkStatus()) {
  const Roles roles = Roles::FromJson(R"({"roles": {"break_glass": ["sample.things.get"],
                                                    "keeper": ["sample.things.*"],
                                                    "head": ["sample.things.list"]}})")
                          .value();
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      "ieum.sample.v1.SampleService.GetThing");
  const std::string path = kPath;
  CallContext call(*method, path, roles);
  call.set_identity({"staff/kim", grants});
  call.set_scope(call.ScopeOf(kPermission));
  const Route route{.method = method, .permission = kPermission};
  return AccessOf(route, call, roles, {}, nullptr, outcome, nullptr).emergency;
}

// law:L19
TEST(RecordedAccess, IsAnEmergencyWhereTheGlassOpenedACentre) {
  EXPECT_TRUE(Emergency({{"break_glass", kHere}}));
  EXPECT_TRUE(Emergency({{"break_glass", kHere}, {"head", kHere}}));
  EXPECT_TRUE(Emergency({{"break_glass", kHere}, {"keeper", kThere}})) << "held elsewhere only";
  EXPECT_TRUE(Emergency({{"break_glass", kEverywhere}, {"keeper", kHere}}));
}

TEST(RecordedAccess, IsNoneWhereTheGlassOpenedNothing) {
  EXPECT_FALSE(Emergency({{"keeper", kHere}}));
  EXPECT_FALSE(Emergency({{"break_glass", kHere}, {"keeper", kHere}}));
  EXPECT_FALSE(Emergency({{"break_glass", kHere}, {"keeper", kEverywhere}}));
  EXPECT_FALSE(Emergency({{"break_glass", kHere}}, absl::NotFoundError("")));
}

}  // namespace
}  // namespace ieum::rpc
