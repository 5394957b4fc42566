#include "tests/integration/casemgmt/served.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "tests/support/centres.h"

namespace ieum::casemgmt::testing {
namespace {

// Staff of centre A. Several roles stand between quotation marks: a", "b.
std::string OfCentreA(const char* token, const char* subject, const char* role) {
  return absl::StrCat(R"({"token": ")", token, R"(", "subject": ")", subject, R"(", "roles": [")",
                      role, R"("], "centres": [")", ieum::testing::kCentreA, R"("]}, )");
}

rpc::Authenticator Known() {
  auto known = rpc::Authenticator::FromTokens(absl::StrCat(
      R"([{"token": ")", kManagerToken,
      R"(", "subject": "staff/manager", "roles": ["programme_manager", "supervisor"],
           "centres": ["*"]},
          {"token": ")",
      kAuditorToken, R"(", "subject": "staff/auditor", "roles": ["auditor"], "centres": ["*"]},
          {"token": ")",
      kScannerToken,
      R"(", "subject": "staff/scanner", "roles": ["attachment_scanner"], "centres": ["*"]},
          {"token": ")",
      kPortalToken,
      R"(", "subject": "staff/portal", "roles": ["link_portal"], "centres": ["*"]}, )",
      OfCentreA(kCaseManagerToken, kCaseManager, "case_manager"),
      OfCentreA(kOtherCaseManagerToken, "staff/other-case-manager", "case_manager"),
      OfCentreA(kSupervisorToken, "staff/supervisor", "supervisor"),
      OfCentreA(kConferenceMemberToken, kConferenceMember, "conference_member"),
      OfCentreA(kCentreHeadToken, "staff/centre-head", "centre_head"),
      OfCentreA(kKeepingHeadToken, kKeepingHead, R"(centre_head", "case_manager)"),
      R"({"token": ")", kProgrammeToken,
      R"(", "subject": "staff/programme", "roles": ["programme_manager"], "centres": ["*"]}, )",
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
  std::vector<absl::CivilDay> days;
  for (const char* day : {"2023-05-05", "2023-12-25", "2024-04-10", "2024-05-06", "2024-05-15",
                          "2024-06-06", "2024-08-15", "2024-09-16", "2024-09-17", "2024-09-18",
                          "2024-10-01", "2024-10-03", "2024-10-09", "2024-12-25", "2025-01-01"}) {
    days.push_back(*base::ParseDay(day, "day"));
  }
  return days;
}

// Registry knows everybody, and answers as the test wishes.
ProvisionBook::Sources ProvisionsBy(const std::atomic<int>& refusal) {
  return {.ask = [&refusal](const ProvisionQuestion&) -> absl::StatusOr<ProvisionAnswer> {
            return ProvisionAnswer{
                .receipt = base::Uuid::NewV7(),
                .refusal = static_cast<registry::v1::ConsentRefusal>(refusal.load()),
                .consent_revision = 1,
                .asked_at = absl::Now()};
          },
          .identify = [](const base::Uuid&) -> absl::StatusOr<PersonIdentity> {
            return PersonIdentity{.full_name = kFullName, .phone = kPhone};
          }};
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
      provisions_(ProvisionsBy(provision_refusal_)),
      engagements_(world_.database(), world_.ledger(), page_key_, schemes_),
      forms_(world_.database(), world_.ledger(), page_key_),
      activities_(world_.database(), world_.ledger(), page_key_),
      sessions_(world_.database(), world_.ledger(), page_key_, world_.vault()) {
  engagements_.Serve(router_);
  forms_.Serve(router_);
  activities_.Serve(router_);
  cases_.Serve(router_);
  case_templates_.Serve(router_);
  tasks_.Serve(router_);
  assessments_.Serve(router_);
  conferences_.Serve(router_);
  plans_.Serve(router_);
  follow_ups_.Serve(router_);
  sessions_.Serve(router_);
  appointments_.Serve(router_);
  groups_.Serve(router_);
  attachments_.Serve(router_);
  referrals_.Serve(router_);
  transfers_.Serve(router_);
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
