// Goal: every refusal says the same thing to a caller, to a test and to the door: a code, a stable
// reason, and all blamed fields. Method: payloads are read back as the messages that travel.
#include "platform/base/status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/cord.h"
#include "google/protobuf/struct.pb.h"
#include "google/rpc/error_details.pb.h"
#include "ieum/platform/v1/errors.pb.h"

namespace ieum::base {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

template <class M>
M DetailOf(const absl::Status& status) {
  M detail;
  const auto payload =
      status.GetPayload("type.googleapis.com/" + std::string(M::descriptor()->full_name()));
  EXPECT_TRUE(payload && detail.ParseFromString(std::string(*payload)));
  return detail;
}

TEST(ReasonWord, IsTheEnumValueWithoutItsPrefix) {
  EXPECT_EQ(Reason(platform::v1::ERROR_REASON_STALE_ETAG).word(), "STALE_ETAG");
  EXPECT_EQ(Reason(platform::v1::ERROR_REASON_REQUEST_ID_REUSED).word(), "REQUEST_ID_REUSED");
}

TEST(ReasonWord, KeepsANameThatHasNoPrefix) {
  EXPECT_EQ(Reason(google::protobuf::NULL_VALUE).word(), "NULL_VALUE");
}

TEST(ReasonWord, ComesFromTextAsItIs) {
  const std::string word = "CAPACITY_BELOW_ENROLLED";
  EXPECT_EQ(Reason("A_WORD").word(), "A_WORD");
  EXPECT_EQ(Reason(word).word(), word);
  EXPECT_EQ(Reason(std::string_view(word)).word(), word);
}

TEST(Refusals, CarryCodeReasonMessageAndMetadata) {
  const absl::Status status =
      Forbidden(platform::v1::ERROR_REASON_REPLAY_FAILED, "it failed again", {{"attempt", "4"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), "it failed again");
  EXPECT_EQ(ReasonOf(status), "REPLAY_FAILED");
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  EXPECT_EQ(info.reason(), "REPLAY_FAILED");
  EXPECT_THAT(info.metadata(), UnorderedElementsAre(Pair("attempt", "4")));
}

TEST(Refusals, HaveTheCodeThatTheirNameSays) {
  EXPECT_EQ(AlreadyExists("ID_TAKEN", "taken").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Error(absl::StatusCode::kAborted, "STALE_ETAG", "stale").code(),
            absl::StatusCode::kAborted);
  const absl::Status missing = NotFound("campaigns/1");
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(missing), "NOT_FOUND");
  EXPECT_THAT(DetailOf<google::rpc::ErrorInfo>(missing).metadata(),
              UnorderedElementsAre(Pair("resource_name", "campaigns/1")));
  EXPECT_EQ(MetadataOf(missing, "resource_name"), "campaigns/1");
  EXPECT_EQ(MetadataOf(missing, "import"), "");
  EXPECT_EQ(MetadataOf(absl::InternalError("x"), "resource_name"), "");
}

TEST(Refusals, WithoutAReasonHaveNone) {
  EXPECT_EQ(ReasonOf(absl::OkStatus()), "");
  EXPECT_EQ(ReasonOf(absl::InternalError("x")), "");
  EXPECT_THAT(FieldsOf(absl::OkStatus()), IsEmpty());
  EXPECT_THAT(FieldsOf(Forbidden("X", "x")), IsEmpty());
}

TEST(PassingRefusals, SayWhenToComeBack) {
  const absl::Status gone = Unavailable("no answer", absl::Milliseconds(1500));
  EXPECT_EQ(gone.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(gone), "UNAVAILABLE");
  const auto retry = DetailOf<google::rpc::RetryInfo>(gone);
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(retry.retry_delay().nanos(), 500'000'000);

  const absl::Status full = Overloaded("full", absl::Milliseconds(20));
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(full), "OVERLOADED");
  EXPECT_EQ(DetailOf<google::rpc::RetryInfo>(full).retry_delay().nanos(), 20'000'000);
}

TEST(FieldErrors, AreOkWhenNothingWasAdded) {
  const FieldErrors errors;
  EXPECT_TRUE(errors.empty());
  EXPECT_TRUE(errors.ToStatus().ok());
}

TEST(FieldErrors, TellAllFieldsAtOnceInOrder) {
  FieldErrors errors;
  errors.Add("BUSINESS_NUMBER_CHECK_DIGIT", "organization.business_registration_number",
             "the check digit is wrong");
  errors.Add(platform::v1::ERROR_REASON_INVALID_FIELD, "organization.headcount.total",
             "must not be negative");
  EXPECT_FALSE(errors.empty());
  const absl::Status status = errors.ToStatus();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), "BUSINESS_NUMBER_CHECK_DIGIT");
  EXPECT_THAT(FieldsOf(status), ElementsAre("organization.business_registration_number",
                                            "organization.headcount.total"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("the check digit is wrong"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("must not be negative"));
  const auto bad = DetailOf<google::rpc::BadRequest>(status);
  ASSERT_EQ(bad.field_violations_size(), 2);
  EXPECT_EQ(bad.field_violations(1).field(), "organization.headcount.total");
  EXPECT_EQ(bad.field_violations(1).description(), "must not be negative");
}

TEST(FieldErrors, TakeOverOtherRefusals) {
  FieldErrors inner, errors;
  inner.Add("A", "x.first", "one");
  inner.Add("A", "x.second", "two");
  errors.Add(absl::OkStatus());
  EXPECT_TRUE(errors.empty());
  errors.Add(InvalidField("B", "name", "three"));
  errors.Add(inner.ToStatus());
  EXPECT_EQ(ReasonOf(errors.ToStatus()), "B");
  EXPECT_THAT(FieldsOf(errors.ToStatus()), ElementsAre("name", "x.first", "x.second"));
  EXPECT_THAT(std::string(errors.ToStatus().message()), HasSubstr("two"));
}

TEST(FieldErrors, NeverDropARefusal) {
  FieldErrors errors;
  errors.Add(Forbidden("CLOSED", "the window is closed"));
  EXPECT_FALSE(errors.empty());
  EXPECT_EQ(ReasonOf(errors.ToStatus()), "CLOSED");
  EXPECT_THAT(std::string(errors.ToStatus().message()), HasSubstr("the window is closed"));
}

TEST(InvalidField, BlamesOneField) {
  const absl::Status status = InvalidField("INVALID_FIELD", "page_size", "must not be negative");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), "INVALID_FIELD");
  EXPECT_THAT(FieldsOf(status), ElementsAre("page_size"));
}

absl::StatusOr<std::unique_ptr<int>> Half(int number, int* calls) {
  ++*calls;
  if (number % 2 != 0) return Forbidden("ODD", "odd");
  return std::make_unique<int>(number / 2);
}

absl::StatusOr<int> Quarter(int number, int* calls) {
  ASSIGN_OR_RETURN(std::unique_ptr<int> half, Half(number, calls));
  ASSIGN_OR_RETURN(const auto quarter, Half(*half, calls));
  return *quarter;
}

absl::Status CheckQuarter(int number, int* calls) {
  if (number > 0)
    RETURN_IF_ERROR(Quarter(number, calls).status());
  else
    return absl::OutOfRangeError("not positive");
  return absl::OkStatus();
}

TEST(Macros, HandTheValueOnOrTheRefusal) {
  int calls = 0;
  EXPECT_EQ(Quarter(12, &calls).value(), 3);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(ReasonOf(Quarter(6, &calls).status()), "ODD");
  EXPECT_EQ(calls, 4);
  EXPECT_EQ(ReasonOf(Quarter(5, &calls).status()), "ODD");
  EXPECT_EQ(calls, 5) << "an expression is evaluated once and nothing runs after a refusal";
}

TEST(Macros, AreOneStatement) {
  int calls = 0;
  EXPECT_TRUE(CheckQuarter(8, &calls).ok());
  EXPECT_EQ(ReasonOf(CheckQuarter(7, &calls)), "ODD");
  EXPECT_TRUE(absl::IsOutOfRange(CheckQuarter(-8, &calls)));
}

}  // namespace
}  // namespace ieum::base
