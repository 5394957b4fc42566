// Goal: the table of who may do what (tests/contract/access_table.csv) holds at the doors. Method:
// every method of the four running services, asked by every role held in one centre and everywhere;
// an empty request gets past permission or it does not. row:Y6
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ieum/casemgmt/v1/activity_service.pb.h"
#include "ieum/casemgmt/v1/appointment_service.pb.h"
#include "ieum/casemgmt/v1/assessment_service.pb.h"
#include "ieum/casemgmt/v1/attachment_service.pb.h"
#include "ieum/casemgmt/v1/case_service.pb.h"
#include "ieum/casemgmt/v1/case_template_service.pb.h"
#include "ieum/casemgmt/v1/conference_service.pb.h"
#include "ieum/casemgmt/v1/engagement_service.pb.h"
#include "ieum/casemgmt/v1/followup_service.pb.h"
#include "ieum/casemgmt/v1/form_service.pb.h"
#include "ieum/casemgmt/v1/group_service.pb.h"
#include "ieum/casemgmt/v1/plan_service.pb.h"
#include "ieum/casemgmt/v1/referral_service.pb.h"
#include "ieum/casemgmt/v1/session_service.pb.h"
#include "ieum/casemgmt/v1/task_service.pb.h"
#include "ieum/casemgmt/v1/transfer_service.pb.h"
#include "ieum/platform/v1/personal_data.pb.h"
#include "ieum/registry/v1/change_service.pb.h"
#include "ieum/registry/v1/consent_service.pb.h"
#include "ieum/registry/v1/data_export_service.pb.h"
#include "ieum/registry/v1/duplicate_service.pb.h"
#include "ieum/registry/v1/erasure_service.pb.h"
#include "ieum/registry/v1/import_service.pb.h"
#include "ieum/registry/v1/lead_service.pb.h"
#include "ieum/registry/v1/merge_service.pb.h"
#include "ieum/registry/v1/move_service.pb.h"
#include "ieum/registry/v1/programme_service.pb.h"
#include "ieum/registry/v1/reference_service.pb.h"
#include "ieum/registry/v1/timeline_service.pb.h"
#include "ieum/reporting/v1/indicator_service.pb.h"
#include "ieum/reporting/v1/metric_service.pb.h"
#include "ieum/reporting/v1/rebuild_service.pb.h"
#include "ieum/reporting/v1/target_service.pb.h"
#include "tests/flows/accounts.h"

namespace ieum::testing {
namespace {

constexpr char kCentre[] = "0190b0c0-0000-7000-8000-00000000000a";

// Contracts that nobody else of this program names, so that they are linked in.
const google::protobuf::Descriptor* const kLinkedIn[] = {
    casemgmt::v1::GetActivityRequest::descriptor(),
    casemgmt::v1::GetAppointmentRequest::descriptor(),
    casemgmt::v1::CreateInstrumentRequest::descriptor(),
    casemgmt::v1::CreateAttachmentRequest::descriptor(),
    casemgmt::v1::CreateCaseRequest::descriptor(),
    casemgmt::v1::CreateCaseTemplateRequest::descriptor(),
    casemgmt::v1::CreateConferenceRequest::descriptor(),
    casemgmt::v1::CreateEngagementRequest::descriptor(),
    casemgmt::v1::BeginFollowUpRequest::descriptor(),
    casemgmt::v1::CreateApplicationRequest::descriptor(),
    casemgmt::v1::ProposeGroupsRequest::descriptor(),
    casemgmt::v1::CreateCasePlanRequest::descriptor(),
    casemgmt::v1::SendReferralRequest::descriptor(),
    casemgmt::v1::PlanSessionRequest::descriptor(),
    casemgmt::v1::GetCaseTaskRequest::descriptor(),
    casemgmt::v1::AskTransferRequest::descriptor(),
    platform::v1::ExportPersonalDataRequest::descriptor(),
    registry::v1::GetChangeRequestRequest::descriptor(),
    registry::v1::GetConsentRequest::descriptor(),
    registry::v1::GetDataExportRequest::descriptor(),
    registry::v1::GetDuplicatePairRequest::descriptor(),
    registry::v1::GetErasureRequest::descriptor(),
    registry::v1::GetImportRequest::descriptor(),
    registry::v1::GetLeadRequest::descriptor(),
    registry::v1::GetMergeRequest::descriptor(),
    registry::v1::GetMoveRequest::descriptor(),
    registry::v1::GetProgrammeRequest::descriptor(),
    registry::v1::GetRegionRequest::descriptor(),
    registry::v1::ListTimelineEntriesRequest::descriptor(),
    reporting::v1::GetIndicatorRequest::descriptor(),
    reporting::v1::GetMetricRequest::descriptor(),
    reporting::v1::GetRebuildRequest::descriptor(),
    reporting::v1::ListTargetsRequest::descriptor()};

using Rows = std::vector<std::vector<std::string>>;

Rows Table() {
  Rows rows;
  std::ifstream file(absl::StrCat(IEUM_SOURCE_DIR, "/tests/contract/access_table.csv"));
  for (std::string line; std::getline(file, line);) rows.push_back(absl::StrSplit(line, ','));
  return rows;
}

std::vector<Account> OneForEachRole(const std::vector<std::string>& head) {
  std::vector<Account> accounts;
  for (size_t at = 1; at < head.size(); ++at) {
    accounts.push_back({"own-" + head[at], "role/own-" + head[at], {head[at]}, {kCentre}});
    accounts.push_back({"all-" + head[at], "role/all-" + head[at], {head[at]}, {"*"}});
  }
  return accounts;
}

// "/ieum.registry.v1.AccessService/GiveGrant" of "ieum.registry.v1.AccessService.GiveGrant".
std::string PathOf(std::string method) {
  method[method.rfind('.')] = '/';
  return "/" + method;
}

TEST(AccessTableAtTheDoors, HoldsForEveryMethodAndRole) {
  const Rows table = Table();
  ASSERT_GT(table.size(), 100u);
  for (const auto* type : kLinkedIn) ASSERT_NE(type, nullptr);
  Suite suite;
  Accounts accounts(suite, OneForEachRole(table[0]));
  SetClocks(suite, "2023-05-02T11:00:00+09:00");
  int asked = 0;
  for (size_t row = 1; row < table.size(); ++row) {
    const std::string& name = table[row][0];
    const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
    ASSERT_NE(method, nullptr) << name;
    auto* factory = google::protobuf::MessageFactory::generated_factory();
    const auto* request = factory->GetPrototype(method->input_type());
    const std::unique_ptr<google::protobuf::Message> answer(
        factory->GetPrototype(method->output_type())->New());
    const bool of_platform = name.rfind("ieum.platform.", 0) == 0;
    const std::string own = name.substr(5, name.find('.', 5) - 5);
    for (const std::string& service : of_platform ? kServices : std::vector<std::string>{own}) {
      for (size_t at = 1; at < table[0].size(); ++at) {
        const std::string &role = table[0][at], &cell = table[row][at];
        for (const auto& [token, may] :
             {std::pair{"own-" + role, cell == "own"}, std::pair{"all-" + role, cell != "-"}}) {
          const absl::Status status =
              accounts.Peer(token, service).Call(PathOf(name), *request, answer.get());
          EXPECT_EQ(status.code() != absl::StatusCode::kPermissionDenied, may)
              << name << " at " << service << " by " << token << ": " << status;
          EXPECT_NE(status.code(), absl::StatusCode::kUnauthenticated) << token;
          ++asked;
        }
      }
    }
  }
  RecordProperty("calls", asked);
}

}  // namespace
}  // namespace ieum::testing
