// The tables of case templates. Versions are never changed: a case keeps the one that it began
// with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "platform/base/scope.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/cases/case_pace.h"

namespace ieum::casemgmt {

struct CaseTemplate {
  base::Uuid id;
  std::string programme;             // "" = every programme
  std::optional<base::Uuid> centre;  // nullopt = the whole suite's
  int version = 1;
  CasePace pace;  // of that version
  absl::Time create_time, update_time;
};

// What a new case of that programme and centre goes by: the centre's own template before the
// suite's, one for the programme before one for all; nullopt = the standard pace.
std::optional<CaseTemplate> TemplateFor(db::Tx& tx, const std::string& programme,
                                        const std::optional<base::Uuid>& centre);

// To change it: of centres in the scope.
std::optional<CaseTemplate> FindTemplate(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& id);
// To read it: the suite's, too.
struct CaseTemplateView {
  CaseTemplate t;
  int64_t aggregate_version = 0;
};
std::optional<CaseTemplateView> ReadTemplate(db::Tx& tx, const base::Scope& scope,
                                             const base::Uuid& id);
// False when the centre has one for that programme, or the id is taken.
bool InsertTemplate(db::Tx& tx, const CaseTemplate& t);
// Its next version.
void SaveTemplate(db::Tx& tx, const base::Scope& scope, const CaseTemplate& t);

const filter::ListSpec& TemplateList();
filter::Cursor ListTemplates(db::Tx& tx, const filter::ListQuery& query,
                             std::vector<CaseTemplateView>* views);

}  // namespace ieum::casemgmt
