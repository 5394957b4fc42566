#include "services/casemgmt/cases/case_reach.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"

namespace ieum::casemgmt {
namespace {

bool Holds(const base::Scope& scope, const std::optional<base::Uuid>& centre) {
  return scope.Holds(centre ? centre->ToString() : "");
}

}  // namespace

Reach Reach::Everything() {
  return {.team = base::Scope::Everywhere(), .own_in = base::Scope::Everywhere()};
}

std::string ReachSql(std::string_view alias, int first) {
  return absl::Substitute(
      "(($$$1::boolean OR $0.centre_id = ANY($$$2::uuid[])) OR ($0.manager_subject = $$$3::uuid"
      " AND ($$$4::boolean OR $0.centre_id = ANY($$$5::uuid[]))))",
      std::string(alias), first, first + 1, first + 2, first + 3, first + 4);
}

std::vector<db::Param> WithReach(std::vector<db::Param> params, const Reach& reach) {
  params.emplace_back(reach.team.everywhere());
  params.emplace_back(reach.team.AsArray());
  params.emplace_back(reach.subject);
  params.emplace_back(reach.own_in.everywhere());
  params.emplace_back(reach.own_in.AsArray());
  return params;
}

void WhereReach(filter::ListQuery& query, std::string_view alias, const Reach& reach) {
  const auto boolean = [](bool value) { return std::string(value ? "t" : "f"); };
  query.Where(
      absl::Substitute("(({}::boolean OR $0.centre_id = ANY({}::uuid[])) OR ($0.manager_subject = "
                       "{}::uuid AND ({}::boolean OR $0.centre_id = ANY({}::uuid[]))))",
                       std::string(alias)),
      {boolean(reach.team.everywhere()), reach.team.AsArray(), reach.subject.ToString(),
       boolean(reach.own_in.everywhere()), reach.own_in.AsArray()});
}

bool Reaches(const Reach& reach, const std::optional<base::Uuid>& centre,
             const std::optional<base::Uuid>& manager_subject) {
  if (Holds(reach.team, centre)) return true;
  return manager_subject == reach.subject && Holds(reach.own_in, centre);
}

}  // namespace ieum::casemgmt
