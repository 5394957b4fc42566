// Goal: plans on time and the cases that should have one are counted by one day, the one by law,
// also of a case that was held and of one whose service could not wait. Method: the very definition
// of scenarios/inc-2024 over the events that casemgmt tells of such cases. row:A22
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/integration/reporting/incheon_figures.h"

namespace ieum::reporting {
namespace {

class PlanOnTime : public IncheonFigures {
 protected:
  PlanOnTime() { Define("A22", Published("A22"), "95.0"); }

  template <class Event>
  Event Of(const std::string& who) {
    Event event;
    OfTheEdition(event.mutable_case_());
    event.mutable_case_()->set_case_id(TestId("case/" + who).ToString());
    return event;
  }
  void Classify(const std::string& who, const std::string& due) {
    auto event = Of<casemgmt::CaseClassified>(who);
    event.set_classification(casemgmt::CASE_CLASSIFICATION_CASE_MANAGEMENT);
    event.set_plan_due_date(due);
    Add("case/" + who, event);
  }
  void Move(const std::string& who, const std::string& from, const std::string& to) {
    auto event = Of<casemgmt::CasePlanDueMoved>(who);
    event.set_previous_plan_due_date(from);
    event.set_plan_due_date(to);
    Add("case/" + who, event);
  }
  void Sign(const std::string& who, const std::string& due, bool on_time) {
    auto event = Of<casemgmt::CasePlanSigned>(who);
    event.set_classification(casemgmt::CASE_CLASSIFICATION_CASE_MANAGEMENT);
    event.set_plan_version(1);
    event.set_due_date(due);
    event.set_on_time(on_time);
    Add("case/" + who, event);
  }
  std::string To(const std::string& cut_off) {
    const v1::Metric metric = Figure("A22", {cut_off});
    return absl::StrCat(metric.numerator(), "/", metric.denominator());
  }
};

TEST_F(PlanOnTime, GoesByOneDayOnBothSides) {
  Classify("usual", "2024-11-13");
  Sign("usual", "2024-11-13", true);
  Classify("late", "2024-12-20");
  Sign("late", "2024-12-20", false);
  // Held over the turn of the year, twice: due in the year after, and counted there.
  Classify("held", "2024-12-27");
  Move("held", "2024-12-27", "2024-12-30");
  Move("held", "2024-12-30", "2025-01-06");
  // Wanted within a week, and by law in January: on both sides in January.
  Classify("urgent", "2025-01-02");
  Sign("urgent", "2025-01-02", true);
  Consume();
  EXPECT_EQ(To("2024-12-31"), "1/2");
  EXPECT_EQ(To("2025-01-05"), "2/3");
  EXPECT_EQ(To("2025-01-31"), "2/4");
  Sign("held", "2025-01-06", true);
  Consume();
  EXPECT_EQ(To("2024-12-31"), "1/2");
  EXPECT_EQ(To("2025-01-31"), "3/4");
  EXPECT_EQ(To(""), "3/4") << "a case that moved counts once";
}

}  // namespace
}  // namespace ieum::reporting
