// The gRPC door of risk instruments and assessments.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/assessment_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"
#include "services/casemgmt/references/staff_book.h"

namespace ieum::casemgmt {

// Thread-safe; what it is given outlives it.
class AssessmentDoor {
 public:
  AssessmentDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key,
                 const crypto::Vault& vault, StaffBook& staff)
      : database_(database), ledger_(ledger), page_key_(page_key), keys_(vault), staff_(staff) {}

  void Serve(rpc::Router& router);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Instrument> MakeInstrument(Call&, const v1::CreateInstrumentRequest&);
  absl::StatusOr<v1::Instrument> GetInstrument(Call&, const v1::GetInstrumentRequest&);
  absl::StatusOr<v1::ListInstrumentsResponse> Instruments(Call&, const v1::ListInstrumentsRequest&);
  absl::StatusOr<v1::Assessment> Record(Call&, const v1::RecordAssessmentRequest&);
  absl::StatusOr<v1::Assessment> Approve(Call&, const v1::ApproveAssessmentRequest&);
  absl::StatusOr<v1::Assessment> Return(Call&, const v1::ReturnAssessmentRequest&);
  absl::StatusOr<v1::Assessment> Get(Call&, const v1::GetAssessmentRequest&);
  absl::StatusOr<v1::ListAssessmentsResponse> List(Call&, const v1::ListAssessmentsRequest&);
  absl::StatusOr<v1::CompareAssessmentsResponse> Compare(Call&,
                                                         const v1::CompareAssessmentsRequest&);

  absl::StatusOr<v1::Instrument> ReadInstrument(const base::Uuid& id);
  absl::StatusOr<v1::Assessment> Read(const Call& call, const std::string& name);
  // Runs the use case and answers with the assessment that it names.
  absl::StatusOr<v1::Assessment> Write(Call& call, const google::protobuf::Message& request,
                                       ledger::Ledger::UseCase use_case);
  absl::StatusOr<v1::ListAssessmentsResponse> PageOf(const Call& call,
                                                     const v1::ListAssessmentsRequest& request);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
  const db::PersonKeys keys_;
  StaffBook& staff_;
};

}  // namespace ieum::casemgmt
