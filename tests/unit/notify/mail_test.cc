// Goal: what goes over the wire is a correct mail that says the right thing in the right language.
// Method: the scenario's templates filled, composed and read again with the same library's parser.
#include "services/notify/messages/mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/notify/messages/mail_text.h"
#include "tests/unit/notify/scenario_rules.h"

namespace ieum::notify::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Template Named(const std::string& wanted_code) {
  for (const auto& [code, wanted] : ScenarioTemplates()) {
    if (code == wanted_code) return *CheckTemplate(code, wanted);
  }
  return {};
}

Message VisitMessage() {
  Message message;
  message.law_class = v1::LAW_CLASS_SERVICE_NOTICE;
  message.channel = v1::CHANNEL_EMAIL;
  message.facts = FactsOf(VisitPlanned("2023-04-10"));
  message.facts[kDate] = "2023-04-10";
  return message;
}

TEST(MailText, IsInTheRecipientsLanguageWithDatesAsPeopleReadThem) {
  const Template version = Named("VISIT-REMINDER");
  const auto korean =
      FillTemplate(version, VisitMessage(), {"김철수", "한빛정밀", TextLanguage::kKorean});
  ASSERT_TRUE(korean.ok()) << korean.status();
  EXPECT_EQ(korean->subject, "[부산 일·생활균형] 2023년 4월 10일(월) 방문 안내");
  EXPECT_THAT(korean->body, HasSubstr("김철수 님, 안녕하세요."));
  EXPECT_THAT(korean->body, HasSubstr("한빛정밀을(를)"));
  const auto english =
      FillTemplate(version, VisitMessage(), {"Ann Lee", "Hanbit", TextLanguage::kEnglish});
  EXPECT_EQ(english->subject, "[Busan work-life balance] Visit on Monday, 10 April 2023");
}

TEST(MailText, PrintsInstantsInKoreanTime) {
  EXPECT_EQ(Printed("2023-04-10T01:00:00+00:00", TextLanguage::kKorean),
            "2023년 4월 10일(월) 10:00");
  EXPECT_EQ(Printed("2023-04-09T15:30:00+00:00", TextLanguage::kEnglish),
            "Monday, 10 April 2023 00:30");
  EXPECT_EQ(Printed("TASK_KIND_CAMPAIGN", TextLanguage::kKorean), "TASK_KIND_CAMPAIGN");
  EXPECT_EQ(Printed("2023-13-99", TextLanguage::kKorean), "2023-13-99");
}

// row:N8
TEST(MailText, RefusesAHoleInsteadOfSendingIt) {
  const auto text = FillTemplate(Named("VISIT-REMINDER"), VisitMessage(), {"김철수", "", {}});
  EXPECT_EQ(text.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(text.status().message()), HasSubstr("organization"));
  EXPECT_THAT(std::string(text.status().message()), Not(HasSubstr("김철수")));
}

// A late event is planned by the rule of its day, and a text may have become another kind since: no
// advertisement asks as a notice, and none goes unmarked. law:L27 law:L29
TEST(MailText, IsOfTheMessagesOwnKindByLaw) {
  using enum v1::LawClass;
  Template version = Named("VISIT-REMINDER");
  Message message = VisitMessage();
  for (const auto& [text, asked] : {std::pair(LAW_CLASS_ADVERTISING, LAW_CLASS_SERVICE_NOTICE),
                                    std::pair(LAW_CLASS_SERVICE_NOTICE, LAW_CLASS_ADVERTISING),
                                    std::pair(LAW_CLASS_SERVICE_NOTICE, LAW_CLASS_UNSPECIFIED)}) {
    version.law_class = text;
    message.law_class = asked;
    EXPECT_EQ(FillTemplate(version, message, {"김철수", "한빛정밀", {}}).status().code(),
              absl::StatusCode::kFailedPrecondition);
  }
}

// The subject of an advertisement for text messages bears no mark. law:L29
TEST(MailText, IsWordedForTheMessagesOwnChannel) {
  Template version = Named("VISIT-REMINDER");
  version.channel = v1::CHANNEL_SMS;
  EXPECT_EQ(FillTemplate(version, VisitMessage(), {"김철수", "한빛정밀", {}}).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(MailText, KeepsTheSubjectOnOneLine) {
  const auto text =
      FillTemplate(Named("VISIT-REMINDER"), VisitMessage(), {"x", "y", TextLanguage::kKorean});
  Template version = Named("VISIT-REMINDER");
  version.ko.subject = "{{person}}";
  EXPECT_EQ(FillTemplate(version, VisitMessage(), {"a\r\nBcc: b@c.kr", "y", {}})->subject,
            "a  Bcc: b@c.kr");
}

TEST(Mail, HasTheHeadersOfAnAutomaticMail) {
  const std::string mail = ComposeMail(
      {.from = "ieum@busan.example",
       .to_name = "김철수",
       .to = "kim@firm.example",
       .message_id = "018c0000-0000-7000-8000-000000000001",
       .date = At("2023-04-07 09:00")},
      {"[부산 일·생활균형] 2023년 4월 10일(월) 방문 안내", "김철수 님, 안녕하세요.\n\n.\nEnd"});
  EXPECT_THAT(mail, HasSubstr("From: ieum@busan.example\r\n"));
  EXPECT_THAT(mail, HasSubstr("<kim@firm.example>\r\n"));
  EXPECT_THAT(mail,
              HasSubstr("Message-Id: <018c0000-0000-7000-8000-000000000001@busan.example>\r\n"));
  EXPECT_THAT(mail, HasSubstr("Date: Fri, 07 Apr 2023 09:00:00 +0900\r\n"));
  EXPECT_THAT(mail, HasSubstr("Auto-Submitted: auto-generated\r\n"));
  EXPECT_THAT(mail, HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"));
  EXPECT_THAT(mail, HasSubstr("=?"));
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(mail, "\r\n"))) {
    EXPECT_LE(line.size(), 998u);
    for (const char c : line) {
      EXPECT_TRUE(static_cast<unsigned char>(c) < 0x80 && c != '\r' && c != '\n') << line;
    }
  }
}

TEST(MailAddress, IsOneThatCannotBreakACommand) {
  EXPECT_TRUE(IsMailAddress("kim@firm.example"));
  for (const char* address : {"", "kim", "@firm.example", "kim@", "a b@c.kr", "a@b@c.kr",
                              "a@c.kr\r\nRCPT TO:<x@y.kr>", "<a@c.kr>", "a,b@c.kr", "\"a\"@c.kr"}) {
    EXPECT_FALSE(IsMailAddress(address)) << address;
  }
  EXPECT_FALSE(IsMailAddress(absl::StrCat(std::string(250, 'a'), "@c.kr")));
}

}  // namespace
}  // namespace ieum::notify::testing
