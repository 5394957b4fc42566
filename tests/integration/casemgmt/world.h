// Case management in a test: a real database, a clock that the test moves, and registry's events as
// they would arrive. Use cases run through the ledger as they do behind the doors.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/clock.h"
#include "platform/crypto/vault.h"
#include "platform/flow/subscriptions.h"
#include "platform/ledger/ledger.h"
#include "services/casemgmt/engagements/engagement_commands.h"
#include "services/casemgmt/engagements/engagement_store.h"
#include "services/casemgmt/engagements/visit_commands.h"
#include "services/casemgmt/engagements/visit_store.h"
#include "services/casemgmt/forms/application_commands.h"
#include "services/casemgmt/forms/application_store.h"
#include "services/casemgmt/reactions.h"
#include "tests/support/postgres.h"

namespace ieum::casemgmt::testing {

// "2023-05-10 14:00" in Korea.
absl::Time Korea(const std::string& text);

struct CampaignWish {
  registry::v1::TaskKind task = registry::v1::TASK_KIND_CAMPAIGN;
  registry::v1::AdmissionMode admission = registry::v1::ADMISSION_MODE_RULES;
  std::string edition = "2023";
  registry::v1::CampaignState state = registry::v1::CAMPAIGN_STATE_OPEN;
  std::string window_start = "2023-03-13 10:00", window_end = "2023-10-10 18:00";  // "" = none
  std::string centre;  // id; "" = the whole suite's
};

// One event of the ledger.
struct Told {
  std::string type;  // without its package: "VisitPlanned"
  std::string payload;
  template <class E>
  E As() const {
    E event;
    event.ParseFromString(payload);
    return event;
  }
};

class World {
 public:
  // The clock stands at `now` in Korea; it only goes forward.
  explicit World(const std::string& now = "2023-05-10 09:30");

  void SetClock(const std::string& korea_time);
  const base::Clock& clock() const { return clock_; }
  ledger::Ledger& ledger() { return *ledger_; }
  db::Database& database() { return database_.database(); }
  const std::string& conninfo() const { return database_.conninfo(); }
  const crypto::Vault& vault() const { return vault_; }
  std::string Ask(const std::string& sql) { return database_.Ask(sql); }

  // What registry tells, as one event of version `version` of the aggregate.
  absl::Status Hear(const google::protobuf::Message& event, const base::Uuid& aggregate,
                    int64_t version = 1);
  base::Uuid HearFirm();
  base::Uuid HearCampaign(const CampaignWish& wish = {});
  registry::v1::CampaignFacts Facts(const base::Uuid& id, const CampaignWish& wish);

  // Runs a use case under a fresh request id, or under one that the test chooses.
  absl::StatusOr<ledger::Answer> Do(ledger::Ledger::UseCase use_case);
  absl::StatusOr<ledger::Answer> DoAs(const base::Uuid& request, const std::string& body,
                                      ledger::Ledger::UseCase use_case);

  // Shorthands that must succeed.
  base::Uuid Open(const base::Uuid& campaign, const base::Uuid& firm, const base::Uuid& consultant);
  base::Uuid Open(const base::Uuid& campaign) {
    return Open(campaign, HearFirm(), base::Uuid::NewV7());
  }
  void Contact(const base::Uuid& engagement);
  base::Uuid Plan(const base::Uuid& engagement, const std::string& start);  // two hours
  void Hold(const base::Uuid& engagement, const base::Uuid& visit,
            const std::string& minutes = "met");
  // Opened, contacted, visited: the visit began at the clock's time.
  base::Uuid Visited(const base::Uuid& campaign);
  base::Uuid Draft(const base::Uuid& engagement, bool signed_by_representative = true);
  base::Uuid Submitted(const base::Uuid& engagement);
  base::Uuid Received(const base::Uuid& engagement);

  EngagementView Engagement(const base::Uuid& id);
  VisitView Visit(const base::Uuid& engagement, const base::Uuid& id);
  ApplicationView Form(const base::Uuid& id);
  std::vector<Told> EventsOf(const base::Uuid& aggregate);
  Told LastOf(const base::Uuid& aggregate) { return EventsOf(aggregate).back(); }
  int64_t EventCount();

 private:
  ieum::testing::TestDatabase database_;
  crypto::Vault vault_{crypto::Key()};
  base::SimulatedClock clock_;
  std::unique_ptr<ledger::Ledger> ledger_;
  flow::Subscriptions subscriptions_;
};

// The id that a command's answer names last.
base::Uuid IdOf(const absl::StatusOr<ledger::Answer>& answer);
// The reason of a refusal; "" when the command succeeded.
std::string Reason(const absl::StatusOr<ledger::Answer>& answer);

StepInput StepOf(const base::Uuid& engagement, const std::string& day = "");
FormStepInput FormStepOf(const base::Uuid& application, const std::string& day = "");

}  // namespace ieum::casemgmt::testing
