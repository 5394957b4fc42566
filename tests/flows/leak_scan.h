// Looks for planted values in whatever a suite leaves behind, in every form in which they could
// have got there.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ieum::testing {

// A value as it could be written: as it is, base64 at each of the three alignments and in both
// alphabets, hex, escapes of JSON, URLs and octal; without separators; what remains of it when it
// is cut in two. Forms of less than 6 bytes are left out: they would be found everywhere.
std::map<std::string, std::string> FormsOf(std::string_view value);  // form → its name

struct Find {
  std::string value, form, place;
  std::string ToString() const;
};

class LeakScan {
 public:
  // `value` is looked for from now on.
  void Plant(const std::string& value);
  // What of the planted values is in there, each form once a place. `except`: values that may be.
  void Look(const std::string& place, std::string_view bytes,
            const std::vector<std::string>& except = {});
  // All files below.
  void LookAtFolder(const std::string& place, const std::string& folder);

  const std::vector<Find>& finds() const { return finds_; }
  // For a failed test.
  std::string Finds() const;
  int64_t bytes() const { return bytes_; }  // that were looked at
  size_t forms() const;

 private:
  struct Form {
    std::string text, name, value;
  };
  static uint64_t Head(const char* at);  // of the first bytes of a form

  std::map<uint64_t, std::vector<Form>> by_head_;
  std::vector<bool> heads_ = std::vector<bool>(size_t{1} << 20);  // which may be there at all
  std::vector<Find> finds_;
  int64_t bytes_ = 0;
};

}  // namespace ieum::testing
