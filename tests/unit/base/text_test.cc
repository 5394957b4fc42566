// Goal: text is kept exactly, compared in one form, and refused when it cannot be kept. Method:
// tables of hostile text (law:T29) and properties over random bytes.
#include "platform/base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "platform/base/status.h"

namespace ieum::base {
namespace {

using ::testing::ElementsAre;

constexpr char kComposed[] = "\uac01";                // 각
constexpr char kDecomposed[] = "\u1100\u1161\u11a8";  // the same as three jamo
constexpr char kFamily[] = "👩‍👩‍👧";      // one picture of five code points

std::string Repeat(const std::string& piece, size_t times) {
  std::string text;
  for (size_t i = 0; i < times; ++i) text += piece;
  return text;
}

TEST(NormalForms, ComposeHangul) {
  EXPECT_EQ(Nfc(kDecomposed), kComposed);
  EXPECT_EQ(Nfc(kComposed), kComposed);
  EXPECT_EQ(Nfkc(kDecomposed), kComposed);
}

TEST(NormalForms, DifferInCompatibilityForms) {
  EXPECT_EQ(Nfc("㈜ＡＢＣ①"), "㈜ＡＢＣ①");
  EXPECT_EQ(Nfkc("㈜ＡＢＣ①"), "(주)ABC1");
  EXPECT_EQ(Nfc("plain ascii"), "plain ascii");
  EXPECT_EQ(Nfkc(""), "");
}

TEST(NormalForms, TurnInvalidBytesIntoTheReplacementCharacter) {
  EXPECT_EQ(Nfc("가\xff나"), "가\uFFFD나");
  EXPECT_TRUE(
      rc::check("the output is valid UTF-8 and stays as it is", [](const std::string& bytes) {
        for (auto* form : {&Nfc, &Nfkc}) {
          const std::string once = form(bytes);
          RC_ASSERT(IsValidUtf8(once));
          RC_ASSERT(form(once) == once);
        }
      }));
}

TEST(Utf8, IsToldFromOtherBytes) {
  for (const char* good : {"", "a", "가", "\u0080", "\uFFFF", "\U0010FFFF", "🙂", kFamily}) {
    EXPECT_TRUE(IsValidUtf8(good)) << good;
  }
  for (const char* bad :
       {"\xff", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80",
        "\xed\x95", "a\x80", "\xf8\x88\x80\x80\x80", "가\xea"}) {
    EXPECT_FALSE(IsValidUtf8(bad)) << testing::PrintToString(bad);
  }
  EXPECT_TRUE(IsValidUtf8(std::string_view("a\0b", 3)));
}

TEST(CodePoints, AreCountedNotBytes) {
  EXPECT_EQ(CodePoints(""), 0);
  EXPECT_EQ(CodePoints("이음 센터"), 5);
  EXPECT_EQ(CodePoints(kComposed), 1);
  EXPECT_EQ(CodePoints(kDecomposed), 3);
  EXPECT_EQ(CodePoints("🙂"), 1);
  EXPECT_EQ(CodePoints(kFamily), 5);
}

TEST(SearchKey, IsTheSameForWhatPeopleTakeForTheSame) {
  const std::string key = SearchKey("㈜한빛Soft");
  EXPECT_EQ(key, "(주)한빛soft");
  for (const char* other :
       {"(주)한빛SOFT", "(주) 한빛 Soft", "㈜　한빛　ｓｏｆｔ", "(주)\u1112\u1161\u11ab빛soft",
        "(주)\t한빛\u00a0soft", " (주)한빛soft\n"}) {
    EXPECT_EQ(SearchKey(other), key) << other;
  }
  EXPECT_NE(SearchKey("㈜한빛소프트"), key);
}

TEST(SearchKey, OfAKeyIsTheKey) {
  EXPECT_TRUE(rc::check([] {
    const auto pieces =
        *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{
            "가", "A", "ß", "ＡＢ", "㈜", " ", "\u3000", "\t", "\u1100", "\u1161", "\u11a8", "é",
            "e\u0301", "①", "🙂", "-", "\u2028", "Σ", "ς"}));
    std::string text;
    for (const std::string& piece : pieces) text += piece;
    const std::string key = SearchKey(text);
    RC_ASSERT(SearchKey(key) == key);
    RC_ASSERT(SearchKey(" " + text + "\u3000") == key);
    RC_ASSERT(key.find(' ') == std::string::npos);
  }));
}

TEST(CheckText, TakesWhateverCanBeKept) {
  for (const std::string& text :
       {std::string(), std::string("'; DROP TABLE organization; --"),
        std::string("100% \\ {} NULL"), std::string("line\r\nline\tcell\x01"),
        std::string("\u202eright to left"), std::string(kFamily), std::string(kDecomposed),
        "e" + Repeat("\u0301", 500'000)}) {
    EXPECT_TRUE(CheckText(text, "note").ok()) << text.substr(0, 40);
  }
}

TEST(CheckText, RefusesWhatCannotBeKeptAndBlamesTheField) {
  for (const std::string& text :
       {std::string("\0", 1), std::string("a\0b", 3), std::string("a\0", 2), std::string("\xff"),
        std::string("\xed\xa0\x80"), std::string("가\xea\xb0")}) {
    const absl::Status status = CheckText(text, "contact.full_name");
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(ReasonOf(status), "INVALID_TEXT");
    EXPECT_THAT(FieldsOf(status), ElementsAre("contact.full_name"));
  }
}

}  // namespace
}  // namespace ieum::base
