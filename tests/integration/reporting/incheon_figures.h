// Events of a year in Incheon as casemgmt tells them, definitions as scenarios/inc-2024 has them,
// and the figures that come of both.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ieum/casemgmt/v1/events.pb.h"
#include "services/reporting/metrics/figures.h"
#include "tests/integration/reporting/year_fixture.h"

namespace ieum::reporting {

namespace casemgmt = ieum::casemgmt::v1;

casemgmt::TrainingCompleted Held(const std::string& run, int completers, const std::string& day,
                                 const std::string& centre = "");
casemgmt::TrainingRecounted Recounted(const std::string& run, int completers,
                                      const std::string& day, const std::string& centre = "");

// Of cases' events, in whichever centre.
void OfTheEdition(casemgmt::CaseFacts* facts);

template <class Event>
Event Check(const std::string& person, casemgmt::RetentionResult result, const std::string& day) {
  Event event;
  OfTheEdition(event.mutable_case_());
  casemgmt::RetentionCheckFacts& check = *event.mutable_check();
  check.set_check_id(TestId("check/" + person).ToString());
  check.set_months(3);
  check.set_due_date(day);
  check.set_result(result);
  check.set_result_id(TestId("result/" + person).ToString());
  return event;
}

v1::SourceRule Source(const std::string& event, const std::string& key, const std::string& date,
                      const std::string& whose);
v1::Indicator Named(const std::string& label, v1::Aggregation aggregation);
v1::Indicator Completers();                        // A15: of each run, by its latest word
v1::Indicator Published(const std::string& code);  // by its code, from scenarios/inc-2024
v1::Indicator Retention();                         // A17: retained of all whose check was due

// A reporting database that takes in the events of one test.
class IncheonFigures : public ::testing::Test {
 protected:
  void Define(const std::string& code, const v1::Indicator& indicator,
              const std::string& target = "");
  v1::Metric Figure(const std::string& code, const Moment& moment = {},
                    const base::Scope& centres = base::Scope::Everywhere());
  std::vector<v1::Contribution> Explain(const std::string& code, int page_size);
  void Add(const std::string& aggregate, const google::protobuf::Message& event) {
    maker_.Add(TestId(aggregate), event);
  }
  // All of them, those that were taken in before once more.
  void Consume() { reporting_.Consume(maker_.events()); }
  // One by one in an order drawn by `seed`.
  void ConsumeShuffled(unsigned seed);
  // Business time of the last event that was added.
  absl::Time Now() const {
    return absl::FromUnixSeconds(maker_.events().back().envelope.time().seconds());
  }

  ReportingDatabase reporting_;
  EventMaker maker_{"casemgmt"};
};

}  // namespace ieum::reporting
