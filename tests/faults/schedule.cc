#include "tests/faults/schedule.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "platform/base/status.h"
#include "tests/faults/every_failpoint.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kLead = absl::Seconds(3);  // the load works undisturbed

absl::StatusOr<std::vector<const Fault*>> Wanted(const std::vector<std::string>& only) {
  std::vector<const Fault*> wanted;
  for (const Fault& fault : Faults()) {
    const bool named = std::find(only.begin(), only.end(), fault.id) != only.end();
    if (named || (only.empty() && !fault.alone)) wanted.push_back(&fault);
  }
  if (only.empty() || wanted.size() == only.size()) return wanted;
  std::vector<std::string> ids;
  for (const Fault& fault : Faults()) ids.push_back(fault.id);
  return absl::InvalidArgumentError(absl::StrCat(
      "there is a fault in --only that does not exist; all are ", absl::StrJoin(ids, ", ")));
}

std::vector<Entry> Walk(Dice& dice) {
  static const Fault* fault = new Fault(KillAtFailpoints());
  std::vector<Entry> entries;
  absl::Duration at = kLead;
  for (Strike& strike : AtEveryFailpoint(dice)) {
    entries.push_back({at, fault, std::move(strike)});
    at += entries.back().strike.duration;
  }
  return entries;
}

}  // namespace

absl::StatusOr<std::vector<Entry>> MakeSchedule(uint64_t seed, absl::Duration length,
                                                const Wishes& wishes) {
  ASSIGN_OR_RETURN(const std::vector<const Fault*> wanted, Wanted(wishes.only));
  Dice dice(seed);
  if (wishes.every_failpoint) return Walk(dice);
  std::vector<Entry> entries;
  absl::Duration at = kLead;
  while (at < length) {
    std::vector<const Fault*> round = wanted;
    dice.Shuffle(round);
    for (const Fault* fault : round) {
      Dice own = dice.Fork();
      Entry entry{at, fault, fault->draw(own)};
      if (at + entry.strike.duration > length) return entries;
      at += entry.strike.duration + dice.Millis(500, 3000);
      entries.push_back(std::move(entry));
    }
  }
  return entries;
}

std::string WordsOf(const Entry& entry) {
  return absl::StrFormat("%8.1f s  %-4s %s", absl::ToDoubleSeconds(entry.at), entry.fault->id,
                         entry.strike.words);
}

}  // namespace ieum::faults
