// The gRPC door of case conferences and their agendas.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/conference_service.pb.h"
#include "platform/base/clock.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"

namespace ieum::casemgmt {

// Thread-safe; what it is given outlives it. `clock`: business time, by which consents hold.
class ConferenceDoor {
 public:
  ConferenceDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key,
                 const crypto::Vault& vault, const base::Clock& clock)
      : database_(database), ledger_(ledger), page_key_(page_key), keys_(vault), clock_(clock) {}

  void Serve(rpc::Router& router);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Conference> Create(Call&, const v1::CreateConferenceRequest&);
  absl::StatusOr<v1::Conference> Get(Call&, const v1::GetConferenceRequest&);
  absl::StatusOr<v1::ListConferencesResponse> List(Call&, const v1::ListConferencesRequest&);
  absl::StatusOr<v1::Conference> Update(Call&, const v1::UpdateConferenceRequest&);
  absl::StatusOr<v1::Conference> Hold(Call&, const v1::HoldConferenceRequest&);
  absl::StatusOr<v1::Conference> Cancel(Call&, const v1::CancelConferenceRequest&);

  // In agenda_service.cc.
  absl::StatusOr<v1::AgendaItem> Add(Call&, const v1::AddAgendaItemRequest&);
  absl::StatusOr<v1::AgendaItem> Withdraw(Call&, const v1::WithdrawAgendaItemRequest&);
  absl::StatusOr<v1::AgendaItem> Classify(Call&, const v1::ClassifyCaseRequest&);
  absl::StatusOr<v1::AgendaItem> GetItem(Call&, const v1::GetAgendaItemRequest&);
  absl::StatusOr<v1::ListAgendaItemsResponse> Agenda(Call&, const v1::ListAgendaItemsRequest&);
  absl::StatusOr<v1::ListAgendaItemsResponse> PageOf(const Call& call,
                                                     const v1::ListAgendaItemsRequest& request);
  void ServeAgenda(rpc::ServiceRoutes& routes);

  absl::StatusOr<v1::Conference> Read(const Call& call, const base::Uuid& id);
  absl::StatusOr<v1::AgendaItem> ReadItem(const Call& call, const std::string& name);
  // Runs the use case and answers with what it changed.
  absl::StatusOr<v1::Conference> Write(Call& call, const google::protobuf::Message& request,
                                       const base::Uuid& id, ledger::Ledger::UseCase use_case);
  absl::StatusOr<v1::AgendaItem> WriteItem(Call& call, const google::protobuf::Message& request,
                                           ledger::Ledger::UseCase use_case);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
  const db::PersonKeys keys_;
  const base::Clock& clock_;
};

}  // namespace ieum::casemgmt
