// A casemgmt of many open cases, written by COPY in the service's own columns: cases that are
// looked after, each with what is due in it. Without events: the ledger knows none of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/harness/suite.h"
#include "platform/base/uuid.h"

namespace ieum::bench {

inline constexpr int64_t kCentres = 20;
inline constexpr int64_t kCasesOfAManager = 60;
// Who manages the first cases, in the first centre, and who leads that centre's team.
inline constexpr char kManager[] = "bench/manager", kLead[] = "bench/lead";

// Case `n` of 0, 1, …; sixteen in a row are of sixteen shards.
base::Uuid CaseAt(int64_t n);
// The same as SQL of a number: "('…' || lpad(to_hex(:n::bigint), 12, '0'))::uuid".
std::string CaseAtSql(const std::string& n);
base::Uuid CentreAt(int64_t n);

// Into the service's database and into the one that is its limit.
void FillCases(Suite& suite, int64_t cases);

// Until what was done to cases has come to who listens, and the database has settled.
void RestOfCases(Suite& suite);

}  // namespace ieum::bench
