#include "bench/rows/rows.h"

namespace ieum::bench {

const std::vector<Row>& Rows() {
  static const auto* rows = new std::vector<Row>{
      {"g1", "commands answered, against pgbench of the same SQL", RunCommands},
      {"g2", "commands without consumers, against pgbench of batches of 64", RunBatches},
      {"g3", "from a commit to its effect in another service", RunEventLatency},
      {"g4", "the relay's way through a backlog, against raw publishing", RunRelay},
      {"g5", "a consumer's way through a backlog, against pgbench of its batch", RunConsumer},
      {"g6", "a rebuild of reporting", RunRebuild},
      {"g7", "messages that wait, handed over to a mail server", RunMessages},
      {"g8", "memory of the services", RunMemory},
      {"g9", "cold start, a killed leader, a broker that comes back", RunRestarts},
      {"g10", "commands beside a transaction that idles", RunIdleTransaction},
      {"g11", "processor time of the idle suite", RunIdle},
      {"g12", "what is answered well under three times the load", RunOverload},
      {"t25", "patient commands beside a storm of calls that give up", RunDeadlineStorm},
      {"reads", "Get and List at three sizes, against the gRPC echo", RunReads},
      {"people", "who a new person may be already, a person and a list, at two sizes", RunPeople},
      {"imports", "firms and people imported, against COPY of the same rows", RunImports},
      {"cases", "records, lists of tasks and commands among 100,000 open cases", RunCases},
      {"curve", "commands by number of clients", RunLoadCurve},
  };
  return *rows;
}

}  // namespace ieum::bench
