// The doors of referrals and transfers in a test: a case of centre A with a session that is
// planned, centre B and an agency, and shorthands for what their people do.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "platform/access/subject_id.h"
#include "platform/base/status.h"
#include "tests/integration/casemgmt/served.h"
#include "tests/integration/casemgmt/session_world.h"
#include "tests/support/centres.h"

namespace ieum::casemgmt::testing {

using ieum::testing::kCentreA;
using ieum::testing::kCentreB;

inline constexpr char kAtB[] = "centre-b";
inline constexpr char kRequest[] = "함께 살펴봐 주세요";

class ReferralDoors : public ::testing::Test {
 protected:
  ReferralDoors() {
    for (const char* centre : {kCentreA, kCentreB}) {
      Hear(*base::Uuid::Parse(centre), registry::v1::ORGANIZATION_KIND_CENTRE);
    }
    Hear(agency_, registry::v1::ORGANIZATION_KIND_AGENCY);
    case_ = sessions_.InCase({.centre = base::Uuid::Parse(kCentreA),
                              .manager_subject = access::SubjectId(kCaseManager)});
    world().Ask(absl::StrCat("UPDATE casefile SET risk_level = 3, primary_factor = 'RF02', ",
                             "classification = 1 WHERE id = '", case_.ToString(), "' RETURNING 1"));
    sessions_.Planned(case_, "2024-05-13 10:00");
  }
  World& world() { return served_.world(); }
  void Hear(const base::Uuid& id, registry::v1::OrganizationKind kind) {
    registry::v1::OrganizationRegistered event;
    event.set_organization_id(id.ToString());
    event.set_kind(kind);
    EXPECT_TRUE(world().Hear(event, id).ok());
  }

  v1::SendReferralRequest Wanted(const std::vector<v1::SharedPart>& parts) {
    v1::SendReferralRequest request;
    request.set_parent("cases/" + case_.ToString());
    request.set_service(v1::REFERRAL_SERVICE_KIND_LABOUR_LAW);
    request.set_recipient(absl::StrCat("organizations/", kCentreB));
    request.set_request_text(kRequest);
    for (const v1::SharedPart part : parts) request.add_parts(part);
    if (!parts.empty()) request.add_items("성명");
    return request;
  }
  v1::Referral Sent(const std::vector<v1::SharedPart>& parts) { return Sent(Wanted(parts)); }
  v1::Referral Sent(const v1::SendReferralRequest& request) {
    v1::Referral referral;
    const absl::Status sent =
        served_.CallAs(kCaseManagerToken, "ReferralService/SendReferral", request, &referral);
    EXPECT_TRUE(sent.ok()) << sent;
    return referral;
  }
  // The reason of a refusal; "" = it was done. `answer` gets what was answered.
  template <class Request, class Answer = v1::Referral>
  std::string Call(const std::string& token, const std::string& method, const Request& request,
                   Answer* answer = nullptr) {
    Answer unread;
    return base::ReasonOf(
        served_.CallAs(token, method, request, answer == nullptr ? &unread : answer));
  }
  template <class Request>
  std::string Step(const std::string& token, const std::string& method, const std::string& name,
                   Request request = {}) {
    request.set_name(name);
    return Call(token, "ReferralService/" + method, request);
  }
  std::string Accepted(const std::string& name) {
    return Step<v1::AcceptReferralRequest>(kAtB, "AcceptReferral", name);
  }
  std::string Record(const std::string& name, v1::SharedRecord* record = nullptr,
                     const std::string& token = kAtB) {
    v1::GetSharedRecordRequest request;
    request.set_name(absl::StrReplaceAll(name, {{"/referrals/", "/sharedRecords/"}}));
    return Call(token, "ReferralService/GetSharedRecord", request, record);
  }
  v1::Referral Seen(const std::string& token, const std::string& name) {
    v1::GetReferralRequest request;
    request.set_name(name);
    v1::Referral referral;
    EXPECT_EQ(Call(token, "ReferralService/GetReferral", request, &referral), "");
    return referral;
  }
  std::string Revoked(const std::string& name) {
    v1::RevokeReferralRequest request;
    request.set_reason(v1::REFERRAL_REVOKE_REASON_CLIENT_ASKED);
    return Step(kCaseManagerToken, "RevokeReferral", name, request);
  }

  Served served_{"2024-05-10 09:30"};
  Sessions sessions_{served_.world()};
  const base::Uuid agency_ = base::Uuid::NewV7();
  base::Uuid case_;
};

}  // namespace ieum::casemgmt::testing
