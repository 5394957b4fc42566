// Goal: a resident registration number is seen however it is dressed up, and ordinary numbers are
// left alone. Method: tables of texts on both sides of each part of the rule. Numbers are made up.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/base/text.h"

namespace ieum::base {
namespace {

using ::testing::ElementsAre;

void ExpectSeen(const std::string& text) {
  EXPECT_TRUE(LooksLikeResidentNumber(text)) << "not seen: " << text;
}
void ExpectLeftAlone(const std::string& text) {
  EXPECT_FALSE(LooksLikeResidentNumber(text)) << "wrongly seen: " << text;
}

std::string FullWidth(const std::string& digits) {
  std::string text;
  for (char c : digits) {
    if (c >= '0' && c <= '9') {
      absl::StrAppend(&text, "\xef\xbc", std::string(1, static_cast<char>(0x90 + c - '0')));
    } else {
      text.push_back(c);
    }
  }
  return text;
}

TEST(ResidentNumber, IsSeenWithEverySeparator) {
  for (const char* separator :
       {"",       " ",      ".",      "-",      "_",      "/",      "\t",
        "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212",
        "\u3000", "\u00a0", "\uff0d", "\uff0e", "\uff0f", "\uff3f", "\ufe63"}) {
    ExpectSeen(absl::StrCat("850312", separator, "1234567"));
  }
}

TEST(ResidentNumber, IsSeenWithUpToThreeSeparators) {
  for (const char* separators :
       {"--", "- ", " -", "  ", " - ", " . ", "---", "\u3000\uff0d\u3000", " \u2013 ", " / "}) {
    ExpectSeen(absl::StrCat("850312", separators, "1234567"));
    ExpectSeen(FullWidth(absl::StrCat("850312", separators, "1234567")));
  }
  for (const char* separators : {"----", "  - ", "    "}) {
    ExpectLeftAlone(absl::StrCat("850312", separators, "1234567"));
  }
}

TEST(ResidentNumber, IsNotSeenWithOtherSeparators) {
  for (const char* separator : {",", ":", "a", "\n", "~", " a ", "- a", "년"}) {
    ExpectLeftAlone(absl::StrCat("850312", separator, "1234567"));
  }
}

TEST(ResidentNumber, IsSeenThroughInvisibleCharacters) {
  ExpectSeen("850312\u200b-1234567");
  ExpectSeen("8503\u200d12-12\u00ad34567");
  ExpectSeen("\ufeff850312\u20601234567");
}

TEST(ResidentNumber, IsSeenInOtherFormsOfDigits) {
  ExpectSeen(FullWidth("850312-1234567"));
  ExpectSeen(FullWidth("8503121234567"));
  ExpectSeen("85０312-1２34567");
  ExpectSeen("⑧⑤⓪③①②-①②③④⑤⑥⑦");
  ExpectSeen("⁸⁵⁰³¹²-¹²³⁴⁵⁶⁷");
  ExpectSeen("٨٥٠٣١٢-١٢٣٤٥٦٧");
  ExpectSeen("८५०३१२ १२३४५६७");
}

TEST(ResidentNumber, IsSeenInsideText) {
  ExpectSeen("주민번호는 850312-1234567입니다");
  ExpectSeen("a8503121234567b");
  ExpectSeen("no: 12 850312-1234567, 34");
  ExpectSeen("0850312-1234567 or 850312-1234567");
  ExpectSeen("\xff 850312-1234567 \xff");
}

TEST(ResidentNumber, IsNotSeenInLongerRunsOfDigits) {
  ExpectLeftAlone("1850312-1234567");
  ExpectLeftAlone("850312-12345678");
  ExpectLeftAlone("18503121234567");
  ExpectLeftAlone("85031212345678");
  ExpectLeftAlone(FullWidth("1") + "850312-1234567");
  ExpectLeftAlone("850312-1234567" + FullWidth("8"));
  ExpectLeftAlone("4012888888881881850312123456");
}

TEST(ResidentNumber, NeedsAllItsDigits) {
  ExpectLeftAlone("");
  ExpectLeftAlone("850312");
  ExpectLeftAlone("850312-123456");
  ExpectLeftAlone("85031-1234567");
  ExpectLeftAlone("850312-");
}

TEST(ResidentNumber, NeedsAGenderDigitFromOneToEight) {
  for (char digit = '1'; digit <= '8'; ++digit) {
    ExpectSeen(absl::StrCat("850312-", std::string(1, digit), "234567"));
  }
  ExpectLeftAlone("850312-0234567");
  ExpectLeftAlone("850312-9234567");
}

TEST(ResidentNumber, NeedsAMonthAndADay) {
  for (const char* date : {"850101", "851231", "000131", "991001", "850230", "850930"}) {
    ExpectSeen(absl::StrCat(date, "-1234567"));
  }
  for (const char* date : {"850001", "851301", "850100", "850132", "852001", "850140", "859999"}) {
    ExpectLeftAlone(absl::StrCat(date, "-1234567"));
  }
}

TEST(ResidentNumber, LeavesOrdinaryNumbersAlone) {
  for (const char* text : {"010-1234-5678", "+82 10-1234-5678", "124-81-00998", "2023-03-14",
                           "110111-0062432", "1,234,567,890,123", "20230314-1234567"}) {
    ExpectLeftAlone(text);
  }
}

TEST(CheckText, RefusesAResidentNumberAndNeverEchoesIt) {
  const absl::Status status = CheckText("메모: 850312-1234567", "visit.note");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), "RESIDENT_NUMBER");
  EXPECT_THAT(FieldsOf(status), ElementsAre("visit.note"));
  EXPECT_EQ(status.ToString(absl::StatusToStringMode::kWithEverything).find("1234567"),
            std::string::npos);
}

}  // namespace
}  // namespace ieum::base
