// Goal: whoever keeps rows of what an event tells of knows whose they are. Method: every event
// about something that belongs to a centre, and the names that the databases derive the centre
// from.
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "ieum/platform/v1/options.pb.h"
#include "tests/contract/contracts.h"

namespace ieum::contract {
namespace {

// Subjects of what belongs to a centre.
bool BelongsToACentre(const Descriptor* event) {
  const std::string& subject = event->options().GetExtension(platform::v1::event).subject();
  for (const char* collection :
       {"campaigns/", "persons/", "engagements/", "applications/", "activities/", "reminders/",
        "messages/", "cases/", "caseTasks/", "appointments/", "groups/"}) {
    if (absl::StartsWith(subject, collection)) return true;
  }
  return false;
}

// Where the event says its centre: "centre_id", "campaign.centre_id".
std::set<std::string> CentrePaths(const Descriptor* event) {
  std::set<std::string> paths;
  for (int at = 0; at < event->field_count(); ++at) {
    const FieldDescriptor* field = event->field(at);
    if (field->name() == "centre_id") paths.insert("centre_id");
    if (field->message_type() == nullptr || field->is_repeated()) continue;
    if (field->message_type()->FindFieldByName("centre_id") != nullptr) {
      paths.insert(field->name() + ".centre_id");
    }
  }
  return paths;
}

TEST(Centre, IsSaidOnceByEveryEventAboutWhatBelongsToOne) {
  for (const Descriptor* event : Events()) {
    if (!BelongsToACentre(event)) continue;
    EXPECT_EQ(CentrePaths(event).size(), 1u) << event->full_name();
  }
}

// What the databases do not read by its name is kept as the event's own when it is taken in
// (fact.cc, event_fields.cc; their unit tests go through every event). That works for one part
// only, and only when none of those names stands beside it.
TEST(Centre, IsDerivedFromEveryNameThatEventsUse) {
  const std::string facts = ReadProjectFile("services/reporting/migrations/0003_centre_said.sql");
  const std::string reminders = ReadProjectFile("services/notify/migrations/0006_centres.sql");
  const auto reads = [&](const std::string& path) {
    return absl::StrContains(facts, absl::StrCat("fields ->> '", path, "'"));
  };
  for (const Descriptor* event : Events()) {
    const std::string producer = ServiceOf(event->file());
    for (const std::string& path : CentrePaths(event)) {
      if (producer == "reporting") continue;  // nobody listens to it
      if (!reads(path)) {
        EXPECT_EQ(CentrePaths(event).size(), 1u) << event->full_name();
        continue;
      }
      if (producer == "notify") continue;
      const std::string fact = absl::StrReplaceAll(path, {{".", "_"}});
      EXPECT_TRUE(absl::StrContains(reminders, absl::StrCat("facts ->> '", fact, "'")))
          << event->full_name();
    }
  }
}

// Whose rows a request is about is the caller's scope, never a field that he may choose freely.
TEST(Centre, IsAskedForWhereSomethingIsMadeOrCountedOnly) {
  const std::set<std::string> known = {
      "ieum.reporting.v1.GetMetricRequest", "ieum.reporting.v1.ListMetricsRequest",
      "ieum.reporting.v1.GetFunnelRequest", "ieum.reporting.v1.ExplainMetricRequest",
      // Whose staff decide about a firm, one that the caller acts for; whose data a list is of.
      "ieum.registry.v1.RequestChangeRequest", "ieum.registry.v1.SetSensitiveFieldsRequest"};
  for (const Descriptor* request : Requests()) {
    if (request->FindFieldByName("centre") == nullptr) continue;
    if (absl::StartsWith(request->file()->name(), "ieum/registry/v1/access_service")) continue;
    EXPECT_TRUE(known.contains(request->full_name())) << request->full_name();
  }
}

}  // namespace
}  // namespace ieum::contract
