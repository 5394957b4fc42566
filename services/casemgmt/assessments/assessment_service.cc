#include "services/casemgmt/assessments/assessment_service.h"

#include "platform/base/status.h"
#include "platform/rpc/page_fit.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/assessments/assessment_commands.h"
#include "services/casemgmt/assessments/assessment_store.h"
#include "services/casemgmt/assessments/assessment_wire.h"
#include "services/casemgmt/assessments/instrument_store.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

constexpr char kPattern[] = "cases/{}/assessments/{}";

absl::StatusOr<Instrument> InstrumentIn(const v1::Instrument& wire) {
  Instrument instrument{.code = wire.code(), .label = wire.label(), .label_en = wire.label_en()};
  const auto full = base::Decimal::Parse(wire.full());
  if (!full) {
    return base::InvalidField("INVALID_FIELD", "instrument.full", "must be a decimal such as 24");
  }
  instrument.full = *full;
  for (const v1::InstrumentFactor& each : wire.factors()) {
    Factor factor{.code = each.code(),
                  .label = each.label(),
                  .label_en = each.label_en(),
                  .sensitive = each.sensitive()};
    if (!each.weight().empty()) {
      factor.weight = base::Decimal::Parse(each.weight()).value_or(base::Decimal(1));
    }
    instrument.factors.push_back(std::move(factor));
  }
  return instrument;
}

template <class Request>
CaseInput CaseIn(const rpc::Call& call, const Request& request, const base::Uuid& case_id,
                 const std::optional<absl::CivilDay>& day) {
  return {.case_id = case_id,
          .etag = request.etag(),
          .reach = ReachOf(call),
          .ownership_epoch = request.ownership_epoch(),
          .day = day};
}

Answers AnswersIn(const v1::Assessment& wire) {
  Answers answers{.level = wire.level(),
                  .override_reason = wire.override_reason(),
                  .primary_factor = wire.primary_factor()};
  for (const v1::FactorSeverity& each : wire.factors()) {
    answers.severities.emplace_back(each.code(), each.severity());
  }
  return answers;
}

// Approval and return name the assessment alike; the comment is the return's.
template <class Request>
absl::StatusOr<DecideAssessmentInput> DecisionIn(const rpc::Call& call, StaffBook& staff,
                                                 const Request& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, request.name(), "name"));
  ASSIGN_OR_RETURN(const auto day, DayIn(request.decided_date(), "decided_date"));
  DecideAssessmentInput input{.of = CaseIn(call, request, ids[0], day), .assessment_id = ids[1]};
  ASSIGN_OR_RETURN(input.decider, staff.Of(SubjectOf(call)));
  return input;
}

}  // namespace

void AssessmentDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.casemgmt.v1.AssessmentService");
  routes.Unary("CreateInstrument", this, &AssessmentDoor::MakeInstrument);
  routes.Unary("GetInstrument", this, &AssessmentDoor::GetInstrument);
  routes.Unary("ListInstruments", this, &AssessmentDoor::Instruments);
  routes.Unary("RecordAssessment", this, &AssessmentDoor::Record);
  routes.Unary("ApproveAssessment", this, &AssessmentDoor::Approve);
  routes.Unary("ReturnAssessment", this, &AssessmentDoor::Return);
  routes.Unary("GetAssessment", this, &AssessmentDoor::Get);
  routes.Unary("ListAssessments", this, &AssessmentDoor::List);
  routes.Unary("CompareAssessments", this, &AssessmentDoor::Compare);
}

absl::StatusOr<v1::Instrument> AssessmentDoor::ReadInstrument(const base::Uuid& id) {
  ASSIGN_OR_RETURN(const auto instrument,
                   rpc::ReadWhole(database_, "instrument_get", InstrumentName(id),
                                  [&](db::Tx& tx) { return FindInstrument(tx, id); }));
  return ToWire(instrument);
}

absl::StatusOr<v1::Instrument> AssessmentDoor::MakeInstrument(
    Call& call, const v1::CreateInstrumentRequest& request) {
  ASSIGN_OR_RETURN(const Instrument instrument, InstrumentIn(request.instrument()));
  ASSIGN_OR_RETURN(const auto wished, ChosenId(request.instrument_id(), "instrument_id"));
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, [&](UnitOfWork& work) {
    return casemgmt::MakeInstrument(work, instrument, wished);
  }));
  if (request.validate_only()) {
    v1::Instrument rehearsed = request.instrument();
    rehearsed.set_name(answer.name);
    return rehearsed;
  }
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("instruments", answer.name, "name"));
  return ReadInstrument(id);
}

absl::StatusOr<v1::Instrument> AssessmentDoor::GetInstrument(
    Call&, const v1::GetInstrumentRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("instruments", request.name(), "name"));
  return ReadInstrument(id);
}

absl::StatusOr<v1::ListInstrumentsResponse> AssessmentDoor::Instruments(
    Call&, const v1::ListInstrumentsRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(request, InstrumentList(), page_key_));
  std::vector<Instrument> instruments;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("instrument_list", [&](db::Tx& tx) {
    next = casemgmt::ListInstruments(tx, query, &instruments);
    return absl::OkStatus();
  }));
  v1::ListInstrumentsResponse response;
  for (const Instrument& each : instruments) *response.add_instruments() = ToWire(each);
  response.set_next_page_token(rpc::NextPageToken(request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Assessment> AssessmentDoor::Read(const Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, name, "name"));
  const Reach reach = ReachOf(call);
  std::optional<AssessmentView> view;
  RETURN_IF_ERROR(database_.Read("assessment_get", [&](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(view, ReadAssessment(tx, keys_, reach, ids[0], ids[1]));
    return absl::OkStatus();
  }));
  if (!view) return base::NotFound(name);
  return ToWire(*view);
}

absl::StatusOr<v1::Assessment> AssessmentDoor::Write(Call& call,
                                                     const google::protobuf::Message& request,
                                                     ledger::Ledger::UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  return Read(call, answer.name);
}

absl::StatusOr<v1::Assessment> AssessmentDoor::Record(Call& call,
                                                      const v1::RecordAssessmentRequest& request) {
  const v1::Assessment& wire = request.assessment();
  ASSIGN_OR_RETURN(const base::Uuid case_id, IdIn("cases", request.parent(), "parent"));
  ASSIGN_OR_RETURN(const auto day, DayIn(wire.assessed_date(), "assessment.assessed_date"));
  RecordAssessmentInput input{.of = CaseIn(call, request, case_id, day),
                              .answers = AnswersIn(wire),
                              .needs = wire.needs_text()};
  ASSIGN_OR_RETURN(input.instrument_id,
                   OptionalIdIn("instruments", wire.instrument(), "assessment.instrument"));
  ASSIGN_OR_RETURN(input.author, staff_.Of(SubjectOf(call)));
  return Write(call, request,
               [&](UnitOfWork& work) { return RecordAssessment(work, keys_, input); });
}

absl::StatusOr<v1::Assessment> AssessmentDoor::Approve(
    Call& call, const v1::ApproveAssessmentRequest& request) {
  ASSIGN_OR_RETURN(const DecideAssessmentInput input, DecisionIn(call, staff_, request));
  return Write(call, request,
               [&](UnitOfWork& work) { return ApproveAssessment(work, keys_, input); });
}

absl::StatusOr<v1::Assessment> AssessmentDoor::Return(Call& call,
                                                      const v1::ReturnAssessmentRequest& request) {
  ASSIGN_OR_RETURN(DecideAssessmentInput input, DecisionIn(call, staff_, request));
  input.comment = request.comment();
  return Write(call, request,
               [&](UnitOfWork& work) { return ReturnAssessment(work, keys_, input); });
}

absl::StatusOr<v1::Assessment> AssessmentDoor::Get(Call& call,
                                                   const v1::GetAssessmentRequest& request) {
  return Read(call, request.name());
}

absl::StatusOr<v1::ListAssessmentsResponse> AssessmentDoor::List(
    Call& call, const v1::ListAssessmentsRequest& request) {
  return rpc::FittingPage(request, [&](const auto& fitting) { return PageOf(call, fitting); });
}

absl::StatusOr<v1::ListAssessmentsResponse> AssessmentDoor::PageOf(
    const Call& call, const v1::ListAssessmentsRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid case_id, IdIn("cases", request.parent(), "parent"));
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, AssessmentList(), page_key_));
  const Reach reach = ReachOf(call);
  query.Where("s.case_id = {}::uuid", {case_id.ToString()});
  WhereReach(query, "c", reach);
  std::vector<AssessmentView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("assessment_list", [&](db::Tx& tx) -> absl::Status {
    if (!SeesCase(tx, reach, case_id)) return base::NotFound(CaseName(case_id));
    ASSIGN_OR_RETURN(next, casemgmt::ListAssessments(tx, keys_, query, &views));
    return absl::OkStatus();
  }));
  v1::ListAssessmentsResponse response;
  for (const AssessmentView& view : views) *response.add_assessments() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::CompareAssessmentsResponse> AssessmentDoor::Compare(
    Call& call, const v1::CompareAssessmentsRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid case_id, IdIn("cases", request.parent(), "parent"));
  const Reach reach = ReachOf(call);
  std::vector<AssessmentView> views;
  RETURN_IF_ERROR(database_.Read("assessment_compare", [&](db::Tx& tx) -> absl::Status {
    if (!SeesCase(tx, reach, case_id)) return base::NotFound(CaseName(case_id));
    ASSIGN_OR_RETURN(views, ReadFirstAndLast(tx, keys_, reach, case_id));
    return absl::OkStatus();
  }));
  return Compared(views);
}

}  // namespace ieum::casemgmt
