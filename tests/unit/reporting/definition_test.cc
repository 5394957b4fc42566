// row:P1 a definition is data; what cannot be counted is refused when it is entered.
#include "services/reporting/indicators/definition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/notify/v1/events.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/status.h"

namespace ieum::reporting {
namespace {

using ::testing::ElementsAre;

v1::Indicator Valid() {
  // Links the events of registry, which definitions name by text.
  (void)registry::v1::EnrolmentConfirmed::descriptor();
  v1::Indicator indicator;
  indicator.set_label_ko("캠페인 참여 기업");
  indicator.set_unit("firm");
  v1::SourceRule& source = *indicator.add_sources();
  source.set_event_type("ieum.registry.v1.EnrolmentConfirmed");
  source.set_filter("enrolment.task = TASK_KIND_CAMPAIGN");
  source.set_distinct_key("enrolment.organization_id");
  source.set_date_field("confirmed_date");
  source.set_programme_field("enrolment.programme");
  source.set_edition_field("enrolment.edition");
  source.set_instance_key("enrolment.enrolment_id");
  v1::RetractionRule& retraction = *source.add_retractions();
  retraction.set_event_type("ieum.registry.v1.EnrolmentWithdrawn");
  retraction.set_instance_key("enrolment.enrolment_id");
  retraction.set_date_field("withdrawn_date");
  return indicator;
}

TEST(CheckDefinition, AcceptsARuleOverKnownEventsAndFields) {
  EXPECT_TRUE(CheckDefinition(Valid()).ok()) << CheckDefinition(Valid());
}

TEST(CheckDefinition, RefusesAnEventThatNobodyPublishes) {
  v1::Indicator indicator = Valid();
  indicator.mutable_sources(0)->set_event_type("ieum.registry.v1.FirmInvented");
  EXPECT_EQ(base::ReasonOf(CheckDefinition(indicator)), "EVENT_TYPE_UNKNOWN");
}

TEST(CheckDefinition, RefusesAMessageThatIsNoEvent) {
  v1::Indicator indicator = Valid();
  indicator.mutable_sources(0)->set_event_type("ieum.registry.v1.EnrolmentFacts");
  EXPECT_EQ(base::ReasonOf(CheckDefinition(indicator)), "EVENT_TYPE_UNKNOWN");
}

TEST(CheckDefinition, NamesEveryUnknownPathAtOnce) {
  v1::Indicator indicator = Valid();
  indicator.mutable_sources(0)->set_distinct_key("enrolment.firm");
  indicator.mutable_sources(0)->mutable_retractions(0)->set_date_field("gone_date");
  const absl::Status status = CheckDefinition(indicator);
  EXPECT_EQ(base::ReasonOf(status), "FIELD_PATH_UNKNOWN");
  EXPECT_THAT(base::FieldsOf(status),
              ElementsAre("indicator.sources[0].distinct_key",
                          "indicator.sources[0].retractions[0].date_field"));
}

// Whoever may define and explain figures does not learn by it who has an appointment. row:C36
TEST(CheckDefinition, CountsNobodyByWhomSheIsExpectedOrWrittenTo) {
  (void)casemgmt::v1::AppointmentBooked::descriptor();
  (void)notify::v1::MessageHandedOver::descriptor();
  v1::Indicator indicator = Valid();
  v1::SourceRule& source = *indicator.mutable_sources(0);
  source.clear_retractions();
  source.clear_filter();
  source.set_event_type("ieum.casemgmt.v1.AppointmentBooked");
  source.set_distinct_key("appointment.appointment_id");
  source.set_instance_key("appointment.appointment_id");
  for (auto* each : {source.mutable_date_field(), source.mutable_programme_field(),
                     source.mutable_edition_field()}) {
    *each = "event_date";
  }
  EXPECT_TRUE(CheckDefinition(indicator).ok()) << CheckDefinition(indicator);
  source.set_distinct_key("appointment.person_id");
  source.set_edition_field("appointment.person_id");
  source.set_filter("event_date > \"2024-01-01\" AND NOT (appointment.person_id = \"x\")");
  EXPECT_EQ(base::ReasonOf(CheckDefinition(indicator)), "INVALID_FIELD");
  EXPECT_THAT(base::FieldsOf(CheckDefinition(indicator)),
              ElementsAre("indicator.sources[0].filter", "indicator.sources[0].distinct_key",
                          "indicator.sources[0].edition_field"));
  source.set_event_type("ieum.notify.v1.MessageHandedOver");
  source.clear_filter();
  source.set_instance_key("message.message_id");
  source.set_programme_field("message.rule_code");
  source.set_edition_field("message.template_code");
  source.set_distinct_key("message.message_id");
  EXPECT_TRUE(CheckDefinition(indicator).ok()) << CheckDefinition(indicator);
  source.set_distinct_key("message.person_id");
  EXPECT_THAT(base::FieldsOf(CheckDefinition(indicator)),
              ElementsAre("indicator.sources[0].distinct_key"));
}

TEST(CheckDefinition, RefusesADateFieldThatIsNoCivilDate) {
  v1::Indicator indicator = Valid();
  indicator.mutable_sources(0)->set_date_field("enrolment.task");
  EXPECT_EQ(base::ReasonOf(CheckDefinition(indicator)), "FIELD_PATH_UNKNOWN");
}

TEST(CheckDefinition, RefusesAFilterOverAnUnknownField) {
  v1::Indicator indicator = Valid();
  indicator.mutable_sources(0)->set_filter("enrolment.colour = \"red\"");
  EXPECT_EQ(base::ReasonOf(CheckDefinition(indicator)), "FILTER_INVALID");
}

TEST(CheckDefinition, RefusesARetractionOfNoInstance) {
  v1::Indicator indicator = Valid();
  indicator.mutable_sources(0)->clear_instance_key();
  EXPECT_THAT(base::FieldsOf(CheckDefinition(indicator)),
              ElementsAre("indicator.sources[0].instance_key"));
}

v1::Indicator Sum() {
  v1::Indicator indicator = Valid();
  indicator.set_aggregation(v1::AGGREGATION_SUM);
  indicator.mutable_sources(0)->set_sum_field("enrolment.facts.total_headcount");
  return indicator;
}

v1::Indicator Ratio() {
  v1::Indicator indicator = Valid();
  indicator.set_aggregation(v1::AGGREGATION_RATIO);
  indicator.set_ratio_factor(100);
  *indicator.add_denominator_sources() = indicator.sources(0);
  return indicator;
}

std::vector<std::string> Blamed(const v1::Indicator& indicator) {
  return base::FieldsOf(CheckDefinition(indicator));
}

TEST(CheckDefinition, AcceptsASumAndARatioOfEither) {
  EXPECT_TRUE(CheckDefinition(Sum()).ok()) << CheckDefinition(Sum());
  EXPECT_TRUE(CheckDefinition(Ratio()).ok()) << CheckDefinition(Ratio());
  v1::Indicator mixed = Ratio();
  mixed.mutable_denominator_sources(0)->set_sum_field("enrolment.facts.total_headcount");
  EXPECT_TRUE(CheckDefinition(mixed).ok()) << CheckDefinition(mixed);
}

TEST(CheckDefinition, RefusesASumOfWhatIsNoNumber) {
  v1::Indicator indicator = Sum();
  for (const char* path : {"enrolment.task", "enrolment.organization_id", "confirmed_date"}) {
    indicator.mutable_sources(0)->set_sum_field(path);
    EXPECT_EQ(base::ReasonOf(CheckDefinition(indicator)), "FIELD_PATH_UNKNOWN") << path;
    EXPECT_THAT(Blamed(indicator), ElementsAre("indicator.sources[0].sum_field")) << path;
  }
  indicator.mutable_sources(0)->set_sum_field("enrolment.completers");
  EXPECT_EQ(base::ReasonOf(CheckDefinition(indicator)), "FIELD_PATH_UNKNOWN");
}

TEST(CheckDefinition, RefusesASideThatIsNeitherASumNorACount) {
  v1::Indicator counted = Sum();
  counted.set_aggregation(v1::AGGREGATION_COUNT_DISTINCT);
  EXPECT_THAT(Blamed(counted), ElementsAre("indicator.sources[0].sum_field"));
  v1::Indicator sum = Sum();
  sum.mutable_sources(0)->clear_sum_field();
  EXPECT_THAT(Blamed(sum), ElementsAre("indicator.sources[0].sum_field"));
  v1::Indicator half = Ratio();
  *half.add_denominator_sources() = Sum().sources(0);
  EXPECT_THAT(Blamed(half), ElementsAre("indicator.denominator_sources[1].sum_field"));
}

TEST(CheckDefinition, RefusesADenominatorWhereNothingIsDividedAndNoneWhereSomethingIs) {
  v1::Indicator nothing = Ratio();
  nothing.clear_denominator_sources();
  EXPECT_THAT(Blamed(nothing), ElementsAre("indicator.denominator_sources"));
  v1::Indicator counted = Ratio();
  counted.set_aggregation(v1::AGGREGATION_COUNT_DISTINCT);
  EXPECT_THAT(Blamed(counted),
              ElementsAre("indicator.denominator_sources", "indicator.ratio_factor"));
  v1::Indicator wrong = Ratio();
  wrong.mutable_denominator_sources(0)->set_distinct_key("enrolment.firm");
  EXPECT_THAT(Blamed(wrong), ElementsAre("indicator.denominator_sources[0].distinct_key"));
}

// Firms of the campaign, and who works for them half a year later.
v1::Indicator Staying() {
  v1::Indicator indicator = Valid();
  v1::CohortRule& cohort = *indicator.mutable_sources(0)->mutable_cohort();
  for (const char* type : {"AffiliationStarted", "AffiliationEnded", "AffiliationCorrected"}) {
    cohort.add_event_types(std::string("ieum.registry.v1.") + type);
  }
  cohort.set_filter("role = AFFILIATION_ROLE_EMPLOYEE");
  cohort.set_stay_key("affiliation_id");
  cohort.set_member_key("person_id");
  cohort.set_group_key("organization_id");
  cohort.set_start_field("start_date");
  cohort.set_end_field("end_date");
  cohort.set_months(6);
  return indicator;
}

// row:X18
TEST(CheckDefinition, WantsOfACohortPathsThatAllItsEventsHave) {
  EXPECT_TRUE(CheckDefinition(Staying()).ok()) << CheckDefinition(Staying());
  v1::Indicator indicator = Staying();
  indicator.mutable_sources(0)->mutable_cohort()->set_end_field("previous_end_date");
  EXPECT_THAT(Blamed(indicator), ElementsAre("indicator.sources[0].cohort.end_field",
                                             "indicator.sources[0].cohort.end_field"))
      << "neither the start nor the end of an affiliation has it";
  indicator = Staying();
  indicator.mutable_sources(0)->mutable_cohort()->set_start_field("role");
  EXPECT_EQ(base::ReasonOf(CheckDefinition(indicator)), "FIELD_PATH_UNKNOWN") << "no date";
  indicator = Staying();
  indicator.mutable_sources(0)->mutable_cohort()->set_filter("colour = \"red\"");
  EXPECT_EQ(base::ReasonOf(CheckDefinition(indicator)), "FILTER_INVALID");
  indicator = Staying();
  indicator.mutable_sources(0)->mutable_cohort()->set_event_types(1, "ieum.registry.v1.Hired");
  EXPECT_THAT(Blamed(indicator), ElementsAre("indicator.sources[0].cohort.event_types[1]"));
  indicator = Staying();
  indicator.set_aggregation(v1::AGGREGATION_SUM);
  indicator.mutable_sources(0)->set_sum_field("enrolment.facts.total_headcount");
  EXPECT_THAT(Blamed(indicator), ElementsAre("indicator.sources[0].sum_field"));
}

TEST(DefinitionHash, IsTheSameForTheSameDefinitionWhateverTheServerAdded) {
  v1::Indicator stored = Valid();
  stored.set_version(3);
  stored.set_etag("\"3\"");
  stored.mutable_create_time()->set_seconds(5);
  EXPECT_EQ(DefinitionHash(Valid()), DefinitionHash(stored));
  stored.mutable_sources(0)->set_filter("");
  EXPECT_NE(DefinitionHash(Valid()), DefinitionHash(stored));
}

}  // namespace
}  // namespace ieum::reporting
