#include "services/casemgmt/cases/case_service.h"

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/cases/case_reassignment.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/cases/case_wire.h"
#include "services/casemgmt/cases/case_words_store.h"
#include "services/casemgmt/cases/contact_attempt_store.h"
#include "services/casemgmt/cases/same_person_commands.h"
#include "services/casemgmt/cases/task_store.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"
#include "services/casemgmt/participants/participant_store.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

// Who sees more of a case than who, where and by whom.
constexpr char kSeeCodes[] = "casemgmt.cases.see_codes";
constexpr int kEntriesMax = 500, kWordsMax = 500, kAttemptsMax = 100;

absl::Status ReadSource(const v1::Case& wire, OpenCaseInput* input) {
  input->source = wire.source();
  if (wire.source() == v1::CASE_SOURCE_UNSPECIFIED) {
    return base::InvalidField("INVALID_FIELD", "case.source", "must be given");
  }
  ASSIGN_OR_RETURN(
      input->source_organization,
      OptionalIdIn("organizations", wire.source_organization(), "case.source_organization"));
  if (wire.source_enrolment().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("campaigns/{}/enrolments/{}",
                                               wire.source_enrolment(), "case.source_enrolment"));
  input->source_campaign = ids[0];
  input->source_enrolment = ids[1];
  return absl::OkStatus();
}

absl::Status MustBeGiven(const std::string& text, std::string_view field) {
  if (!text.empty()) return absl::OkStatus();
  return base::InvalidField("INVALID_FIELD", field, "must be given");
}

absl::StatusOr<OpenCaseInput> EntryIn(const v1::CreateCaseRequest& request) {
  const v1::Case& wire = request.case_();
  OpenCaseInput input{.programme = wire.programme(),
                      .edition = wire.edition(),
                      .line_code = wire.line_code(),
                      .crisis = wire.crisis(),
                      .source_words = wire.source_text()};
  RETURN_IF_ERROR(MustBeGiven(wire.person(), "case.person"));
  RETURN_IF_ERROR(MustBeGiven(wire.programme(), "case.programme"));
  RETURN_IF_ERROR(MustBeGiven(wire.edition(), "case.edition"));
  ASSIGN_OR_RETURN(input.case_id, ChosenId(request.case_id(), "case_id"));
  ASSIGN_OR_RETURN(input.person, IdIn("persons", wire.person(), "case.person"));
  ASSIGN_OR_RETURN(input.centre, OptionalIdIn("organizations", wire.centre(), "case.centre"));
  ASSIGN_OR_RETURN(input.managers.subject,
                   OptionalIdIn("subjects", wire.manager(), "case.manager"));
  ASSIGN_OR_RETURN(input.managers.manager,
                   OptionalIdIn("persons", wire.manager_person(), "case.manager_person"));
  ASSIGN_OR_RETURN(input.managers.supervisor,
                   OptionalIdIn("persons", wire.supervisor_person(), "case.supervisor_person"));
  ASSIGN_OR_RETURN(input.day, DayIn(wire.referred_date(), "case.referred_date"));
  RETURN_IF_ERROR(ReadSource(wire, &input));
  return input;
}

}  // namespace

void CaseDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.casemgmt.v1.CaseService");
  routes.Unary("CreateCase", this, &CaseDoor::Create);
  routes.Unary("GetCase", this, &CaseDoor::Get);
  routes.Unary("ListCases", this, &CaseDoor::List);
  routes.Unary("GetCaseRecord", this, &CaseDoor::GetRecord);
  routes.Unary("GetParticipant", this, &CaseDoor::GetToken);
  routes.Unary("CreateCaseReassignment", this, &CaseDoor::CreateReassignment);
  routes.Unary("GetCaseReassignment", this, &CaseDoor::GetReassignment);
  routes.Unary("ListCaseReassignments", this, &CaseDoor::ListOfReassignments);
  ServeSteps(routes);
}

absl::StatusOr<v1::Case> CaseDoor::Read(const Reach& reach, const base::Uuid& id) {
  ASSIGN_OR_RETURN(const std::optional<CaseView> view, views_.Find(id));
  if (!view || !Reaches(reach, view->c.centre, view->c.manager_subject)) {
    return base::NotFound(CaseName(id));
  }
  return ToWire(*view);
}

absl::StatusOr<CaseDoor::Views::Found> CaseDoor::ReadViews(const std::vector<base::Uuid>& ids) {
  Views::Found views;
  RETURN_IF_ERROR(database_.ReadOne("case_get", [&](db::Tx& tx) {
    views = ReadCases(tx, ids);
    return absl::OkStatus();
  }));
  return views;
}

absl::StatusOr<v1::Case> CaseDoor::Write(Call& call, const google::protobuf::Message& request,
                                         ledger::Ledger::UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("cases", answer.name, "name"));
  auto read = Read(ReachOf(call), id);
  if (read.ok() || !absl::IsNotFound(read.status())) return read;
  v1::Case given_away;
  given_away.set_name(answer.name);
  return given_away;
}

absl::StatusOr<v1::Case> CaseDoor::Create(Call& call, const v1::CreateCaseRequest& request) {
  ASSIGN_OR_RETURN(OpenCaseInput input, EntryIn(request));
  input.reach = ReachOf(call);
  ASSIGN_OR_RETURN(const base::BusinessCalendar calendar, holidays_.Calendar());
  const auto open = [&](UnitOfWork& work) { return OpenCase(work, keys_, input, calendar); };
  if (!request.validate_only()) return Write(call, request, open);
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, open));
  v1::Case rehearsed = request.case_();
  rehearsed.set_name(answer.name);
  rehearsed.set_state(v1::CASE_STATE_REFERRED);
  rehearsed.clear_source_text();
  return rehearsed;
}

absl::StatusOr<v1::Case> CaseDoor::Get(Call& call, const v1::GetCaseRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("cases", request.name(), "name"));
  return Read(ReachOf(call), id);
}

absl::StatusOr<v1::ListCasesResponse> CaseDoor::List(Call& call,
                                                     const v1::ListCasesRequest& request) {
  const Reach reach = ReachOf(call), coded = ReachOf(call, kSeeCodes);
  // What some rows do not show is asked of none: which rows answer would tell it.
  const auto& spec = coded == reach ? CaseList() : CaseNameList();
  ASSIGN_OR_RETURN(filter::ListQuery query, rpc::OpenList(call.scope(), request, spec, page_key_));
  WhereReach(query, "c", reach);
  std::vector<CaseView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("case_list", [&](db::Tx& tx) {
    next = casemgmt::ListCases(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListCasesResponse response;
  for (const CaseView& view : views) {
    const bool sees = Reaches(coded, view.c.centre, view.c.manager_subject);
    *response.add_cases() = sees ? ToWire(view) : NameToWire(view);
  }
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::CaseRecord> CaseDoor::GetRecord(Call& call,
                                                   const v1::GetCaseRecordRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("caseRecords", request.name(), "name"));
  const Reach reach = ReachOf(call);
  ASSIGN_OR_RETURN(const absl::Time now, ledger_.clock().Now());
  const absl::CivilDay today = base::KoreaDay(now);
  v1::CaseRecord record;
  RETURN_IF_ERROR(database_.Read("case_record", [&](db::Tx& tx) -> absl::Status {
    record.Clear();
    const auto view = ReadCase(tx, reach, id);
    if (!view) return base::NotFound(request.name());
    record.set_name(request.name());
    *record.mutable_case_() = ToWire(*view);
    for (const auto& each : TransitionsOf(tx, id)) *record.add_transitions() = ToWire(each);
    for (const auto& each : OpenTasksOf(tx, id)) *record.add_tasks() = ToWire(each, today);
    ASSIGN_OR_RETURN(const auto words, ReadWords(tx, keys_, view->c, kWordsMax));
    for (const CaseWords& each : words) *record.add_words() = ToWire(each);
    for (const auto& each : ContactAttemptsOf(tx, id, kAttemptsMax)) {
      *record.add_attempts() = ToWire(each);
    }
    for (const auto& each : HistoryOf(tx, id, kEntriesMax)) *record.add_entries() = ToWire(each);
    record.set_entry_count(static_cast<int>(view->version));
    for (auto& name : SamePersonCases(tx, reach, id)) record.add_same_person_cases(std::move(name));
    return absl::OkStatus();
  }));
  return record;
}

absl::StatusOr<v1::Participant> CaseDoor::GetToken(Call&,
                                                   const v1::GetParticipantRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("participants", request.name(), "name"));
  ASSIGN_OR_RETURN(const Participant found,
                   rpc::ReadOne(database_, "participant_get", request.name(),
                                [&](db::Tx& tx) { return FindToken(tx, id); }));
  v1::Participant wire;
  wire.set_name(NameIn("participants", found.token));
  wire.set_joined_into(NameIn("participants", found.joined_into));
  return wire;
}

absl::StatusOr<v1::CaseReassignment> CaseDoor::CreateReassignment(
    Call& call, const v1::CreateCaseReassignmentRequest& request) {
  const v1::CaseReassignment& wire = request.case_reassignment();
  BeginReassignmentInput input;
  ASSIGN_OR_RETURN(input.id, ChosenId(request.case_reassignment_id(), "case_reassignment_id"));
  ASSIGN_OR_RETURN(input.centre,
                   OptionalIdIn("organizations", wire.centre(), "case_reassignment.centre"));
  ASSIGN_OR_RETURN(input.from,
                   IdIn("subjects", wire.from_manager(), "case_reassignment.from_manager"));
  ASSIGN_OR_RETURN(input.to, IdIn("subjects", wire.to_manager(), "case_reassignment.to_manager"));
  ASSIGN_OR_RETURN(input.to_person, IdIn("persons", wire.to_manager_person(),
                                         "case_reassignment.to_manager_person"));
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, [&](UnitOfWork& work) {
    return BeginReassignment(work, input);
  }));
  v1::GetCaseReassignmentRequest read;
  read.set_name(answer.name);
  return GetReassignment(call, read);
}

absl::StatusOr<v1::CaseReassignment> CaseDoor::GetReassignment(
    Call& call, const v1::GetCaseReassignmentRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("caseReassignments", request.name(), "name"));
  ASSIGN_OR_RETURN(
      const CaseReassignmentView view,
      rpc::ReadOne(database_, "case_reassignment_get", request.name(),
                   [&](db::Tx& tx) { return ReadReassignment(tx, call.scope(), id); }));
  return ToWire(view);
}

absl::StatusOr<v1::ListCaseReassignmentsResponse> CaseDoor::ListOfReassignments(
    Call& call, const v1::ListCaseReassignmentsRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, ReassignmentList(), page_key_));
  std::vector<CaseReassignmentView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("case_reassignment_list", [&](db::Tx& tx) {
    next = ListReassignments(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListCaseReassignmentsResponse response;
  for (const auto& view : views) *response.add_case_reassignments() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::casemgmt
