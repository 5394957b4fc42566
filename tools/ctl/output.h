// What commands print: tables whose columns stand under each other, refusals on standard error.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/timestamp.pb.h"

namespace ieum::ctl {

class Table {
 public:
  explicit Table(std::vector<std::string> heads);
  void Add(std::vector<std::string> cells);  // as many as heads
  bool empty() const { return rows_.size() == 1; }
  std::string Text() const;

 private:
  std::vector<std::vector<std::string>> rows_;  // the first are the heads
};

// Columns that a text takes: Hangul takes two.
int WidthOf(const std::string& text);
// "2023-03-18 09:00:00" in Korea; "-" when absent.
std::string KoreaTime(const google::protobuf::Timestamp& time);
// "1.5 GiB".
std::string Size(int64_t bytes);
// "12,345".
std::string Count(int64_t count);

// Says on standard error what went wrong in `command`; kUsage.
int Refuse(const std::string& command, const absl::Status& status);

}  // namespace ieum::ctl
