// The steps of a case at the door: wire in, use case, wire out.
#include "platform/base/status.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/cases/case_service.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

// `day`: the text of the step's day, which stands in a field of that name.
template <class Request>
absl::StatusOr<CaseInput> InputOf(const rpc::Call& call, const Request& request,
                                  const std::string& day, std::string_view field) {
  CaseInput input{
      .etag = request.etag(), .reach = ReachOf(call), .ownership_epoch = request.ownership_epoch()};
  ASSIGN_OR_RETURN(input.case_id, IdIn("cases", request.name(), "name"));
  ASSIGN_OR_RETURN(input.day, DayIn(day, field));
  return input;
}

}  // namespace

void CaseDoor::ServeSteps(rpc::ServiceRoutes& routes) {
  routes.Unary("ContactCase", this, &CaseDoor::Contact);
  routes.Unary("RejectCase", this, &CaseDoor::Reject);
  routes.Unary("InformCase", this, &CaseDoor::Inform);
  routes.Unary("TakeInCase", this, &CaseDoor::TakeIn);
  routes.Unary("MonitorCase", this, &CaseDoor::Monitor);
  routes.Unary("DeliverAgain", this, &CaseDoor::Deliver);
  routes.Unary("DeclareCrisis", this, &CaseDoor::Crisis);
  routes.Unary("OpenUrgentService", this, &CaseDoor::Urgent);
  routes.Unary("HoldCase", this, &CaseDoor::Hold);
  routes.Unary("ResumeCase", this, &CaseDoor::Resume);
  routes.Unary("LogContactAttempt", this, &CaseDoor::TryContact);
  routes.Unary("AskClosure", this, &CaseDoor::Ask);
  routes.Unary("ReturnClosure", this, &CaseDoor::Return);
  routes.Unary("CloseCase", this, &CaseDoor::Close);
  routes.Unary("CorrectClosing", this, &CaseDoor::Correct);
  routes.Unary("ArchiveCase", this, &CaseDoor::Archive);
  routes.Unary("ReopenCase", this, &CaseDoor::Reopen);
  routes.Unary("ReassignCase", this, &CaseDoor::Give);
}

absl::StatusOr<v1::Case> CaseDoor::Contact(Call& call, const v1::ContactCaseRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input,
                   InputOf(call, request, request.contact_date(), "contact_date"));
  return Write(call, request, [&](UnitOfWork& work) {
    return ContactCase(work, keys_, input, request.note_text());
  });
}

absl::StatusOr<v1::Case> CaseDoor::Reject(Call& call, const v1::RejectCaseRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input,
                   InputOf(call, request, request.rejected_date(), "rejected_date"));
  return Write(call, request, [&](UnitOfWork& work) {
    return RejectCase(work, keys_, input, request.reason(), request.note_text());
  });
}

absl::StatusOr<v1::Case> CaseDoor::Inform(Call& call, const v1::InformCaseRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input,
                   InputOf(call, request, request.informed_date(), "informed_date"));
  return Write(call, request, [&](UnitOfWork& work) {
    return InformCase(work, keys_, input, request.note_text());
  });
}

absl::StatusOr<v1::Case> CaseDoor::TakeIn(Call& call, const v1::TakeInCaseRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input,
                   InputOf(call, request, request.intake_date(), "intake_date"));
  ASSIGN_OR_RETURN(const base::BusinessCalendar calendar, holidays_.Calendar());
  return Write(call, request, [&](UnitOfWork& work) { return TakeInCase(work, input, calendar); });
}

absl::StatusOr<v1::Case> CaseDoor::Monitor(Call& call, const v1::MonitorCaseRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input,
                   InputOf(call, request, request.monitored_date(), "monitored_date"));
  return Write(call, request, [&](UnitOfWork& work) {
    return MonitorCase(work, keys_, input, request.note_text());
  });
}

absl::StatusOr<v1::Case> CaseDoor::Deliver(Call& call, const v1::DeliverAgainRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input,
                   InputOf(call, request, request.delivery_date(), "delivery_date"));
  return Write(call, request, [&](UnitOfWork& work) { return DeliverAgain(work, input); });
}

absl::StatusOr<v1::Case> CaseDoor::Crisis(Call& call, const v1::DeclareCrisisRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input,
                   InputOf(call, request, request.declared_date(), "declared_date"));
  return Write(call, request, [&](UnitOfWork& work) {
    return DeclareCrisis(work, keys_, input, request.reason_text());
  });
}

absl::StatusOr<v1::Case> CaseDoor::Urgent(Call& call, const v1::OpenUrgentServiceRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input,
                   InputOf(call, request, request.urgent_date(), "urgent_date"));
  return Write(call, request, [&](UnitOfWork& work) { return OpenUrgentService(work, input); });
}

absl::StatusOr<v1::Case> CaseDoor::Hold(Call& call, const v1::HoldCaseRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input, InputOf(call, request, request.hold_date(), "hold_date"));
  ASSIGN_OR_RETURN(const auto until, DayIn(request.hold_until_date(), "hold_until_date"));
  if (!until) return base::InvalidField("INVALID_FIELD", "hold_until_date", "must be given");
  const HoldWish wish{.reason = request.reason(), .until = *until, .words = request.note_text()};
  return Write(call, request, [&](UnitOfWork& work) { return HoldCase(work, keys_, input, wish); });
}

absl::StatusOr<v1::Case> CaseDoor::Resume(Call& call, const v1::ResumeCaseRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input,
                   InputOf(call, request, request.resumed_date(), "resumed_date"));
  ASSIGN_OR_RETURN(const base::BusinessCalendar calendar, holidays_.Calendar());
  return Write(call, request, [&](UnitOfWork& work) { return ResumeCase(work, input, calendar); });
}

absl::StatusOr<v1::Case> CaseDoor::TryContact(Call& call,
                                              const v1::LogContactAttemptRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input,
                   InputOf(call, request, request.attempt_date(), "attempt_date"));
  return Write(call, request, [&](UnitOfWork& work) {
    return LogContactAttempt(work, input, request.channel(), request.outcome());
  });
}

absl::StatusOr<v1::Case> CaseDoor::Ask(Call& call, const v1::AskClosureRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input,
                   InputOf(call, request, request.asked_date(), "asked_date"));
  ASSIGN_OR_RETURN(const Staff by, staff_.Of(SubjectOf(call)));
  const ClosureWish wish{
      .reason = request.reason(), .employed = request.employed(), .words = request.note_text()};
  return Write(call, request,
               [&](UnitOfWork& work) { return AskClosure(work, keys_, input, by, wish); });
}

absl::StatusOr<v1::Case> CaseDoor::Return(Call& call, const v1::ReturnClosureRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input,
                   InputOf(call, request, request.returned_date(), "returned_date"));
  ASSIGN_OR_RETURN(const Staff by, staff_.Of(SubjectOf(call)));
  return Write(call, request, [&](UnitOfWork& work) {
    return ReturnClosure(work, keys_, input, by, request.comment_text());
  });
}

absl::StatusOr<v1::Case> CaseDoor::Close(Call& call, const v1::CloseCaseRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input,
                   InputOf(call, request, request.closed_date(), "closed_date"));
  ASSIGN_OR_RETURN(const Staff by, staff_.Of(SubjectOf(call)));
  return Write(call, request, [&](UnitOfWork& work) {
    return CloseCase(work, keys_, input, by, request.note_text());
  });
}

absl::StatusOr<v1::Case> CaseDoor::Correct(Call& call, const v1::CorrectClosingRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input,
                   InputOf(call, request, request.closed_date(), "closed_date"));
  return Write(call, request, [&](UnitOfWork& work) { return CorrectClosing(work, input); });
}

absl::StatusOr<v1::Case> CaseDoor::Archive(Call& call, const v1::ArchiveCaseRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input,
                   InputOf(call, request, request.archived_date(), "archived_date"));
  return Write(call, request, [&](UnitOfWork& work) { return ArchiveCase(work, input); });
}

absl::StatusOr<v1::Case> CaseDoor::Reopen(Call& call, const v1::ReopenCaseRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input,
                   InputOf(call, request, request.reopened_date(), "reopened_date"));
  ASSIGN_OR_RETURN(const auto next, ChosenId(request.case_id(), "case_id"));
  ASSIGN_OR_RETURN(const base::BusinessCalendar calendar, holidays_.Calendar());
  return Write(call, request, [&](UnitOfWork& work) {
    return ReopenCase(work, keys_, input, next, request.note_text(), calendar);
  });
}

absl::StatusOr<v1::Case> CaseDoor::Give(Call& call, const v1::ReassignCaseRequest& request) {
  ASSIGN_OR_RETURN(const CaseInput input, InputOf(call, request, "", "name"));
  CaseManagers managers;
  ASSIGN_OR_RETURN(managers.subject, OptionalIdIn("subjects", request.manager(), "manager"));
  ASSIGN_OR_RETURN(managers.manager,
                   OptionalIdIn("persons", request.manager_person(), "manager_person"));
  ASSIGN_OR_RETURN(managers.supervisor,
                   OptionalIdIn("persons", request.supervisor_person(), "supervisor_person"));
  return Write(call, request,
               [&](UnitOfWork& work) { return ReassignCase(work, input, managers); });
}

}  // namespace ieum::casemgmt
