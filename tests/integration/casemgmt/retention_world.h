// Retention checks in a test: cases that were closed on a day, what people do with their checks,
// and the two rates as somebody counts them who hears events alone.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platform/db/person_keys.h"
#include "services/casemgmt/cases/case_steps.h"
#include "services/casemgmt/followups/retention_commands.h"
#include "services/casemgmt/followups/retention_store.h"
#include "tests/integration/casemgmt/world.h"

namespace ieum::casemgmt::testing {

struct ClosedCaseWish {
  std::string day;  // of the closure: "2024-08-31"
  bool employed = true;
  v1::CaseCloseReason reason = v1::CASE_CLOSE_REASON_GOALS_MET;
  std::optional<base::Uuid> centre;           // nullopt = the whole suite's
  std::optional<base::Uuid> manager_subject;  // nullopt = nobody
};

// Of the checks of one length.
struct Rates {
  int due = 0, retained = 0, continued = 0;
  friend bool operator==(const Rates&, const Rates&) = default;
};

class Retention {
 public:
  explicit Retention(World& world) : world_(world), keys_(world.vault()) {}

  // A case in delivery whose manager asked for its closure, and somebody else closed it.
  base::Uuid Closed(const ClosedCaseWish& wish);
  base::Uuid PersonOf(const base::Uuid& case_id) { return persons_.at(case_id); }
  absl::StatusOr<ledger::Answer> Correct(const base::Uuid& case_id, const std::string& closed_day);
  absl::StatusOr<ledger::Answer> Reopen(const base::Uuid& case_id);

  // The case's check after so many months.
  RetentionCheck Check(const base::Uuid& case_id, int months);
  RetentionInput InputOf(const base::Uuid& case_id, int months, const std::string& day = "");
  absl::StatusOr<ledger::Answer> Record(
      const base::Uuid& case_id, int months, v1::RetentionResult result,
      const std::string& day = "",
      v1::RetentionEvidence evidence = v1::RETENTION_EVIDENCE_SELF_REPORT);
  absl::StatusOr<ledger::Answer> Replace(const base::Uuid& case_id, int months,
                                         v1::RetentionResult result);
  absl::StatusOr<ledger::Answer> Attempt(const base::Uuid& case_id, int months);

  // What is due by the clock is told, as the due work does it.
  void Settle();
  // From the events of these cases alone, as docs say that it is counted.
  Rates RatesOf(const std::vector<base::Uuid>& cases, int months);
  std::vector<Told> Of(const base::Uuid& case_id, const std::string& type);

 private:
  World& world_;
  db::PersonKeys keys_;
  std::map<base::Uuid, base::Uuid> persons_;  // by case
};

}  // namespace ieum::casemgmt::testing
