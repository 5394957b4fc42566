// All pages of a list.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/base/status.h"
#include "tools/play/services.h"

namespace ieum::play {

inline constexpr int kPageSize = 500;

// ListAll<ListVisitsResponse>(services, "casemgmt", method, request, [](const auto& page) {…}):
// hands each page to `take`, in order.
template <class Response, class Request, class Take>
absl::Status ListAll(Services& services, const std::string& service, const std::string& method,
                     Request request, Take take) {
  request.set_page_size(kPageSize);
  do {
    Response page;
    RETURN_IF_ERROR(services.Call(service, method, request, &page));
    take(page);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

}  // namespace ieum::play
