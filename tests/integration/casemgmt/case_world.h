// Cases in a test: people who consent, a manager and a supervisor, and one call that leads a case
// to any state.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/business_days.h"
#include "platform/crypto/vault.h"
#include "platform/db/person_keys.h"
#include "services/casemgmt/cases/case_steps.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/cases/task_store.h"
#include "tests/integration/casemgmt/world.h"

namespace ieum::casemgmt::testing {

// Public holidays of 2024 and 2025 in Korea, substitute and temporary ones included.
base::BusinessCalendar Holidays();
absl::CivilDay CivilDayOf(const std::string& text);  // "2024-03-05"

struct CaseWish {
  std::string programme = "INC", edition = "2024", line_code = "INC-2";
  std::string centre;                // id; "" = the whole suite's
  std::optional<base::Uuid> person;  // absent = somebody new who consents
  std::string day;                   // on which she came; "" = the clock's
  bool crisis = false;
  v1::CaseSource source = v1::CASE_SOURCE_SELF;
};

class Cases {
 public:
  // The world's clock stands in 2024.
  explicit Cases(World& world) : world_(world) {}

  World& world() { return world_; }
  const db::PersonKeys& keys() const { return keys_; }
  const crypto::Vault& vault() const { return world_.vault(); }

  // Who manages and who supervises, as accounts and as persons; a third one is nobody.
  const Staff manager{base::Uuid::NewV7(), base::Uuid::NewV7()};
  const Staff supervisor{base::Uuid::NewV7(), base::Uuid::NewV7()};

  // Somebody who consents to what is asked of everybody.
  base::Uuid Person();
  void Consent(const base::Uuid& person, registry::v1::ConsentPurpose purpose, bool given = true,
               const std::optional<base::Uuid>& receiver = std::nullopt);
  // Registry says that she was erased: her key goes, and all rooms let her go.
  void Erase(const base::Uuid& person);

  // Must succeed. All steps are taken on the clock's day. States behind the intake are reached by
  // the case's own steps: assessments, plans and so on are not made.
  base::Uuid CaseIn(v1::CaseState state, const CaseWish& wish = {});
  base::Uuid Opened(const CaseWish& wish = {});
  void Step(const base::Uuid& id, CaseStep step);
  void Assess(const base::Uuid& id, v1::RiskLevel level, const std::string& factor = "RF01");
  void Hold(const base::Uuid& id, const std::string& until);
  void Close(const base::Uuid& id, v1::CaseCloseReason reason = v1::CASE_CLOSE_REASON_WITHDRAWN,
             bool employed = false);

  CaseInput Of(const base::Uuid& id, const std::string& day = "");
  Case Read(const base::Uuid& id);
  std::vector<Task> Tasks(const base::Uuid& id);  // open ones

 private:
  World& world_;
  db::PersonKeys keys_{world_.vault()};
  std::map<base::Uuid, int> consents_;  // revisions
};

}  // namespace ieum::casemgmt::testing
