// Goal: of another centre's cases nobody learns whether there are any. Method: two centres side by
// side, every method of the services of cases, tasks and templates. row:R11 row:R23 row:C36
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/casemgmt/cases/case_reassignment.h"
#include "services/casemgmt/cases/case_template_commands.h"
#include "tests/integration/casemgmt/case_world.h"
#include "tests/integration/casemgmt/served.h"
#include "tests/support/centres.h"

namespace ieum::casemgmt::testing {
namespace {

using ieum::testing::Door;
using ieum::testing::Ids;
using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kPackage[] = "ieum.casemgmt.v1";

std::vector<Door> Doors() {
  const std::string one = "name: 'cases/{case}' ", closed = "name: 'cases/{closed}' ";
  return {{"CaseService/GetCase", one},
          {"CaseService/GetCaseRecord", "name: 'caseRecords/{case}'"},
          {"CaseService/ContactCase", one + "etag: '\"77\"'"},
          {"CaseService/RejectCase", one + "reason: CASE_REJECT_REASON_OTHER"},
          {"CaseService/InformCase", one},
          {"CaseService/TakeInCase", one},
          {"CaseService/MonitorCase", one},
          {"CaseService/DeliverAgain", one + "ownership_epoch: 7"},
          {"CaseService/DeclareCrisis", one + "reason_text: 'x'"},
          {"CaseService/OpenUrgentService", one},
          {"CaseService/HoldCase",
           one + "reason: CASE_HOLD_REASON_OTHER hold_until_date: '2024-03-10'"},
          {"CaseService/ResumeCase", one},
          {"CaseService/LogContactAttempt",
           one + "channel: ATTEMPT_CHANNEL_PHONE outcome: ATTEMPT_OUTCOME_NO_ANSWER"},
          {"CaseService/AskClosure", one + "reason: CASE_CLOSE_REASON_MOVED"},
          {"CaseService/ReturnClosure", one + "comment_text: 'x'"},
          {"CaseService/CloseCase", one},
          {"CaseService/CorrectClosing", closed + "closed_date: '2024-03-04'"},
          {"CaseService/ArchiveCase", closed},
          {"CaseService/ReopenCase", closed},
          {"CaseService/ReassignCase",
           one + "manager: 'subjects/{person}' manager_person: 'persons/{person}'"},
          {"CaseService/GetCaseReassignment", "name: 'caseReassignments/{reassignment}'"},
          {"TaskService/GetCaseTask", "name: 'caseTasks/{task}'"},
          {"CaseTemplateService/GetCaseTemplate", "name: 'caseTemplates/{template}'"},
          {"CaseTemplateService/PublishCaseTemplate",
           "name: 'caseTemplates/{template}' pace { consult_days: 3 }"}};
}

const std::vector<Door>& Lists() {
  static const auto* lists = new std::vector<Door>{
      {"CaseService/ListCases", ""},
      {"CaseService/ListCases", "filter: 'centre:*' order_by: 'opened_date desc'"},
      {"CaseService/ListCaseReassignments", ""},
      {"TaskService/ListCaseTasks", ""},
      {"TaskService/ListCaseTasks", "order_by: 'due_date desc'"},
      {"CaseTemplateService/ListCaseTemplates", ""}};
  return *lists;
}

class CaseCentres : public ::testing::Test {
 protected:
  CaseCentres() {
    shared_["person"] = base::Uuid::NewV7().ToString();
    a_ = Fill(kCentreA);
    b_ = Fill(kCentreB);
  }

  Ids Fill(const std::string& centre) {
    World& world = served_.world();
    const base::Uuid one = cases_.CaseIn(v1::CASE_STATE_REFERRED, {.centre = centre});
    const base::Uuid closed = cases_.CaseIn(v1::CASE_STATE_CLOSED, {.centre = centre});
    const auto of_centre = base::Uuid::Parse(centre);
    const base::Uuid reassignment = IdOf(world.Do([&](auto& work) {
      return BeginReassignment(work, {.centre = of_centre,
                                      .from = cases_.manager.subject,
                                      .to = cases_.supervisor.subject,
                                      .to_person = *cases_.supervisor.person});
    }));
    const base::Uuid made = IdOf(world.Do([&](auto& work) {
      return CreateTemplate(work, {.programme = "INC", .centre = of_centre});
    }));
    return {{"case", one.ToString()},
            {"closed", closed.ToString()},
            {"task", cases_.Tasks(one).front().id.ToString()},
            {"reassignment", reassignment.ToString()},
            {"template", made.ToString()}};
  }
  ieum::testing::Calls CallsAs(const std::string& token) {
    return [this, token](const std::string& method, const google::protobuf::Message& request,
                         google::protobuf::Message* response) {
      return served_.CallAs(token, method, request, response);
    };
  }
  static std::vector<std::string> IdsOf(const Ids& ids) {
    std::vector<std::string> words;
    for (const auto& [word, id] : ids) words.push_back(id);
    return words;
  }

  Served served_{"2024-03-04 10:00"};
  Cases cases_{served_.world()};
  Ids shared_, a_, b_;
};

TEST_F(CaseCentres, DoNotTellAnothersCasesFromThoseThatAreNotThere) {
  const int64_t before = served_.world().EventCount();
  EXPECT_THAT(ieum::testing::DoorsThatTell(kPackage, Doors(), b_, shared_, CallsAs("centre-a")),
              IsEmpty());
  EXPECT_THAT(ieum::testing::DoorsThatTell(kPackage, Doors(), a_, shared_, CallsAs("centre-b")),
              IsEmpty());
  EXPECT_EQ(served_.world().EventCount(), before);
}

TEST_F(CaseCentres, ListTheirOwnCasesOnly) {
  for (const auto& [token, hidden] : {std::pair{"centre-a", b_}, {"centre-b", a_}}) {
    EXPECT_THAT(
        ieum::testing::ListsThatShow(kPackage, Lists(), shared_, IdsOf(hidden), CallsAs(token)),
        IsEmpty());
  }
  EXPECT_THAT(
      ieum::testing::ListsThatShow(kPackage, Lists(), shared_, IdsOf(a_), CallsAs("centre-ab")),
      Not(IsEmpty()));
}

TEST_F(CaseCentres, AreThoughtOfInEveryMethod) {
  EXPECT_THAT(
      ieum::testing::Forgotten(
          {"ieum.casemgmt.v1.CaseService", "ieum.casemgmt.v1.TaskService",
           "ieum.casemgmt.v1.CaseTemplateService"},
          Doors(), Lists(),
          {{"CaseService/CreateCase", "makes one, in a centre of the caller"},
           {"CaseService/CreateCaseReassignment", "of cases of the caller's centres"},
           {"CaseService/GetParticipant", "of the whole suite"},
           {"CaseTemplateService/CreateCaseTemplate", "makes one, in a centre of the caller"}}),
      IsEmpty());
}

}  // namespace
}  // namespace ieum::casemgmt::testing
