// notify in a test: real PostgreSQL, a real gRPC server on loopback with all doors, a clock that
// the test moves, events as they would arrive, registry's answers as the test says, and a sender
// whose process can be "killed" by making another one.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ieum/notify/v1/message_service.pb.h"
#include "platform/access_log/access_log.h"
#include "platform/base/clock.h"
#include "platform/base/status.h"
#include "platform/flow/subscriptions.h"
#include "platform/personal_data/personal_data_service.h"
#include "platform/rpc/peer.h"
#include "platform/rpc/server.h"
#include "platform/telemetry/metrics.h"
#include "services/notify/exports/holdings.h"
#include "services/notify/messages/message_service.h"
#include "services/notify/messages/sender.h"
#include "services/notify/rules/rule_service.h"
#include "services/notify/templates/template_service.h"
#include "tests/support/postgres.h"
#include "tests/unit/notify/scenario_rules.h"

namespace ieum {
db::MigrationSet notify_migrations();
}

namespace ieum::notify::testing {

// A person as registry knows it.
struct Known {
  std::string full_name;
  std::string email;  // empty = no address
  registry::v1::Language language = registry::v1::LANGUAGE_KO;
  bool refused = false;
};

class World {
 public:
  explicit World(const std::string& korea_time = "2023-01-02 08:00");
  // On a cluster of the test's own, which it may kill.
  World(const std::string& cluster, const std::string& korea_time);
  ~World();

  void SetClock(const std::string& korea_time);
  std::string Ask(const std::string& sql) { return database.Ask(sql); }
  int Count(const std::string& from_where) {
    return std::stoi(Ask(absl::StrCat("SELECT count(*) FROM ", from_where)));
  }

  // `method`: "RuleService/GetRule".
  template <class Response>
  absl::StatusOr<Response> Call(const std::string& method, const google::protobuf::Message& request,
                                rpc::Peer* as = nullptr) {
    Response response;
    RETURN_IF_ERROR((as == nullptr ? *manager : *as)
                        .Call("/ieum.notify.v1." + method, request, &response, absl::Seconds(30)));
    return response;
  }

  // A client that holds this token.
  std::unique_ptr<rpc::Peer> PeerWith(const std::string& token) const;

  // The scenario's templates and rules, entered over gRPC.
  void EnterScenario();

  // An event as the consumer delivers it, `at` its business time; a fresh id unless given. It
  // stands in its ledger behind those that were delivered before.
  absl::Status Deliver(const google::protobuf::Message& event, absl::Time at,
                       std::optional<base::Uuid> id = std::nullopt);
  // The same now.
  void Happen(const google::protobuf::Message& event);

  // A visit whose D-1 reminder is due when this returns; its D-3 was too late.
  void MakeOneDue();
  // The same of so many visits.
  void MakeDue(int visits);
  // Releases what is due, so that its messages wait, none of them tried yet.
  void ReleaseOnly();
  // A message as a process leaves it that is killed after its claim.
  Message LeaveSending(const base::Uuid& dead);
  // Records what became of an attempt.
  void Record(const base::Uuid& sender, const Message& message, Outcome outcome);

  // A sender as a process of its own has one.
  std::unique_ptr<Sender> NewSender(const std::string& smtp_url);
  // Lets the sender work until nothing is due any more.
  void Settle(Sender& sender);
  // The sender's steps until it says that there is nothing to do now.
  void RunOnce(Sender& sender);

  std::vector<v1::Message> Messages(const std::string& filter = "");
  std::vector<v1::Reminder> Reminders(const std::string& filter = "");
  // "MESSAGE_STATE_…" of the only message.
  std::string OnlyState();
  void ExpectBalanced();
  // The text of `/metrics`.
  std::string Metrics() const { return metrics_.Render(); }
  // Types of all events of the ledger that begin so, sorted, without the package.
  std::vector<std::string> EventTypes(const std::string& prefix);

  ieum::testing::TestDatabase database;
  base::SimulatedClock clock;
  ledger::Ledger ledger{database.database(), clock, "notify"};
  std::map<std::string, Known> people;         // by id
  std::string organization_name = "한빛정밀";  // what registry prints
  absl::Status registry = absl::OkStatus();    // what calling it gives
  std::function<void()> when_asked;            // called within each question, one at a time
  std::vector<registry::v1::BatchResolveContactsRequest> asked;
  std::atomic<int> seconds_later = 0;  // so much more real time has passed for senders
  std::unique_ptr<rpc::Peer> manager;  // holds notify.*
  std::unique_ptr<rpc::Peer> nobody;   // known, without a role

 private:
  void Open(const std::string& korea_time);
  ContactAnswers Resolve(const registry::v1::BatchResolveContactsRequest& request);
  registry::v1::ContactAnswer AnswerTo(const registry::v1::ContactQuestion& question);

  int64_t delivered_ = 0;
  std::mutex registry_mutex_;
  telemetry::Metrics metrics_{"notify"};
  crypto::Key page_key_;
  TemplateDoor templates_{database.database(), ledger, page_key_};
  RuleDoor rules_{database.database(), ledger, page_key_};
  MessageDoor messages_{database.database(), ledger, page_key_};
  personal_data::PersonalDataDoor personal_data_{
      database.database(), {.service = "notify", .holdings = HeldByNotify()}, page_key_};
  flow::Subscriptions subscriptions_;
  rpc::Router router_;
  access_log::AccessLog access_log_{database.database()};
  std::unique_ptr<rpc::Server> server_;
};

}  // namespace ieum::notify::testing
