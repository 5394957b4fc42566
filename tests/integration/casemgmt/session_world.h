// Sessions in a test: cases that stand where the test wants them, and what can be done with their
// sessions, each step under a request of its own.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "services/casemgmt/sessions/session_commands.h"
#include "services/casemgmt/sessions/session_store.h"
#include "tests/integration/casemgmt/world.h"

namespace ieum::casemgmt::testing {

struct SessionCaseWish {
  v1::CaseState state = v1::CASE_STATE_DELIVERY;
  std::optional<base::Uuid> centre;           // nullopt = the whole suite's
  std::optional<base::Uuid> manager_subject;  // nullopt = nobody
  bool urgent = false;                        // on the emergency path
  bool on_hold = false;
  bool signed_before = false;  // a plan was, before it was assessed anew
  bool consents = true;        // to sensitive data
  std::string closed_date;     // "" = it is open
};

class Sessions {
 public:
  explicit Sessions(World& world) : world_(world), keys_(world.vault()) {}

  // Taken in on 1 April 2024, in its state since then.
  base::Uuid InCase(const SessionCaseWish& wish = {});
  // The one that it has; nil = none.
  base::Uuid AppointmentOf(const base::Uuid& session);
  base::Uuid PersonOf(const base::Uuid& of_case) { return persons_.at(of_case); }

  // One hour from `start` ("2024-05-13 10:00" in Korea), with a provider of its own unless named.
  PlanSessionInput PlanOf(const base::Uuid& of_case, const std::string& start,
                          std::optional<base::Uuid> provider = {});
  absl::StatusOr<ledger::Answer> Plan(const PlanSessionInput& input);
  absl::StatusOr<ledger::Answer> Book(const base::Uuid& of_case, const base::Uuid& session,
                                      const SessionPlace& place = {});
  absl::StatusOr<ledger::Answer> Move(const base::Uuid& of_case, const base::Uuid& session,
                                      const SessionPlace& place);
  absl::StatusOr<ledger::Answer> Cancel(const base::Uuid& of_case, const base::Uuid& session);
  absl::StatusOr<ledger::Answer> Record(const base::Uuid& of_case, const base::Uuid& session,
                                        const DoneSessionInput& done = {
                                            .outcome = v1::SESSION_OUTCOME_PROGRESS});
  absl::StatusOr<ledger::Answer> Miss(const base::Uuid& of_case, const base::Uuid& session);
  absl::StatusOr<ledger::Answer> Retract(const base::Uuid& of_case, const base::Uuid& session);
  absl::StatusOr<ledger::Answer> Note(
      const base::Uuid& of_case, const base::Uuid& session, const std::string& text,
      v1::NoteSensitivity sensitivity = v1::NOTE_SENSITIVITY_CONFIDENTIAL,
      std::optional<base::Uuid> corrects = {});

  // Shorthands that must succeed.
  base::Uuid Planned(const base::Uuid& of_case, const std::string& start,
                     std::optional<base::Uuid> provider = {});
  base::Uuid Booked(const base::Uuid& of_case, const std::string& start,
                    std::optional<base::Uuid> provider = {});
  // Booked for a time that has passed, and recorded.
  base::Uuid Done(const base::Uuid& of_case, const std::string& start);
  base::Uuid Missed(const base::Uuid& of_case, const std::string& start);

  SessionView Read(const base::Uuid& of_case, const base::Uuid& session);
  v1::SessionState StateOf(const base::Uuid& of_case, const base::Uuid& session) {
    return Read(of_case, session).session.state;
  }
  std::string CaseState(const base::Uuid& of_case);  // "CASE_STATE_DELIVERY"
  // How many events of this type the aggregate has.
  int Count(const base::Uuid& aggregate, const std::string& type);
  std::vector<std::string> Types(const base::Uuid& aggregate);

 private:
  World& world_;
  db::PersonKeys keys_;
  std::map<base::Uuid, base::Uuid> persons_;  // by case
};

SessionInput InputOf(const base::Uuid& of_case, const base::Uuid& session);

}  // namespace ieum::casemgmt::testing
