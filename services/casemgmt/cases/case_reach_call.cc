#include "services/casemgmt/cases/case_reach_call.h"

#include <algorithm>
#include <iterator>

#include "platform/access/subject_id.h"

namespace ieum::casemgmt {
namespace {

// Who may sign at one centre and see the team at another may do both at neither.
base::Scope Both(const base::Scope& one, const base::Scope& other) {
  if (one.everywhere()) return other;
  if (other.everywhere()) return one;
  std::vector<std::string> centres;
  std::set_intersection(one.centres().begin(), one.centres().end(), other.centres().begin(),
                        other.centres().end(), std::back_inserter(centres));
  return base::Scope::Of(std::move(centres));
}

}  // namespace

Reach ReachOf(const rpc::Call& call) {
  return {.team = Both(call.scope(), call.ScopeOf(kSeeTeam)),
          .own_in = call.scope(),
          .subject = SubjectOf(call)};
}

base::Uuid SubjectOf(const rpc::Call& call) { return access::SubjectId(call.identity().subject); }

}  // namespace ieum::casemgmt
