#include "tests/integration/casemgmt/served.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/centres.h"

namespace ieum::casemgmt::testing {
namespace {

// Staff of centre A.
std::string OfCentreA(const char* token, const char* subject, const char* role) {
  return absl::StrCat(R"({"token": ")", token, R"(", "subject": ")", subject, R"(", "roles": [")",
                      role, R"("], "centres": [")", ieum::testing::kCentreA, R"("]}, )");
}

rpc::Authenticator Known() {
  auto known = rpc::Authenticator::FromTokens(absl::StrCat(
      R"([{"token": ")", kManagerToken,
      R"(", "subject": "staff/manager", "roles": ["programme_manager"], "centres": ["*"]},
          {"token": ")",
      kAuditorToken, R"(", "subject": "staff/auditor", "roles": ["auditor"], "centres": ["*"]},
          {"token": ")",
      kScannerToken,
      R"(", "subject": "staff/scanner", "roles": ["attachment_scanner"], "centres": ["*"]}, )",
      OfCentreA(kCaseManagerToken, kCaseManager, "case_manager"),
      OfCentreA(kOtherCaseManagerToken, "staff/other-case-manager", "case_manager"),
      OfCentreA(kSupervisorToken, "staff/supervisor", "supervisor"),
      OfCentreA(kConferenceMemberToken, kConferenceMember, "conference_member"),
      OfCentreA(kCentreHeadToken, "staff/centre-head", "centre_head"),
      OfCentreA(kCoachToken, kCoach, "consultant"),
      OfCentreA(kOtherCoachToken, "staff/other-coach", "consultant"), ieum::testing::CentreTokens(),
      "]"));
  EXPECT_TRUE(known.ok()) << known.status();
  return known.ok() ? *known : rpc::Authenticator();
}

absl::StatusOr<std::vector<registry::v1::Scheme>> Schemes() {
  std::vector<registry::v1::Scheme> schemes;
  for (const char* code : {"WI10", "FLEX", "WLBA", "REMOTE", "ENV"}) {
    schemes.emplace_back().set_code(code);
  }
  return schemes;
}

// Registry knows nobody behind an account.
absl::StatusOr<std::optional<base::Uuid>> NobodyBehind(const base::Uuid&) {
  return std::optional<base::Uuid>();
}

// Those that tests come across.
absl::StatusOr<std::vector<absl::CivilDay>> PublicHolidays() {
  return std::vector<absl::CivilDay>{{2023, 5, 5},  {2023, 12, 25}, {2024, 4, 10}, {2024, 5, 6},
                                     {2024, 5, 15}, {2024, 6, 6},   {2024, 8, 15}, {2024, 9, 16},
                                     {2024, 9, 17}, {2024, 9, 18},  {2024, 10, 1}, {2024, 10, 3},
                                     {2024, 10, 9}, {2024, 12, 25}, {2025, 1, 1}};
}

std::string Address(const rpc::Server& server) {
  return absl::StrCat("127.0.0.1:", server.grpc_port());
}

}  // namespace

Served::Served(const std::string& now)
    : world_(now),
      metrics_("casemgmt"),
      schemes_(Schemes),
      staff_(NobodyBehind),
      holidays_(PublicHolidays),
      engagements_(world_.database(), world_.ledger(), page_key_, schemes_),
      forms_(world_.database(), world_.ledger(), page_key_),
      activities_(world_.database(), world_.ledger(), page_key_),
      sessions_(world_.database(), world_.ledger(), page_key_, world_.vault()) {
  engagements_.Serve(router_);
  forms_.Serve(router_);
  activities_.Serve(router_);
  assessments_.Serve(router_);
  conferences_.Serve(router_);
  plans_.Serve(router_);
  follow_ups_.Serve(router_);
  sessions_.Serve(router_);
  appointments_.Serve(router_);
  groups_.Serve(router_);
  attachments_.Serve(router_);
  personal_data_.Serve(router_);
  server_ = std::make_unique<rpc::Server>(
      rpc::ServerOptions{.service = "casemgmt", .access_log = &access_log_}, router_, Known(),
      rpc::Roles::Shipped(), metrics_);
  const absl::Status started = server_->Start();
  EXPECT_TRUE(started.ok()) << started;
  server_->SetServing(true);
  manager_ = std::make_unique<rpc::Peer>(rpc::PeerOptions{
      .service = "casemgmt", .address = Address(*server_), .token = kManagerToken});
}

Served::~Served() = default;

absl::Status Served::Call(const std::string& method, const google::protobuf::Message& request,
                          google::protobuf::Message* response) {
  return manager_->Call("/ieum.casemgmt.v1." + method, request, response, absl::Seconds(20));
}

absl::Status Served::CallAs(const std::string& token, const std::string& method,
                            const google::protobuf::Message& request,
                            google::protobuf::Message* response) {
  return CallOther(token, "/ieum.casemgmt.v1." + method, request, response);
}

absl::Status Served::CallOther(const std::string& token, const std::string& method,
                               const google::protobuf::Message& request,
                               google::protobuf::Message* response) {
  rpc::Peer peer(
      rpc::PeerOptions{.service = "casemgmt", .address = Address(*server_), .token = token});
  return peer.Call(method, request, response, absl::Seconds(20));
}

}  // namespace ieum::casemgmt::testing
