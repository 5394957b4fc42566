// Goal: of a case everybody sees what the table of domain.md §2 gives them, and nobody else
// anything (C36). Method: one case at the doors, field by field and role by role; what the ledger
// says of it. row:C36 row:X11
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "platform/access/subject_id.h"
#include "platform/base/status.h"
#include "tests/integration/casemgmt/case_world.h"
#include "tests/integration/casemgmt/served.h"
#include "tests/support/centres.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CaseConfidence : public ::testing::Test {
 protected:
  CaseConfidence() {
    case_ = Open();
    v1::DeclareCrisisRequest crisis;
    crisis.set_name(case_);
    crisis.set_reason_text("직장 내 괴롭힘");
    v1::Case answer;
    EXPECT_TRUE(As(kCaseManagerToken, "DeclareCrisis", crisis, &answer).ok());
  }

  std::string Open(const std::string& account = kCaseManager) {
    v1::CreateCaseRequest request;
    auto* wish = request.mutable_case_();
    const base::Uuid person = account == kCaseManager ? person_ : base::Uuid::NewV7();
    wish->set_person("persons/" + person.ToString());
    wish->set_centre(absl::StrCat("organizations/", ieum::testing::kCentreA));
    wish->set_programme("INC");
    wish->set_edition("2024");
    wish->set_source(v1::CASE_SOURCE_FIRM);
    wish->set_source_organization("organizations/" + firm_.ToString());
    wish->set_manager("subjects/" + access::SubjectId(account).ToString());
    wish->set_manager_person("persons/" + base::Uuid::NewV7().ToString());
    wish->set_source_text("인사팀 소개");
    v1::Case opened;
    const absl::Status status = As(kManagerToken, "CreateCase", request, &opened);
    EXPECT_TRUE(status.ok()) << status;
    return opened.name();
  }

  absl::Status As(const std::string& token, const std::string& method,
                  const google::protobuf::Message& request, google::protobuf::Message* response) {
    return served_.CallAs(token, "CaseService/" + method, request, response);
  }
  absl::StatusCode Get(const std::string& token) {
    v1::GetCaseRequest request;
    request.set_name(case_);
    v1::Case found;
    return As(token, "GetCase", request, &found).code();
  }
  absl::StatusCode Record(const std::string& token, v1::CaseRecord* record) {
    v1::GetCaseRecordRequest request;
    request.set_name("caseRecords/" + case_.substr(6));
    return As(token, "GetCaseRecord", request, record).code();
  }
  absl::Status List(const std::string& token, const std::string& filter,
                    v1::ListCasesResponse* response) {
    v1::ListCasesRequest request;
    request.set_filter(filter);
    return As(token, "ListCases", request, response);
  }
  std::vector<std::string> FieldsOf(const google::protobuf::Message& message) {
    std::vector<const google::protobuf::FieldDescriptor*> set;
    message.GetReflection()->ListFields(message, &set);
    std::vector<std::string> names;
    for (const auto* field : set) names.push_back(field->name());
    return names;
  }

  Served served_{"2024-03-04 10:00"};
  const base::Uuid person_ = base::Uuid::NewV7(), firm_ = base::Uuid::NewV7();
  std::string case_;
};

TEST_F(CaseConfidence, OpensACaseToItsManagerAndTheSupervisorOfItsCentreAlone) {
  EXPECT_EQ(Get(kCaseManagerToken), absl::StatusCode::kOk);
  EXPECT_EQ(Get(kSupervisorToken), absl::StatusCode::kOk);
  EXPECT_EQ(Get(kOtherCaseManagerToken), absl::StatusCode::kNotFound);
  EXPECT_EQ(Get("centre-b"), absl::StatusCode::kNotFound);
  EXPECT_EQ(Get(kCentreHeadToken), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Get(kConferenceMemberToken), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Get(kCoachToken), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Get(kAuditorToken), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Get(kProgrammeToken), absl::StatusCode::kPermissionDenied);
}

TEST_F(CaseConfidence, ShowsWordsAndHistoryToTheSameAndWritesThatDown) {
  v1::CaseRecord record;
  EXPECT_EQ(Record(kOtherCaseManagerToken, &record), absl::StatusCode::kNotFound);
  EXPECT_EQ(Record(kCentreHeadToken, &record), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Record(kConferenceMemberToken, &record), absl::StatusCode::kPermissionDenied);
  ASSERT_EQ(Record(kSupervisorToken, &record), absl::StatusCode::kOk);
  ASSERT_EQ(record.words_size(), 2);
  EXPECT_EQ(record.words(0).words_text(), "직장 내 괴롭힘");
  EXPECT_EQ(record.words(1).words_text(), "인사팀 소개");
  EXPECT_EQ(record.tasks_size(), 1);
  EXPECT_EQ(record.entry_count(), record.entries_size());
  // The access log says who saw whom.
  EXPECT_EQ(served_.world().Ask(absl::StrCat(
                "SELECT count(*) > 0 FROM access_log WHERE account = 'staff/supervisor' AND method "
                "LIKE '%GetCaseRecord' AND '",
                "persons/", person_.ToString(), "' = ANY(subjects)")),
            "t");
}

TEST_F(CaseConfidence, ShowsWhoButNoCodeAndNoDayToTheHeadOfTheCentre) {
  v1::ListCasesResponse list;
  ASSERT_TRUE(List(kCentreHeadToken, "", &list).ok());
  ASSERT_EQ(list.cases_size(), 1);
  EXPECT_THAT(FieldsOf(list.cases(0)), ElementsAre("name", "person", "programme", "edition",
                                                   "centre", "manager", "manager_person"));
  // What is not shown cannot be asked for either.
  for (const char* filter :
       {"risk_level = RISK_LEVEL_CRISIS", "state = CASE_STATE_REFERRED",
        "classification = CASE_CLASSIFICATION_SERVICE_LINK", "due_date < \"2024-12-31\""}) {
    EXPECT_EQ(base::ReasonOf(List(kCentreHeadToken, filter, &list)), "FILTER_INVALID") << filter;
    EXPECT_TRUE(List(kSupervisorToken, filter, &list).ok()) << filter;
  }
}

// Who lists all cases as head of the centre and reads as a manager reads his own: what one role
// reaches is not opened by what the other one may do there.
TEST_F(CaseConfidence, OpensToOneOfTwoRolesWhatEachOfThemOpens) {
  EXPECT_EQ(Get(kKeepingHeadToken), absl::StatusCode::kNotFound);
  v1::CaseRecord record;
  EXPECT_EQ(Record(kKeepingHeadToken, &record), absl::StatusCode::kNotFound);
  const std::string others = case_;
  case_ = Open(kKeepingHead);
  EXPECT_EQ(Get(kKeepingHeadToken), absl::StatusCode::kOk);
  EXPECT_EQ(Record(kKeepingHeadToken, &record), absl::StatusCode::kOk);
  v1::ListCasesResponse list;
  ASSERT_TRUE(List(kKeepingHeadToken, "", &list).ok());
  ASSERT_EQ(list.cases_size(), 2);
  for (const v1::Case& each : list.cases()) {
    EXPECT_EQ(each.state() == v1::CASE_STATE_REFERRED, each.name() == case_) << each.DebugString();
    EXPECT_EQ(each.participant().empty(), each.name() == others);
  }
  // Which rows answer would tell of the others what they do not show.
  EXPECT_EQ(base::ReasonOf(List(kKeepingHeadToken, "risk_level = RISK_LEVEL_CRISIS", &list)),
            "FILTER_INVALID");
  v1::ListCaseTasksRequest tasks;
  v1::ListCaseTasksResponse found;
  ASSERT_TRUE(served_.CallAs(kKeepingHeadToken, "TaskService/ListCaseTasks", tasks, &found).ok());
  EXPECT_EQ(found.case_tasks_size(), 1) << "his own";
}

TEST_F(CaseConfidence, ListsToAManagerOwnCasesOnly) {
  v1::ListCasesResponse list;
  ASSERT_TRUE(List(kCaseManagerToken, "", &list).ok());
  ASSERT_EQ(list.cases_size(), 1);
  EXPECT_EQ(list.cases(0).risk_level(), v1::RISK_LEVEL_CRISIS);
  ASSERT_TRUE(List(kOtherCaseManagerToken, "", &list).ok());
  EXPECT_EQ(list.cases_size(), 0);
  v1::ListCaseTasksRequest tasks;
  v1::ListCaseTasksResponse found;
  ASSERT_TRUE(served_.CallAs(kCaseManagerToken, "TaskService/ListCaseTasks", tasks, &found).ok());
  EXPECT_EQ(found.case_tasks_size(), 1);
  ASSERT_TRUE(
      served_.CallAs(kOtherCaseManagerToken, "TaskService/ListCaseTasks", tasks, &found).ok());
  EXPECT_EQ(found.case_tasks_size(), 0);
  ASSERT_TRUE(served_.CallAs(kSupervisorToken, "TaskService/ListCaseTasks", tasks, &found).ok());
  EXPECT_EQ(found.case_tasks_size(), 1);
  tasks.set_mine(true);
  ASSERT_TRUE(served_.CallAs(kSupervisorToken, "TaskService/ListCaseTasks", tasks, &found).ok());
  EXPECT_EQ(found.case_tasks_size(), 0);
}

// An urgent service brings the plan nearer than the law does; the list is asked by what it shows.
TEST_F(CaseConfidence, FindsACaseByTheDayOfThePlanThatItShows) {
  const std::string set = "UPDATE casefile SET plan_due_date = '2024-04-03', urgent_due_date = ";
  const std::string which = " WHERE id = '" + case_.substr(6) + "' RETURNING 1";
  for (const auto& [urgent, shown] :
       {std::pair("'2024-03-11'", "2024-03-11"), std::pair("'2024-05-11'", "2024-04-03"),
        std::pair("NULL", "2024-04-03")}) {
    served_.world().Ask(set + urgent + which);
    v1::ListCasesResponse list;
    ASSERT_TRUE(
        List(kCaseManagerToken, absl::StrCat("plan_due_date = \"", shown, "\""), &list).ok());
    ASSERT_EQ(list.cases_size(), 1) << shown;
    EXPECT_EQ(list.cases(0).plan_due_date(), shown);
  }
  // And put in order by it, page by page.
  Open(kKeepingHead);
  v1::ListCasesRequest request;
  request.set_order_by("plan_due_date desc");
  request.set_page_size(1);
  std::vector<std::string> days;
  do {
    v1::ListCasesResponse page;
    ASSERT_TRUE(As(kSupervisorToken, "ListCases", request, &page).ok());
    for (const v1::Case& each : page.cases()) days.push_back(each.plan_due_date());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(days, ::testing::ElementsAre("", "2024-04-03"));
}

// The employer never learns who is a client, and figures get codes, days and tokens: no event says
// who she is, for whom she works, what was said, or by which account.
TEST_F(CaseConfidence, TellsNobodyWhoSheIs) {
  const base::Uuid id = *base::Uuid::Parse(case_.substr(6));
  for (const Told& told : served_.world().EventsOf(id)) {
    for (const std::string& secret :
         {person_.ToString(), firm_.ToString(), std::string("괴롭힘"), std::string("인사팀"),
          access::SubjectId(kCaseManager).ToString(), std::string(kCaseManager)}) {
      EXPECT_FALSE(absl::StrContains(told.payload, secret)) << told.type;
    }
  }
  EXPECT_EQ(served_.world().Ask("SELECT count(*) FROM case_words WHERE box IS NOT NULL"), "2");
}

TEST_F(CaseConfidence, LeavesClosingAndGivingAwayToWhoSupervises) {
  v1::AskClosureRequest ask;
  ask.set_name(case_);
  ask.set_reason(v1::CASE_CLOSE_REASON_MOVED);
  v1::Case answer;
  ASSERT_TRUE(As(kCaseManagerToken, "AskClosure", ask, &answer).ok());
  EXPECT_TRUE(answer.closure_asked());
  v1::CloseCaseRequest close;
  close.set_name(case_);
  EXPECT_TRUE(absl::IsPermissionDenied(As(kCaseManagerToken, "CloseCase", close, &answer)));
  v1::ReassignCaseRequest give;
  give.set_name(case_);
  give.set_manager("subjects/" + base::Uuid::NewV7().ToString());
  give.set_manager_person("persons/" + base::Uuid::NewV7().ToString());
  EXPECT_TRUE(absl::IsPermissionDenied(As(kCaseManagerToken, "ReassignCase", give, &answer)));
  ASSERT_TRUE(As(kSupervisorToken, "ReassignCase", give, &answer).ok());
  // From that commit on it is not the former manager's.
  EXPECT_EQ(Get(kCaseManagerToken), absl::StatusCode::kNotFound);
  ASSERT_TRUE(As(kSupervisorToken, "CloseCase", close, &answer).ok());
  EXPECT_EQ(answer.state(), v1::CASE_STATE_CLOSED);
  EXPECT_EQ(answer.closing().task_count(), 2) << "the first contact and the closure";
}

// A resident number is taken into no words. law:L10
TEST_F(CaseConfidence, TakesNoResidentNumber) {
  v1::ContactCaseRequest contact;
  contact.set_name(case_);
  contact.set_note_text("번호는 900101-1234567 이라고 함");
  v1::Case answer;
  const absl::Status status = As(kCaseManagerToken, "ContactCase", contact, &answer);
  EXPECT_EQ(base::ReasonOf(status), "RESIDENT_NUMBER");
  EXPECT_FALSE(absl::StrContains(status.message(), "900101"));
}

}  // namespace
}  // namespace ieum::casemgmt::testing
