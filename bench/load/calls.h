// The requests that the load client sends: bytes, made one after the other.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/support/byte_buffer.h"

namespace ieum::bench {

// Used by one thread.
class CallMaker {
 public:
  virtual ~CallMaker() = default;
  virtual const std::string& method() const = 0;  // "/package.Service/Method"
  virtual grpc::ByteBuffer Next() = 0;
};

// `kind`: "create" (a new organization each; business numbers count up from `first`), "get" (by the
// names in `names`, in random order), "person" (the same for people), "list" (50 organizations,
// filtered by kind), "region" (those of a region that has few), "affiliations" (50 of one of the
// organizations in `names`), "health" (the library's own trivial method: the echo of the machine).
// "given": the first of `names` is the method, the others are requests in base64, sent in random
// order. Null when there is no such kind.
std::unique_ptr<CallMaker> MakeCalls(const std::string& kind, int64_t first,
                                     std::vector<std::string> names);

}  // namespace ieum::bench
