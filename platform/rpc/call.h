// One call as a door sees it: who asks, until when, and how a write is run.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/identity.h"
#include "platform/rpc/scope.h"

namespace ieum::rpc {

// Lives as long as the call; used by one thread at a time.
class Call {
 public:
  virtual ~Call() = default;
  virtual const std::string& method() const = 0;  // "/ieum.registry.v1.OrganizationService/…"
  virtual const Identity& identity() const = 0;
  // The centres for which the caller holds the permission of this method; never empty in a handler.
  // Whatever the caller sees or changes lies in it.
  virtual const Scope& scope() const = 0;
  // The same of another permission; empty when it is not held at all.
  virtual Scope ScopeOf(std::string_view permission) const = 0;
  // Those among scope() where one grant carries the permission of this method and all of `also`.
  // Whoever may read in a centre by one role and see all of it by another one may not read all of
  // it.
  virtual Scope ScopeWith(const std::vector<std::string_view>& also) const = 0;
  bool HasPermission(std::string_view permission) const { return !ScopeOf(permission).empty(); }
  virtual absl::Time deadline() const = 0;
  virtual bool Korean() const = 0;  // accept-language starts with ko
  virtual const std::string& traceparent() const = 0;

  // Runs a use case under this call's request id (field `request_id` of the request, or a fresh
  // one), identity and trace; sets `ieum-etag` and `ieum-position` of the answer.
  // With `validate_only` set in the request the use case runs with all its checks and nothing
  // stays: the Answer then has the name and the etag that would have been, and position 0. The
  // door answers from what it was given, not from the database.
  virtual absl::StatusOr<ledger::Answer> Write(ledger::Ledger& ledger,
                                               const google::protobuf::Message& request,
                                               ledger::Ledger::UseCase use_case) = 0;
};

}  // namespace ieum::rpc
