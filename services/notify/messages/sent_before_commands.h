// After a restore: what the mail server has already is recorded and not sent once more. A message's
// id follows from what it is to say, so one that is planned again after the restore is known, too.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "platform/ledger/ledger.h"

namespace ieum::notify {

// One thread.
class SentBefore {
 public:
  explicit SentBefore(ledger::Ledger& ledger) : ledger_(ledger) {}

  // Records some PENDING messages that are known to have gone out as handed over by `sender`; true
  // when there were any. Mails are noted while no process runs, so a database that holds none when
  // this is first asked is not asked again.
  absl::StatusOr<bool> RecordSome(const base::Uuid& sender);

 private:
  ledger::Ledger& ledger_;
  std::optional<bool> any_;
};

}  // namespace ieum::notify
