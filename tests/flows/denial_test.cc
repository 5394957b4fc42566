// Goal: whatever is asked by whoever may not is refused, and nothing about it is special to one
// method: default deny. Method: four real services behind TLS; every method of every contract that
// they serve, with each way of not being let in; and each way of writing a method's path that is
// not its path. T28
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "ieum/platform/v1/options.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/base/status.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/tls.h"
#include "tests/contract/contracts.h"
#include "tests/flows/suite.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

using google::protobuf::MethodDescriptor;
using ::testing::AnyOf;
using ::testing::StartsWith;

constexpr char kNobody[] = "token-of-nobody";
constexpr char kJudge[] = "token-of-a-judge";  // a role that holds nothing here
// alg "none", claims of a manager, no signature.
constexpr char kUnsigned[] =
    "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0."
    "eyJzdWIiOiJzdGFmZi9raW0iLCJyb2xlcyI6WyJwcm9ncmFtbWVfbWFuYWdlciJdLCJjZW50cmVzIjpbIioiXX0.";

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Heard {
  grpc::StatusCode code;
  std::string reason, message;
};

// Of one service and of the operations that all have.
std::vector<const MethodDescriptor*> MethodsOf(const std::string& service) {
  std::vector<const MethodDescriptor*> methods;
  for (const MethodDescriptor* method : contract::Methods()) {
    const std::string owner = contract::ServiceOf(method->file());
    if (owner == service || owner == "platform") methods.push_back(method);
  }
  EXPECT_GT(methods.size(), 10u) << service;
  return methods;
}

std::string PathOf(const MethodDescriptor* method) {
  return absl::StrCat("/", method->service()->full_name(), "/", method->name());
}

class Denial : public ::testing::Test {
 protected:
  Denial() {
    const std::string tokens = suite_.folder() + "/tokens-of-few.json";
    std::ofstream(tokens) << nlohmann::json{
        {{"token", suite_.keyring().driver_token()},
         {"subject", "demo/driver"},
         {"roles", {"programme_manager", "operator", "auditor"}},
         {"centres", {"*"}}},
        {{"token", kNobody}, {"subject", "staff/nobody"}, {"roles", nlohmann::json::array()}},
        {{"token", kJudge}, {"subject", "staff/judge"}, {"roles", {"judge"}}, {"centres", {"*"}}}};
    for (const std::string& service : kServices) {
      suite_.SetEnvironment(service, "IEUM_TOKENS_FILE", tokens);
      EXPECT_EQ(suite_.StopService(service), 0);
      suite_.StartService(service);
      channels_[service] = grpc::CreateCustomChannel(
          suite_.Address(service), rpc::TlsInUse()->ForPeer(service), grpc::ChannelArguments());
    }
  }

  Heard Ask(const std::string& service, const std::string& path, const Headers& headers,
            const std::string& bytes = "") {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    context.set_wait_for_ready(true);
    for (const auto& [key, value] : headers) context.AddMetadata(key, value);
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    const grpc::internal::RpcMethod method(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
    const grpc::Status status =
        grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
            channels_.at(service).get(), method, &context, request, &response);
    return {status.error_code(), base::ReasonOf(rpc::FromGrpc(status)), status.error_message()};
  }
  std::string DriverToken() const { return "Bearer " + suite_.keyring().driver_token(); }

  Suite suite_;
  std::map<std::string, std::shared_ptr<grpc::Channel>> channels_;
};

TEST_F(Denial, MeetsEveryMethodWithoutAGoodToken) {
  const std::string good = DriverToken();
  const std::string bare = suite_.keyring().driver_token();
  const std::vector<Headers> strangers = {
      {},
      {{"authorization", ""}},
      {{"authorization", "Bearer "}},
      {{"authorization", "Bearer unknown"}},
      {{"authorization", bare}},
      {{"authorization", "Basic " + bare}},
      {{"authorization", "Bearer  " + bare + "x"}},
      {{"authorization", absl::StrCat("Bearer ", kUnsigned)}},
      {{"authorization", good}, {"authorization", good}},
      {{"authorization", good}, {"authorization", absl::StrCat("Bearer ", kNobody)}},
      {{"x-authorization", good}},
      {{"authorization-bin", good}},
      {{"cookie", "authorization=" + good}}};
  int asked = 0;
  for (const std::string& service : kServices) {
    for (const MethodDescriptor* method : MethodsOf(service)) {
      for (const Headers& headers : strangers) {
        const Heard heard = Ask(service, PathOf(method), headers);
        EXPECT_EQ(heard.code, grpc::StatusCode::UNAUTHENTICATED)
            << PathOf(method) << " of " << service << " with header "
            << (headers.empty() ? "" : headers[0].second.substr(0, 12));
        EXPECT_EQ(heard.reason, "UNAUTHENTICATED");
        ++asked;
      }
    }
  }
  EXPECT_GT(asked, 900);
}

// What the request says is not even looked at: a name that is there and one that is not are alike.
TEST_F(Denial, MeetsEveryMethodForWhoHoldsNothing) {
  for (const std::string& service : kServices) {
    for (const MethodDescriptor* method : MethodsOf(service)) {
      for (const char* token : {kNobody, kJudge}) {
        for (const std::string& bytes : {std::string(),
                                         std::string("\x0a\x03"
                                                     "abc",
                                                     5),
                                         std::string("\xff\xff", 2)}) {
          const Heard heard = Ask(service, PathOf(method),
                                  {{"authorization", absl::StrCat("Bearer ", token)}}, bytes);
          EXPECT_EQ(heard.code, grpc::StatusCode::PERMISSION_DENIED) << PathOf(method);
          EXPECT_THAT(heard.message,
                      StartsWith("the caller does not hold " +
                                 method->options().GetExtension(platform::v1::permission)));
        }
      }
    }
  }
}

// A path is a method's or nobody's, even for who may do everything.
TEST_F(Denial, MeetsPathsThatOnlyLookLikeAMethods) {
  for (const std::string& service : kServices) {
    for (const MethodDescriptor* method : MethodsOf(service)) {
      const std::string path = PathOf(method);
      const std::string name = method->name();
      const std::string owner = method->service()->full_name();
      for (const std::string& trick :
           {absl::AsciiStrToLower(path), absl::AsciiStrToUpper(path), path + "/", path + " ",
            "/" + path, "/" + owner + "//" + name, "/" + owner + "/" + name + "?x=1",
            "/" + owner + "/./" + name, "/" + owner + "/%" + "47et", "/" + name,
            "/" + owner + "." + name, absl::StrReplaceAll(path, {{".v1.", ".v2."}})}) {
        const Heard heard = Ask(service, trick, {{"authorization", DriverToken()}});
        EXPECT_THAT(heard.code, AnyOf(grpc::StatusCode::UNIMPLEMENTED)) << trick;
      }
    }
  }
}

// The id of something else is the id of nothing.
TEST_F(Denial, MeetsTheNameOfAnotherKindOfThing) {
  registry::v1::CreatePersonRequest request;
  request.mutable_person()->set_full_name("김하늘");
  request.mutable_person()->set_basis(registry::v1::LEGAL_BASIS_CONTRACT);
  registry::v1::Person person;
  absl::Status created;
  ASSERT_TRUE(WaitFor([&] {
    platform::v1::SetClockRequest clock;
    clock.mutable_time()->set_seconds(1'679'000'000);
    platform::v1::SetClockResponse set;
    (void)suite_.driver("registry").Call("/ieum.platform.v1.OpsService/SetClock", clock, &set);
    created = suite_.driver("registry")
                  .Call("/ieum.registry.v1.PersonService/CreatePerson", request, &person);
    return created.ok();
  })) << created;
  const std::string id = person.name().substr(person.name().find('/') + 1);
  const std::vector<std::pair<std::string, std::string>> questions = {
      {"/ieum.registry.v1.OrganizationService/GetOrganization", "organizations/" + id},
      {"/ieum.registry.v1.CampaignService/GetCampaign", "campaigns/" + id},
      {"/ieum.registry.v1.EnrolmentService/GetEnrolment", "campaigns/" + id + "/enrolments/" + id}};
  for (const auto& [path, name] : questions) {
    registry::v1::GetPersonRequest named;  // all of them have `name` as their first field
    named.set_name(name);
    const Heard heard =
        Ask("registry", path, {{"authorization", DriverToken()}}, named.SerializeAsString());
    EXPECT_EQ(heard.code, grpc::StatusCode::NOT_FOUND) << name << ": " << heard.message;
  }
}

}  // namespace
}  // namespace ieum::testing
