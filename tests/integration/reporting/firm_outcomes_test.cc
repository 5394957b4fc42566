// Goal: whether the workers of a firm stay after it adopted what was recommended comes out of
// definitions alone, from the recommendation over its adoption to dated employment, and is
// explained person by person. Method: a synthetic cohort whose answers are reckoned by hand in
// firm_outcomes.csv, told in whichever order. Firm A adopts on 15 July and 31 August 2024, B on 31
// August, D on 2 December after a mistake of 1 July, E in another edition; C nothing. row:X18
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/status.h"
#include "services/reporting/indicators/definition.h"
#include "tests/integration/reporting/incheon_figures.h"

namespace ieum::reporting {
namespace {

namespace registry = ieum::registry::v1;

struct Worker {
  std::string worker, record, firm, role, start, end, corrected_end;
  bool cohort = false, after_6 = false, after_12 = false;
};

std::vector<Worker> Table() {
  std::ifstream file(IEUM_SOURCE_DIR "/tests/integration/reporting/firm_outcomes.csv");
  std::vector<Worker> workers;
  std::string line;
  std::getline(file, line);  // heads
  while (std::getline(file, line)) {
    const std::vector<std::string> cell = absl::StrSplit(line, ',');
    EXPECT_EQ(cell.size(), 11u) << line;
    workers.push_back({cell[0], cell[1], cell[2], cell[3], cell[4], cell[5], cell[6],
                       cell[7] == "1", cell[8] == "1", cell[9] == "1"});
  }
  return workers;
}

std::string Person(const std::string& record) { return TestId("person/" + record).ToString(); }

v1::Indicator Firms(const std::string& event, const std::string& date) {
  v1::Indicator firms = Named("기업", v1::AGGREGATION_COUNT_DISTINCT);
  v1::SourceRule& source = *firms.add_sources();
  source = Source(event, "engagement.organization_id", date, "engagement");
  return firms;
}

v1::SourceRule Cohort(int months, bool staying) {
  v1::SourceRule source =
      Source("MeasureAdopted", "engagement.organization_id", "adopted_date", "engagement");
  source.set_instance_key("adoption_id");
  v1::RetractionRule& retraction = *source.add_retractions();
  retraction.set_event_type("ieum.casemgmt.v1.MeasureAdoptionRetracted");
  retraction.set_instance_key("adoption_id");
  retraction.set_date_field("adopted_date");
  v1::CohortRule& cohort = *source.mutable_cohort();
  for (const char* type : {"AffiliationStarted", "AffiliationEnded", "AffiliationCorrected"}) {
    cohort.add_event_types(absl::StrCat("ieum.registry.v1.", type));
  }
  cohort.set_filter("role = AFFILIATION_ROLE_EMPLOYEE");
  cohort.set_stay_key("affiliation_id");
  cohort.set_member_key("person_id");
  cohort.set_group_key("organization_id");
  cohort.set_start_field("start_date");
  cohort.set_end_field("end_date");
  cohort.set_months(months);
  cohort.set_staying(staying);
  return source;
}

v1::Indicator Staying(int months) {
  v1::Indicator indicator = Named("근로자 유지율", v1::AGGREGATION_RATIO);
  indicator.set_ratio_factor(100);
  indicator.set_decimals(1);
  *indicator.add_sources() = Cohort(months, true);
  *indicator.add_denominator_sources() = Cohort(months, false);
  EXPECT_TRUE(CheckDefinition(indicator).ok()) << CheckDefinition(indicator);
  return indicator;
}

class FirmOutcomes : public IncheonFigures {
 protected:
  FirmOutcomes() {
    for (const char* firm : {"A", "B", "C", "D", "E"}) Recommend(firm);
    Adopt("A", "2024-07-15", 1);
    Adopt("A", "2024-08-31", 2);
    Adopt("B", "2024-08-31", 1);
    Adopt("D", "2024-07-01", 1);
    Adopt<casemgmt::MeasureAdoptionRetracted>("D", "2024-07-01", 1);
    Adopt("D", "2024-12-02", 2);
    Adopt("E", "2024-07-01", 1);
    for (const Worker& each : table_) Employ(each);
    registry::PersonsMerged merged;
    merged.set_merge_id(TestId("merge").ToString());
    merged.set_survivor_person_id(Person("a11"));
    merged.set_duplicate_person_id(Person("a11x"));
    people_.Add(TestId("person/a11"), merged);
    Define("FIRMS-RECOMMENDED", Firms("MeasureRecommended", "recommendation.recommended_date"));
    Define("FIRMS-ADOPTED", Firms("MeasureAdopted", "adopted_date"));
    Define("STAYING-6", Staying(6));
    Define("STAYING-12", Staying(12), "50.0");
  }

  template <class Event>
  Event OfFirm(const std::string& firm) {
    Event event;
    event.mutable_engagement()->set_organization_id(TestId("firm/" + firm).ToString());
    event.mutable_engagement()->set_programme("INC");
    event.mutable_engagement()->set_edition(firm == "E" ? "2023" : "2024");
    return event;
  }
  void Recommend(const std::string& firm) {
    auto event = OfFirm<casemgmt::MeasureRecommended>(firm);
    event.mutable_recommendation()->set_recommended_date("2024-05-02");
    Add("engagement/" + firm, event);
  }
  template <class Event = casemgmt::MeasureAdopted>
  void Adopt(const std::string& firm, const std::string& day, int which) {
    auto event = OfFirm<Event>(firm);
    event.set_adopted_date(day);
    event.set_adoption_id(TestId(absl::StrCat("adoption/", firm, which)).ToString());
    Add("engagement/" + firm, event);
  }
  template <class Event>
  void Tell(const Worker& each, const std::string& end) {
    Event event;
    event.set_affiliation_id(TestId(each.record + each.start).ToString());
    event.set_person_id(Person(each.record));
    event.set_organization_id(TestId("firm/" + each.firm).ToString());
    registry::AffiliationRole role = registry::AFFILIATION_ROLE_UNSPECIFIED;
    EXPECT_TRUE(registry::AffiliationRole_Parse("AFFILIATION_ROLE_" + each.role, &role));
    event.set_role(role);
    event.set_start_date(each.start);
    event.set_end_date(end);
    people_.Add(TestId("person/" + each.record), event);
  }
  void Employ(const Worker& each) {
    Tell<registry::AffiliationStarted>(each, "");
    if (!each.end.empty()) Tell<registry::AffiliationEnded>(each, each.end);
    if (!each.corrected_end.empty()) Tell<registry::AffiliationCorrected>(each, each.corrected_end);
  }
  std::vector<flow::ReceivedEvent> Story() const {
    std::vector<flow::ReceivedEvent> story = maker_.events();
    story.insert(story.end(), people_.events().begin(), people_.events().end());
    return story;
  }
  std::string Ratio(const std::string& code, const Moment& moment = {}) {
    const v1::Metric metric = Figure(code, moment);
    return absl::StrCat(metric.numerator(), "/", metric.denominator(), " ",
                        metric.printed_actual());
  }
  // Whom the table counts, by the id that stands for them.
  std::set<std::string> Counted(bool Worker::*column) const {
    std::set<std::string> ids;
    for (const Worker& each : table_) {
      if (each.*column) ids.insert(Person(each.worker));
    }
    return ids;
  }

  const std::vector<Worker> table_ = Table();
  EventMaker people_{"registry"};
};

TEST_F(FirmOutcomes, ComeOutAsTheTableHasThemInWhicheverOrder) {
  std::vector<flow::ReceivedEvent> story = Story();
  std::mt19937 random(18);
  std::shuffle(story.begin(), story.end(), random);
  for (const flow::ReceivedEvent& event : story) reporting_.Consume({event});
  EXPECT_EQ(Figure("FIRMS-RECOMMENDED").actual(), "4");
  EXPECT_EQ(Figure("FIRMS-ADOPTED").actual(), "3");
  // By hand: 11 of the cohorts; 7 of them after six months, 5 after twelve.
  EXPECT_EQ(Ratio("STAYING-6"), "7/11 63.6");
  EXPECT_EQ(Ratio("STAYING-12"), "5/11 45.5");
  EXPECT_EQ(Figure("STAYING-12").rate_percent(), "90.9");

  const std::pair<const char*, bool Worker::*> rows[] = {{"STAYING-6", &Worker::after_6},
                                                         {"STAYING-12", &Worker::after_12}};
  for (const auto& [code, column] : rows) {
    std::set<std::string> above, below;
    for (const v1::Contribution& one : Explain(code, 3)) {
      EXPECT_TRUE(one.counted());
      EXPECT_EQ(one.event_type(), "ieum.casemgmt.v1.MeasureAdopted") << "what founded the cohort";
      const bool numerator = one.side() == v1::CONTRIBUTION_SIDE_NUMERATOR;
      EXPECT_TRUE((numerator ? above : below).insert(one.distinct_key()).second);
    }
    EXPECT_EQ(above, Counted(column)) << code;
    EXPECT_EQ(below, Counted(&Worker::cohort)) << code;
  }
}

TEST_F(FirmOutcomes, CountOnceTheDayOfACohortHasCome) {
  reporting_.Consume(Story());
  const auto day = [](int year, int month, int of) { return absl::CivilDay(year, month, of); };
  // Six months of A end on 15 January 2025, of B on 28 February, of D on 2 June.
  EXPECT_EQ(Ratio("STAYING-6", {.today = day(2025, 1, 14)}), "0/0 ");
  EXPECT_EQ(Ratio("STAYING-6", {.today = day(2025, 1, 15)}), "4/8 50.0");
  EXPECT_EQ(Ratio("STAYING-6", {.today = day(2025, 3, 1)}), "6/10 60.0");
  EXPECT_EQ(Ratio("STAYING-12", {.today = day(2025, 3, 1)}), "0/0 ");
  EXPECT_EQ(Ratio("STAYING-6", {.cut_off_date = "2025-01-31"}), "4/8 50.0");
  EXPECT_EQ(Ratio("STAYING-6", {.cut_off_date = "2025-12-31", .today = day(2025, 1, 31)}),
            "4/8 50.0");
  // What was known before anybody was employed: cohorts of nobody.
  EXPECT_EQ(Ratio("STAYING-6", {.known_by = absl::UnixEpoch()}), "0/0 ");
}

}  // namespace
}  // namespace ieum::reporting
