// Goal: whether the workers of a firm stay after it adopted what was recommended is known from
// events alone: the recommendation, its adoption with evidence, and dated employment. Method: a
// synthetic cohort with known answers, read as any other system would read it. row:X18
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/calendar_rules.h"
#include "platform/base/korea_time.h"

namespace ieum::casemgmt {
namespace {

using Day = absl::CivilDay;

Day DayOf(const std::string& text) { return *base::ParseDay(text, "day"); }

struct Employment {
  std::string person, firm;
  Day start;
  std::optional<Day> end;  // the last day
};

// Somebody who hears events, in any order, and nothing else.
class Reader {
 public:
  void Hear(const v1::MeasureAdopted& event) {
    const std::string firm = event.engagement().organization_id();
    const Day day = DayOf(event.adopted_date());
    const auto known = adopted_.find(firm);
    if (known == adopted_.end() || day < known->second) adopted_[firm] = day;
  }
  template <class Event>
  void HearEmployment(const Event& event) {
    Employment employment{
        event.person_id(), event.organization_id(), DayOf(event.start_date()), {}};
    if (!event.end_date().empty()) employment.end = DayOf(event.end_date());
    // Of a start that is heard behind its end or its correction, what they said stands.
    const bool start = std::is_same_v<Event, registry::v1::AffiliationStarted>;
    if (start && employments_.contains(event.affiliation_id())) return;
    employments_[event.affiliation_id()] = employment;
  }

  struct Answer {
    int stayed = 0, of = 0;
    friend bool operator==(const Answer&, const Answer&) = default;
  };
  // Of those who worked for a firm on the day of its first adoption.
  Answer StayedAfter(int months) const {
    Answer answer;
    for (const auto& [firm, day] : adopted_) {
      const Day then = base::MonthsLater(day, months);
      for (const auto& [id, each] : employments_) {
        if (each.firm != firm || !Works(each, day)) continue;
        ++answer.of;
        answer.stayed += Works(each, then) ? 1 : 0;
      }
    }
    return answer;
  }

 private:
  static bool Works(const Employment& employment, Day day) {
    return employment.start <= day && (!employment.end || day <= *employment.end);
  }

  std::map<std::string, Day> adopted_;
  std::map<std::string, Employment> employments_;
};

v1::MeasureAdopted Adopted(const std::string& firm, const std::string& day) {
  v1::MeasureAdopted event;
  event.mutable_engagement()->set_organization_id(firm);
  event.mutable_check()->set_evidence(v1::ADOPTION_EVIDENCE_WORK_RULES);
  event.set_adopted_date(day);
  return event;
}

template <class Event>
Event Works(int id, const std::string& firm, const std::string& start,
            const std::string& end = "") {
  Event event;
  event.set_affiliation_id(std::to_string(id));
  event.set_person_id("person-" + std::to_string(id));
  event.set_organization_id(firm);
  event.set_start_date(start);
  event.set_end_date(end);
  return event;
}

using registry::v1::AffiliationCorrected;
using registry::v1::AffiliationEnded;
using registry::v1::AffiliationStarted;

TEST(FirmOutcome, OfASyntheticCohortIsKnownFromEventsAlone) {
  const std::vector<std::function<void(Reader&)>> story = {
      [](Reader& r) { r.Hear(Adopted("A", "2024-08-31")); },
      [](Reader& r) { r.Hear(Adopted("A", "2024-07-15")); },  // the first one counts
      [](Reader& r) { r.Hear(Adopted("B", "2024-08-31")); },
      // Stays.
      [](Reader& r) { r.HearEmployment(Works<AffiliationStarted>(1, "A", "2020-03-02")); },
      // Leaves in the fourth month.
      [](Reader& r) { r.HearEmployment(Works<AffiliationStarted>(2, "A", "2023-01-02")); },
      [](Reader& r) {
        r.HearEmployment(Works<AffiliationEnded>(2, "A", "2023-01-02", "2024-10-31"));
      },
      // Leaves in the ninth; her last day was put right.
      [](Reader& r) { r.HearEmployment(Works<AffiliationStarted>(3, "A", "2024-07-15")); },
      [](Reader& r) {
        r.HearEmployment(Works<AffiliationCorrected>(3, "A", "2024-07-15", "2025-04-30"));
      },
      // Began after the adoption: not of the cohort.
      [](Reader& r) { r.HearEmployment(Works<AffiliationStarted>(4, "A", "2024-07-16")); },
      // Had left before it.
      [](Reader& r) {
        r.HearEmployment(Works<AffiliationStarted>(5, "A", "2022-01-03", "2024-07-14"));
      },
      // Of another firm; her last day is the checkpoint itself, in a February.
      [](Reader& r) { r.HearEmployment(Works<AffiliationStarted>(6, "B", "2021-01-04")); },
      [](Reader& r) {
        r.HearEmployment(Works<AffiliationEnded>(6, "B", "2021-01-04", "2025-02-28"));
      },
      // Of a firm that adopted nothing.
      [](Reader& r) { r.HearEmployment(Works<AffiliationStarted>(7, "C", "2021-01-04")); },
  };
  Reader in_order, backwards;
  for (const auto& tell : story) tell(in_order);
  for (auto tell = story.rbegin(); tell != story.rend(); ++tell) (*tell)(backwards);
  for (const Reader& reader : {in_order, backwards}) {
    EXPECT_EQ(reader.StayedAfter(6), (Reader::Answer{.stayed = 3, .of = 4}));
    EXPECT_EQ(reader.StayedAfter(12), (Reader::Answer{.stayed = 1, .of = 4}));
  }
}

}  // namespace
}  // namespace ieum::casemgmt
