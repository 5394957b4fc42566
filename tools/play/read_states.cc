#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/engagement_service.pb.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/casemgmt/v1/form_service.pb.h"
#include "ieum/registry/v1/enrolment_service.pb.h"
#include "platform/base/status.h"
#include "tools/play/list_all.h"
#include "tools/play/read_results.h"

namespace ieum::play {
namespace {

namespace c = casemgmt::v1;
namespace r = registry::v1;
using nlohmann::json;

constexpr int kShards = 16;
constexpr char kEngagements[] = "/ieum.casemgmt.v1.EngagementService/";

void Add(json& counts, const std::string& key) {
  if (!counts.contains(key)) counts[key] = 0;
  counts[key] = counts[key].get<int>() + 1;
}

json NoVisits() { return {{"planned", 0}, {"moves", 0}, {"cancelled", 0}, {"held", 0}}; }

// Task of each engagement, by resource name.
using Tasks = std::map<std::string, std::string>;

absl::StatusOr<Tasks> ReadEngagements(Services& services, StateCounts& states) {
  Tasks tasks;
  RETURN_IF_ERROR(ListAll<c::ListEngagementsResponse>(
      services, "casemgmt", absl::StrCat(kEngagements, "ListEngagements"),
      c::ListEngagementsRequest(), [&](const c::ListEngagementsResponse& page) {
        for (const c::Engagement& engagement : page.engagements()) {
          const std::string task = r::TaskKind_Name(engagement.task());
          tasks[engagement.name()] = task;
          Add(states.engagements[task], c::EngagementState_Name(engagement.state()));
        }
      }));
  return tasks;
}

absl::Status ReadVisits(Services& services, const Tasks& tasks, StateCounts& states) {
  for (const auto& [engagement, task] : tasks) {
    if (!states.visits.contains(task)) states.visits[task] = NoVisits();
  }
  c::ListVisitsRequest request;
  request.set_parent("engagements/-");
  return ListAll<c::ListVisitsResponse>(
      services, "casemgmt", absl::StrCat(kEngagements, "ListVisits"), request,
      [&](const c::ListVisitsResponse& page) {
        for (const c::Visit& visit : page.visits()) {
          const auto task = tasks.find(visit.name().substr(0, visit.name().find("/visits/")));
          if (task == tasks.end()) continue;
          json& counts = states.visits[task->second];
          Add(counts, "planned");
          if (visit.state() == c::VISIT_STATE_CANCELLED) Add(counts, "cancelled");
          if (visit.state() == c::VISIT_STATE_HELD) Add(counts, "held");
        }
      });
}

// A visit does not tell how often it was moved; the ledger does.
absl::Status ReadMoves(Services& services, StateCounts& states) {
  for (int shard = 0; shard < kShards; ++shard) {
    platform::v1::ReadLogRequest request;
    request.set_shard(shard);
    request.set_from_position(1);
    platform::v1::ReadLogResponse run;
    do {
      RETURN_IF_ERROR(
          services.Call("casemgmt", "/ieum.platform.v1.OpsService/ReadLog", request, &run));
      for (const platform::v1::LedgerEvent& event : run.events()) {
        request.set_from_position(event.position() + 1);
        c::VisitRescheduled moved;
        if (event.type() != moved.GetDescriptor()->full_name()) continue;
        if (!moved.ParseFromString(event.payload())) return absl::DataLossError(event.event_id());
        Add(states.visits[r::TaskKind_Name(moved.engagement().task())], "moves");
      }
    } while (!run.events().empty());
  }
  return absl::OkStatus();
}

absl::Status ReadApplications(Services& services, StateCounts& states) {
  json& results = states.external_results;
  results = {{"outcomes", json::object()}, {"grades", json::object()}};
  return ListAll<c::ListApplicationsResponse>(
      services, "casemgmt", "/ieum.casemgmt.v1.FormService/ListApplications",
      c::ListApplicationsRequest(), [&](const c::ListApplicationsResponse& page) {
        for (const c::Application& form : page.applications()) {
          Add(states.applications, c::ApplicationState_Name(form.state()));
          if (!form.has_external_result()) continue;
          Add(results["outcomes"], c::ExternalOutcome_Name(form.external_result().outcome()));
          Add(results["grades"], c::Grade_Name(form.external_result().grade()));
        }
      });
}

absl::Status ReadEnrolments(Services& services, StateCounts& states) {
  r::ListEnrolmentsRequest request;
  request.set_parent("campaigns/-");
  return ListAll<r::ListEnrolmentsResponse>(
      services, "registry", "/ieum.registry.v1.EnrolmentService/ListEnrolments", request,
      [&](const r::ListEnrolmentsResponse& page) {
        for (const r::Enrolment& enrolment : page.enrolments()) {
          Add(states.enrolments, r::EnrolmentState_Name(enrolment.state()));
        }
      });
}

}  // namespace

absl::Status ReadStates(Services& services, StateCounts& states) {
  states.engagements = states.applications = states.enrolments = states.visits = json::object();
  ASSIGN_OR_RETURN(const Tasks tasks, ReadEngagements(services, states));
  RETURN_IF_ERROR(ReadVisits(services, tasks, states));
  RETURN_IF_ERROR(ReadMoves(services, states));
  RETURN_IF_ERROR(ReadApplications(services, states));
  return ReadEnrolments(services, states);
}

}  // namespace ieum::play
