#include "services/notify/templates/template_shelf.h"

#include "platform/base/status.h"
#include "services/notify/templates/template_store.h"

namespace ieum::notify {
namespace {

constexpr size_t kKeptMax = 500;  // then it begins anew

}  // namespace

absl::StatusOr<std::shared_ptr<const Template>> TemplateShelf::Find(const std::string& code,
                                                                    int version) {
  const auto key = std::pair(code, version);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = versions_.find(key);
    if (found != versions_.end()) return found->second;
  }
  std::optional<Template> read;
  RETURN_IF_ERROR(database_.Read("template_pinned", [&](db::Tx& tx) {
    read = FindTemplate(tx, code, version);
    return absl::OkStatus();
  }));
  if (!read) return nullptr;
  auto kept = std::make_shared<const Template>(*std::move(read));
  const std::lock_guard<std::mutex> lock(mutex_);
  if (versions_.size() >= kKeptMax) versions_.clear();
  versions_[key] = kept;
  return kept;
}

}  // namespace ieum::notify
