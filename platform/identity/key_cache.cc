#include "platform/identity/key_cache.h"

#include <algorithm>

#include "platform/base/status.h"

namespace ieum::identity {

std::shared_ptr<const KeySet> KeyCache::Keys(absl::Time now) const {
  return now - succeeded_ < times_.kept ? keys_ : nullptr;
}

bool KeyCache::Missed(absl::Time now) {
  if (fetching_ || now >= due_) return true;
  if (now >= began_ && now - began_ < times_.refetch_min) return false;  // else: set back since
  due_ = now;
  return true;
}

absl::Time KeyCache::Due() const { return due_; }

absl::Duration KeyCache::Wait(absl::Time now) const {
  const absl::Duration wait = due_ - now;
  const absl::Duration longest = std::max({times_.refresh, times_.refetch_min, times_.retry});
  return wait > longest ? absl::ZeroDuration() : std::max(wait, absl::ZeroDuration());
}

void KeyCache::Begin(absl::Time now) {
  fetching_ = true;
  began_ = now;
}

absl::Status KeyCache::End(absl::Time now, const absl::StatusOr<std::string>& text) {
  fetching_ = false;
  due_ = now + (Keys(now) == nullptr ? times_.retry : times_.refetch_min);
  RETURN_IF_ERROR(text.status());
  if (keys_ == nullptr || *text != text_) {
    ASSIGN_OR_RETURN(KeySet keys, KeySet::FromJson(*text));
    keys_ = std::make_shared<const KeySet>(std::move(keys));
    text_ = *text;
  }
  succeeded_ = now;
  due_ = now + times_.refresh;
  return absl::OkStatus();
}

}  // namespace ieum::identity
