// Goal: an edition's plan holds together, goes its steps in order, and keeps its targets once they
// are approved. Method: tables over the pure rules. row:R12
#include "services/registry/programmes/edition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/text_format.h"
#include "platform/ledger/ledger.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kPlan[] = R"(
  year: 2023
  lines {
    code: "BSN-1" area: "I" display_name: "협의회"
    targets { indicator: "B01" value: "3" unit: COUNTING_UNIT_OCCURRENCE moment: "HELD" position: 1 }
    targets { indicator: "B24" value: "100.0" unit: COUNTING_UNIT_PERCENT }
    dates { key: "C-1" start { nth_weekday { month: 5 ordinal: 4 weekday: WEEKDAY_WEDNESDAY } } }
    dates { key: "C-2" start { date: "2023-08-23" } }
  }
  lines {
    code: "BSN-7" display_name: "수기 공모" campaign: "ESSAY"
    dates { key: "CALL" kind: PLANNED_DATE_KIND_CALL
            start { date: "2023-06-01" } end { date: "2023-07-14" } }
  })";

v1::Edition Wanted(const std::string& change = "") {
  v1::Edition wanted;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(kPlan, &wanted));
  v1::Edition more;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(change, &more)) << change;
  wanted.MergeFrom(more);
  return wanted;
}

base::BusinessCalendar Calendar() {
  return base::BusinessCalendar({absl::CivilDay(2023, 1, 1), absl::CivilDay(2024, 12, 25)});
}

Edition Taken(const v1::Edition& wanted, base::FieldErrors* errors) {
  Edition edition{.key = {"BSN", "2023"}};
  TakePlan(wanted, Calendar(), &edition, errors);
  return edition;
}

Edition Planned() {
  base::FieldErrors errors;
  Edition edition = Taken(Wanted(), &errors);
  EXPECT_TRUE(errors.empty()) << errors.ToStatus();
  return edition;
}

absl::Status RefusalOf(const v1::Edition& wanted) {
  base::FieldErrors errors;
  Taken(wanted, &errors);
  return errors.ToStatus();
}

TEST(Plan, WorksItsDaysOutAndGivesEachActivityAnId) {
  const Edition edition = Planned();
  EXPECT_EQ(edition.budget_year, 2023);
  const auto activities = ActivitiesOf(edition);
  ASSERT_EQ(activities.size(), 3u);
  EXPECT_EQ(activities[0].start_date(), "2023-05-24");
  EXPECT_EQ(activities[0].end_date(), "2023-05-24");
  EXPECT_EQ(activities[0].kind(), v1::PLANNED_DATE_KIND_ACTIVITY);
  EXPECT_EQ(activities[0].label(), "협의회");
  EXPECT_EQ(activities[2].start_date(), "2023-06-01");
  EXPECT_EQ(activities[2].end_date(), "2023-07-14");
  EXPECT_EQ(activities[2].campaign_code(), "ESSAY");
  EXPECT_NE(activities[0].activity_id(), activities[1].activity_id());
  EXPECT_EQ(ActivitiesOf(Planned())[0].activity_id(), activities[0].activity_id());
}

TEST(Plan, IsRefusedWithEveryFaultAtOnce) {
  const struct {
    const char *change, *reason, *field;
  } kTable[] = {
      {R"(lines { code: "BSN-7" display_name: "x" })", "PLAN_CODE_TWICE", "edition.lines[2].code"},
      {R"(lines { code: "X" display_name: "x" targets { indicator: "B24" } })", "PLAN_CODE_TWICE",
       "edition.lines[2].targets[0].indicator"},
      {R"(lines { code: "X" display_name: "x" targets { indicator: "Z" value: "0.000" } })",
       "TARGET_INVALID", "edition.lines[2].targets[0].value"},
      {R"(lines { code: "X" display_name: "x" dates { key: "A" start { date: "2023-02-30" } } })",
       "DATE_INVALID", "edition.lines[2].dates[0].start.date"},
      {R"(lines { code: "X" display_name: "x" dates { key: "A" start { date: "2023-05-02" }
           end { date: "2023-05-01" } } })",
       "DATE_ORDER", "edition.lines[2].dates[0].end"},
      {R"(lines { code: "X" display_name: "x" dates { key: "A" start { date: "2025-05-02"
           roll: BUSINESS_DAY_ROLL_NEXT } } })",
       "HOLIDAYS_UNKNOWN", "edition.lines[2].dates[0].start"},
      {R"(lines { code: "X" display_name: "x" dates { key: "A" start { date: "2023-05-02"
           years_after: 1 } } })",
       "INVALID_FIELD", "edition.lines[2].dates[0].start.years_after"},
      {R"(lines { code: "X" display_name: " \n" })", "INVALID_FIELD",
       "edition.lines[2].display_name"},
  };
  for (const auto& row : kTable) {
    const absl::Status refusal = RefusalOf(Wanted(row.change));
    EXPECT_EQ(base::ReasonOf(refusal), row.reason) << row.change;
    EXPECT_THAT(base::FieldsOf(refusal), ElementsAre(row.field)) << row.change;
  }
  v1::Edition many = Wanted(kTable[0].change);
  many.clear_year();
  EXPECT_THAT(base::FieldsOf(RefusalOf(many)),
              ::testing::IsSupersetOf({"edition.year", "edition.lines[2].code"}));
}

TEST(Edition, GoesItsStepsInOrder) {
  Edition edition = Planned();
  const absl::Time now = absl::FromUnixSeconds(1675650000);
  EXPECT_EQ(base::ReasonOf(Advance(&edition, v1::EDITION_STATE_RUNNING)), "EDITION_STATE");
  EXPECT_EQ(base::ReasonOf(Advance(&edition, v1::EDITION_STATE_APPROVED)), "EDITION_STATE");
  Edition empty{.key = {"BSN", "2024"}};
  EXPECT_EQ(base::ReasonOf(Approve(&empty, now)), "PLAN_EMPTY");
  ASSERT_TRUE(Approve(&edition, now).ok());
  EXPECT_EQ(edition.approved_at, now);
  EXPECT_EQ(base::ReasonOf(Approve(&edition, now)), "EDITION_STATE");
  EXPECT_EQ(base::ReasonOf(Advance(&edition, v1::EDITION_STATE_REPORTING)), "EDITION_STATE");
  for (const auto state :
       {v1::EDITION_STATE_RUNNING, v1::EDITION_STATE_REPORTING, v1::EDITION_STATE_CLOSED}) {
    ASSERT_TRUE(Advance(&edition, state).ok());
    EXPECT_EQ(edition.state, state);
    EXPECT_EQ(base::ReasonOf(Advance(&edition, state)), "EDITION_STATE");
  }
}

TEST(Edition, KeepsItsTargetsOnceTheyAreApproved) {
  Edition before = Planned();
  Edition after = before;
  after.plan.mutable_lines(0)->mutable_targets(0)->set_value("4");
  EXPECT_TRUE(CheckChange(before, after).ok());
  before.state = after.state = v1::EDITION_STATE_APPROVED;
  EXPECT_EQ(base::ReasonOf(CheckChange(before, after)), "TARGETS_APPROVED");
  after = before;
  after.plan.mutable_lines(0)->mutable_dates(1)->set_start_date("2023-08-30");
  after.plan.mutable_lines(0)->set_display_name("위원회");
  EXPECT_TRUE(CheckChange(before, after).ok()) << "dates and words may change";
  EXPECT_THAT(ChangedTerms(before, after), ElementsAre("lines"));
  after.year = 2024;
  EXPECT_EQ(base::ReasonOf(CheckChange(before, after)), "EDITION_STATE");
  before.state = v1::EDITION_STATE_CLOSED;
  EXPECT_EQ(base::ReasonOf(CheckChange(before, before)), "EDITION_STATE");
}

TEST(Edition, TellsItsTargetsInTheOrderOfThePlan) {
  const v1::PlanApproved approval = ApprovalOf(Planned());
  ASSERT_EQ(approval.targets_size(), 2);
  EXPECT_EQ(approval.targets(0).indicator_code(), "B01");
  EXPECT_EQ(approval.targets(0).line_code(), "BSN-1");
  EXPECT_EQ(approval.targets(0).area(), "I");
  EXPECT_EQ(approval.targets(0).counting_moment(), "HELD");
  EXPECT_EQ(approval.targets(1).value(), "100.0");
}

// The approval tells all targets in one event, which has a size, and every date in one of its own.
TEST(Edition, HasNoMoreTargetsAndDatesThanItsApprovalCanTell) {
  v1::Edition wanted = Wanted();
  for (int at = 0; at < 1000; ++at) {
    v1::PlannedTarget& target = *wanted.mutable_lines(at % 2)->add_targets();
    target.set_indicator("INDICATOR-WITH-A-CODE-OF-FORTY-LETTER" + std::to_string(at));
    target.set_value("900000000000.999999");
    target.set_position(10000);
    target.set_moment(std::string(40, 'M'));
  }
  EXPECT_EQ(base::ReasonOf(RefusalOf(wanted)), "INVALID_FIELD");
  EXPECT_THAT(base::FieldsOf(RefusalOf(wanted)), ElementsAre("edition.lines"));
  wanted.mutable_lines(0)->mutable_targets()->DeleteSubrange(0, 2);
  wanted.mutable_lines(0)->set_code(std::string(40, 'L'));
  wanted.mutable_lines(1)->set_code(std::string(40, 'M'));
  wanted.mutable_lines(0)->set_area(std::string(20, 'A'));
  wanted.mutable_lines(1)->set_area(std::string(20, 'A'));
  base::FieldErrors errors;
  const Edition most = Taken(wanted, &errors);
  EXPECT_TRUE(errors.empty()) << errors.ToStatus();
  EXPECT_LT(ApprovalOf(most).ByteSizeLong(), ledger::kMaxEventBytes);
  v1::PlannedDate date = wanted.lines(0).dates(0);
  for (int at = 0; at < 1000; ++at) *wanted.mutable_lines(0)->add_dates() = date;
  EXPECT_THAT(base::FieldsOf(RefusalOf(wanted)), ElementsAre("edition.lines"));
}

// Tuesday to Thursday of 2024-10-08 fall into two weeks of the next October.
TEST(CopiedTerms, KeepAnOccasionOfSomeDaysTogether) {
  const struct {
    const char *first, *last, *next_first, *next_last;
  } kTable[] = {
      {"2024-10-08", "2024-10-10", "2025-10-14", "2025-10-16"},  // its own weekday is the 9th
      {"2025-03-07", "2025-03-08", "2026-03-06", "2026-03-07"},  // the 2nd Saturday is the 14th
      {"2024-12-31", "2025-01-01", "2025-12-30", "2025-12-31"},
      {"2024-05-13", "2024-05-31", "2025-05-12", "2025-05-30"},
  };
  for (const auto& row : kTable) {
    Edition from{.key = {"BSN", "2024"}};
    from.year = std::stoi(row.first);
    v1::PlannedDate& date = *from.plan.add_lines()->add_dates();
    date.mutable_start()->set_date(row.first);
    date.mutable_end()->set_date(row.last);
    base::FieldErrors errors;
    const v1::Edition terms = CopiedTerms(from, from.year + 1, {}, &errors);
    EXPECT_EQ(terms.lines(0).dates(0).start().date(), row.next_first);
    EXPECT_EQ(terms.lines(0).dates(0).end().date(), row.next_last);
  }
}

TEST(CopiedTerms, ChangeTheTargetsThatAreNamedAndMoveTheDays) {
  const Edition from = Planned();
  v1::CopyEditionRequest request;
  v1::ChangedTarget& changed = *request.add_targets();
  changed.set_indicator("B01");
  changed.set_value("4");
  base::FieldErrors errors;
  const v1::Edition terms = CopiedTerms(from, 2024, request.targets(), &errors);
  EXPECT_TRUE(errors.empty());
  EXPECT_EQ(terms.year(), 2024);
  EXPECT_EQ(terms.lines(0).targets(0).value(), "4");
  EXPECT_EQ(terms.lines(0).targets(1).value(), "100.0");
  const Edition next = Taken(terms, &errors);
  EXPECT_TRUE(errors.empty()) << errors.ToStatus();
  const auto activities = ActivitiesOf(next);
  EXPECT_EQ(activities[0].start_date(), "2024-05-22");
  EXPECT_EQ(activities[1].start_date(), "2024-08-28");
  EXPECT_EQ(activities[2].start_date(), "2024-06-01");
  EXPECT_EQ(activities[2].end_date(), "2024-07-15") << "a Sunday, so the next business day";
  request.add_targets()->set_indicator("Z99");
  CopiedTerms(from, 2024, request.targets(), &errors);
  EXPECT_EQ(base::ReasonOf(errors.ToStatus()), "INDICATOR_NOT_PLANNED");
  EXPECT_THAT(base::FieldsOf(errors.ToStatus()), ElementsAre("targets[1].indicator"));
}

}  // namespace
}  // namespace ieum::registry
