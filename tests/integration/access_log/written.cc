#include "tests/integration/access_log/written.h"

#include <gtest/gtest.h>

#include <future>

#include "absl/time/clock.h"

namespace ieum::access_log {

Access SomeAccess(const std::string& trace_id) {
  Access access;
  access.at = absl::Now();
  access.account = "staff/kim";
  access.source = "ipv4:10.1.2.3:40312";
  access.action = "registry.persons.get";
  access.method = "ieum.registry.v1.PersonService/GetPerson";
  access.outcome = kAllowed;
  access.subjects = {"persons/" + base::Uuid::NewV7().ToString(), R"(odd "{,} \ one)"};
  access.reason = "회의 준비";
  access.trace_id = trace_id;
  return access;
}

absl::Status Append(AccessLog& log, const std::string& trace_id) {
  std::promise<absl::Status> written;
  log.Append(SomeAccess(trace_id), [&](const absl::Status& status) { written.set_value(status); });
  return written.get_future().get();
}

int64_t SealAll(db::Database& database) {
  int64_t rows = 0;
  while (true) {
    const auto sealed = SealOpenRows(database, true);
    EXPECT_TRUE(sealed.ok()) << sealed.status();
    if (!sealed.ok() || sealed->seals == 0) return rows;
    rows += sealed->rows;
  }
}

std::string FaultOf(db::Database& database, const std::optional<KnownSeal>& known) {
  const auto verdict = Verify(database, known);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  return verdict.ok() ? verdict->fault.value_or("") : "unreadable";
}

}  // namespace ieum::access_log
