#include "services/casemgmt/erasures/erased_persons_store.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace ieum::casemgmt {

const std::vector<const char*>& TablesThatNamePersons() {
  static const auto* tables =
      new std::vector<const char*>{"attendance",    "appointment",  "attachment", "casefile",
                                   "consent_heard", "group_member", "participant"};
  return *tables;
}

const std::string kPageSql =
    absl::StrCat("SELECT e.person_id, ",
                 absl::StrJoin(TablesThatNamePersons(), " OR ",
                               [](std::string* out, const char* table) {
                                 absl::StrAppend(out, "EXISTS (SELECT FROM ", table,
                                                 " t WHERE t.person_id = e.person_id)");
                               }),
                 " FROM person_erasure e WHERE e.person_id > $1 ORDER BY e.person_id LIMIT $2");
const db::Statement kPage("erased_persons_still_named", kPageSql.c_str());

ErasedPage ErasedPersons(db::Tx& tx, const base::Uuid& after, int limit) {
  ErasedPage page{.still_named = {}, .last = after};
  const db::Rows rows = tx.Exec(kPage, after, limit);
  for (const auto& row : rows) {
    page.last = db::AsUuid(row[0]);
    if (row[1].as<bool>()) page.still_named.push_back(page.last);
  }
  page.whole = static_cast<int>(rows.size()) == limit;
  return page;
}

}  // namespace ieum::casemgmt
