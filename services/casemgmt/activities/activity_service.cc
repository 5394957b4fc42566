#include "services/casemgmt/activities/activity_service.h"

#include "absl/strings/numbers.h"
#include "platform/base/status.h"
#include "platform/rpc/masks.h"
#include "platform/rpc/page_fit.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/activities/activity_commands.h"
#include "services/casemgmt/activities/activity_store.h"
#include "services/casemgmt/activities/activity_wire.h"
#include "services/casemgmt/activities/minutes_name.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

template <class Request>
absl::StatusOr<ActivityInput> ActivityIn(const Request& request) {
  ActivityInput input{.etag = request.etag()};
  ASSIGN_OR_RETURN(input.activity_id, IdIn("activities", request.name(), "name"));
  return input;
}

// A day that must be given.
absl::StatusOr<absl::CivilDay> MustDayIn(const std::string& text, std::string_view field) {
  ASSIGN_OR_RETURN(const auto day, DayIn(text, field));
  if (day) return *day;
  return base::InvalidField("INVALID_FIELD", field, "must be given: a date such as 2023-05-24");
}

absl::Status ReadDays(const std::string& start, const std::string& end, std::string_view prefix,
                      absl::CivilDay* first, absl::CivilDay* last) {
  ASSIGN_OR_RETURN(*first, MustDayIn(start, std::string(prefix) + "start_date"));
  ASSIGN_OR_RETURN(const auto given, DayIn(end, std::string(prefix) + "end_date"));
  *last = given.value_or(*first);
  return absl::OkStatus();
}

absl::StatusOr<EnterActivityInput> EntryIn(const v1::CreateActivityRequest& request) {
  const v1::Activity& wire = request.activity();
  EnterActivityInput input{.kind = wire.kind(),
                           .programme = wire.programme(),
                           .edition = wire.edition(),
                           .line_code = wire.line_code(),
                           .task = wire.task(),
                           .label = wire.label(),
                           .label_en = wire.label_en(),
                           .place = wire.place(),
                           .capacity = wire.capacity()};
  if (input.label.empty()) {
    return base::InvalidField("INVALID_FIELD", "activity.label", "must be given");
  }
  ASSIGN_OR_RETURN(input.activity_id, ChosenId(request.activity_id(), "activity_id"));
  ASSIGN_OR_RETURN(input.parent, OptionalIdIn("activities", wire.parent(), "activity.parent"));
  ASSIGN_OR_RETURN(input.manager, OptionalIdIn("persons", wire.manager(), "activity.manager"));
  ASSIGN_OR_RETURN(input.centre, OptionalIdIn("organizations", wire.centre(), "activity.centre"));
  ASSIGN_OR_RETURN(input.engagement,
                   OptionalIdIn("engagements", wire.engagement(), "activity.engagement"));
  input.training_duration = wire.training_duration();
  RETURN_IF_ERROR(
      ReadDays(wire.start_date(), wire.end_date(), "activity.", &input.start, &input.end));
  return input;
}

absl::StatusOr<ChangeActivityInput> ChangeIn(const v1::UpdateActivityRequest& request) {
  const v1::Activity& wire = request.activity();
  ChangeActivityInput input{.activity = {.etag = wire.etag()}};
  ASSIGN_OR_RETURN(input.activity.activity_id, IdIn("activities", wire.name(), "activity.name"));
  ASSIGN_OR_RETURN(input.changed_fields,
                   rpc::UpdatePaths(request.update_mask(), wire,
                                    {"kind", "label", "label_en", "place", "capacity", "manager"}));
  for (const std::string& path : input.changed_fields) {
    if (path == "kind") input.kind = wire.kind();
    if (path == "label_en") input.label_en = wire.label_en();
    if (path == "place") input.place = wire.place();
    if (path == "capacity") input.capacity = wire.capacity();
    if (path == "label") {
      input.label = wire.label();
      if (wire.label().empty()) {
        return base::InvalidField("INVALID_FIELD", "activity.label", "must not be empty");
      }
    }
    if (path == "manager") {
      ASSIGN_OR_RETURN(input.manager, OptionalIdIn("persons", wire.manager(), "activity.manager"));
    }
  }
  return input;
}

template <class Repeated>
std::vector<Headcount> HeadcountsIn(const Repeated& wire) {
  std::vector<Headcount> counts;
  for (const auto& each : wire) counts.push_back({each.kind(), each.count()});
  return counts;
}

}  // namespace

void ActivityDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.casemgmt.v1.ActivityService");
  routes.Unary("CreateActivity", this, &ActivityDoor::Create);
  routes.Unary("GetActivity", this, &ActivityDoor::Get);
  routes.Unary("ListActivities", this, &ActivityDoor::List);
  routes.Unary("UpdateActivity", this, &ActivityDoor::Update);
  routes.Unary("OpenActivity", this, &ActivityDoor::Open);
  routes.Unary("ConfirmActivity", this, &ActivityDoor::Confirm);
  routes.Unary("RescheduleActivity", this, &ActivityDoor::Reschedule);
  routes.Unary("PostponeActivity", this, &ActivityDoor::Postpone);
  routes.Unary("CancelActivity", this, &ActivityDoor::Cancel);
  routes.Unary("HoldActivity", this, &ActivityDoor::Hold);
  routes.Unary("RecordHeadcount", this, &ActivityDoor::CountHeads);
  routes.Unary("PublishMinutes", this, &ActivityDoor::Publish);
  routes.Unary("ListMinutes", this, &ActivityDoor::MinutesOf);
  ServeLists(routes);
}

absl::StatusOr<v1::Activity> ActivityDoor::Read(const Call& call, const base::Uuid& id) {
  ASSIGN_OR_RETURN(const auto view,
                   rpc::ReadWhole(database_, "activity_get", ActivityName(id),
                                  [&](db::Tx& tx) { return ReadActivity(tx, call.scope(), id); }));
  return ToWire(view);
}

absl::StatusOr<v1::Activity> ActivityDoor::Write(Call& call,
                                                 const google::protobuf::Message& request,
                                                 const base::Uuid& id,
                                                 ledger::Ledger::UseCase use_case) {
  RETURN_IF_ERROR(call.Write(ledger_, request, use_case).status());
  return Read(call, id);
}

absl::StatusOr<v1::Activity> ActivityDoor::Create(Call& call,
                                                  const v1::CreateActivityRequest& request) {
  ASSIGN_OR_RETURN(const EnterActivityInput input, EntryIn(request));
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, [&](UnitOfWork& work) {
    return EnterActivity(work, input);
  }));
  if (request.validate_only()) {
    v1::Activity rehearsed = request.activity();
    rehearsed.set_name(answer.name);
    rehearsed.set_state(v1::ACTIVITY_STATE_PLANNED);
    return rehearsed;
  }
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("activities", answer.name, "name"));
  return Read(call, id);
}

absl::StatusOr<v1::Activity> ActivityDoor::Get(Call& call, const v1::GetActivityRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("activities", request.name(), "name"));
  return Read(call, id);
}

absl::StatusOr<v1::ListActivitiesResponse> ActivityDoor::List(
    Call& call, const v1::ListActivitiesRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, ActivityList(), page_key_));
  std::vector<ActivityView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("activity_list", [&](db::Tx& tx) {
    next = casemgmt::ListActivities(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListActivitiesResponse response;
  for (const ActivityView& view : views) *response.add_activities() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Activity> ActivityDoor::Update(Call& call,
                                                  const v1::UpdateActivityRequest& request) {
  ASSIGN_OR_RETURN(const ChangeActivityInput input, ChangeIn(request));
  return Write(call, request, input.activity.activity_id,
               [&](UnitOfWork& work) { return ChangeActivity(work, input); });
}

absl::StatusOr<v1::Activity> ActivityDoor::Open(Call& call,
                                                const v1::OpenActivityRequest& request) {
  ASSIGN_OR_RETURN(const ActivityInput input, ActivityIn(request));
  return Write(call, request, input.activity_id,
               [&](UnitOfWork& work) { return OpenActivity(work, input); });
}

absl::StatusOr<v1::Activity> ActivityDoor::Confirm(Call& call,
                                                   const v1::ConfirmActivityRequest& request) {
  ASSIGN_OR_RETURN(const ActivityInput input, ActivityIn(request));
  return Write(call, request, input.activity_id,
               [&](UnitOfWork& work) { return ConfirmActivity(work, input); });
}

absl::StatusOr<v1::Activity> ActivityDoor::Reschedule(
    Call& call, const v1::RescheduleActivityRequest& request) {
  ASSIGN_OR_RETURN(const ActivityInput input, ActivityIn(request));
  absl::CivilDay start, end;
  RETURN_IF_ERROR(ReadDays(request.start_date(), request.end_date(), "", &start, &end));
  return Write(call, request, input.activity_id,
               [&](UnitOfWork& work) { return RescheduleActivity(work, input, start, end); });
}

absl::StatusOr<v1::Activity> ActivityDoor::Postpone(Call& call,
                                                    const v1::PostponeActivityRequest& request) {
  ASSIGN_OR_RETURN(const ActivityInput input, ActivityIn(request));
  return Write(call, request, input.activity_id,
               [&](UnitOfWork& work) { return PostponeActivity(work, input); });
}

absl::StatusOr<v1::Activity> ActivityDoor::Cancel(Call& call,
                                                  const v1::CancelActivityRequest& request) {
  ASSIGN_OR_RETURN(const ActivityInput input, ActivityIn(request));
  return Write(call, request, input.activity_id,
               [&](UnitOfWork& work) { return CancelActivity(work, input, request.reason()); });
}

absl::StatusOr<v1::Activity> ActivityDoor::Hold(Call& call,
                                                const v1::HoldActivityRequest& request) {
  ASSIGN_OR_RETURN(const ActivityInput input, ActivityIn(request));
  HoldInput held{.headcounts = HeadcountsIn(request.headcounts())};
  ASSIGN_OR_RETURN(held.held_day, DayIn(request.held_date(), "held_date"));
  return Write(call, request, input.activity_id,
               [&](UnitOfWork& work) { return HoldActivity(work, input, held); });
}

absl::StatusOr<v1::Activity> ActivityDoor::CountHeads(Call& call,
                                                      const v1::RecordHeadcountRequest& request) {
  ASSIGN_OR_RETURN(const ActivityInput input, ActivityIn(request));
  return Write(call, request, input.activity_id, [&](UnitOfWork& work) {
    return RecordHeadcount(work, input, HeadcountsIn(request.headcounts()));
  });
}

absl::StatusOr<v1::Minutes> ActivityDoor::Publish(Call& call,
                                                  const v1::PublishMinutesRequest& request) {
  ActivityInput input{.etag = request.etag()};
  ASSIGN_OR_RETURN(input.activity_id, IdIn("activities", request.parent(), "parent"));
  ASSIGN_OR_RETURN(const auto day, DayIn(request.published_date(), "published_date"));
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, [&](UnitOfWork& work) {
    return PublishMinutes(work, input, request.minutes_text(), day);
  }));
  int revision = 0;  // the name is the command's own, so it ends in a number
  (void)absl::SimpleAtoi(answer.name.substr(answer.name.rfind('/') + 1), &revision);
  ASSIGN_OR_RETURN(const auto minutes,
                   rpc::ReadOne(database_, "activity_minutes_get", answer.name, [&](db::Tx& tx) {
                     return ReadMinutes(tx, call.scope(), input.activity_id, revision);
                   }));
  return ToWire(minutes);
}

absl::StatusOr<v1::ListMinutesResponse> ActivityDoor::MinutesOf(
    Call& call, const v1::ListMinutesRequest& request) {
  return rpc::FittingPage(request, [&](const auto& fitting) { return PageOf(call, fitting); });
}

absl::StatusOr<v1::ListMinutesResponse> ActivityDoor::PageOf(
    const Call& call, const v1::ListMinutesRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, MinutesList(), page_key_));
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("activities", request.parent(), "parent"));
  query.Where("m.activity_id = {}::uuid", {id.ToString()});
  std::vector<Minutes> all;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("activity_minutes_list", [&](db::Tx& tx) {
    next = casemgmt::ListMinutes(tx, query, &all);
    return absl::OkStatus();
  }));
  v1::ListMinutesResponse response;
  for (const Minutes& each : all) *response.add_minutes() = ToWire(each);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::casemgmt
