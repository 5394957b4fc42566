#include "tests/unit/notify/scenario_rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_join.h"
#include "google/protobuf/util/json_util.h"
#include "platform/base/korea_time.h"
#include "platform/base/timestamp.h"

namespace ieum::notify::testing {
namespace {

nlohmann::json ReadScenario(const std::string& year, const std::string& file,
                            const std::string& list) {
  std::ifstream in(std::string(IEUM_SOURCE_DIR) + "/scenarios/" + year + "/" + file);
  return nlohmann::json::parse(in)[list];
}

template <class M>
M FromJson(const nlohmann::json& json) {
  M message;
  const auto read = google::protobuf::util::JsonStringToMessage(json.dump(), &message);
  EXPECT_TRUE(read.ok()) << read.ToString();
  return message;
}

nlohmann::json WithoutId(nlohmann::json json) {
  json.erase("id");
  return json;
}

casemgmt::v1::EngagementFacts Engagement() {
  casemgmt::v1::EngagementFacts facts;
  facts.set_engagement_id("018c0000-0000-7000-8000-0000000000e1");
  facts.set_organization_id(kFirm);
  facts.set_consultant_person_id(kConsultant);
  facts.set_contact_person_id(kContact);
  return facts;
}

template <class E>
E VisitEvent(const std::string& visit, const std::string& day) {
  E event;
  *event.mutable_engagement() = Engagement();
  event.mutable_visit()->set_visit_id(visit);
  event.mutable_visit()->set_visit_date(day);
  *event.mutable_visit()->mutable_start_time() = base::ToTimestamp(At(day + " 10:00"));
  event.mutable_visit()->set_consultant_person_id(kConsultant);
  event.mutable_visit()->set_contact_person_id(kContact);
  return event;
}

template <class E>
E FormEvent(const std::string& form, const std::string& last_day) {
  E event;
  auto* facts = event.mutable_application();
  facts->set_application_id(form);
  facts->set_organization_id(kFirm);
  facts->set_consultant_person_id(kConsultant);
  facts->set_contact_person_id(kContact);
  facts->set_window_end_date(last_day);
  return event;
}

}  // namespace

std::vector<std::pair<std::string, v1::Template>> ScenarioTemplates(const std::string& year) {
  std::vector<std::pair<std::string, v1::Template>> templates;
  for (nlohmann::json entry : ReadScenario(year, "templates.json", "templates")) {
    for (const char* language : {"ko", "en"}) {
      const auto lines = entry[language]["body"].get<std::vector<std::string>>();
      entry[language]["body"] = absl::StrJoin(lines, "\n");
    }
    templates.emplace_back(entry["id"], FromJson<v1::Template>(WithoutId(entry)));
  }
  return templates;
}

std::vector<std::pair<std::string, v1::Rule>> ScenarioRules(const std::string& year) {
  std::vector<std::pair<std::string, v1::Rule>> rules;
  for (const nlohmann::json& entry : ReadScenario(year, "rules.json", "rules")) {
    rules.emplace_back(entry["id"], FromJson<v1::Rule>(WithoutId(entry)));
  }
  return rules;
}

std::vector<Rule> RulesInForce(absl::Time since, const std::vector<std::string>& codes) {
  std::vector<Rule> rules;
  for (const auto& [code, terms] : ScenarioRules()) {
    const bool wanted = codes.empty() || std::find(codes.begin(), codes.end(), code) != codes.end();
    if (wanted) rules.push_back({code, 1, terms, since});
  }
  return rules;
}

absl::Time At(const std::string& korea_time) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", korea_time, base::Korea(), &time, &error)) << error;
  return time;
}

casemgmt::v1::VisitPlanned VisitPlanned(const std::string& day, const std::string& visit) {
  return VisitEvent<casemgmt::v1::VisitPlanned>(visit, day);
}

casemgmt::v1::VisitRescheduled VisitMoved(const std::string& from, const std::string& day,
                                          const std::string& visit) {
  auto event = VisitEvent<casemgmt::v1::VisitRescheduled>(visit, day);
  event.set_previous_visit_date(from);
  return event;
}

casemgmt::v1::VisitCancelled VisitCancelled(const std::string& day, const std::string& visit) {
  return VisitEvent<casemgmt::v1::VisitCancelled>(visit, day);
}

casemgmt::v1::VisitHeld VisitHeld(const std::string& day, bool with_minutes,
                                  const std::string& visit) {
  auto event = VisitEvent<casemgmt::v1::VisitHeld>(visit, day);
  event.mutable_visit()->set_report_recorded(with_minutes);
  return event;
}

casemgmt::v1::VisitReportRecorded MinutesRecorded(const std::string& day,
                                                  const std::string& visit) {
  auto event = VisitEvent<casemgmt::v1::VisitReportRecorded>(visit, day);
  event.mutable_visit()->set_report_recorded(true);
  return event;
}

casemgmt::v1::ApplicationDrafted FormDrafted(const std::string& last_day, const std::string& form) {
  return FormEvent<casemgmt::v1::ApplicationDrafted>(form, last_day);
}

casemgmt::v1::ApplicationSubmitted FormSubmitted(const std::string& last_day,
                                                 const std::string& form) {
  return FormEvent<casemgmt::v1::ApplicationSubmitted>(form, last_day);
}

casemgmt::v1::ApplicationWindowChanged WindowMoved(const std::string& last_day,
                                                   const std::string& form) {
  return FormEvent<casemgmt::v1::ApplicationWindowChanged>(form, last_day);
}

registry::v1::EnrolmentConfirmed Confirmed(const std::string& day, const std::string& enrolment) {
  registry::v1::EnrolmentConfirmed event;
  event.mutable_enrolment()->set_enrolment_id(enrolment);
  event.mutable_enrolment()->set_organization_id(kFirm);
  event.mutable_enrolment()->set_contact_person_id(kContact);
  event.set_confirmed_date(day);
  event.set_event_date(day);
  return event;
}

}  // namespace ieum::notify::testing
