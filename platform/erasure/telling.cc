#include "platform/erasure/telling.h"

#include "platform/base/status.h"
#include "platform/erasure/erasure_store.h"
#include "platform/telemetry/log.h"

namespace ieum::erasure {
namespace {

constexpr int kStepErasures = 20;  // a small piece of work, as the loop asks for

absl::Status TellOne(db::Database& database, const Tell& tell, const Destroyed& destroyed) {
  const absl::Status told = tell(destroyed);
  if (absl::IsNotFound(told)) {
    telemetry::Warn("the proof of an erasure is gone; the erasure is to be repeated where it was",
                    {{"erasure_id", destroyed.erasure.erasure_id.ToString()}});
  } else if (!told.ok()) {
    return told;
  }
  return database.Write("erasure_told", [&](db::Tx& tx) {
    NoteTold(tx, destroyed.erasure.person_id);
    return absl::OkStatus();
  });
}

// One that is refused does not keep the others from being told.
absl::StatusOr<bool> Step(db::Database& database, const Tell& tell) {
  std::vector<Destroyed> untold;
  RETURN_IF_ERROR(database.ReadOne("erasures_untold", [&](db::Tx& tx) {
    untold = Untold(tx, kStepErasures);
    return absl::OkStatus();
  }));
  absl::Status first;
  for (const Destroyed& destroyed : untold) first.Update(TellOne(database, tell, destroyed));
  RETURN_IF_ERROR(first);
  return untold.size() == kStepErasures;
}

absl::StatusOr<int64_t> Count(db::Database& database) {
  int64_t count = 0;
  RETURN_IF_ERROR(database.ReadOne("erasures_untold_count", [&](db::Tx& tx) {
    count = CountUntold(tx);
    return absl::OkStatus();
  }));
  return count;
}

}  // namespace

flow::DueWork Telling(db::Database& database, Tell tell) {
  flow::DueWork work;
  work.name = "erasures_untold";
  work.step = [&database, tell = std::move(tell)](absl::Time) { return Step(database, tell); };
  work.count_due = [&database](absl::Time) { return Count(database); };
  return work;
}

}  // namespace ieum::erasure
