#include "services/notify/templates/advertising.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "ieum/notify/v1/errors.pb.h"
#include "platform/base/text.h"
#include "re2/re2.h"

namespace ieum::notify {
namespace {

constexpr char kMark[] = "(광고)";

re2::StringPiece Piece(absl::string_view text) { return {text.data(), text.size()}; }

// Brackets of any shape around the word, whatever stands between its syllables and however they
// are put together.
bool LooksMarked(const std::string& text) {
  static const RE2 mark(
      R"(^[\pZ\pC\s]*[(\[{<\p{Ps}\p{Pi}][^\pL\pN]*광[^\pL\pN]*고[^\pL\pN]*[)\]}>\p{Pe}\p{Pf}])");
  return RE2::PartialMatch(base::Nfc(text), mark);
}

const RE2& Refusing() {
  static const RE2 refusing(R"((?i)(?:무료\s*)?수신\s*거부|\b(?:unsubscribe|opt[- ]?out)\b)");
  return refusing;
}

bool SpeaksOfRefusing(absl::string_view line) { return RE2::PartialMatch(Piece(line), Refusing()); }

// The number for refusing is no contact of the sender's.
absl::string_view BeforeRefusing(absl::string_view line) {
  re2::StringPiece words;
  if (!Refusing().Match(Piece(line), 0, line.size(), RE2::UNANCHORED, &words, 1)) return line;
  return line.substr(0, static_cast<size_t>(words.data() - line.data()));
}

// "인천여성인력개발센터 032-123-4567": a name of at least two letters, then a way to reach it.
bool NamesSender(absl::string_view line) {
  static const RE2 sender(
      R"(^ ?[^{}]*\pL[^{}]*\pL[^{}]*[^\pL\pN{}]+)"
      R"((?:0\d{1,2}[- ]?\d{3,4}[- ]?\d{4}|1\d{3}[- ]?\d{4}|[A-Za-z0-9._+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+)\b)");
  return RE2::PartialMatch(Piece(BeforeRefusing(line)), sender);
}

// A line that says how to refuse, by a number whose calls the callee pays for.
bool RefusesForNothing(absl::string_view line, TextLanguage language) {
  static const RE2 korean(R"(무료\s*수신\s*거부.*\b080[- ]?\d{3,4}[- ]?\d{4}\b)");
  static const RE2 english(R"((?i)\bunsubscribe\b.*\b080[- ]?\d{3,4}[- ]?\d{4}\b)");
  static const RE2 free_of_charge(R"((?i)\bfree\b)");
  if (language == TextLanguage::kKorean) return RE2::PartialMatch(Piece(line), korean);
  return RE2::PartialMatch(Piece(line), english) && RE2::PartialMatch(Piece(line), free_of_charge);
}

bool AsksForLogInOrMoney(absl::string_view line) {
  static const RE2 demand(
      R"((?i)로그인|비밀번호|아이디|회원\s*가입|유료|요금|통화료|\b(?:log(?:ging)?[- ]?in|sign(?:ing)?[- ]?in|password|fees?)\b)");
  return RE2::PartialMatch(Piece(line), demand);
}

std::vector<absl::string_view> LinesOf(absl::string_view text) {
  std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  for (absl::string_view& line : lines) line = absl::StripTrailingAsciiWhitespace(line);
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

bool EndsWithNumber(absl::string_view line) {
  static const RE2 end(R"(\b080[- ]?\d{3,4}[- ]?\d{4}$)");
  return RE2::PartialMatch(Piece(line), end);
}

void CheckWrittenOut(const std::string& text, const std::string& field, base::FieldErrors* errors) {
  static const RE2 left_out(R"(\{\{\s*[#^!/])");
  if (!RE2::PartialMatch(text, left_out)) return;
  errors->Add(
      v1::ERROR_REASON_TEMPLATE_SYNTAX, field,
      "an advertisement has no sections and no remarks: what the law asks for stands in each");
}

void CheckMark(const std::string& text, const std::string& field, base::FieldErrors* errors) {
  if (absl::StartsWith(text, kMark) && text.size() > sizeof(kMark) - 1) return;
  errors->Add(
      v1::ERROR_REASON_ADVERTISING_MARK, field,
      "must begin with exactly (광고), with nothing before it and no other sign or space in it, "
      "and go on");
}

void CheckSender(absl::string_view line, const std::string& field, base::FieldErrors* errors) {
  if (NamesSender(line)) return;
  errors->Add(v1::ERROR_REASON_ADVERTISING_SENDER, field,
              "must begin with the sender's name and then a telephone number or an e-mail address, "
              "written out");
}

void CheckRefusing(const std::vector<absl::string_view>& lines, v1::Channel channel,
                   TextLanguage language, const std::string& field, base::FieldErrors* errors) {
  const auto refuses = [&](absl::string_view line) { return RefusesForNothing(line, language); };
  const bool at_end = channel == v1::CHANNEL_SMS;
  const bool told = at_end ? !lines.empty() && refuses(lines.back()) && EndsWithNumber(lines.back())
                           : std::any_of(lines.begin(), lines.end(), refuses);
  if (!told) {
    errors->Add(
        v1::ERROR_REASON_ADVERTISING_UNSUBSCRIBE, field,
        at_end ? "must end with 무료수신거부 (in English unsubscribe and free) and a number that "
                 "begins with 080"
               : "must have a line with 무료수신거부 (in English unsubscribe and free) and a "
                 "number that begins with 080");
  }
  for (const absl::string_view line : lines) {
    if (!SpeaksOfRefusing(line) || !AsksForLogInOrMoney(line)) continue;
    errors->Add(v1::ERROR_REASON_ADVERTISING_UNSUBSCRIBE, field,
                "must ask for no log-in and no money of who refuses");
    return;
  }
}

}  // namespace

void CheckAdvertisement(const Text& text, v1::Channel channel, TextLanguage language,
                        const std::string& field, base::FieldErrors* errors) {
  const bool by_text_message = channel == v1::CHANNEL_SMS;
  CheckWrittenOut(text.subject, field + ".subject", errors);
  CheckWrittenOut(text.body, field + ".body", errors);
  if (by_text_message) {
    CheckMark(text.body, field + ".body", errors);
  } else {
    CheckMark(text.subject, field + ".subject", errors);
  }
  const std::vector<absl::string_view> lines = LinesOf(text.body);
  absl::string_view first = lines.empty() ? absl::string_view() : lines.front();
  if (by_text_message) absl::ConsumePrefix(&first, kMark);
  CheckSender(first, field + ".body", errors);
  CheckRefusing(lines, channel, language, field + ".body", errors);
}

void CheckNoAdvertisement(const Text& text, const std::string& field, base::FieldErrors* errors) {
  constexpr char kWhy[] =
      "is marked as advertising; make the template's law_class ADVERTISING, or take the mark away";
  if (LooksMarked(text.subject)) {
    errors->Add(v1::ERROR_REASON_ADVERTISING_MARK, field + ".subject", kWhy);
  }
  if (LooksMarked(text.body)) {
    errors->Add(v1::ERROR_REASON_ADVERTISING_MARK, field + ".body", kWhy);
  }
}

}  // namespace ieum::notify
