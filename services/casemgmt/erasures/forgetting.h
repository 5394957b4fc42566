// What this service does when a person was erased elsewhere, beside destroying her key
// (platform/erasure): each room that names her lets her go, all in one transaction.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"
#include "platform/ledger/unit_of_work.h"

namespace ieum::casemgmt {

// A room's part. Rows keep what counts; whose they are ends.
struct Forgets {
  // The aggregates that it changes or tells of, in any order.
  std::vector<base::Uuid> (*touched)(db::Tx& tx, const base::Uuid& person);
  // All of them are locked, and nobody writes about her any more.
  absl::Status (*forget)(ledger::UnitOfWork& work, const base::Uuid& person);
};

// Every room's, in forgetting.cc: a room that names persons has its line there.
absl::Status ForgetPerson(ledger::UnitOfWork& work, const base::Uuid& person);

}  // namespace ieum::casemgmt
