// The registry in a test: real PostgreSQL, a real gRPC server on loopback with all doors, a clock
// that the test moves, and casemgmt's events as they would arrive.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/registry/v1/campaign_service.pb.h"
#include "ieum/registry/v1/enrolment_service.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "ieum/registry/v1/lead_service.pb.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/access_log/access_log.h"
#include "platform/base/clock.h"
#include "platform/base/status.h"
#include "platform/flow/due_work.h"
#include "platform/flow/subscriptions.h"
#include "platform/personal_data/personal_data_service.h"
#include "platform/rpc/peer.h"
#include "platform/rpc/server.h"
#include "platform/telemetry/metrics.h"
#include "services/registry/campaigns/campaign_service.h"
#include "services/registry/changes/change_service.h"
#include "services/registry/consents/consent_service.h"
#include "services/registry/duplicates/duplicate_service.h"
#include "services/registry/enrolments/enrolment_service.h"
#include "services/registry/erasures/erasure_service.h"
#include "services/registry/exports/data_export_service.h"
#include "services/registry/exports/holdings.h"
#include "services/registry/imports/import_service.h"
#include "services/registry/leads/lead_service.h"
#include "services/registry/merges/merge_service.h"
#include "services/registry/moves/move_service.h"
#include "services/registry/organizations/organization_service.h"
#include "services/registry/people/person_service.h"
#include "services/registry/programmes/programme_service.h"
#include "services/registry/reactions.h"
#include "services/registry/reference/reference_service.h"
#include "services/registry/timelines/timeline_service.h"
#include "tests/support/postgres.h"

namespace ieum {
db::MigrationSet registry_migrations();
}

namespace ieum::registry {

// "2023-05-02 11:00" in Korea.
absl::Time Korea(const std::string& text);

// The n-th valid number of the test range: "999-81-nnnnC".
std::string BusinessNumber(int n);

// "0190…" of "organizations/0190…".
std::string IdOf(const std::string& name);

// One event of the ledger.
struct Told {
  std::string type;  // without its package: "EnrolmentConfirmed"
  std::string subject;
  std::string payload;

  template <class Event>
  Event As() const {
    Event event;
    event.ParseFromString(payload);
    return event;
  }
};

class World {
 public:
  explicit World(const std::string& korea_time = "2023-05-02 11:00");
  ~World();

  void SetClock(const std::string& korea_time);
  std::string Ask(const std::string& sql) { return database.Ask(sql); }

  // `method`: "OrganizationService/GetOrganization".
  template <class Response>
  absl::StatusOr<Response> Call(const std::string& method, const google::protobuf::Message& request,
                                rpc::Peer* as = nullptr) {
    Response response;
    RETURN_IF_ERROR(
        (as == nullptr ? *manager : *as)
            .Call("/ieum.registry.v1." + method, request, &response, absl::Seconds(30)));
    return response;
  }
  std::unique_ptr<rpc::Peer> PeerWith(const std::string& token) const;
  std::string address() const;  // host:port
  const crypto::Vault& vault() const { return vault_; }

  // What almost every test needs; a failure ends the test run with its reason. Names are answered.
  std::string Firm(int n, const std::function<void(v1::OrganizationFacts*)>& change = {});
  std::string Person(const std::string& full_name);
  // One of the centres whose staff PeerWith knows (tests/support/centres.h), with the n-th number.
  std::string Centre(const std::string& id, int n);
  // A campaign of task CAMPAIGN that admits by rules, open from 2023-03-13 to 2023-10-10 18:00.
  std::string OpenCampaign(const std::function<void(v1::Campaign*)>& change = {});
  v1::Enrolment Enrol(const std::string& campaign, const std::string& organization);

  absl::StatusOr<v1::Enrolment> GetEnrolment(const std::string& name);
  v1::Campaign GetCampaign(const std::string& name);
  // Of one campaign, by id.
  std::vector<v1::Enrolment> Enrolments(const std::string& campaign);

  // An event of casemgmt as the consumer delivers it: effect and position in one transaction.
  absl::Status Deliver(const google::protobuf::Message& event, const base::Uuid& event_id);
  // Does all that is due now.
  void DoDue(const flow::DueWork& work);
  // Events of the ledger, in the order in which they were written, of one subject or of all.
  std::vector<Told> Events(const std::string& subject_prefix = "");
  std::vector<std::string> EventTypes(const std::string& subject_prefix = "");

  testing::TestDatabase database{registry_migrations()};
  base::SimulatedClock clock;
  ledger::Ledger ledger{database.database(), clock, "registry"};
  std::unique_ptr<rpc::Peer> manager;  // holds registry.*
  std::unique_ptr<rpc::Peer> service;  // another service of the suite
  std::unique_ptr<rpc::Peer> nobody;   // known, without a role

 private:
  telemetry::Metrics metrics_{"registry"};
  crypto::Vault vault_{crypto::Key()};
  crypto::Key page_key_;
  ReferenceDoor reference_{database.database(), page_key_};
  OrganizationDoor organizations_{database.database(), ledger, page_key_};
  PersonDoor people_{database.database(), ledger, vault_, page_key_};
  DuplicateDoor duplicates_{database.database(), ledger, page_key_};
  ConsentDoor consents_{database.database(), ledger, vault_, page_key_};
  ProgrammeDoor programmes_{database.database(), ledger, page_key_};
  CampaignDoor campaigns_{database.database(), ledger, page_key_};
  EnrolmentDoor enrolments_{database.database(), ledger, vault_, page_key_};
  LeadDoor leads_{database.database(), ledger, page_key_};
  TimelineDoor timelines_{database.database(), page_key_};
  ImportDoor imports_{database.database(), ledger, vault_, page_key_};
  MoveDoor moves_{database.database(), ledger, page_key_};
  MergeDoor merges_{database.database(), ledger, vault_, page_key_};
  ErasureDoor erasures_{database.database(), ledger, vault_, page_key_};
  ChangeDoor changes_{database.database(), ledger, vault_, page_key_};
  DataExportDoor exports_{database.database(), ledger, page_key_};
  personal_data::PersonalDataDoor personal_data_{database.database(),
                                                 {.service = "registry",
                                                  .holdings = HeldByRegistry(),
                                                  .vault = &vault_,
                                                  .identify = IdentifyPerson},
                                                 page_key_};
  Reactions reactions_;
  flow::Subscriptions subscriptions_;
  rpc::Router router_;
  access_log::AccessLog access_log_{database.database()};
  std::unique_ptr<rpc::Server> server_;
};

// A form as casemgmt tells of it.
struct Form {
  base::Uuid id = base::Uuid::NewV7();
  std::string campaign, organization;  // names
  std::string submitted = "2023-05-02 10:00", received_date = "2023-05-02";

  casemgmt::v1::ApplicationReceived Received() const;
  casemgmt::v1::ApplicationWithdrawn Withdrawn(const std::string& date) const;
};

}  // namespace ieum::registry
