// Goal: an advertisement is put into force only as the law words it, and nothing else is marked as
// one. Method: one that is right for each channel and language, spoilt in one way at a time.
#include "services/notify/templates/advertising.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace ieum::notify::testing {
namespace {

constexpr char kSender[] = "인천여성인력개발센터 032-123-4567";
constexpr char kRefuse[] = "무료수신거부 080-123-4567";

Text Mail() {
  return {"(광고) 새 과정 안내",
          absl::StrCat(kSender, "\n\n{{person}} 님\n", kRefuse, "\n고맙습니다.")};
}

Text English() {
  return {"(광고) A new course",
          "Incheon Centre hello@centre.example\nUnsubscribe free of charge: 080-123-4567"};
}

Text TextMessage() {
  return {"-", absl::StrCat("(광고)", kSender, "\n새 과정이 열립니다.\n", kRefuse)};
}

// The reason of the first fault and all blamed fields; "" and none for what is right.
std::pair<std::string, std::vector<std::string>> Faults(
    const Text& text, v1::Channel channel = v1::CHANNEL_EMAIL,
    TextLanguage language = TextLanguage::kKorean) {
  base::FieldErrors errors;
  CheckAdvertisement(text, channel, language, "t", &errors);
  const absl::Status status = errors.ToStatus();
  if (status.ok()) return {};
  return {base::ReasonOf(status), base::FieldsOf(status)};
}

std::pair<std::string, std::vector<std::string>> One(const char* reason, const char* field) {
  return {reason, {field}};
}

TEST(Advertisement, IsTakenAsTheLawWordsIt) {
  EXPECT_EQ(Faults(Mail()).first, "");
  EXPECT_EQ(Faults(English(), v1::CHANNEL_EMAIL, TextLanguage::kEnglish).first, "");
  EXPECT_EQ(Faults(TextMessage(), v1::CHANNEL_SMS).first, "");
}

// law:L29
TEST(Advertisement, BeginsWithTheMarkAndNothingLikeIt) {
  for (const char* subject :
       {"새 과정 안내", "(광고)", " (광고) 안내", "(광/고) 안내", "[광고] 안내", "(광 고) 안내",
        "（광고） 안내", "<광고> 안내", "(AD) 안내", "광고 안내", "(광고 안내", "안내 (광고)",
        "\u200b(광고) 안내", "(광\u200b고) 안내", "{{person}}(광고) 안내", "(廣告) 안내"}) {
    Text text = Mail();
    text.subject = subject;
    EXPECT_EQ(Faults(text), One("ADVERTISING_MARK", "t.subject")) << subject;
  }
  Text text = TextMessage();
  text.body.insert(0, " ");
  EXPECT_EQ(Faults(text, v1::CHANNEL_SMS).first, "ADVERTISING_MARK");
  // In a text message the subject is not what is read.
  text = TextMessage();
  text.body.erase(0, std::string("(광고)").size());
  text.subject = "(광고)";
  EXPECT_EQ(Faults(text, v1::CHANNEL_SMS), One("ADVERTISING_MARK", "t.body"));
}

// law:L29
TEST(Advertisement, SaysFirstWhoSendsItAndHowTheSenderIsReached) {
  for (const char* line : {"인천여성인력개발센터", "032-123-4567", "{{organization}} 032-123-4567",
                           "인천여성인력개발센터 {{person}}", "인천여성인력개발센터\n032-123-4567",
                           "", "무료수신거부 080-765-4321", "인천센터 무료수신거부 080-765-4321",
                           "센터 수신 거부 032-123-4567"}) {
    Text text = Mail();
    text.body.replace(0, std::string(kSender).size(), line);
    EXPECT_EQ(Faults(text), One("ADVERTISING_SENDER", "t.body")) << line;
  }
  for (const char* line : {"인천여성인력개발센터 (02-1234-5678)", "센터: 1588-1234",
                           "센터, a@b.example", " 센터 01012345678"}) {
    Text text = Mail();
    text.body.replace(0, std::string(kSender).size(), line);
    EXPECT_EQ(Faults(text).first, "") << line;
  }
}

// law:L30
TEST(Advertisement, SaysHowToRefuseItForNothing) {
  for (const char* line :
       {"", "수신거부 080-123-4567", "무료수신거부", "무료수신거부 02-123-4567", "080-123-4567",
        "무료수신거부 080-{{person}}", "unsubscribe free 080-123-4567"}) {
    Text text = Mail();
    text.body.replace(text.body.find(kRefuse), std::string(kRefuse).size(), line);
    EXPECT_EQ(Faults(text), One("ADVERTISING_UNSUBSCRIBE", "t.body")) << line;
  }
  for (const char* line :
       {"무료수신거부 080-123-4567 (로그인 필요)", "무료수신거부 080-123-4567, 통화료 별도",
        "무료 수신 거부 0801234567\n수신거부는 회원가입 후 가능합니다."}) {
    Text text = Mail();
    text.body.replace(text.body.find(kRefuse), std::string(kRefuse).size(), line);
    EXPECT_EQ(Faults(text), One("ADVERTISING_UNSUBSCRIBE", "t.body")) << line;
  }
  for (const char* line :
       {"Unsubscribe: 080-123-4567", "Unsubscribe for free after you log in: 080-123-4567",
        "무료수신거부 080-123-4567"}) {
    Text text = English();
    text.body = absl::StrCat("Incheon Centre hello@centre.example\n", line);
    EXPECT_EQ(Faults(text, v1::CHANNEL_EMAIL, TextLanguage::kEnglish),
              One("ADVERTISING_UNSUBSCRIBE", "t.body"))
        << line;
  }
}

// law:L30
TEST(Advertisement, EndsATextMessageWithIt) {
  Text text = TextMessage();
  text.body += " 감사합니다.";
  EXPECT_EQ(Faults(text, v1::CHANNEL_SMS), One("ADVERTISING_UNSUBSCRIBE", "t.body"));
  text = TextMessage();
  text.body += "\n감사합니다.";
  EXPECT_EQ(Faults(text, v1::CHANNEL_SMS), One("ADVERTISING_UNSUBSCRIBE", "t.body"));
  text = TextMessage();
  text.body += "\n \n";
  EXPECT_EQ(Faults(text, v1::CHANNEL_SMS).first, "");
}

TEST(Advertisement, LeavesNothingOut) {
  for (const char* line :
       {"{{#person}}\n무료수신거부 080-123-4567\n{{/person}}", "{{! 무료수신거부 080-123-4567 }}",
        "{{^ person }}무료수신거부 080-123-4567{{/person}}"}) {
    Text text = Mail();
    text.body.replace(text.body.find(kRefuse), std::string(kRefuse).size(), line);
    EXPECT_EQ(Faults(text), One("TEMPLATE_SYNTAX", "t.body")) << line;
  }
}

// law:L29
TEST(Notice, IsNotMarkedAsAnAdvertisement) {
  const auto reason = [](const Text& text) {
    base::FieldErrors errors;
    CheckNoAdvertisement(text, "t", &errors);
    return base::ReasonOf(errors.ToStatus());
  };
  for (const char* subject : {"(광고) 안내", "[광고] 안내", "(광/고) 안내", " （광 고） 안내",
                              "<광고>", "【광고】", "(\u1100\u116a\u11bc\u1100\u1169) 안내"}) {
    EXPECT_EQ(reason({subject, "본문"}), "ADVERTISING_MARK") << subject;
    EXPECT_EQ(reason({"제목", subject}), "ADVERTISING_MARK") << subject;
  }
  for (const char* subject :
       {"광고 교육 과정 안내", "[부산 일·생활균형] 안내", "안내 (광고 과정)"}) {
    EXPECT_EQ(reason({subject, "본문"}), "") << subject;
  }
}

}  // namespace
}  // namespace ieum::notify::testing
