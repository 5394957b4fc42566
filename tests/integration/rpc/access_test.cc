// Goal: nobody gets past the wrapper without identity and permission, and learns nothing by trying.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/rpc/sample_server.h"

namespace ieum::rpc {
namespace {

using ::testing::HasSubstr;
using Stub = SampleServer::Stub;

class Access : public ::testing::Test {
 protected:
  Result Get(const std::string& token) {
    sample::v1::GetThingRequest request;
    request.set_name("things/01912345-6789-7abc-8def-0123456789ab");
    sample::v1::Thing thing;
    return server_.Call(&Stub::GetThing, request, &thing, token);
  }

  SampleServer server_;
};

TEST_F(Access, IsRefusedWithoutIdentity) {
  EXPECT_EQ(Get("").status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(Get("").reason, "UNAUTHENTICATED");
}

TEST_F(Access, IsRefusedForAnUnknownToken) {
  EXPECT_EQ(Get("somebody").status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(Access, IsRefusedWhenTwoTokensAreSent) {
  grpc::ClientContext context;
  SampleServer::Prepare(&context, "all", absl::Seconds(20));
  context.AddMetadata("authorization", "Bearer nobody");
  sample::v1::Thing thing;
  EXPECT_EQ(server_.stub().GetThing(&context, {}, &thing).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(Access, IsDeniedBeforeAnythingIsLookedAt) {
  const Result denied = Get("reader");
  EXPECT_EQ(denied.status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(denied.reason, "PERMISSION_DENIED");
  EXPECT_THAT(denied.status.error_message(), HasSubstr("sample.things.get"));
  EXPECT_EQ(Get("nobody").status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Get("all").status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Get("all").reason, "NOT_FOUND");
}

TEST_F(Access, IsDeniedBeforeTheBytesAreRead) {
  sample::v1::CreateThingRequest request;
  sample::v1::Thing thing;
  EXPECT_EQ(server_.Call(&Stub::CreateThing, request, &thing, "reader").reason,
            "PERMISSION_DENIED");
}

TEST_F(Access, EndsAtMethodsThatNobodyHas) {
  for (const char* method : {"/ieum.sample.v1.SampleService/DropThing",
                             "/ieum.sample.v1.sampleservice/GetThing", "/x.Y/Z"}) {
    const Result result = server_.Raw(method, "");
    EXPECT_EQ(result.status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << method;
    EXPECT_EQ(result.reason, "UNIMPLEMENTED");
  }
  EXPECT_THAT(server_.metrics.Render(), HasSubstr("rpc_method=\"_OTHER\""));
}

TEST_F(Access, IsCountedByMethodAndCode) {
  Get("nobody");
  EXPECT_THAT(server_.metrics.Render(),
              HasSubstr("rpc_server_call_duration_seconds_count{error_type=\"PERMISSION_DENIED\","
                        "rpc_method=\"ieum.sample.v1.SampleService/"
                        "GetThing\",rpc_status_code=\"PERMISSION_DENIED\","
                        "rpc_system_name=\"grpc\"} 1"));
}

}  // namespace
}  // namespace ieum::rpc
