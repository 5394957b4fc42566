// Who may see or change which cases (C36): every case of a centre, or one's own. Decided on the
// row.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/base/scope.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"

namespace ieum::casemgmt {

inline constexpr char kSeeTeam[] = "casemgmt.cases.see_team";

struct Reach {
  base::Scope team;    // centres whose every case is seen
  base::Scope own_in;  // centres where the caller's own cases are seen
  base::Uuid subject;  // the caller's: access::SubjectId(account)

  // Of reactions and due work.
  static Reach Everything();
  friend bool operator==(const Reach&, const Reach&) = default;
};

// The condition of a statement on `casefile` under that alias, with the parameters from $first on:
//   ReachSql("c", 2) is "(($2::boolean OR c.centre_id = ANY($3::uuid[])) OR (c.manager_subject = $4
//   AND ($5::boolean OR c.centre_id = ANY($6::uuid[]))))"
std::string ReachSql(std::string_view alias, int first);
inline constexpr int kReachParams = 5;
// Those parameters behind the statement's others: tx.Run(kStatement, WithReach({id}, reach)).
std::vector<db::Param> WithReach(std::vector<db::Param> params, const Reach& reach);
// The same condition for a list.
void WhereReach(filter::ListQuery& query, std::string_view alias, const Reach& reach);

// Whether the row of such a centre and manager is within it.
bool Reaches(const Reach& reach, const std::optional<base::Uuid>& centre,
             const std::optional<base::Uuid>& manager_subject);

}  // namespace ieum::casemgmt
