#include "services/casemgmt/sessions/session_service.h"

#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"
#include "services/casemgmt/sealed_words.h"
#include "services/casemgmt/sessions/session_commands.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

constexpr char kPattern[] = "cases/{}/sessions/{}";
constexpr char kAllCases[] = "cases/-";

template <class Request>
absl::StatusOr<SessionInput> SessionIn(const rpc::Call& call, const Request& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, request.name(), "name"));
  return SessionInput{.of = {.case_id = ids[0],
                             .etag = request.etag(),
                             .reach = ReachOf(call),
                             .ownership_epoch = request.ownership_epoch(),
                             .day = {}},
                      .session_id = ids[1]};
}

// The times that a request gives; what it does not give is absent.
template <class Request>
absl::Status ReadTimes(const Request& request, std::optional<absl::Time>* start,
                       std::optional<absl::Time>* end) {
  if (request.has_start_time()) {
    ASSIGN_OR_RETURN(*start, InstantIn(request.start_time(), "start_time"));
  }
  if (request.has_end_time()) {
    ASSIGN_OR_RETURN(*end, InstantIn(request.end_time(), "end_time"));
  }
  return absl::OkStatus();
}

template <class Request>
absl::StatusOr<SessionPlace> PlaceIn(const Request& request) {
  SessionPlace place;
  RETURN_IF_ERROR(ReadTimes(request, &place.start, &place.end));
  ASSIGN_OR_RETURN(place.provider, OptionalIdIn("persons", request.provider(), "provider"));
  return place;
}

absl::StatusOr<PlanSessionInput> PlanIn(const rpc::Call& call,
                                        const v1::PlanSessionRequest& request) {
  PlanSessionInput input;
  ASSIGN_OR_RETURN(input.of.case_id, IdIn("cases", request.parent(), "parent"));
  input.of.etag = request.etag();
  input.of.reach = ReachOf(call);
  input.of.ownership_epoch = request.ownership_epoch();
  ASSIGN_OR_RETURN(input.session_id, ChosenId(request.session_id(), "session_id"));
  input.type = request.type();
  input.purpose = request.purpose();
  input.channel = request.channel();
  RETURN_IF_ERROR(ReadTimes(request, &input.start, &input.end));
  ASSIGN_OR_RETURN(input.provider, OptionalIdIn("persons", request.provider(), "provider"));
  ASSIGN_OR_RETURN(
      input.provider_organization,
      OptionalIdIn("organizations", request.provider_organization(), "provider_organization"));
  for (const int each : request.participants()) {
    input.participants.push_back(static_cast<v1::SessionParticipant>(each));
  }
  input.goal = request.goal();
  return input;
}

absl::StatusOr<DoneSessionInput> DoneIn(const v1::RecordSessionRequest& request) {
  DoneSessionInput done{.outcome = request.outcome(),
                        .start = {},
                        .end = {},
                        .minutes = request.minutes(),
                        .channel = request.channel(),
                        .next_day = {}};
  RETURN_IF_ERROR(ReadTimes(request, &done.start, &done.end));
  ASSIGN_OR_RETURN(done.next_day, DayIn(request.next_date(), "next_date"));
  return done;
}

}  // namespace

absl::StatusOr<OpenedWords> OpenWords(db::Tx& tx, const db::PersonKeys& keys,
                                      const std::optional<base::Uuid>& person, const char* field,
                                      const std::string& box) {
  if (box.empty()) return OpenedWords{};
  ASSIGN_OR_RETURN(const SealedWords words, SealedWords::ToRead(tx, keys, person));
  ASSIGN_OR_RETURN(std::string text, words.Words(field, box));
  const bool erased = text.empty();
  return OpenedWords{.text = std::move(text), .erased = erased};
}

void SessionDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.casemgmt.v1.SessionService");
  routes.Unary("PlanSession", this, &SessionDoor::Plan);
  routes.Unary("BookSession", this, &SessionDoor::Book);
  routes.Unary("MoveSession", this, &SessionDoor::Move);
  routes.Unary("CancelSession", this, &SessionDoor::Cancel);
  routes.Unary("RecordSession", this, &SessionDoor::Record);
  routes.Unary("RecordSessionAbsence", this, &SessionDoor::Miss);
  routes.Unary("RetractSessionOutcome", this, &SessionDoor::Retract);
  routes.Unary("GetSession", this, &SessionDoor::Get);
  routes.Unary("ListSessions", this, &SessionDoor::List);
  routes.Unary("SummarizeSessions", this, &SessionDoor::Summarize);
  ServeNotes(routes);
}

absl::StatusOr<v1::Session> SessionDoor::Read(const Call& call, const base::Uuid& case_id,
                                              const base::Uuid& id) {
  v1::Session session;
  RETURN_IF_ERROR(database_.Read("session_get", [&](db::Tx& tx) -> absl::Status {
    const auto view = ReadSession(tx, ReachOf(call), case_id, id);
    if (!view) return base::NotFound(SessionName(case_id, id));
    ASSIGN_OR_RETURN(const OpenedWords goal,
                     OpenWords(tx, keys_, view->person, kGoalBox, view->goal_box));
    session = ToWire(*view, goal);
    return absl::OkStatus();
  }));
  return session;
}

absl::StatusOr<v1::Session> SessionDoor::Write(Call& call, const google::protobuf::Message& request,
                                               ledger::Ledger::UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, answer.name, "name"));
  return Read(call, ids[0], ids[1]);
}

absl::StatusOr<v1::Session> SessionDoor::Plan(Call& call, const v1::PlanSessionRequest& request) {
  ASSIGN_OR_RETURN(const PlanSessionInput input, PlanIn(call, request));
  return Write(call, request, [&](UnitOfWork& work) { return PlanSession(work, keys_, input); });
}

absl::StatusOr<v1::Session> SessionDoor::Book(Call& call, const v1::BookSessionRequest& request) {
  ASSIGN_OR_RETURN(const SessionInput input, SessionIn(call, request));
  ASSIGN_OR_RETURN(const SessionPlace place, PlaceIn(request));
  return Write(call, request, [&](UnitOfWork& work) { return BookSession(work, input, place); });
}

absl::StatusOr<v1::Session> SessionDoor::Move(Call& call, const v1::MoveSessionRequest& request) {
  ASSIGN_OR_RETURN(const SessionInput input, SessionIn(call, request));
  ASSIGN_OR_RETURN(SessionPlace place, PlaceIn(request));
  place.channel = request.channel();
  return Write(call, request, [&](UnitOfWork& work) { return MoveSession(work, input, place); });
}

absl::StatusOr<v1::Session> SessionDoor::Cancel(Call& call,
                                                const v1::CancelSessionRequest& request) {
  ASSIGN_OR_RETURN(const SessionInput input, SessionIn(call, request));
  return Write(call, request, [&](UnitOfWork& work) {
    return CancelSession(work, input, request.cancelled_by(), request.reason());
  });
}

absl::StatusOr<v1::Session> SessionDoor::Record(Call& call,
                                                const v1::RecordSessionRequest& request) {
  ASSIGN_OR_RETURN(const SessionInput input, SessionIn(call, request));
  ASSIGN_OR_RETURN(const DoneSessionInput done, DoneIn(request));
  return Write(call, request, [&](UnitOfWork& work) { return RecordSession(work, input, done); });
}

absl::StatusOr<v1::Session> SessionDoor::Miss(Call& call,
                                              const v1::RecordSessionAbsenceRequest& request) {
  ASSIGN_OR_RETURN(const SessionInput input, SessionIn(call, request));
  return Write(call, request,
               [&](UnitOfWork& work) { return RecordAbsence(work, input, request.absence()); });
}

absl::StatusOr<v1::Session> SessionDoor::Retract(Call& call,
                                                 const v1::RetractSessionOutcomeRequest& request) {
  ASSIGN_OR_RETURN(const SessionInput input, SessionIn(call, request));
  return Write(call, request,
               [&](UnitOfWork& work) { return RetractOutcome(work, input, request.reason()); });
}

absl::StatusOr<v1::Session> SessionDoor::Get(Call& call, const v1::GetSessionRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, request.name(), "name"));
  return Read(call, ids[0], ids[1]);
}

absl::StatusOr<v1::ListSessionsResponse> SessionDoor::List(Call& call,
                                                           const v1::ListSessionsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, SessionList(), page_key_));
  WhereReach(query, "c", ReachOf(call));
  if (request.parent() != kAllCases) {
    ASSIGN_OR_RETURN(const base::Uuid id, IdIn("cases", request.parent(), "parent"));
    query.Where("s.case_id = {}::uuid", {id.ToString()});
  }
  std::vector<SessionView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("session_list", [&](db::Tx& tx) {
    next = casemgmt::ListSessions(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListSessionsResponse response;
  for (const SessionView& view : views) *response.add_sessions() = ToWire(view, {});
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::SummarizeSessionsResponse> SessionDoor::Summarize(
    Call& call, const v1::SummarizeSessionsRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("cases", request.parent(), "parent"));
  v1::SummarizeSessionsResponse summary;
  RETURN_IF_ERROR(database_.Read("session_summary", [&](db::Tx& tx) -> absl::Status {
    const auto counts = CountOutcomes(tx, ReachOf(call), id);
    if (!counts) return base::NotFound(CaseName(id));
    summary = ToWire(*counts, RunOfAbsences(EndedSessionsOf(tx, id)));
    return absl::OkStatus();
  }));
  return summary;
}

}  // namespace ieum::casemgmt
