// Goal: the list of failpoints and the code say the same. Method: every name in a failpoint macro
// of the tree is listed, and every listed name stands in the code.
#include "tests/faults/failpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "re2/re2.h"

namespace ieum::faults {
namespace {

namespace fs = std::filesystem;

using ::testing::ContainerEq;

std::set<std::string> InTheCode() {
  static const RE2 macro(R"re(IEUM_FAILPOINT\w*\(\s*"([^"]+)")re");
  std::set<std::string> names;
  for (const char* folder : {"platform", "services"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(IEUM_SOURCE_DIR) / folder)) {
      if (entry.path().extension() != ".cc") continue;
      std::ostringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      const std::string code = text.str();
      re2::StringPiece rest(code);
      std::string name;
      while (RE2::FindAndConsume(&rest, macro, &name)) names.insert(name);
    }
  }
  return names;
}

std::set<std::string> Listed() {
  std::set<std::string> names(Switches().begin(), Switches().end());
  for (const Failpoint& point : Failpoints()) names.insert(point.name);
  return names;
}

TEST(Failpoints, AreAllListedAndAllInTheCode) { EXPECT_THAT(Listed(), ContainerEq(InTheCode())); }

}  // namespace
}  // namespace ieum::faults
