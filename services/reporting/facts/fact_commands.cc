#include "services/reporting/facts/fact_commands.h"

#include "services/reporting/facts/fact.h"

namespace ieum::reporting {

std::vector<Fact> FactsOf(absl::Span<const flow::ReceivedEvent> events) {
  std::vector<Fact> facts;
  for (const flow::ReceivedEvent& event : events) {
    if (event.message == nullptr) continue;
    facts.push_back({event.producer, &event.envelope, FlattenFields(*event.message)});
  }
  return facts;
}

absl::Status KeepFacts(db::Tx& tx, int generation, absl::Span<const flow::ReceivedEvent> events) {
  const std::vector<Fact> facts = FactsOf(events);
  if (!facts.empty()) InsertFacts(tx, generation, facts);
  return absl::OkStatus();
}

}  // namespace ieum::reporting
