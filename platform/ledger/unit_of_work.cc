#include "platform/ledger/unit_of_work.h"

#include <algorithm>
#include <cassert>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/ledger/batch.h"

namespace ieum::ledger {

UnitOfWork::UnitOfWork(Batch& batch, Caller caller, base::Uuid seed)
    : batch_(batch), caller_(std::move(caller)), seed_(seed) {}

db::Tx& UnitOfWork::tx() { return batch_.tx(); }
OwnReads& UnitOfWork::own_reads() { return batch_.own_reads(); }
bool UnitOfWork::untouched() const { return batch_.untouched(); }
absl::Time UnitOfWork::now() const { return batch_.now(); }

void UnitOfWork::Lock(std::vector<base::Uuid> ids) {
  assert(!asked_to_lock_ && "Lock is called once, first");
  asked_to_lock_ = true;
  locked_ = std::move(ids);
  batch_.Lock(locked_);
}

int64_t UnitOfWork::Version(const base::Uuid& id) const {
  assert(Knows(id) && "the aggregate was not locked");
  return batch_.VersionOf(id);
}

bool UnitOfWork::Knows(const base::Uuid& id) const {
  return std::find(locked_.begin(), locked_.end(), id) != locked_.end() ||
         std::any_of(events_.begin(), events_.end(),
                     [&](const PendingEvent& event) { return event.aggregate_id == id; });
}

absl::Status UnitOfWork::ExpectEtag(const base::Uuid& id, std::string_view etag) const {
  if (etag.empty() || etag == FormatEtag(Version(id))) return absl::OkStatus();
  return base::Error(absl::StatusCode::kAborted, "STALE_ETAG",
                     "the resource was changed since you read it; read it again and repeat the "
                     "change on what it is now",
                     {{"current_etag", FormatEtag(Version(id))}});
}

void UnitOfWork::Append(const base::Uuid& aggregate, std::string_view kind,
                        std::string_view subject, const google::protobuf::Message& event) {
  PendingEvent pending;
  pending.event_id = DeriveId(absl::StrCat("event/", events_.size()));
  pending.aggregate_id = aggregate;
  pending.version = batch_.Raise(aggregate, kind);
  pending.type = event.GetDescriptor()->full_name();
  pending.subject = std::string(subject);
  pending.payload = event.SerializeAsString();
  events_.push_back(std::move(pending));
}

std::string FormatEtag(int64_t version) { return absl::StrCat("\"", version, "\""); }

}  // namespace ieum::ledger
