// Accesses for tests, and how they get into a log.
#pragma once

#include <string>
#include <vector>

#include "platform/access_log/access_log.h"
#include "platform/access_log/sealing.h"
#include "platform/access_log/verifying.h"
#include "tests/support/postgres.h"

namespace ieum::access_log {

// Tells itself from others by its trace id.
Access SomeAccess(const std::string& trace_id);

// Appends and waits for the answer.
absl::Status Append(AccessLog& log, const std::string& trace_id);

// Seals until nothing is open; the rows that were sealed.
int64_t SealAll(db::Database& database);

// The first fault of the log in words; "" = whole.
std::string FaultOf(db::Database& database, const std::optional<KnownSeal>& known = {});

}  // namespace ieum::access_log
