// Pages of resources with long texts, cut to what clients accept.
#pragma once

#include <cstddef>

#include "absl/status/statusor.h"
#include "platform/base/status.h"
#include "platform/rpc/limits.h"
#include "platform/rpc/paging.h"

namespace ieum::rpc {

// What is left of a client's limit (kMaxResponseBytes) for the page itself.
inline constexpr size_t kMaxPageBytes = kMaxResponseBytes * 3 / 4;

// The page that `make` gives for the request, or a shorter one where that is too large. A page may
// be shorter than asked for (AIP-158), and its size is no part of what a page token is bound to.
template <class Request, class Make>
auto FittingPage(Request request, Make make) -> decltype(make(request)) {
  for (;;) {
    ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
    auto page = make(request);
    if (!page.ok() || page->ByteSizeLong() <= kMaxPageBytes || size == 1) return page;
    request.set_page_size(size / 2);
  }
}

}  // namespace ieum::rpc
