// How a door asks registry before anything of a person is handed on, and keeps what it refuses. For
// the doors of referrals and of transfers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "platform/db/database.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/call.h"
#include "services/casemgmt/cases/case_commands.h"
#include "services/casemgmt/references/provision_book.h"
#include "services/casemgmt/referrals/provision_commands.h"

namespace ieum::casemgmt {

// Whom registry is to be asked about; nullopt = the caller does not reach the case, or she was
// erased: then nobody is asked, and the use case says why it refuses.
absl::StatusOr<std::optional<base::Uuid>> PersonToAskAbout(db::Database& database,
                                                           const CaseInput& of);

struct ProvisionWish {
  CaseInput of;  // the errors of LoadCase come with what is kept
  base::Uuid person;
  v1::ProvisionKind kind = v1::PROVISION_KIND_UNSPECIFIED;
  base::Uuid recipient;
  std::vector<std::string> items;
};
// The receipt of an allowed provision. `request`: of the call, with its request_id: the same
// command asks the same question. CONSENT_MISSING when registry refuses, after that was kept; the
// errors of ProvisionBook::Ask.
absl::StatusOr<ProvisionAnswer> AskForProvision(rpc::Call& call, ledger::Ledger& ledger,
                                                ProvisionBook& provisions,
                                                const google::protobuf::Message& request,
                                                const ProvisionWish& wish);

}  // namespace ieum::casemgmt
