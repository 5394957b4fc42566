// Every row of the table; each stands in a file of its own.
#pragma once

#include "bench/harness/bench.h"

namespace ieum::bench {

std::vector<Line> RunCommands(Bench& bench);
std::vector<Line> RunBatches(Bench& bench);
std::vector<Line> RunEventLatency(Bench& bench);
std::vector<Line> RunRelay(Bench& bench);
std::vector<Line> RunConsumer(Bench& bench);
std::vector<Line> RunRebuild(Bench& bench);
std::vector<Line> RunMessages(Bench& bench);
std::vector<Line> RunMemory(Bench& bench);
std::vector<Line> RunRestarts(Bench& bench);
std::vector<Line> RunIdleTransaction(Bench& bench);
std::vector<Line> RunIdle(Bench& bench);
std::vector<Line> RunOverload(Bench& bench);
std::vector<Line> RunDeadlineStorm(Bench& bench);
std::vector<Line> RunReads(Bench& bench);
std::vector<Line> RunPeople(Bench& bench);
std::vector<Line> RunImports(Bench& bench);
std::vector<Line> RunCases(Bench& bench);
std::vector<Line> RunLoadCurve(Bench& bench);

}  // namespace ieum::bench
