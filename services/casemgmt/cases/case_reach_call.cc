#include "services/casemgmt/cases/case_reach_call.h"

#include "platform/access/subject_id.h"

namespace ieum::casemgmt {

Reach ReachOf(const rpc::Call& call) {
  return {.team = call.ScopeWith({kSeeTeam}), .own_in = call.scope(), .subject = SubjectOf(call)};
}

Reach ReachOf(const rpc::Call& call, std::string_view also) {
  return {.team = call.ScopeWith({kSeeTeam, also}),
          .own_in = call.ScopeWith({also}),
          .subject = SubjectOf(call)};
}

base::Uuid SubjectOf(const rpc::Call& call) { return access::SubjectId(call.identity().subject); }

}  // namespace ieum::casemgmt
