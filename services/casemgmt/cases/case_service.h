// The gRPC door of cases: their steps, lists and records, and the reassignment of many.
#pragma once

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/case_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/db/gathered_read.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"
#include "services/casemgmt/cases/case_steps.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/references/holiday_book.h"
#include "services/casemgmt/references/staff_book.h"

namespace ieum::casemgmt {

// Thread-safe; what it is given outlives it.
class CaseDoor {
 public:
  CaseDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key,
           const crypto::Vault& vault, HolidayBook& holidays, StaffBook& staff)
      : database_(database),
        ledger_(ledger),
        page_key_(page_key),
        keys_(vault),
        holidays_(holidays),
        staff_(staff),
        views_([this](const std::vector<base::Uuid>& ids) { return ReadViews(ids); }) {}

  void Serve(rpc::Router& router);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Case> Create(Call&, const v1::CreateCaseRequest&);
  absl::StatusOr<v1::Case> Get(Call&, const v1::GetCaseRequest&);
  absl::StatusOr<v1::ListCasesResponse> List(Call&, const v1::ListCasesRequest&);
  absl::StatusOr<v1::CaseRecord> GetRecord(Call&, const v1::GetCaseRecordRequest&);
  absl::StatusOr<v1::Participant> GetToken(Call&, const v1::GetParticipantRequest&);
  absl::StatusOr<v1::CaseReassignment> CreateReassignment(Call&,
                                                          const v1::CreateCaseReassignmentRequest&);
  absl::StatusOr<v1::CaseReassignment> GetReassignment(Call&,
                                                       const v1::GetCaseReassignmentRequest&);
  absl::StatusOr<v1::ListCaseReassignmentsResponse> ListOfReassignments(
      Call&, const v1::ListCaseReassignmentsRequest&);

  // In case_steps_service.cc.
  absl::StatusOr<v1::Case> Contact(Call&, const v1::ContactCaseRequest&);
  absl::StatusOr<v1::Case> Reject(Call&, const v1::RejectCaseRequest&);
  absl::StatusOr<v1::Case> Inform(Call&, const v1::InformCaseRequest&);
  absl::StatusOr<v1::Case> TakeIn(Call&, const v1::TakeInCaseRequest&);
  absl::StatusOr<v1::Case> Monitor(Call&, const v1::MonitorCaseRequest&);
  absl::StatusOr<v1::Case> Deliver(Call&, const v1::DeliverAgainRequest&);
  absl::StatusOr<v1::Case> Crisis(Call&, const v1::DeclareCrisisRequest&);
  absl::StatusOr<v1::Case> Urgent(Call&, const v1::OpenUrgentServiceRequest&);
  absl::StatusOr<v1::Case> Hold(Call&, const v1::HoldCaseRequest&);
  absl::StatusOr<v1::Case> Resume(Call&, const v1::ResumeCaseRequest&);
  absl::StatusOr<v1::Case> TryContact(Call&, const v1::LogContactAttemptRequest&);
  absl::StatusOr<v1::Case> Ask(Call&, const v1::AskClosureRequest&);
  absl::StatusOr<v1::Case> Return(Call&, const v1::ReturnClosureRequest&);
  absl::StatusOr<v1::Case> Close(Call&, const v1::CloseCaseRequest&);
  absl::StatusOr<v1::Case> Correct(Call&, const v1::CorrectClosingRequest&);
  absl::StatusOr<v1::Case> Archive(Call&, const v1::ArchiveCaseRequest&);
  absl::StatusOr<v1::Case> Reopen(Call&, const v1::ReopenCaseRequest&);
  absl::StatusOr<v1::Case> Give(Call&, const v1::ReassignCaseRequest&);
  void ServeSteps(rpc::ServiceRoutes& routes);

  absl::StatusOr<v1::Case> Read(const Reach& reach, const base::Uuid& id);
  // Runs the use case and answers with the case that it names; one that the caller has just given
  // away is answered as it was left to them: by its name.
  absl::StatusOr<v1::Case> Write(Call& call, const google::protobuf::Message& request,
                                 ledger::Ledger::UseCase use_case);

  using Views = db::GatheredRead<base::Uuid, CaseView>;
  absl::StatusOr<Views::Found> ReadViews(const std::vector<base::Uuid>& ids);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
  const db::PersonKeys keys_;
  HolidayBook& holidays_;
  StaffBook& staff_;
  Views views_;
};

}  // namespace ieum::casemgmt
