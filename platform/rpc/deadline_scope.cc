#include "platform/rpc/deadline_scope.h"

namespace ieum::rpc {
namespace {

thread_local absl::Time current = absl::InfiniteFuture();

}  // namespace

DeadlineScope::DeadlineScope(absl::Time deadline) : previous_(current) { current = deadline; }
DeadlineScope::~DeadlineScope() { current = previous_; }

absl::Time CurrentDeadline() { return current; }

}  // namespace ieum::rpc
