#include "services/casemgmt/references/staff_book.h"

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/access_service.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

constexpr char kGetSubject[] = "/ieum.registry.v1.AccessService/GetSubject";
constexpr absl::Duration kAskAgainAfter = absl::Seconds(1);

}  // namespace

absl::StatusOr<Staff> StaffBook::Of(const base::Uuid& subject) {
  const auto person = source_(subject);
  if (person.ok()) return Staff{.subject = subject, .person = *person};
  return base::Unavailable("registry does not say who is behind the account; try again",
                           kAskAgainAfter);
}

StaffBook::Source PersonsBehind(rpc::Peer& peer) {
  return [&peer](const base::Uuid& subject) -> absl::StatusOr<std::optional<base::Uuid>> {
    registry::v1::GetSubjectRequest request;
    request.set_name(absl::StrCat("subjects/", subject.ToString()));
    registry::v1::Subject response;
    const absl::Status asked = peer.Call(kGetSubject, request, &response);
    if (absl::IsNotFound(asked)) return std::optional<base::Uuid>();
    RETURN_IF_ERROR(asked);
    return OptionalIdIn("persons", response.person(), "person");
  };
}

}  // namespace ieum::casemgmt
