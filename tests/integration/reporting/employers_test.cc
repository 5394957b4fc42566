// Goal: persons count for their employer of the day on which they asked; a correction of that moves
// the count to where it belongs, on its own day, in whichever order the events come. Method: events
// as registry tells them, definitions as docs/how-to.md has them. row:R10
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "services/reporting/facts/fact_store.h"
#include "services/reporting/indicators/definition.h"
#include "services/reporting/metrics/figures.h"
#include "services/reporting/metrics/metric_store.h"
#include "tests/integration/reporting/year_fixture.h"

namespace ieum::reporting {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

namespace registry = ieum::registry::v1;

void TakeBackBy(v1::SourceRule* source, const std::string& event, const std::string& key,
                const std::string& date) {
  v1::RetractionRule& retraction = *source->add_retractions();
  retraction.set_event_type("ieum.registry.v1." + event);
  retraction.set_instance_key(key);
  retraction.set_date_field(date);
}

// Distinct `key` of the persons who have, or had, a seat; `employer` "" = any.
v1::Indicator Workers(const std::string& key, const std::string& employer = "") {
  v1::Indicator indicator;
  indicator.set_label_ko("참여 근로자");
  indicator.set_unit("person");
  indicator.set_counting_unit(key);
  indicator.set_direction(v1::DIRECTION_HIGHER);
  indicator.set_aggregation(v1::AGGREGATION_COUNT_DISTINCT);
  const std::string of =
      employer.empty() ? "" : absl::StrCat("enrolment.employer_id = \"", employer, "\"");
  const std::string seated =
      "(state = ENROLMENT_STATE_CONFIRMED OR state = ENROLMENT_STATE_ACTIVE OR "
      "state = ENROLMENT_STATE_COMPLETED)";
  for (const bool corrected : {false, true}) {
    v1::SourceRule& source = *indicator.add_sources();
    source.set_event_type(corrected ? "ieum.registry.v1.EnrolmentEmployerCorrected"
                                    : "ieum.registry.v1.EnrolmentConfirmed");
    source.set_filter(!corrected ? of : of.empty() ? seated : absl::StrCat(seated, " AND ", of));
    source.set_distinct_key(key);
    source.set_date_field("confirmed_date");
    source.set_programme_field("enrolment.programme");
    source.set_edition_field("enrolment.edition");
    source.set_instance_key("enrolment.attribution_id");
    TakeBackBy(&source, "EnrolmentWithdrawn", "enrolment.attribution_id", "withdrawn_date");
    TakeBackBy(&source, "EnrolmentEmployerCorrected", "previous_attribution_id", "confirmed_date");
  }
  return indicator;
}

std::string Employer(const std::string& name) { return TestId("firm/" + name).ToString(); }

registry::EnrolmentFacts Facts(const std::string& person, const std::string& employer,
                               int attribution) {
  registry::EnrolmentFacts facts;
  facts.set_enrolment_id(TestId("enrolment/" + person).ToString());
  facts.set_person_id(TestId("person/" + person).ToString());
  if (!employer.empty()) facts.set_employer_id(Employer(employer));
  facts.set_attribution_id(TestId(absl::StrCat(person, "/", attribution)).ToString());
  facts.set_programme("BSN");
  facts.set_edition("2023");
  facts.set_task(registry::TASK_KIND_CAMPAIGN);
  return facts;
}

registry::EnrolmentConfirmed Seated(const std::string& person, const std::string& employer,
                                    const std::string& day, int attribution = 0) {
  registry::EnrolmentConfirmed event;
  *event.mutable_enrolment() = Facts(person, employer, attribution);
  event.set_confirmed_date(day);
  return event;
}

registry::EnrolmentEmployerCorrected Corrected(const std::string& person,
                                               const std::string& employer, int attribution,
                                               registry::EnrolmentState state,
                                               const std::string& confirmed) {
  registry::EnrolmentEmployerCorrected event;
  *event.mutable_enrolment() = Facts(person, employer, attribution);
  event.set_previous_attribution_id(TestId(absl::StrCat(person, "/", attribution - 1)).ToString());
  event.set_state(state);
  event.set_confirmed_date(confirmed);
  return event;
}

registry::EnrolmentWithdrawn Gone(const std::string& person, const std::string& employer,
                                  const std::string& day, int attribution) {
  registry::EnrolmentWithdrawn event;
  *event.mutable_enrolment() = Facts(person, employer, attribution);
  event.set_withdrawn_date(day);
  return event;
}

// Kim and Lee asked from North, Park from South, Choi from nobody who is known. Lee had left North
// for South by then; Choi worked for North, which was learnt while she waited; Park went again.
std::vector<flow::ReceivedEvent> Year() {
  EventMaker maker("registry");
  const auto of = [](const std::string& person) { return TestId("enrolment/" + person); };
  maker.Add(of("kim"), Seated("kim", "north", "2023-04-03"));
  maker.Add(of("lee"), Seated("lee", "north", "2023-04-04"));
  maker.Add(of("park"), Seated("park", "south", "2023-04-05"));
  maker.Add(of("choi"), Corrected("choi", "north", 1, registry::ENROLMENT_STATE_WAITING, ""));
  maker.Add(of("choi"), Seated("choi", "north", "2023-07-03", 1));
  maker.Add(of("lee"),
            Corrected("lee", "south", 1, registry::ENROLMENT_STATE_CONFIRMED, "2023-04-04"));
  maker.Add(of("park"),
            Corrected("park", "north", 1, registry::ENROLMENT_STATE_CONFIRMED, "2023-04-05"));
  maker.Add(of("park"), Gone("park", "north", "2023-09-01", 1));
  // A firm of the same campaign.
  maker.Add(TestId("G001"), Confirmed("G001", "2023-04-03"));
  return maker.events();
}

class Employers : public ::testing::Test {
 protected:
  int64_t Count(const v1::Indicator& indicator, const std::string& cut_off = "") {
    EXPECT_TRUE(CheckDefinition(indicator).ok()) << CheckDefinition(indicator);
    int64_t count = -1;
    const absl::Status read =
        reporting_.db.database().Read("test_count", [&](db::Tx& tx) -> absl::Status {
          ASSIGN_OR_RETURN(count, CountDistinct(tx, indicator, LiveScope(tx, cut_off)));
          return absl::OkStatus();
        });
    EXPECT_TRUE(read.ok()) << read;
    return count;
  }
  // Of each fact behind a figure its key and whether it counts.
  std::vector<std::pair<std::string, bool>> Explained(const v1::Indicator& indicator) {
    std::vector<std::pair<std::string, bool>> explained;
    const absl::Status read =
        reporting_.db.database().Read("test_explain", [&](db::Tx& tx) -> absl::Status {
          explained.clear();
          ASSIGN_OR_RETURN(const auto page,
                           ReadContributions(tx, indicator, LiveScope(tx, ""), 100, {}));
          for (const v1::Contribution& one : page.contributions) {
            explained.emplace_back(one.distinct_key(), one.counted());
          }
          return absl::OkStatus();
        });
    EXPECT_TRUE(read.ok()) << read;
    return explained;
  }
  static Scope LiveScope(db::Tx& tx, const std::string& cut_off) {
    return {LiveGeneration(tx), "BSN", "2023", cut_off, base::Scope::Everywhere()};
  }
  void ExpectTheYear() {
    const std::string person = "enrolment.person_id";
    EXPECT_EQ(Count(Workers(person, Employer("north"))), 2) << "Kim and Choi";
    EXPECT_EQ(Count(Workers(person, Employer("south"))), 1) << "Lee";
    EXPECT_EQ(Count(Workers(person)), 3);
    EXPECT_EQ(Count(Workers("enrolment.employer_id")), 2) << "firms whose workers take part";
    // On the day that was true, whenever it was learnt.
    EXPECT_EQ(Count(Workers(person, Employer("south")), "2023-04-04"), 1);
    EXPECT_EQ(Count(Workers(person, Employer("north")), "2023-06-30"), 2) << "Kim and Park";
    EXPECT_EQ(Count(CampaignFirms()), 1) << "a person is no firm";
  }

  ReportingDatabase reporting_;
};

TEST_F(Employers, CountThePersonsWhoWorkedForThemWhenTheyAsked) {
  reporting_.Consume(Year());
  ExpectTheYear();
}

TEST_F(Employers, AreTheSameInWhicheverOrderTheEventsCome) {
  std::vector<flow::ReceivedEvent> events = Year();
  std::mt19937 random(7);
  std::shuffle(events.begin(), events.end(), random);
  for (const flow::ReceivedEvent& event : events) reporting_.Consume({event});
  ExpectTheYear();
}

template <class Event>
Event OfTwo(const std::string& merge, const std::string& survivor, const std::string& duplicate) {
  Event event;
  event.set_merge_id(TestId("merge/" + merge).ToString());
  event.set_survivor_person_id(TestId("person/" + survivor).ToString());
  event.set_duplicate_person_id(TestId("person/" + duplicate).ToString());
  return event;
}

// row:R4
TEST_F(Employers, CountAPersonOnceWhoseRecordsWereMerged) {
  EventMaker maker("registry");
  for (const char* person : {"kim", "lee", "choi", "park"}) {
    maker.Add(TestId(absl::StrCat("enrolment/", person)),
              Seated(person, absl::StrCat("firm of ", person), "2023-04-03"));
  }
  maker.Add(TestId("person/choi"), OfTwo<registry::PersonsMerged>("1", "choi", "kim"));
  maker.Add(TestId("person/lee"), OfTwo<registry::PersonsMerged>("2", "lee", "choi"));
  reporting_.Consume(maker.events());
  EXPECT_EQ(Count(Workers("enrolment.person_id")), 2) << "Park, and one over two steps";
  EXPECT_EQ(Count(Workers("enrolment.employer_id")), 4) << "firms are firms";
  const std::string lee = TestId("person/lee").ToString(), park = TestId("person/park").ToString();
  EXPECT_THAT(Explained(Workers("enrolment.person_id")),
              ::testing::UnorderedElementsAre(Pair(lee, true), Pair(lee, true), Pair(lee, true),
                                              Pair(park, true)));
  maker.Add(TestId("person/lee"), OfTwo<registry::PersonsUnmerged>("2", "lee", "choi"));
  reporting_.Consume({maker.events().back()});
  EXPECT_EQ(Count(Workers("enrolment.person_id")), 3);
}

// row:R6
TEST_F(Employers, CountAgainWhomAnUndoneMergeHadTakenOut) {
  EventMaker maker("registry");
  for (const char* person : {"kim", "lee"}) {
    maker.Add(TestId(absl::StrCat("enrolment/", person)), Seated(person, "north", "2023-04-03"));
  }
  maker.Add(TestId("enrolment/kim"), Gone("kim", "north", "2023-04-10", 0));
  maker.Add(TestId("person/lee"), OfTwo<registry::PersonsMerged>("1", "lee", "kim"));
  reporting_.Consume(maker.events());
  EXPECT_EQ(Count(Workers("enrolment.person_id")), 1);
  registry::EnrolmentReinstated again;
  *again.mutable_enrolment() = Facts("kim", "north", 0);
  again.set_event_date("2023-04-12");
  again.set_state(registry::ENROLMENT_STATE_CONFIRMED);
  maker.Add(TestId("enrolment/kim"), again);
  maker.Add(TestId("person/lee"), OfTwo<registry::PersonsUnmerged>("1", "lee", "kim"));
  const auto& told = maker.events();
  reporting_.Consume({told[told.size() - 2], told.back()});
  EXPECT_EQ(Count(Workers("enrolment.person_id")), 2);
  maker.Add(TestId("enrolment/kim"), Gone("kim", "north", "2023-04-20", 0));
  reporting_.Consume({maker.events().back()});
  EXPECT_EQ(Count(Workers("enrolment.person_id")), 1) << "she went for herself";
}

// row:X1
TEST_F(Employers, AreExplainedWithWhatWasTakenBack) {
  reporting_.Consume(Year());
  const std::string kim = TestId("person/kim").ToString(), lee = TestId("person/lee").ToString();
  const std::string park = TestId("person/park").ToString();
  const std::string choi = TestId("person/choi").ToString();
  EXPECT_THAT(Explained(Workers("enrolment.person_id", Employer("north"))),
              ::testing::UnorderedElementsAre(Pair(kim, true), Pair(choi, true), Pair(lee, false),
                                              Pair(park, false)));
  EXPECT_THAT(Explained(Workers("enrolment.person_id", Employer("south"))),
              ::testing::UnorderedElementsAre(Pair(lee, true), Pair(park, false)));
}

}  // namespace
}  // namespace ieum::reporting
