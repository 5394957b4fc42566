#include "services/casemgmt/conferences/conference_service.h"

#include "platform/base/status.h"
#include "platform/rpc/masks.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/conferences/conference_commands.h"
#include "services/casemgmt/conferences/conference_store.h"
#include "services/casemgmt/conferences/conference_wire.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

template <class Request>
absl::StatusOr<ConferenceInput> ConferenceIn(const Request& request) {
  ConferenceInput input{.etag = request.etag()};
  ASSIGN_OR_RETURN(input.conference_id, IdIn("conferences", request.name(), "name"));
  return input;
}

absl::StatusOr<absl::CivilDay> ConferenceDay(const v1::Conference& wire) {
  constexpr char kField[] = "conference.conference_date";
  ASSIGN_OR_RETURN(const auto day, DayIn(wire.conference_date(), kField));
  if (day) return *day;
  return base::InvalidField("INVALID_FIELD", kField, "must be given: a date such as 2024-09-02");
}

absl::StatusOr<std::vector<base::Uuid>> MembersIn(const v1::Conference& wire) {
  std::vector<base::Uuid> members;
  for (const std::string& name : wire.members()) {
    ASSIGN_OR_RETURN(const base::Uuid member, IdIn("subjects", name, "conference.members"));
    members.push_back(member);
  }
  return members;
}

}  // namespace

void ConferenceDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.casemgmt.v1.ConferenceService");
  routes.Unary("CreateConference", this, &ConferenceDoor::Create);
  routes.Unary("GetConference", this, &ConferenceDoor::Get);
  routes.Unary("ListConferences", this, &ConferenceDoor::List);
  routes.Unary("UpdateConference", this, &ConferenceDoor::Update);
  routes.Unary("HoldConference", this, &ConferenceDoor::Hold);
  routes.Unary("CancelConference", this, &ConferenceDoor::Cancel);
  ServeAgenda(routes);
}

absl::StatusOr<v1::Conference> ConferenceDoor::Read(const Call& call, const base::Uuid& id) {
  ASSIGN_OR_RETURN(const auto view,
                   rpc::ReadWhole(database_, "conference_get", ConferenceName(id), [&](db::Tx& tx) {
                     return ReadConference(tx, call.scope(), id);
                   }));
  return ToWire(view);
}

absl::StatusOr<v1::Conference> ConferenceDoor::Write(Call& call,
                                                     const google::protobuf::Message& request,
                                                     const base::Uuid& id,
                                                     ledger::Ledger::UseCase use_case) {
  RETURN_IF_ERROR(call.Write(ledger_, request, use_case).status());
  return Read(call, id);
}

absl::StatusOr<v1::Conference> ConferenceDoor::Create(Call& call,
                                                      const v1::CreateConferenceRequest& request) {
  const v1::Conference& wire = request.conference();
  ScheduleConferenceInput input;
  ASSIGN_OR_RETURN(input.conference_id, ChosenId(request.conference_id(), "conference_id"));
  ASSIGN_OR_RETURN(input.centre, OptionalIdIn("organizations", wire.centre(), "conference.centre"));
  ASSIGN_OR_RETURN(input.day, ConferenceDay(wire));
  ASSIGN_OR_RETURN(input.members, MembersIn(wire));
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, [&](UnitOfWork& work) {
    return ScheduleConference(work, input);
  }));
  if (request.validate_only()) {
    v1::Conference rehearsed = wire;
    rehearsed.set_name(answer.name);
    rehearsed.set_state(v1::CONFERENCE_STATE_PLANNED);
    return rehearsed;
  }
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("conferences", answer.name, "name"));
  return Read(call, id);
}

absl::StatusOr<v1::Conference> ConferenceDoor::Get(Call& call,
                                                   const v1::GetConferenceRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("conferences", request.name(), "name"));
  return Read(call, id);
}

absl::StatusOr<v1::ListConferencesResponse> ConferenceDoor::List(
    Call& call, const v1::ListConferencesRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, ConferenceList(), page_key_));
  std::vector<ConferenceView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("conference_list", [&](db::Tx& tx) {
    next = casemgmt::ListConferences(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListConferencesResponse response;
  for (const ConferenceView& view : views) *response.add_conferences() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Conference> ConferenceDoor::Update(Call& call,
                                                      const v1::UpdateConferenceRequest& request) {
  const v1::Conference& wire = request.conference();
  ConferenceInput input{.etag = wire.etag()};
  ASSIGN_OR_RETURN(input.conference_id, IdIn("conferences", wire.name(), "conference.name"));
  ASSIGN_OR_RETURN(const auto paths,
                   rpc::UpdatePaths(request.update_mask(), wire, {"conference_date", "members"}));
  std::optional<absl::CivilDay> day;
  std::optional<std::vector<base::Uuid>> members;
  for (const std::string& path : paths) {
    if (path == "conference_date") {
      ASSIGN_OR_RETURN(day, ConferenceDay(wire));
    } else {
      ASSIGN_OR_RETURN(members, MembersIn(wire));
    }
  }
  return Write(call, request, input.conference_id,
               [&](UnitOfWork& work) { return ChangeConference(work, input, day, members); });
}

absl::StatusOr<v1::Conference> ConferenceDoor::Hold(Call& call,
                                                    const v1::HoldConferenceRequest& request) {
  ASSIGN_OR_RETURN(const ConferenceInput input, ConferenceIn(request));
  ASSIGN_OR_RETURN(const auto held, DayIn(request.held_date(), "held_date"));
  return Write(call, request, input.conference_id,
               [&](UnitOfWork& work) { return HoldConference(work, input, held); });
}

absl::StatusOr<v1::Conference> ConferenceDoor::Cancel(Call& call,
                                                      const v1::CancelConferenceRequest& request) {
  ASSIGN_OR_RETURN(const ConferenceInput input, ConferenceIn(request));
  return Write(call, request, input.conference_id,
               [&](UnitOfWork& work) { return CancelConference(work, input); });
}

}  // namespace ieum::casemgmt
