#include "tests/flows/operator.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "platform/base/uuid.h"

namespace ieum::testing {
namespace {

std::string Whole(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

nlohmann::json Said::Json() const {
  const size_t begin = out.find_first_of("{[");
  if (begin == std::string::npos) return nullptr;
  // What comes on standard error stands after it.
  const size_t end = out.find_last_of("}]");
  return nlohmann::json::parse(out.substr(begin, end - begin + 1), nullptr, false);
}

Process BeginIeumctl(Suite& suite, std::vector<std::string> words, const std::string& output_file) {
  words.insert(words.begin(), IEUM_BINARY_DIR "/bin/ieumctl");
  words.insert(words.end(), {"--suite", suite.file()});
  auto process = Process::Start({.argv = std::move(words), .output_file = output_file});
  EXPECT_TRUE(process.ok()) << process.status();
  return *std::move(process);
}

Said Ieumctl(Suite& suite, std::vector<std::string> words, bool bare) {
  const std::string file = absl::StrCat(suite.folder(), "/said-", base::Uuid::NewV7().ToString());
  words.insert(words.begin(), IEUM_BINARY_DIR "/bin/ieumctl");
  if (!bare) words.insert(words.end(), {"--suite", suite.file()});
  auto process = Process::Start({.argv = std::move(words), .output_file = file});
  EXPECT_TRUE(process.ok()) << process.status();
  Said said;
  if (process.ok()) said.code = process->Wait();
  said.out = Whole(file);
  return said;
}

}  // namespace ieum::testing
