#include "tools/audit/recovery.h"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/str_cat.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/base/status.h"
#include "platform/base/wait.h"

namespace ieum::audit {
namespace {

using nlohmann::json;
using platform::v1::Progress;

constexpr absl::Duration kPoll = absl::Milliseconds(50);
constexpr absl::Duration kAnswerTimeout = absl::Seconds(2);
// Allocators and pools breathe; what grows by more has a leak.
constexpr double kGrowthMax = 1.10;
constexpr int64_t kRssSlackKb = 4 * 1024;
// What was measured stands in docs/reliability.md: 4 to 6 MiB under the first mishaps of a minute.
constexpr int64_t kYoungRssSlackKb = 8 * 1024;
constexpr absl::Duration kWarmAfter = absl::Minutes(10);
constexpr int64_t kFdSlack = 4;

Offender OffenderOf(const ProcessNote& note, std::string what) {
  return {.service = note.service, .what = absl::StrCat("process ", note.pid, ": ", what)};
}

bool Grew(int64_t before, int64_t after, int64_t slack) {
  return static_cast<double>(after) > static_cast<double>(before) * kGrowthMax &&
         after > before + slack;
}

}  // namespace

bool GrewInMemory(int64_t before_kb, int64_t after_kb, absl::Duration warm) {
  return Grew(before_kb, after_kb, warm < kWarmAfter ? kYoungRssSlackKb : kRssSlackKb);
}

bool GrewInFiles(int64_t before, int64_t after) { return Grew(before, after, kFdSlack); }

absl::StatusOr<std::vector<ProcessNote>> ReadProcessNotes(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be opened"));
  std::vector<ProcessNote> notes;
  for (std::string text; std::getline(file, text);) {
    const json line = json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!line.is_object() || line.value("kind", json("")) != "process") continue;
    const auto number = [&](const char* name) -> int64_t {
      const auto found = line.find(name);
      return found != line.end() && found->is_number_integer() ? found->get<int64_t>() : 0;
    };
    const auto word = [&](const char* name) -> std::string {
      const auto found = line.find(name);
      return found != line.end() && found->is_string() ? found->get<std::string>() : "";
    };
    notes.push_back({word("service"), number("pid"), word("event"),
                     static_cast<int>(number("code")), word("label"), number("rss_kb"),
                     number("fds"), number("warm_s")});
  }
  return notes;
}

void JudgeProcesses(const std::vector<ProcessNote>& notes, Tally& tally) {
  std::set<int64_t> expected_to_end;
  std::map<std::string, ProcessNote> before;
  for (const ProcessNote& note : notes) {
    tally.Checked();
    if (note.event == "started") expected_to_end.erase(note.pid);
    if (note.event == "asked" || note.event == "killed") expected_to_end.insert(note.pid);
    if (note.event == "exited" && !expected_to_end.contains(note.pid)) {
      tally.Breach(OffenderOf(note, absl::StrCat("ended unasked with code ", note.code)));
    }
    if (note.event != "sample") continue;
    if (note.label == "before") before.try_emplace(note.service, note);
    const auto first = before.find(note.service);
    if (note.label != "after" || first == before.end()) continue;
    if (GrewInMemory(first->second.rss_kb, note.rss_kb, absl::Seconds(first->second.warm_s))) {
      tally.Breach(OffenderOf(note, absl::StrCat("memory grew from ", first->second.rss_kb, " to ",
                                                 note.rss_kb, " KiB")));
    }
    if (GrewInFiles(first->second.fds, note.fds)) {
      tally.Breach(OffenderOf(
          note, absl::StrCat("open files grew from ", first->second.fds, " to ", note.fds)));
    }
  }
}

namespace {

using AllProgress = std::map<std::string, Progress>;

// Those that answered. Services that call others are asked before whom they call: what those still
// cause is seen.
AllProgress Ask(const Subject& subject) {
  AllProgress all;
  for (auto service = subject.services().rbegin(); service != subject.services().rend();
       ++service) {
    Progress progress;
    if (service->peer != nullptr &&
        service->peer
            ->Call("/ieum.platform.v1.OpsService/GetProgress", platform::v1::GetProgressRequest(),
                   &progress, kAnswerTimeout)
            .ok()) {
      all[service->name] = std::move(progress);
    }
  }
  return all;
}

std::optional<Offender> Silent(const Subject& subject, const AllProgress& all) {
  for (const Service& service : subject.services()) {
    if (!all.contains(service.name)) {
      return Offender{.service = service.name, .what = "does not answer"};
    }
  }
  return std::nullopt;
}

// The first thing that is still on its way; nothing when the suite rests.
std::optional<Offender> StillUnderWay(const AllProgress& all) {
  for (const auto& [name, progress] : all) {
    if (progress.due_timers() > 0) {
      return Offender{.service = name,
                      .what = absl::StrCat(progress.due_timers(), " timers are due")};
    }
    for (const auto& consumer : progress.consumers()) {
      const auto producer = all.find(consumer.producer());
      if (producer == all.end()) continue;
      const auto& last = producer->second.ledger_positions();
      for (int shard = 0; shard < std::min(last.size(), consumer.positions_size()); ++shard) {
        if (consumer.positions(shard) >= last[shard]) continue;
        return Offender{.service = consumer.producer(),
                        .shard = shard,
                        .pos = consumer.positions(shard) + 1,
                        .what = absl::StrCat(name, " is ", last[shard] - consumer.positions(shard),
                                             " events behind")};
      }
    }
  }
  return std::nullopt;
}

// Positions of two askings must agree: nothing moved in between.
bool SamePositions(const AllProgress& a, const AllProgress& b) {
  for (const auto& [name, progress] : a) {
    const auto other = b.find(name);
    if (other == b.end() ||
        !std::equal(progress.ledger_positions().begin(), progress.ledger_positions().end(),
                    other->second.ledger_positions().begin(),
                    other->second.ledger_positions().end())) {
      return false;
    }
  }
  return true;
}

// What keeps the suite from rest; nothing when two askings found it the same and at the end.
std::optional<Offender> Unrest(const Subject& subject, AllProgress* before) {
  AllProgress now = Ask(subject);
  std::optional<Offender> unrest = Silent(subject, now);
  if (!unrest) unrest = StillUnderWay(now);
  if (!unrest && !SamePositions(*before, now)) {
    unrest = Offender{.what = "commands are still being done"};
  }
  *before = std::move(now);
  return unrest;
}

void WaitForRest(Subject& subject, Tally& tally) {
  const absl::Time began = absl::Now();
  AllProgress before = Ask(subject);
  if (before.empty()) {
    return tally.NotChecked("the suite does not run; lag is not judged");
  }
  std::optional<Offender> unrest;
  (void)base::WaitFor([&] { return !(unrest = Unrest(subject, &before)); }, subject.options().rest,
                      base::Pauses(kPoll, kPoll));
  tally.Checked(static_cast<int64_t>(subject.services().size()));
  subject.set_at_rest(!unrest);
  if (!unrest) {
    return tally.Note(
        absl::StrCat("rest after ", absl::ToInt64Milliseconds(absl::Now() - began), " ms"));
  }
  unrest->what = absl::StrCat("no rest within ", absl::FormatDuration(subject.options().rest), ": ",
                              unrest->what);
  tally.Breach(*std::move(unrest));
}

}  // namespace

absl::Status CheckRecovery(Subject& subject, Tally& tally) {
  if (subject.options().rest > absl::ZeroDuration()) {
    WaitForRest(subject, tally);
  } else {
    tally.NotChecked("rest was not waited for; lag is not judged");
  }
  const std::string& path = subject.options().processes;
  if (path.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<ProcessNote> notes, ReadProcessNotes(path));
  JudgeProcesses(notes, tally);
  return absl::OkStatus();
}

}  // namespace ieum::audit
