#include "services/notify/messages/mail_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "platform/base/korea_time.h"
#include "services/notify/templates/mustache.h"

namespace ieum::notify {
namespace {

constexpr const char* kKoreanWeekdays[] = {"월", "화", "수", "목", "금", "토", "일"};

std::string PrintedDay(absl::CivilDay day, TextLanguage language) {
  if (language == TextLanguage::kKorean) {
    return absl::StrFormat("%d년 %d월 %d일(%s)", day.year(), day.month(), day.day(),
                           kKoreanWeekdays[static_cast<int>(absl::GetWeekday(day))]);
  }
  return absl::FormatTime("%A, %-d %B %Y", base::KoreaInstant(day, 0), base::Korea());
}

std::string PrintedInstant(absl::Time instant, TextLanguage language) {
  return absl::StrCat(PrintedDay(base::KoreaDay(instant), language), " ",
                      absl::FormatTime("%H:%M", instant, base::Korea()));
}

bool LooksLikeDay(const std::string& fact) {
  return fact.size() == 10 && fact[4] == '-' && fact[7] == '-';
}

bool LooksLikeInstant(const std::string& fact) {
  return fact.size() >= 20 && fact[4] == '-' && fact[10] == 'T';
}

// A subject is one line, whatever the values are.
std::string OneLine(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

}  // namespace

std::string LanguageCode(TextLanguage language) {
  return language == TextLanguage::kEnglish ? "en" : "ko";
}

std::string Printed(const std::string& fact, TextLanguage language) {
  if (LooksLikeDay(fact)) {
    if (const auto day = base::ParseDay(fact, "fact"); day.ok()) return PrintedDay(*day, language);
  }
  absl::Time instant;
  std::string error;
  if (LooksLikeInstant(fact) && absl::ParseTime(absl::RFC3339_full, fact, &instant, &error)) {
    return PrintedInstant(instant, language);
  }
  return fact;
}

absl::StatusOr<Text> FillTemplate(const Template& version, const Message& message,
                                  const Addressee& addressee) {
  // Templates and rules are put into force together, but a late event is planned by the rule of its
  // day, whose template may have become another kind, or one for another channel, since, and a
  // program of an older release makes every template a notice.
  if (version.law_class != message.law_class) {
    return absl::FailedPreconditionError("the text is of another kind by law than the message");
  }
  if (version.channel != message.channel) {
    return absl::FailedPreconditionError("the text is worded for another channel");
  }
  std::map<std::string, std::string> values;
  for (const auto& [name, fact] : message.facts) values[name] = Printed(fact, addressee.language);
  values[kPerson] = addressee.full_name;
  values[kOrganization] = addressee.organization;
  const Text& wanted = addressee.language == TextLanguage::kEnglish ? version.en : version.ko;
  Text text;
  auto subject = Render(wanted.subject, values);
  if (!subject.ok()) return subject.status();
  auto body = Render(wanted.body, values);
  if (!body.ok()) return body.status();
  text.subject = OneLine(*std::move(subject));
  text.body = *std::move(body);
  return text;
}

}  // namespace ieum::notify
