// Goal: every refusal has one stable word, and docs/errors.md tells all of them and no other.
// Method: the enums named ErrorReason against the tables of the document and the texts of the
// tests.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "re2/re2.h"
#include "tests/contract/contracts.h"

namespace ieum::contract {
namespace {

struct Reason {
  std::string word;  // without the enum's prefix
  std::string code;  // canonical code, the first word of the comment
  std::string comment;
};

std::vector<Reason> ReasonsOf(const EnumDescriptor* reasons) {
  static const RE2 code("^\\s*([A-Z_]+): ");
  std::vector<Reason> found;
  for (int i = 0; i < reasons->value_count(); ++i) {
    const auto* value = reasons->value(i);
    if (value->number() == 0) continue;
    Reason reason{.word = std::string(absl::StripPrefix(value->name(), "ERROR_REASON_")),
                  .comment = CommentOf(value)};
    RE2::PartialMatch(reason.comment, code, &reason.code);
    found.push_back(reason);
  }
  return found;
}

// "registry BUSINESS_NUMBER_TAKEN" → "ALREADY_EXISTS", one for each row of the document's tables.
std::map<std::string, std::string> DocumentedReasons() {
  static const RE2 row(
      R"(^\| ([a-z]+) \| `([A-Z0-9_]+)` \| ([A-Z_]+) \| [^|]{8,} \| [^|]{8,} \|$)");
  std::map<std::string, std::string> rows;
  for (const auto& line : absl::StrSplit(ReadProjectFile("docs/errors.md"), '\n')) {
    std::string service, word, code;
    if (!RE2::FullMatch(std::string(line), row, &service, &word, &code)) continue;
    EXPECT_TRUE(rows.emplace(absl::StrCat(service, " ", word), code).second) << word << " twice";
  }
  return rows;
}

TEST(ErrorReason, IsAnUpperCaseWordOfAtMost63Letters) {
  ASSERT_GE(ErrorReasons().size(), 1u);
  for (const EnumDescriptor* reasons : ErrorReasons()) {
    for (const Reason& reason : ReasonsOf(reasons)) {
      EXPECT_TRUE(RE2::FullMatch(reason.word, "[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")) << reason.word;
      EXPECT_LE(reason.word.size(), 63u) << reason.word;
    }
  }
}

TEST(ErrorReason, NamesItsCanonicalCodeInItsComment) {
  static const RE2 canonical(
      "INVALID_ARGUMENT|NOT_FOUND|ALREADY_EXISTS|PERMISSION_DENIED|UNAUTHENTICATED|"
      "RESOURCE_EXHAUSTED|FAILED_PRECONDITION|ABORTED|OUT_OF_RANGE|UNIMPLEMENTED|INTERNAL|"
      "UNAVAILABLE|DEADLINE_EXCEEDED|DATA_LOSS");
  for (const EnumDescriptor* reasons : ErrorReasons()) {
    for (const Reason& reason : ReasonsOf(reasons)) {
      EXPECT_TRUE(RE2::FullMatch(reason.code, canonical)) << reason.word << ": " << reason.comment;
    }
  }
}

// A reason of a service must not mean something else than the platform's of the same name.
TEST(ErrorReason, OfAServiceIsNoneOfThePlatforms) {
  std::map<std::string, std::string> platform;
  for (const EnumDescriptor* reasons : ErrorReasons()) {
    if (ServiceOf(reasons->file()) != "platform") continue;
    for (const Reason& reason : ReasonsOf(reasons)) platform[reason.word] = reason.code;
  }
  for (const EnumDescriptor* reasons : ErrorReasons()) {
    if (ServiceOf(reasons->file()) == "platform") continue;
    for (const Reason& reason : ReasonsOf(reasons)) {
      EXPECT_FALSE(platform.contains(reason.word)) << reasons->full_name() << " " << reason.word;
    }
  }
}

TEST(ErrorReason, IsTheSameInTheDocument) {
  std::map<std::string, std::string> expected;
  for (const EnumDescriptor* reasons : ErrorReasons()) {
    for (const Reason& reason : ReasonsOf(reasons)) {
      expected[absl::StrCat(ServiceOf(reasons->file()), " ", reason.word)] = reason.code;
    }
  }
  const auto documented = DocumentedReasons();
  for (const auto& [reason, code] : expected) {
    const auto row = documented.find(reason);
    ASSERT_NE(row, documented.end()) << "docs/errors.md lacks " << reason;
    EXPECT_EQ(row->second, code) << reason;
  }
  for (const auto& [reason, code] : documented) {
    const std::string service = reason.substr(0, reason.find(' '));
    EXPECT_TRUE(expected.contains(reason) || !HasService(service))
        << "docs/errors.md has " << reason << " of no contract";
  }
}

// Files of a folder that end so, in one text; those of `without` are left out.
std::string TextOf(const std::string& folder, const std::string& ending = "",
                   const std::string& without = "-") {
  namespace fs = std::filesystem;
  std::string text;
  const fs::path root = fs::path(IEUM_SOURCE_DIR) / folder;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string path = fs::relative(entry.path(), IEUM_SOURCE_DIR).string();
    if (!entry.is_regular_file() || absl::StartsWith(path, without)) continue;
    if (absl::EndsWith(path, ending)) text += ReadProjectFile(path);
  }
  return text;
}

// What is refused with a word in the code, not by the enum's name.
TEST(ErrorReason, KnowsEveryWordThatTheCodeRefusesWith) {
  static const RE2 refusal(
      R"re((?:Error|InvalidField|Forbidden|AlreadyExists|NotFound|Add)\(\s*)re"
      R"re((?:absl::StatusCode::\w+,\s*)?"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)")re");
  std::set<std::string> known, used;
  for (const EnumDescriptor* reasons : ErrorReasons()) {
    for (const Reason& reason : ReasonsOf(reasons)) known.insert(reason.word);
  }
  const std::string code = TextOf("platform", ".cc") + TextOf("services", ".cc");
  re2::StringPiece rest(code);
  std::string word;
  while (RE2::FindAndConsume(&rest, refusal, &word)) used.insert(word);
  EXPECT_GE(used.size(), 10u);
  for (const std::string& reason : used) EXPECT_TRUE(known.contains(reason)) << reason;
}

// The word alone, or behind the enum's prefix.
TEST(ErrorReason, IsAskedForByATest) {
  const std::string tests = TextOf("tests", "", "tests/contract");
  for (const EnumDescriptor* reasons : ErrorReasons()) {
    for (const Reason& reason : ReasonsOf(reasons)) {
      const RE2 word(absl::StrCat("(^|[^A-Z0-9_]|ERROR_REASON_)", reason.word, "([^A-Z0-9_]|$)"));
      EXPECT_TRUE(RE2::PartialMatch(tests, word))
          << "no test provokes " << ServiceOf(reasons->file()) << " " << reason.word;
    }
  }
}

}  // namespace
}  // namespace ieum::contract
