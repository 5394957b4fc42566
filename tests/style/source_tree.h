// The hand-written files of the project, read once, for tests that look at their text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ieum::style {

struct SourceFile {
  std::string path;  // from the project's root, e.g. "platform/db/tx.h"
  std::string text;

  std::string_view name() const;  // "tx.h"
  std::string_view stem() const;  // "tx"
  bool Under(std::string_view folder) const;
  bool IsHeader() const;
  bool IsCode() const;  // .h or .cc
};

// Every hand-written text file below the project's folders; generated, vendored and built ones are
// left out. The order is that of the paths.
const std::vector<SourceFile>& Tree();

// What is between the quotes or angle brackets of each #include, with the line it stands on.
struct Include {
  std::string target;
  int line;
};
std::vector<Include> IncludesOf(const SourceFile& file);

// "platform/db/tx.h:12: <what>", the shape in which every fault is told.
std::string Fault(const SourceFile& file, int line, std::string_view what);

}  // namespace ieum::style
