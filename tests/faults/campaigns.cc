#include "tests/faults/campaigns.h"

#include "ieum/registry/v1/campaign_service.pb.h"
#include "ieum/registry/v1/consent_service.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"

namespace ieum::faults {
namespace {

using namespace registry::v1;  // NOLINT: one contract only

constexpr char kService[] = "/ieum.registry.v1.CampaignService/";
constexpr int kFewSeats = 40;

Campaign TermsOf(CampaignKind kind) {
  Campaign campaign;
  campaign.set_programme("BSN");
  campaign.set_edition("FAULTS");
  campaign.set_task(TASK_KIND_CAMPAIGN);
  campaign.set_admission(ADMISSION_MODE_RULES);
  campaign.mutable_eligibility()->add_organization_kinds(ORGANIZATION_KIND_FIRM);
  campaign.mutable_eligibility()->add_region_prefixes("26");
  switch (kind) {
    case CampaignKind::kRules:
      campaign.set_code("RULES");
      break;
    case CampaignKind::kFewSeats:
      campaign.set_code("FEW-SEATS");
      campaign.set_capacity(kFewSeats);
      campaign.set_waiting_list(true);
      break;
    case CampaignKind::kExternal:
      campaign.set_code("EXTERNAL");
      campaign.set_task(TASK_KIND_INCENTIVE);
      campaign.set_admission(ADMISSION_MODE_EXTERNAL);
      campaign.clear_eligibility();
      break;
    case CampaignKind::kFocus:
      campaign.set_code("FOCUS");
      campaign.set_task(TASK_KIND_FOCUS_CONSULTING);
      campaign.set_admission(ADMISSION_MODE_NONE);
      campaign.clear_eligibility();
      return campaign;
  }
  const auto at = [](int year) { return base::KoreaInstant(absl::CivilDay(year, 1, 2), 9); };
  *campaign.mutable_window()->mutable_start_time() = base::ToTimestamp(at(2022));
  *campaign.mutable_window()->mutable_end_time() = base::ToTimestamp(at(2062));
  return campaign;
}

}  // namespace

absl::StatusOr<std::string> MakeCampaign(rpc::Peer& registry, CampaignKind kind) {
  CreateCampaignRequest create;
  *create.mutable_campaign() = TermsOf(kind);
  create.mutable_campaign()->set_display_name(create.campaign().code());
  Campaign campaign;
  RETURN_IF_ERROR(registry.Call(std::string(kService) + "CreateCampaign", create, &campaign));
  OpenCampaignRequest open;
  open.set_name(campaign.name());
  RETURN_IF_ERROR(registry.Call(std::string(kService) + "OpenCampaign", open, &campaign));
  return campaign.name();
}

absl::StatusOr<std::string> MakePaper(rpc::Peer& registry) {
  CreateConsentTextRequest request;
  ConsentText& text = *request.mutable_consent_text();
  text.set_code("FAULTS-ADVERTISING");
  text.set_version(1);
  text.set_language(LANGUAGE_KO);
  text.set_purpose(CONSENT_PURPOSE_ADVERTISING);
  text.set_stated_purpose("사업 안내");
  text.add_items("연락처");
  text.set_retention("사업 종료 후 3년");
  text.set_refusal_right("동의를 거부할 권리가 있습니다.");
  text.set_refusal_disadvantage("거부하여도 사업 참여에 불이익이 없습니다.");
  ConsentText made;
  RETURN_IF_ERROR(
      registry.Call("/ieum.registry.v1.ConsentService/CreateConsentText", request, &made));
  return made.name();
}

}  // namespace ieum::faults
