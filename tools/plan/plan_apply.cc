#include "tools/plan/plan_apply.h"

#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "platform/base/status.h"
#include "tools/plan/plan_diff.h"

namespace ieum::plan {
namespace {

namespace v1 = ieum::registry::v1;

constexpr char kProgrammes[] = "/ieum.registry.v1.ProgrammeService/";
constexpr char kCampaigns[] = "/ieum.registry.v1.CampaignService/";
constexpr char kOrganizations[] = "/ieum.registry.v1.OrganizationService/";

// What the registry refuses because of what it was given; anything else ends the run.
bool IsRefusal(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status) ||
         absl::IsAlreadyExists(status) || absl::IsAborted(status);
}

// The blamed fields of a refusal, each with what is wrong with it: its message tells them too, but
// is cut where it gets long.
google::rpc::BadRequest BlamedBy(const absl::Status& status) {
  google::rpc::BadRequest blamed;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  if (!payload || !blamed.ParseFromString(std::string(*payload))) blamed.Clear();
  return blamed;
}

class Applier {
 public:
  Applier(const Plan& plan, const Wish& wish, const Caller& caller)
      : plan_(plan), wish_(wish), caller_(caller), wanted_(plan.edition) {}

  absl::StatusOr<Outcome> Run() {
    RETURN_IF_ERROR(Lead());
    RETURN_IF_ERROR(LookAtProgramme());
    RETURN_IF_ERROR(LookAtEdition());
    RETURN_IF_ERROR(LookAtCampaigns());
    RETURN_IF_ERROR(WriteAll(true));
    if (wish_.dry_run || !outcome_.faults.empty()) return std::move(outcome_);
    RETURN_IF_ERROR(WriteAll(false));
    RETURN_IF_ERROR(Approve());
    return std::move(outcome_);
  }

 private:
  template <class Response>
  absl::StatusOr<Response> Call(const std::string& method,
                                const google::protobuf::Message& request) {
    Response response;
    RETURN_IF_ERROR(caller_(method, request, &response));
    return response;
  }

  void Tell(const std::vector<std::string>& differences) {
    outcome_.changes.insert(outcome_.changes.end(), differences.begin(), differences.end());
  }

  // Keeps a refusal as faults of the file; any other error comes back. `line` where no field says
  // better.
  absl::Status Judge(const absl::Status& status, int line) {
    if (status.ok() || !IsRefusal(status)) return status;
    const google::rpc::BadRequest blamed = BlamedBy(status);
    if (blamed.field_violations().empty()) {
      outcome_.faults.push_back({line, std::string(status.message())});
    }
    for (const auto& wrong : blamed.field_violations()) {
      const int found =
          absl::StartsWith(wrong.field(), "campaign") ? 0 : plan_.LineOf(wrong.field());
      outcome_.faults.push_back(
          {found == 0 ? line : found, absl::StrCat(wrong.field(), ": ", wrong.description())});
    }
    return absl::OkStatus();
  }

  absl::Status LookAtProgramme() {
    v1::GetProgrammeRequest get;
    get.set_name(plan_.programme_name());
    auto is = Call<v1::Programme>(absl::StrCat(kProgrammes, "GetProgramme"), get);
    programme_there_ = is.ok();
    if (is.ok()) {
      programme_ = *std::move(is);
      Tell(Differences(programme_, plan_.programme));
    } else if (absl::IsNotFound(is.status())) {
      Tell({absl::StrCat("+ programme ", plan_.programme_code)});
    } else {
      return is.status();
    }
    return absl::OkStatus();
  }

  // The leading centre by the code that the programme's papers use.
  absl::Status Lead() {
    wanted_.set_manager(plan_.manager);
    if (plan_.lead.empty()) return absl::OkStatus();
    v1::ListOrganizationsRequest list;
    list.set_filter(
        absl::StrCat("external_code = \"", plan_.lead, "\" AND state = ORGANIZATION_STATE_ACTIVE"));
    ASSIGN_OR_RETURN(const auto found,
                     Call<v1::ListOrganizationsResponse>(
                         absl::StrCat(kOrganizations, "ListOrganizations"), list));
    if (found.organizations_size() == 1) {
      wanted_.set_lead_organization(found.organizations(0).name());
    } else {
      outcome_.faults.push_back({plan_.LineOf("edition.lead_organization"),
                                 absl::StrCat("no active organization has the code ", plan_.lead)});
    }
    return absl::OkStatus();
  }

  absl::Status LookAtEdition() {
    v1::GetEditionRequest get;
    get.set_name(plan_.edition_name());
    auto is = Call<v1::Edition>(absl::StrCat(kProgrammes, "GetEdition"), get);
    edition_there_ = is.ok();
    if (is.ok()) {
      edition_ = *std::move(is);
      edition_differences_ = Differences(edition_, wanted_);
      Tell(edition_differences_);
    } else if (absl::IsNotFound(is.status())) {
      Tell({absl::StrCat("+ edition ", plan_.edition_name(), " with ", wanted_.lines_size(),
                         " lines")});
    } else {
      return is.status();
    }
    return absl::OkStatus();
  }

  absl::Status LookAtCampaigns() {
    v1::ListCampaignsRequest list;
    list.set_page_size(500);
    list.set_filter(absl::StrCat("programme = \"", plan_.programme_code, "\" AND edition = \"",
                                 plan_.edition_code, "\""));
    ASSIGN_OR_RETURN(const auto found, Call<v1::ListCampaignsResponse>(
                                           absl::StrCat(kCampaigns, "ListCampaigns"), list));
    for (const v1::Campaign& campaign : found.campaigns()) campaigns_[campaign.code()] = campaign;
    for (const PlannedCampaign& planned : plan_.campaigns) {
      const auto known = campaigns_.find(planned.campaign.code());
      if (known == campaigns_.end()) {
        Tell({absl::StrCat("+ campaign ", planned.campaign.code())});
        continue;
      }
      Tell(Differences(known->second, planned.campaign));
      if (known->second.task() != planned.campaign.task() ||
          known->second.admission() != planned.campaign.admission()) {
        outcome_.faults.push_back(
            {planned.line, "task and admission of a campaign do not change: give it another code"});
      }
    }
    return absl::OkStatus();
  }

  // A rehearsal asks for everything that can be tried yet; writing stops at what is refused.
  absl::Status WriteAll(bool rehearsal) {
    const auto stopped = [&] { return !rehearsal && !outcome_.faults.empty(); };
    RETURN_IF_ERROR(WriteProgramme(rehearsal));
    if (!stopped()) RETURN_IF_ERROR(WriteEdition(rehearsal));
    for (const PlannedCampaign& planned : plan_.campaigns) {
      if (!stopped()) RETURN_IF_ERROR(WriteCampaign(planned, rehearsal));
    }
    return absl::OkStatus();
  }

  absl::Status WriteProgramme(bool rehearsal) {
    const int line = plan_.LineOf("programme");
    if (!programme_there_) {
      v1::CreateProgrammeRequest create;
      create.set_programme_id(plan_.programme_code);
      create.set_validate_only(rehearsal);
      *create.mutable_programme() = plan_.programme;
      return Judge(
          Call<v1::Programme>(absl::StrCat(kProgrammes, "CreateProgramme"), create).status(), line);
    }
    if (Differences(programme_, plan_.programme).empty()) return absl::OkStatus();
    v1::UpdateProgrammeRequest update;
    update.set_validate_only(rehearsal);
    *update.mutable_programme() = plan_.programme;
    update.mutable_programme()->set_name(programme_.name());
    update.mutable_programme()->set_etag(programme_.etag());
    update.mutable_update_mask()->add_paths("*");
    return Judge(Call<v1::Programme>(absl::StrCat(kProgrammes, "UpdateProgramme"), update).status(),
                 line);
  }

  absl::Status WriteEdition(bool rehearsal) {
    // Without its programme it would be refused for that alone.
    if (rehearsal && !programme_there_) return absl::OkStatus();
    absl::StatusOr<v1::Edition> written = edition_;
    if (!edition_there_) {
      v1::CreateEditionRequest create;
      create.set_parent(plan_.programme_name());
      create.set_edition_id(plan_.edition_code);
      create.set_validate_only(rehearsal);
      *create.mutable_edition() = wanted_;
      written = Call<v1::Edition>(absl::StrCat(kProgrammes, "CreateEdition"), create);
    } else if (!edition_differences_.empty()) {
      v1::UpdateEditionRequest update;
      update.set_validate_only(rehearsal);
      *update.mutable_edition() = wanted_;
      update.mutable_edition()->set_name(edition_.name());
      update.mutable_edition()->set_etag(edition_.etag());
      update.mutable_update_mask()->add_paths("*");
      written = Call<v1::Edition>(absl::StrCat(kProgrammes, "UpdateEdition"), update);
    }
    if (written.ok() && !rehearsal) edition_ = *written;
    return Judge(written.status(), plan_.LineOf("edition"));
  }

  absl::Status WriteCampaign(const PlannedCampaign& planned, bool rehearsal) {
    const auto known = campaigns_.find(planned.campaign.code());
    if (known == campaigns_.end()) {
      // Of a registered programme it would be refused without the edition for that alone.
      if (rehearsal && programme_there_ && !edition_there_) return absl::OkStatus();
      v1::CreateCampaignRequest create;
      create.set_validate_only(rehearsal);
      *create.mutable_campaign() = planned.campaign;
      return Judge(Call<v1::Campaign>(absl::StrCat(kCampaigns, "CreateCampaign"), create).status(),
                   planned.line);
    }
    if (Differences(known->second, planned.campaign).empty()) return absl::OkStatus();
    v1::UpdateCampaignRequest update;
    update.set_validate_only(rehearsal);
    *update.mutable_campaign() = planned.campaign;
    update.mutable_campaign()->set_name(known->second.name());
    update.mutable_campaign()->set_etag(known->second.etag());
    for (const char* path : {"display_name", "window", "capacity", "waiting_list", "eligibility"}) {
      update.mutable_update_mask()->add_paths(path);
    }
    return Judge(Call<v1::Campaign>(absl::StrCat(kCampaigns, "UpdateCampaign"), update).status(),
                 planned.line);
  }

  absl::Status Approve() {
    const bool planned = edition_.state() == v1::EDITION_STATE_PLANNED;
    if (!wish_.approve || !planned || !outcome_.faults.empty()) return absl::OkStatus();
    v1::ApproveEditionRequest approve;
    approve.set_name(plan_.edition_name());
    approve.set_etag(edition_.etag());  // what is approved is what the file says
    const auto approved = Call<v1::Edition>(absl::StrCat(kProgrammes, "ApproveEdition"), approve);
    outcome_.approved = approved.ok();
    if (approved.ok()) Tell({absl::StrCat("+ approval of ", plan_.edition_name())});
    return Judge(approved.status(), plan_.LineOf("edition"));
  }

  const Plan& plan_;
  const Wish& wish_;
  const Caller& caller_;
  v1::Edition wanted_;
  bool programme_there_ = false;
  bool edition_there_ = false;
  v1::Programme programme_;
  v1::Edition edition_;
  std::vector<std::string> edition_differences_;
  std::map<std::string, v1::Campaign> campaigns_;
  Outcome outcome_;
};

}  // namespace

absl::StatusOr<Outcome> ApplyPlan(const Plan& plan, const Wish& wish, const Caller& caller) {
  return Applier(plan, wish, caller).Run();
}

}  // namespace ieum::plan
