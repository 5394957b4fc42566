#include "services/registry/people/match_settings.h"

namespace ieum::registry {
namespace {

constexpr int kLeast = 1, kMost = 100;

}  // namespace

void ReadMatchSettings(config::Reader& reader, MatchRules* rules) {
  reader.Number("IEUM_DUPLICATE_ASK_FROM",
                "score from which whoever registers a person is shown a candidate", kLeast, kMost,
                &rules->ask_from);
  reader.Number("IEUM_DUPLICATE_QUEUE_FROM", "score from which a pair waits for a review", kLeast,
                kMost, &rules->queue_from);
  reader.Number("IEUM_DUPLICATE_ACT_FROM",
                "score from which a person is taken for registered when nobody is asked", kLeast,
                kMost, &rules->act_from);
  if (rules->ask_from <= rules->queue_from && rules->queue_from <= rules->act_from) return;
  reader.Fault("IEUM_DUPLICATE_ASK_FROM, _QUEUE_FROM and _ACT_FROM must not fall in this order");
}

}  // namespace ieum::registry
