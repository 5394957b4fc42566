#include "tools/play/case_actions.h"

#include "ieum/casemgmt/v1/assessment_service.pb.h"
#include "ieum/casemgmt/v1/case_service.pb.h"
#include "ieum/casemgmt/v1/conference_service.pb.h"
#include "ieum/casemgmt/v1/followup_service.pb.h"
#include "ieum/casemgmt/v1/group_service.pb.h"
#include "ieum/casemgmt/v1/plan_service.pb.h"
#include "ieum/casemgmt/v1/session_service.pb.h"
#include "ieum/registry/v1/consent_service.pb.h"
#include "tools/play/parts_of_cases.h"

namespace ieum::play {
namespace {

namespace c = casemgmt::v1;
namespace r = registry::v1;

using Rows = std::map<std::string, CallShape>;

template <class Request, class Response>
Rpc Casemgmt(std::string_view method) {
  return RpcOf<Request, Response>("casemgmt", method);
}

// Most steps of a case take the case and answer it.
template <class Request>
Rpc Step(std::string_view verb) {
  return Casemgmt<Request, c::Case>(fmt::format("CaseService/{}", verb));
}

Field CaseKey(std::string to = "name") { return Key("case", "cases", std::move(to)); }

}  // namespace

Rows ConsentRows() {
  return {
      {"consent.record",
       {RpcOf<r::RecordConsentRequest, r::Consent>("registry", "ConsentService/RecordConsent"),
        {Key("person", "persons", "parent"), Copy("purpose", "consent.purpose"),
         Constant("CONSENT_STATE_GIVEN", "consent.state"),
         Key("consent_text", "consentTexts", "consent.consent_text"),
         Copy("channel", "consent.channel"), Copy("decide_time", "consent.decide_time")}}},
      {"consent.withdraw",
       {RpcOf<r::WithdrawConsentsRequest, r::WithdrawConsentsResponse>(
            "registry", "ConsentService/WithdrawConsents"),
        {Key("person", "persons", "parent"), Maybe(Copy("purpose")), Copy("channel")}}},
  };
}

Rows CaseRows() {
  return {
      {"case.open",
       {Step<c::CreateCaseRequest>("CreateCase"),
        {Key("person", "persons", "case.person"), Copy("programme", "case.programme"),
         Copy("edition", "case.edition"), Copy("line_code", "case.line_code"),
         Key("centre", "organizations", "case.centre"), Copy("source", "case.source"),
         Maybe(Key("source_organization", "organizations", "case.source_organization")),
         Key("manager", "persons", "case.manager_person"),
         Key("supervisor", "persons", "case.supervisor_person")},
        "key",
        "cases"}},
      {"case.contact", {Step<c::ContactCaseRequest>("ContactCase"), {CaseKey()}}},
      {"case.takeIn", {Step<c::TakeInCaseRequest>("TakeInCase"), {CaseKey()}}},
      {"case.monitor", {Step<c::MonitorCaseRequest>("MonitorCase"), {CaseKey()}}},
      {"case.askClosure",
       {Step<c::AskClosureRequest>("AskClosure"),
        {CaseKey(), Copy("reason"), Maybe(Copy("employed"))}}},
      {"case.close",
       {Step<c::CloseCaseRequest>("CloseCase"), {CaseKey(), Maybe(Copy("closed_date"))}}},
  };
}

Rows AssessmentRows() {
  const Field plan = Key("plan", "plans", "name");
  return {
      {"assessment.record",
       {Casemgmt<c::RecordAssessmentRequest, c::Assessment>("AssessmentService/RecordAssessment"),
        {CaseKey("parent"), Copy("factors", "assessment.factors")},
        "key",
        "assessments"}},
      {"assessment.approve",
       {Casemgmt<c::ApproveAssessmentRequest, c::Assessment>("AssessmentService/ApproveAssessment"),
        {Key("assessment", "assessments", "name")}}},
      {"conference.schedule",
       {Casemgmt<c::CreateConferenceRequest, c::Conference>("ConferenceService/CreateConference"),
        {Key("centre", "organizations", "conference.centre"),
         Copy("conference_date", "conference.conference_date")},
        "key",
        "conferences"}},
      {"conference.addCase",
       {Casemgmt<c::AddAgendaItemRequest, c::AgendaItem>("ConferenceService/AddAgendaItem"),
        {Key("conference", "conferences", "parent"), CaseKey("case")},
        "key",
        "agendaItems"}},
      {"conference.hold",
       {Casemgmt<c::HoldConferenceRequest, c::Conference>("ConferenceService/HoldConference"),
        {Key("conference", "conferences", "name")}}},
      {"conference.classify",
       {Casemgmt<c::ClassifyCaseRequest, c::AgendaItem>("ConferenceService/ClassifyCase"),
        {Key("item", "agendaItems", "name"), Copy("classification"), Copy("minutes_text")}}},
      {"plan.draft",
       {Casemgmt<c::CreateCasePlanRequest, c::CasePlan>("PlanService/CreateCasePlan"),
        {CaseKey("parent"), Copy("goals", "case_plan.goals"), Copy("actions", "case_plan.actions")},
        "key",
        "plans"}},
      {"plan.submit",
       {Casemgmt<c::SubmitCasePlanRequest, c::CasePlan>("PlanService/SubmitCasePlan"), {plan}}},
      {"plan.approve",
       {Casemgmt<c::ApproveCasePlanRequest, c::CasePlan>("PlanService/ApproveCasePlan"), {plan}}},
      {"plan.sign",
       {Casemgmt<c::SignCasePlanRequest, c::CasePlan>("PlanService/SignCasePlan"),
        {plan, Copy("agreement")}}},
      {"plan.recordAction",
       {Casemgmt<c::RecordActionResultRequest, c::CasePlan>("PlanService/RecordActionResult"),
        {plan, Copy("number"), Copy("result")}}},
  };
}

Rows SessionRows() {
  const Field session = Key("session", "sessions", "name");
  const auto of = []<class Request>(const Request&, std::string_view verb) {
    return Casemgmt<Request, c::Session>(fmt::format("SessionService/{}", verb));
  };
  return {
      {"session.plan",
       {of(c::PlanSessionRequest(), "PlanSession"),
        {CaseKey("parent"), Copy("type"), Copy("channel"), Copy("start_time"), Copy("end_time"),
         Key("provider", "persons", "provider")},
        "key",
        "sessions"}},
      {"session.book", {of(c::BookSessionRequest(), "BookSession"), {session}}},
      {"session.move",
       {of(c::MoveSessionRequest(), "MoveSession"),
        {session, Copy("start_time"), Copy("end_time")}}},
      {"session.cancel",
       {of(c::CancelSessionRequest(), "CancelSession"),
        {session, Copy("cancelled_by"), Copy("reason")}}},
      {"session.record",
       {of(c::RecordSessionRequest(), "RecordSession"), {session, Copy("outcome")}}},
      {"session.recordAbsence",
       {of(c::RecordSessionAbsenceRequest(), "RecordSessionAbsence"), {session, Copy("absence")}}},
      {"retention.record",
       {Casemgmt<c::RecordRetentionResultRequest, c::RetentionCheck>(
            "FollowUpService/RecordRetentionResult"),
        {CaseKey(""), Checked("months"), Found("name"), Copy("result"), Maybe(Copy("evidence"))},
        "",
        "",
        FindRetentionCheck}},
  };
}

Rows GroupRows() {
  const auto step = []<class Request>(const Request&, std::string_view verb) {
    return Casemgmt<Request, c::Group>(fmt::format("GroupService/{}", verb));
  };
  const Field group = Key("group", "groups", "name");
  return {
      {"group.form",
       {step(c::CreateGroupRequest(), "CreateGroup"),
        {Copy("code", "group.code"), Copy("label", "group.label"),
         Copy("programme", "group.programme"), Copy("edition", "group.edition"),
         Copy("line_code", "group.line_code"), Key("centre", "organizations", "group.centre"),
         Copy("need_codes", "group.need_codes"), Key("coach", "persons", "group.coach")},
        "key",
        "groups"}},
      {"group.planSessions",
       {Casemgmt<c::PlanGroupSessionsRequest, c::PlanGroupSessionsResponse>(
            "GroupService/PlanGroupSessions"),
        {Key("group", "groups", "parent"), Copy("recurrence"), Copy("start_time"), Copy("minutes"),
         Maybe(Copy("except_dates"))}}},
      {"group.open", {step(c::OpenGroupRequest(), "OpenGroup"), {group}}},
      {"group.invite",
       {Casemgmt<c::InviteGroupMemberRequest, c::GroupMember>("GroupService/InviteGroupMember"),
        {Key("group", "groups", "parent"), Key("person", "persons", "person")},
        "key",
        "groupMembers"}},
      {"group.join",
       {Casemgmt<c::JoinGroupMemberRequest, c::GroupMember>("GroupService/JoinGroupMember"),
        {Key("member", "groupMembers", "name")}}},
      {"group.start", {step(c::StartGroupRequest(), "StartGroup"), {group}}},
      {"group.holdSession",
       {Casemgmt<c::HoldGroupSessionRequest, c::GroupSession>("GroupService/HoldGroupSession"),
        {Key("group", "groups", ""), Checked("number"), Found("name"),
         Each("attendances", "member", "groupMembers", "attendances")},
        "",
        "",
        FindGroupSession}},
      {"group.cancelSession",
       {Casemgmt<c::CancelGroupSessionRequest, c::GroupSession>("GroupService/CancelGroupSession"),
        {Key("group", "groups", ""), Checked("number"), Found("name"), Copy("reason")},
        "",
        "",
        FindGroupSession}},
      {"group.retractSession",
       {Casemgmt<c::RetractGroupSessionRequest, c::GroupSession>(
            "GroupService/RetractGroupSession"),
        {Key("group", "groups", ""), Checked("number"), Found("name"), Copy("reason")},
        "",
        "",
        FindGroupSession}},
      {"group.complete", {step(c::CompleteGroupRequest(), "CompleteGroup"), {group}}},
  };
}

}  // namespace ieum::play
