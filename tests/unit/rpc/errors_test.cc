// Goal: what a service refuses arrives at the caller with code, reason and details, and nothing
// that was not meant for callers leaves the house.
#include "platform/rpc/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "platform/base/status.h"
#include "platform/base/text.h"

namespace ieum::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

google::rpc::Status Wire(const absl::Status& status) {
  google::rpc::Status wire;
  EXPECT_TRUE(wire.ParseFromString(ToGrpc(status, "sample", "0af7").error_details()));
  return wire;
}

template <class M>
std::vector<M> Details(const absl::Status& status) {
  std::vector<M> found;
  const google::rpc::Status wire = Wire(status);
  for (const auto& any : wire.details()) {
    M detail;
    if (any.UnpackTo(&detail)) found.push_back(detail);
  }
  return found;
}

TEST(Errors, CarryExactlyOneErrorInfoWithTheServicesDomain) {
  const auto infos = Details<google::rpc::ErrorInfo>(
      base::Forbidden("CAMPAIGN_FULL", "full", {{"capacity", "30"}}));
  ASSERT_EQ(infos.size(), 1u);
  EXPECT_EQ(infos[0].reason(), "CAMPAIGN_FULL");
  EXPECT_EQ(infos[0].domain(), "sample.ieum");
  EXPECT_EQ(infos[0].metadata().at("capacity"), "30");
}

TEST(Errors, CarryTheDetailOfTheirCode) {
  const auto failures = Details<google::rpc::PreconditionFailure>(
      base::Forbidden("CAMPAIGN_FULL", "full", {{"resource_name", "campaigns/1"}}));
  ASSERT_EQ(failures.size(), 1u);
  EXPECT_EQ(failures[0].violations(0).type(), "CAMPAIGN_FULL");
  EXPECT_EQ(failures[0].violations(0).subject(), "campaigns/1");
  const auto resources = Details<google::rpc::ResourceInfo>(base::NotFound("things/1"));
  ASSERT_EQ(resources.size(), 1u);
  EXPECT_EQ(resources[0].resource_name(), "things/1");
  const auto retries =
      Details<google::rpc::RetryInfo>(base::Overloaded("full", absl::Milliseconds(1500)));
  ASSERT_EQ(retries.size(), 1u);
  EXPECT_EQ(retries[0].retry_delay().nanos(), 500'000'000);
}

TEST(Errors, ComeBackAsTheyWere) {
  base::FieldErrors errors;
  errors.Add("INVALID_FIELD", "thing.size", "must be at least 0");
  errors.Add("INVALID_TEXT", "thing.note", "must be valid UTF-8");
  const absl::Status back = FromGrpc(ToGrpc(errors.ToStatus(), "sample", ""));
  EXPECT_EQ(back.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(base::ReasonOf(back), "INVALID_FIELD");
  EXPECT_THAT(base::FieldsOf(back), ElementsAre("thing.size", "thing.note"));
  EXPECT_EQ(back.message(), errors.ToStatus().message());
  EXPECT_TRUE(FromGrpc(ToGrpc(absl::OkStatus(), "sample", "")).ok());
}

TEST(Errors, GetAReasonWhenGrpcItselfMadeThem) {
  EXPECT_EQ(base::ReasonOf(FromGrpc({grpc::StatusCode::UNAVAILABLE, "no connection"})),
            "UNAVAILABLE");
  EXPECT_EQ(base::ReasonOf(FromGrpc({grpc::StatusCode::DEADLINE_EXCEEDED, "late"})),
            "DEADLINE_EXCEEDED");
  EXPECT_EQ(base::ReasonOf(FromGrpc({grpc::StatusCode::RESOURCE_EXHAUSTED, "large"})),
            "OVERLOADED");
  EXPECT_EQ(base::ReasonOf(FromGrpc({grpc::StatusCode::UNKNOWN, "?"})), "INTERNAL");
}

TEST(Errors, NeverShowWhatWasNotWrittenForCallers) {
  for (const auto code : {absl::StatusCode::kInternal, absl::StatusCode::kUnknown,
                          absl::StatusCode::kUnavailable, absl::StatusCode::kFailedPrecondition,
                          absl::StatusCode::kNotFound, absl::StatusCode::kDataLoss}) {
    absl::Status status(code, "relation \"person\" at /srv/data: SELECT secret");
    status.SetPayload("ieum.db/in_doubt", absl::Cord("INSERT INTO person"));
    const grpc::Status wire = ToGrpc(status, "sample", "0af7");
    EXPECT_THAT(wire.error_message(), Not(HasSubstr("person")));
    EXPECT_THAT(wire.error_details(), Not(HasSubstr("person")));
    EXPECT_THAT(base::ReasonOf(FromGrpc(wire)), Not("")) << status;
  }
}

TEST(Errors, NameTheTraceOfAFaultOfOurs) {
  const absl::Status fault = absl::UnknownError("stack");
  EXPECT_EQ(ToGrpc(fault, "sample", "0af7").error_code(), grpc::StatusCode::INTERNAL);
  const auto infos = Details<google::rpc::ErrorInfo>(fault);
  ASSERT_EQ(infos.size(), 1u);
  EXPECT_EQ(infos[0].reason(), "INTERNAL");
  EXPECT_EQ(infos[0].metadata().at("trace_id"), "0af7");
}

TEST(Errors, FitIntoMetadataHoweverManyFieldsAreWrong) {
  base::FieldErrors errors;
  for (int i = 0; i < 500; ++i) {
    errors.Add("INVALID_FIELD", absl::StrCat("organization.facts[", i, "].지역"),
               "정해진 값이어야 함");
  }
  const grpc::Status wire = ToGrpc(errors.ToStatus(), "sample", "");
  EXPECT_LT(wire.error_message().size() * 3 + wire.error_details().size() * 4 / 3, 8 * 1024u);
  EXPECT_TRUE(base::IsValidUtf8(wire.error_message()));
  EXPECT_EQ(base::FieldsOf(FromGrpc(wire))[0], "organization.facts[0].지역");
}

TEST(Errors, SpellTheirCodes) {
  EXPECT_EQ(CodeWord(grpc::StatusCode::OK), "OK");
  EXPECT_EQ(CodeWord(grpc::StatusCode::UNAUTHENTICATED), "UNAUTHENTICATED");
  EXPECT_EQ(CodeWord(static_cast<grpc::StatusCode>(99)), "UNKNOWN");
}

}  // namespace
}  // namespace ieum::rpc
