#include "services/registry/access/access.h"

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

constexpr char kEverywhere[] = "*";

}  // namespace

std::string SubjectName(const base::Uuid& id) { return absl::StrCat("subjects/", id.ToString()); }

std::string GrantName(const base::Uuid& subject, const base::Uuid& id) {
  return absl::StrCat(SubjectName(subject), "/grants/", id.ToString());
}

std::string CentreName(const std::optional<base::Uuid>& centre) {
  return centre ? absl::StrCat("organizations/", centre->ToString()) : kEverywhere;
}

absl::StatusOr<std::optional<base::Uuid>> CentreOf(const std::string& name,
                                                   std::string_view field) {
  if (name == kEverywhere) return std::optional<base::Uuid>();
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("organizations/{}", name, field));
  return std::optional(ids[0]);
}

absl::Status RequireOpen(const Subject& subject) {
  if (!subject.closed()) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_SUBJECT_CLOSED,
                         "the account was closed; reopen it first, if whoever had it is back");
}

absl::Status RequireClosed(const Subject& subject) {
  if (subject.closed()) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_SUBJECT_OPEN, "the account is not closed");
}

absl::Status EndGrant(const Ending& ending, SubjectGrant* grant) {
  if (grant->ended_at) {
    return base::Forbidden(v1::ERROR_REASON_GRANT_ENDED, "the grant has ended already");
  }
  grant->ended_at = ending.at;
  grant->ender = ending.who;
  grant->end = ending.what;
  grant->end_reason = ending.why;
  return absl::OkStatus();
}

}  // namespace ieum::registry
