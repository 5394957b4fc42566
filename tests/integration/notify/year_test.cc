// Goal: the scenario's year gives exactly the reminders, change notices and messages that its
// author wrote down by hand. Method: the actions of its days become the events that the other
// services would tell, the clock stops at 09:00 of each day and at each action, every event comes
// twice, and the sender is replaced by a fresh one every month.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "tests/integration/notify/mail_server.h"
#include "tests/integration/notify/world.h"

namespace ieum::notify::testing {
namespace {

using nlohmann::json;

json ReadScenario(const std::string& file) {
  std::ifstream in(std::string(IEUM_SOURCE_DIR) + "/scenarios/bsn-2023/" + file);
  return json::parse(in);
}

std::string IdOf(const std::string& key) {
  return base::Uuid::Derive(base::Uuid(), key).ToString();
}

absl::Time Instant(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << text;
  return time;
}

std::string DayOf(const std::string& instant) {
  return base::FormatDay(base::KoreaDay(Instant(instant)));
}

class Year {
 public:
  explicit Year(World& world) : world_(world) {
    const json campaigns = ReadScenario("campaigns.json");
    for (const json& campaign : campaigns["campaigns"]) {
      campaigns_[campaign["key"]] = campaign;
    }
    const json people = ReadScenario("people.json");
    for (const json& person : people["people"]) {
      registry::v1::Language language = registry::v1::LANGUAGE_KO;
      if (person.value("preferred_language", "") == "LANGUAGE_EN") {
        language = registry::v1::LANGUAGE_EN;
      }
      world.people[IdOf(person["key"])] = {person["full_name"], person["email"], language};
    }
  }

  std::vector<json> Actions() const {
    std::vector<std::filesystem::path> files;
    const std::string days = std::string(IEUM_SOURCE_DIR) + "/scenarios/bsn-2023/days";
    for (const auto& entry : std::filesystem::directory_iterator(days)) {
      files.push_back(entry.path().filename());
    }
    std::sort(files.begin(), files.end());
    std::vector<json> actions;
    for (const auto& file : files) {
      const json month = ReadScenario("days/" + file.string());
      for (const json& action : month["actions"]) {
        actions.push_back(action);
      }
    }
    return actions;
  }

  void Do(const json& action) {
    const std::string what = action["do"];
    const std::string visit = action.value("visit", "");
    if (what == "engagement.open") {
      engagements_[action["key"]] = action;
    } else if (what == "engagement.planVisit") {
      days_[visit] = DayOf(action["start_time"]);
      Tell(About(action, VisitPlanned(days_[visit], IdOf(visit))));
    } else if (what == "engagement.rescheduleVisit") {
      const std::string before = days_[visit];
      days_[visit] = DayOf(action["start_time"]);
      Tell(About(action, VisitMoved(before, days_[visit], IdOf(visit))));
    } else if (what == "engagement.cancelVisit") {
      Tell(About(action, VisitCancelled(days_[visit], IdOf(visit))));
    } else if (what == "engagement.recordVisit") {
      Tell(About(action, VisitHeld(days_[visit], false, IdOf(visit))));
    } else if (what == "engagement.recordVisitReport") {
      Tell(About(action, MinutesRecorded(days_[visit], IdOf(visit))));
    } else {
      DoWithForm(what, action);
    }
  }

 private:
  void DoWithForm(const std::string& what, const json& action) {
    const std::string form = action.value("application", action.value("key", ""));
    if (what == "application.draft") forms_[form] = action["engagement"];
    if (!forms_.contains(form)) return;
    const json& engagement = engagements_[forms_[form]];
    const json& campaign = campaigns_[engagement["campaign"]];
    const std::string last_day =
        campaign.contains("window") ? DayOf(campaign["window"]["end_time"]) : "";
    if (what == "application.draft") {
      Tell(AboutForm(engagement, FormDrafted(last_day, IdOf(form))));
    } else if (what == "application.submit") {
      Tell(AboutForm(engagement, FormSubmitted(last_day, IdOf(form))));
    } else if (what == "application.withdraw") {
      casemgmt::v1::ApplicationWithdrawn event;
      *event.mutable_application() = FormDrafted(last_day, IdOf(form)).application();
      Tell(AboutForm(engagement, event));
    } else if (what == "application.receive") {
      Admit(form, engagement, campaign, action);
    }
  }

  // The verdict of registry: all that the campaign's rules take, and G025 they do not.
  void Admit(const std::string& form, const json& engagement, const json& campaign,
             const json& action) {
    if (campaign["admission"] != "ADMISSION_MODE_RULES") return;
    if (engagement["organization"] == "G025") return;
    auto event = Confirmed(DayOf(action["at"]), IdOf(form + "/enrolment"));
    event.mutable_enrolment()->set_contact_person_id(IdOf(engagement["contact_person"]));
    Tell(event);
  }

  template <class E>
  E About(const json& action, E event) {
    const json& engagement = engagements_[action["engagement"]];
    event.mutable_visit()->set_contact_person_id(IdOf(engagement["contact_person"]));
    event.mutable_visit()->set_consultant_person_id(IdOf(engagement["consultant"]));
    return event;
  }

  template <class E>
  E AboutForm(const json& engagement, E event) {
    event.mutable_application()->set_contact_person_id(IdOf(engagement["contact_person"]));
    event.mutable_application()->set_consultant_person_id(IdOf(engagement["consultant"]));
    return event;
  }

  // Everything comes twice.
  void Tell(const google::protobuf::Message& event) {
    const base::Uuid id = base::Uuid::NewV7();
    for (int times = 0; times < 2; ++times) {
      const absl::Status told = world_.Deliver(event, world_.clock.Now().value(), id);
      EXPECT_TRUE(told.ok()) << told;
    }
  }

  World& world_;
  std::map<std::string, json> campaigns_, engagements_;
  std::map<std::string, std::string> days_;   // of visits
  std::map<std::string, std::string> forms_;  // engagement of each
};

void StepClock(World& world, absl::Time to) {
  const absl::Status set = world.clock.Set(to);
  EXPECT_TRUE(set.ok()) << set;
}

void PlayTo(World& world, absl::CivilDay* day, absl::Time to, MailServer& server,
            std::unique_ptr<Sender>* sender) {
  while (base::KoreaInstant(*day, 9) <= to) {
    StepClock(world, base::KoreaInstant(*day, 9));
    world.Settle(**sender);
    ++*day;
    if (day->day() == 1) *sender = world.NewSender(server.url());
  }
  StepClock(world, to);
  world.Settle(**sender);
}

void ExpectReminders(World& world, const json& expected) {
  for (const auto& [rule, counts] : expected["reminders"].items()) {
    const std::string of = absl::StrCat("reminder WHERE rule_code = '", rule, "'");
    EXPECT_EQ(world.Count(of), counts["planned"]) << rule;
    EXPECT_EQ(world.Count(of + " AND state = 2"), counts["released"]) << rule;
    EXPECT_EQ(world.Count(of + " AND state = 3"), counts["skipped"]) << rule;
    EXPECT_EQ(world.Count(of + " AND state = 4"), counts["cancelled"]) << rule;
    EXPECT_EQ(world.Count(absl::StrCat("message WHERE rule_code = '", rule,
                                       "' AND kind = 1 AND state = 3")),
              counts["messages"])
        << rule;
  }
}

// row:N2, row:X8
TEST(Year, GivesTheRemindersThatItsAuthorWroteDown) {
  World world;
  MailServer server;
  world.EnterScenario();
  Year year(world);
  auto sender = world.NewSender(server.url());
  const json scenario = ReadScenario("scenario.json");
  absl::CivilDay day(2023, 1, 2);
  for (const json& action : year.Actions()) {
    PlayTo(world, &day, Instant(action["at"]), server, &sender);
    year.Do(action);
  }
  PlayTo(world, &day, Instant(scenario["cut_off"]), server, &sender);
  const json expected = ReadScenario("expected.json");
  ExpectReminders(world, expected);
  EXPECT_EQ(world.Count("message WHERE kind = 2 AND state = 3"), expected["change_notices"]);
  EXPECT_EQ(world.Count("message WHERE state = 3"), expected["messages"]["total"]);
  EXPECT_EQ(world.Count("message WHERE language = 'ko'"), expected["messages"]["in_korean"]);
  EXPECT_EQ(world.Count("message WHERE language = 'en'"), expected["messages"]["in_english"]);
  EXPECT_EQ(server.Mails().size(), expected["messages"]["total"].get<size_t>());
  EXPECT_EQ(world.Count("reminder WHERE state = 1"), 0);
  world.ExpectBalanced();
}

}  // namespace
}  // namespace ieum::notify::testing
