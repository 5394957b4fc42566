#include "tests/style/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "absl/strings/match.h"
#include "fmt/format.h"
#include "re2/re2.h"

namespace ieum::style {
namespace {

namespace fs = std::filesystem;

const std::set<std::string>& Folders() {
  static const auto* folders =
      new std::set<std::string>{"platform", "services", "tools",     "bench", "tests",
                                "proto",    "deploy",   "scenarios", "docs",  ".ci"};
  return *folders;
}

bool IsForeign(const fs::path& path) {
  const std::string name = path.filename();
  return name == "node_modules" || name == "third_party" || name == "released" ||
         name == "__pycache__" || name == "vendor";
}

bool IsText(const fs::path& path) {
  static const auto* endings =
      new std::set<std::string>{".h",   ".cc", ".cmake", ".txt", ".sh",   ".py", ".mjs", ".proto",
                                ".sql", ".md", ".json",  ".csv", ".yaml", ".in", ".conf"};
  return endings->contains(path.extension()) || path.extension().empty();
}

SourceFile Read(const fs::path& root, const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  return {fs::relative(path, root).generic_string(), std::move(text)};
}

std::vector<SourceFile> ReadTree() {
  const fs::path root = IEUM_SOURCE_DIR;
  std::vector<SourceFile> files;
  for (const auto& entry : fs::directory_iterator(root)) {
    if (entry.is_regular_file() && IsText(entry.path())) files.push_back(Read(root, entry.path()));
  }
  for (const std::string& folder : Folders()) {
    if (!fs::exists(root / folder)) continue;
    for (auto at = fs::recursive_directory_iterator(root / folder); at != fs::end(at); ++at) {
      if (at->is_directory() && IsForeign(at->path())) at.disable_recursion_pending();
      if (at->is_regular_file() && IsText(at->path())) files.push_back(Read(root, at->path()));
    }
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

}  // namespace

std::string_view SourceFile::name() const {
  const std::string_view whole = path;
  return whole.substr(whole.rfind('/') + 1);
}

std::string_view SourceFile::stem() const { return name().substr(0, name().find('.')); }

bool SourceFile::Under(std::string_view folder) const {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

bool SourceFile::IsHeader() const { return path.ends_with(".h"); }

bool SourceFile::IsCode() const { return IsHeader() || path.ends_with(".cc"); }

const std::vector<SourceFile>& Tree() {
  static const auto* tree = new std::vector<SourceFile>(ReadTree());
  return *tree;
}

std::vector<Include> IncludesOf(const SourceFile& file) {
  static const RE2 pattern(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::vector<Include> includes;
  std::istringstream lines(file.text);
  std::string line, target;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (RE2::PartialMatch(line, pattern, &target)) includes.push_back({target, number});
  }
  return includes;
}

std::string Fault(const SourceFile& file, int line, std::string_view what) {
  return fmt::format("{}:{}: {}", file.path, line, what);
}

}  // namespace ieum::style
