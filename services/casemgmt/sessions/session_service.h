// The gRPC door of sessions and of the notes on them.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/session_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"
#include "services/casemgmt/sessions/session_wire.h"

namespace ieum::casemgmt {

// Thread-safe; what it is given outlives it.
class SessionDoor {
 public:
  SessionDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key,
              const crypto::Vault& vault)
      : database_(database), ledger_(ledger), page_key_(page_key), keys_(vault) {}

  void Serve(rpc::Router& router);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Session> Plan(Call&, const v1::PlanSessionRequest&);
  absl::StatusOr<v1::Session> Book(Call&, const v1::BookSessionRequest&);
  absl::StatusOr<v1::Session> Move(Call&, const v1::MoveSessionRequest&);
  absl::StatusOr<v1::Session> Cancel(Call&, const v1::CancelSessionRequest&);
  absl::StatusOr<v1::Session> Record(Call&, const v1::RecordSessionRequest&);
  absl::StatusOr<v1::Session> Miss(Call&, const v1::RecordSessionAbsenceRequest&);
  absl::StatusOr<v1::Session> Retract(Call&, const v1::RetractSessionOutcomeRequest&);
  absl::StatusOr<v1::Session> Get(Call&, const v1::GetSessionRequest&);
  absl::StatusOr<v1::ListSessionsResponse> List(Call&, const v1::ListSessionsRequest&);
  absl::StatusOr<v1::SummarizeSessionsResponse> Summarize(Call&,
                                                          const v1::SummarizeSessionsRequest&);

  // In session_note_service.cc.
  absl::StatusOr<v1::SessionNote> AddNote(Call&, const v1::AddSessionNoteRequest&);
  absl::StatusOr<v1::SessionNote> ReadNote(Call&, const v1::ReadSessionNoteRequest&);
  absl::StatusOr<v1::ListSessionNotesResponse> ListNotes(Call&, const v1::ListSessionNotesRequest&);
  void ServeNotes(rpc::ServiceRoutes& routes);

  absl::StatusOr<v1::Session> Read(const Call& call, const base::Uuid& case_id,
                                   const base::Uuid& id);
  // Runs the use case and answers with what it made.
  absl::StatusOr<v1::Session> Write(Call& call, const google::protobuf::Message& request,
                                    ledger::Ledger::UseCase use_case);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
  const db::PersonKeys keys_;
};

// What sealed words of a person say. An erased person's say nothing.
absl::StatusOr<OpenedWords> OpenWords(db::Tx& tx, const db::PersonKeys& keys,
                                      const std::optional<base::Uuid>& person, const char* field,
                                      const std::string& box);

}  // namespace ieum::casemgmt
