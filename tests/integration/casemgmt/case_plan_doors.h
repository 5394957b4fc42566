// The doors of assessments, conferences and plans in a test, with a case of centre A that is
// managed by kCaseManager.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "platform/access/subject_id.h"
#include "platform/base/status.h"
#include "tests/integration/casemgmt/case_world.h"
#include "tests/integration/casemgmt/served.h"
#include "tests/support/centres.h"

namespace ieum::casemgmt::testing {

inline constexpr char kNeeds[] = "어린이집 자리";
inline constexpr char kQuestion[] = "어떤 서비스가 먼저인가";
inline constexpr char kMinutes[] = "돌봄부터 연계하기로 함";

class CasePlanDoors : public ::testing::Test {
 protected:
  CasePlanDoors() {
    person_ = cases_.Person();
    case_ = cases_.CaseIn(v1::CASE_STATE_INTAKE,
                          {.centre = ieum::testing::kCentreA, .person = person_});
    IdOf(served_.world().Do([&](auto& work) {
      return ReassignCase(work, cases_.Of(case_), {.subject = access::SubjectId(kCaseManager)});
    }));
  }
  std::string Case() { return "cases/" + case_.ToString(); }

  template <class Response>
  Response Must(const std::string& token, const std::string& method,
                const google::protobuf::Message& request) {
    Response response;
    const absl::Status done = served_.CallAs(token, method, request, &response);
    EXPECT_TRUE(done.ok()) << method << ": " << done;
    return response;
  }
  template <class Response>
  std::string Refused(const std::string& token, const std::string& method,
                      const google::protobuf::Message& request) {
    Response response;
    return base::ReasonOf(served_.CallAs(token, method, request, &response));
  }
  template <class Request>
  Request Named(const std::string& name) {
    Request request;
    request.set_name(name);
    return request;
  }

  v1::RecordAssessmentRequest Wanted() {
    v1::RecordAssessmentRequest request;
    request.set_parent(Case());
    auto* factor = request.mutable_assessment()->add_factors();
    factor->set_code("RF02");
    factor->set_severity(4);
    request.mutable_assessment()->set_needs_text(kNeeds);
    return request;
  }
  v1::Assessment Recorded() {
    return Must<v1::Assessment>(kCaseManagerToken, "AssessmentService/RecordAssessment", Wanted());
  }
  v1::Assessment Approved() {
    return Must<v1::Assessment>(kSupervisorToken, "AssessmentService/ApproveAssessment",
                                Named<v1::ApproveAssessmentRequest>(Recorded().name()));
  }
  // With who sits in conferences of centre A, and the case on its agenda.
  v1::AgendaItem OnAgenda() {
    v1::CreateConferenceRequest create;
    create.mutable_conference()->set_conference_date("2024-05-10");
    create.mutable_conference()->add_members("subjects/" +
                                             access::SubjectId(kConferenceMember).ToString());
    const auto conference =
        Must<v1::Conference>(kSupervisorToken, "ConferenceService/CreateConference", create);
    EXPECT_EQ(conference.centre(), absl::StrCat("organizations/", ieum::testing::kCentreA));
    v1::AddAgendaItemRequest add;
    add.set_parent(conference.name());
    add.set_case_(Case());
    add.set_question_text(kQuestion);
    return Must<v1::AgendaItem>(kCaseManagerToken, "ConferenceService/AddAgendaItem", add);
  }
  std::string ConferenceOf(const std::string& item) { return item.substr(0, item.find("/agenda")); }
  v1::AgendaItem Classified(const std::string& item) {
    Must<v1::Conference>(kSupervisorToken, "ConferenceService/HoldConference",
                         Named<v1::HoldConferenceRequest>(ConferenceOf(item)));
    auto classify = Named<v1::ClassifyCaseRequest>(item);
    classify.set_classification(v1::CASE_CLASSIFICATION_CASE_MANAGEMENT);
    classify.set_minutes_text(kMinutes);
    return Must<v1::AgendaItem>(kSupervisorToken, "ConferenceService/ClassifyCase", classify);
  }
  // Of the case, which is assessed and classified first.
  v1::CreateCasePlanRequest Planned() {
    Approved();
    Classified(OnAgenda().name());
    v1::CreateCasePlanRequest create;
    create.set_parent(Case());
    auto* goal = create.mutable_case_plan()->add_goals();
    goal->set_factor("RF02");
    goal->set_goal_text("계속 다니기");
    auto* action = create.mutable_case_plan()->add_actions();
    action->set_goal_number(1);
    action->set_service(v1::PLAN_SERVICE_KIND_CARE_LINK);
    action->set_action_text("어린이집 알아보기");
    action->set_due_date("2024-06-03");
    return create;
  }

  Served served_{"2024-05-10 09:30"};
  Cases cases_{served_.world()};
  base::Uuid person_, case_;
};

}  // namespace ieum::casemgmt::testing
