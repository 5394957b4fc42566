// Versions of templates at hand. A version never changes, so each is read once and kept.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "platform/db/database.h"
#include "services/notify/templates/template.h"

namespace ieum::notify {

// Thread-safe.
class TemplateShelf {
 public:
  explicit TemplateShelf(db::Database& database) : database_(database) {}

  // nullptr when there is no such version; an error when it could not be read.
  absl::StatusOr<std::shared_ptr<const Template>> Find(const std::string& code, int version);

 private:
  db::Database& database_;
  std::mutex mutex_;
  std::map<std::pair<std::string, int>, std::shared_ptr<const Template>> versions_;
};

}  // namespace ieum::notify
