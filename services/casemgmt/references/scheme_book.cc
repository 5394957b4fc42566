#include "services/casemgmt/references/scheme_book.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/days.h"

namespace ieum::casemgmt {
namespace {

constexpr absl::Duration kGoodFor = absl::Minutes(10);  // a scheme that ends early stays so long
constexpr absl::Duration kAskAgainAfter = absl::Seconds(1);  // for codes that are not there
constexpr int kPageSize = 500;
constexpr char kListSchemes[] = "/ieum.registry.v1.ReferenceService/ListSchemes";

bool Holds(const registry::v1::Scheme& scheme, const std::string& code, absl::CivilDay on) {
  if (scheme.code() != code) return false;
  const auto from = DayIn(scheme.valid_from(), "valid_from");
  const auto to = DayIn(scheme.valid_to(), "valid_to");
  if (!from.ok() || !to.ok()) return false;
  return (!*from || **from <= on) && (!*to || on <= **to);
}

}  // namespace

absl::Status SchemeBook::Check(const std::vector<std::string>& codes, absl::CivilDay on,
                               std::string_view field) {
  if (codes.empty()) return absl::OkStatus();
  std::lock_guard lock(mutex_);
  const absl::Duration age = absl::Now() - read_at_;
  std::optional<std::string> missing = Missing(codes, on);
  if (age > kGoodFor || (missing && age > kAskAgainAfter)) {
    const absl::Status refreshed = Refresh();
    // An old copy that has all codes is better than no answer.
    if (!refreshed.ok() && missing) return refreshed;
    missing = Missing(codes, on);
  }
  if (!missing) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_SCHEME_UNKNOWN, field,
                            absl::StrCat("names ", *missing, ", which is no scheme on that day"));
}

std::optional<std::string> SchemeBook::Missing(const std::vector<std::string>& codes,
                                               absl::CivilDay on) const {
  for (const std::string& code : codes) {
    const bool found = std::any_of(schemes_.begin(), schemes_.end(),
                                   [&](const auto& scheme) { return Holds(scheme, code, on); });
    if (!found) return code;
  }
  return std::nullopt;
}

absl::Status SchemeBook::Refresh() {
  // Those who wait behind a question that failed do not each ask again.
  const bool failed_just_now = absl::Now() - failed_at_ < kAskAgainAfter;
  auto schemes = failed_just_now ? absl::UnavailableError("asked a moment ago") : source_();
  if (!schemes.ok()) {
    if (!failed_just_now) failed_at_ = absl::Now();
    return base::Unavailable("registry does not say which schemes there are; try again",
                             kAskAgainAfter);
  }
  schemes_ = *std::move(schemes);
  read_at_ = absl::Now();
  return absl::OkStatus();
}

SchemeBook::Source SchemesOf(rpc::Peer& peer) {
  return [&peer]() -> absl::StatusOr<std::vector<registry::v1::Scheme>> {
    std::vector<registry::v1::Scheme> schemes;
    registry::v1::ListSchemesRequest request;
    request.set_page_size(kPageSize);
    registry::v1::ListSchemesResponse response;
    do {
      response.Clear();
      RETURN_IF_ERROR(peer.Call(kListSchemes, request, &response));
      for (auto& scheme : *response.mutable_schemes()) schemes.push_back(std::move(scheme));
      request.set_page_token(response.next_page_token());
    } while (!response.next_page_token().empty());
    return schemes;
  };
}

}  // namespace ieum::casemgmt
