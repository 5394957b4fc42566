// The gRPC door of service plans.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/plan_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"
#include "services/casemgmt/plans/plan_store.h"
#include "services/casemgmt/references/holiday_book.h"
#include "services/casemgmt/references/staff_book.h"

namespace ieum::casemgmt {

// Thread-safe; what it is given outlives it.
class PlanDoor {
 public:
  PlanDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key,
           const crypto::Vault& vault, StaffBook& staff, HolidayBook& holidays)
      : database_(database),
        ledger_(ledger),
        page_key_(page_key),
        keys_(vault),
        staff_(staff),
        holidays_(holidays) {}

  void Serve(rpc::Router& router);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::CasePlan> Create(Call&, const v1::CreateCasePlanRequest&);
  absl::StatusOr<v1::CasePlan> Update(Call&, const v1::UpdateCasePlanRequest&);
  absl::StatusOr<v1::CasePlan> Submit(Call&, const v1::SubmitCasePlanRequest&);
  absl::StatusOr<v1::CasePlan> Approve(Call&, const v1::ApproveCasePlanRequest&);
  absl::StatusOr<v1::CasePlan> Return(Call&, const v1::ReturnCasePlanRequest&);
  absl::StatusOr<v1::CasePlan> Sign(Call&, const v1::SignCasePlanRequest&);
  absl::StatusOr<v1::CasePlan> RecordResultOf(Call&, const v1::RecordActionResultRequest&);
  absl::StatusOr<v1::CasePlan> RecordGoal(Call&, const v1::RecordGoalAttainmentRequest&);
  absl::StatusOr<v1::CasePlan> Get(Call&, const v1::GetCasePlanRequest&);
  absl::StatusOr<v1::ListCasePlansResponse> List(Call&, const v1::ListCasePlansRequest&);
  absl::StatusOr<v1::ListCasePlansResponse> PageOf(const Call& call,
                                                   const v1::ListCasePlansRequest& request);

  absl::StatusOr<PlanView> Look(const Call& call, const std::string& name);
  // Runs the use case and answers with the plan that it names.
  absl::StatusOr<v1::CasePlan> Write(Call& call, const google::protobuf::Message& request,
                                     ledger::Ledger::UseCase use_case);
  // Whom registry knows behind the accounts that actions are given to.
  absl::StatusOr<std::vector<Staff>> OwnersOf(const Call& call, const std::string& name);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
  const db::PersonKeys keys_;
  StaffBook& staff_;
  HolidayBook& holidays_;
};

}  // namespace ieum::casemgmt
