#include "tests/integration/casemgmt/culture_world.h"

#include <gtest/gtest.h>

namespace ieum::casemgmt::testing {
namespace {

std::optional<absl::CivilDay> MaybeDay(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return Day(text);
}

}  // namespace

base::Uuid Culture::Campaign(const std::string& centre) {
  return world_.HearCampaign({.task = registry::v1::TASK_KIND_CULTURE_CONSULTING,
                              .admission = registry::v1::ADMISSION_MODE_NONE,
                              .window_end = "",
                              .centre = centre});
}

base::Uuid Culture::Diagnosed() {
  const base::Uuid engagement = world_.Visited(Campaign());
  IdOf(world_.Do([&](auto& work) { return Diagnose(work, StepOf(engagement), "61.2", "tired"); }));
  return engagement;
}

base::Uuid Culture::Started() {
  const base::Uuid engagement = Diagnosed();
  IdOf(world_.Do([&](auto& work) {
    return AgreePlan(work, StepOf(engagement), {.tasks = {"정시 퇴근"}, .planned_visit_count = 2});
  }));
  IdOf(world_.Do([&](auto& work) { return StartWork(work, StepOf(engagement)); }));
  return engagement;
}

absl::StatusOr<ledger::Answer> Culture::Diagnosed(const base::Uuid& engagement,
                                                  const std::string& score) {
  return world_.Do([&](auto& work) { return Rediagnose(work, StepOf(engagement), score, ""); });
}

base::Uuid Culture::Recommended(const base::Uuid& engagement, const std::string& day,
                                std::vector<int> months) {
  return IdOf(world_.Do([&](auto& work) {
    return RecommendMeasure(work, {.step = StepOf(engagement, day),
                                   .measure = "유연근무 도입",
                                   .scheme_code = "FLEX",
                                   .check_months = months});
  }));
}

absl::StatusOr<ledger::Answer> Culture::Checked(const base::Uuid& engagement,
                                                const base::Uuid& recommendation, int months,
                                                v1::AdoptionOutcome outcome,
                                                const std::string& day) {
  return world_.Do([&](auto& work) {
    return RecordAdoptionCheck(work, {.step = {.engagement_id = engagement, .day = MaybeDay(day)},
                                      .recommendation_id = recommendation,
                                      .months = months,
                                      .outcome = outcome,
                                      .evidence_kind = v1::ADOPTION_EVIDENCE_WORK_RULES,
                                      .evidence = "취업규칙 제12조"});
  });
}

Recommendation Culture::Of(const base::Uuid& engagement, const base::Uuid& recommendation) {
  std::optional<Recommendation> found;
  EXPECT_TRUE(world_.database()
                  .Read("test_read",
                        [&](db::Tx& tx) {
                          found = FindRecommendation(tx, base::Scope::Everywhere(), engagement,
                                                     recommendation);
                          return absl::OkStatus();
                        })
                  .ok());
  EXPECT_TRUE(found.has_value());
  return found.value_or(Recommendation());
}

base::Uuid Culture::Training(const base::Uuid& engagement, const std::string& day, int duration) {
  const base::Uuid activity = IdOf(world_.Do([&](auto& work) {
    return EnterActivity(work, {.kind = v1::ACTIVITY_KIND_TRAINING,
                                .line_code = "INC-4",
                                .start = Day(day),
                                .end = Day(day),
                                .label = "조직문화 교육",
                                .engagement = engagement,
                                .training_duration = duration});
  }));
  IdOf(world_.Do([&](auto& work) { return ConfirmActivity(work, {.activity_id = activity}); }));
  return activity;
}

}  // namespace ieum::casemgmt::testing
