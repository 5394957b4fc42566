// Named places at which a test may kill this process, halt it or make it fail. They stand where the
// order of things matters: at each step of a command, a publish, an effect and a hand-over. Builds
// that are shipped hold none of them (CMake option IEUM_FAILPOINTS), not even their names.
//
// What happens where is told by the environment, as words with semicolons between them:
//
//   name:kill9          SIGKILL to this process when it comes by
//   name:kill9:3        … for the third time; the same for every other action
//   name:error          an INTERNAL error, where the place can fail
//   name:unavailable    an UNAVAILABLE error, where the place can fail
//   name:pause(250)     the thread halts so many milliseconds
//   name:on             a condition is turned (see the place)
//   name[key]:…         only when the place comes by with this key, such as an aggregate's id
//
// in IEUM_FAILPOINTS, or in the file that IEUM_FAILPOINTS_FILE names: it is read again whenever it
// changes, so that a running process can be told. A kill9 is taken out of the file before it is
// done: the process that is started next lives.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "platform/base/failpoint_config.h"
#include "platform/base/status.h"

#if IEUM_FAILPOINTS

namespace ieum::base::failpoint {

// Kills or halts when it is told to. Thread-safe, and cheap when nothing is told.
void Reach(std::string_view name);
// The error that is told for this place and key; the key of a place may be empty.
absl::Status Check(std::string_view name, std::string_view key);
bool On(std::string_view name);

}  // namespace ieum::base::failpoint

#define IEUM_FAILPOINT(name) ::ieum::base::failpoint::Reach(name)
#define IEUM_FAILPOINT_ERROR(name, key) \
  RETURN_IF_ERROR(::ieum::base::failpoint::Check((name), (key)))
#define IEUM_FAILPOINT_ON(name) ::ieum::base::failpoint::On(name)

#else

#define IEUM_FAILPOINT(name) static_cast<void>(0)
#define IEUM_FAILPOINT_ERROR(name, key) static_cast<void>(0)
#define IEUM_FAILPOINT_ON(name) false

#endif
