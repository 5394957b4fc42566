#include "tests/style/code_shape.h"

#include <algorithm>
#include <cctype>

#include "re2/re2.h"

namespace ieum::style {
namespace {

// Blanks what is not code, one construct at a time.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : in_(text), out_(text) {}

  std::string Run() {
    while (at_ < in_.size()) {
      if (line_start_ && NextIsDirective()) {
        BlankDirective();
      } else if (Starts("//")) {
        BlankTo(in_.find('\n', at_));
      } else if (Starts("/*")) {
        BlankTo(After("*/", at_ + 2));
      } else if (IsRawString()) {
        BlankRawString();
      } else if (in_[at_] == '"' || IsCharLiteral()) {
        BlankQuoted(in_[at_]);
      } else {
        Step();
      }
    }
    return out_;
  }

 private:
  bool Starts(std::string_view what) const { return in_.substr(at_).starts_with(what); }

  size_t After(std::string_view what, size_t from) const {
    const size_t found = in_.find(what, from);
    return found == std::string_view::npos ? in_.size() : found + what.size();
  }

  void Step() {
    if (in_[at_] == '\n') {
      line_start_ = true;
    } else if (!std::isspace(static_cast<unsigned char>(in_[at_]))) {
      line_start_ = false;
    }
    ++at_;
  }

  void BlankTo(size_t end) {
    for (end = std::min(end, in_.size()); at_ < end; ++at_) {
      if (in_[at_] != '\n') out_[at_] = ' ';
    }
  }

  bool NextIsDirective() const {
    const size_t first = in_.find_first_not_of(" \t", at_);
    return first != std::string_view::npos && in_[first] == '#';
  }

  void BlankDirective() {
    size_t end = in_.find('\n', at_);
    while (end != std::string_view::npos && end > 0 && in_[end - 1] == '\\') {
      end = in_.find('\n', end + 1);
    }
    BlankTo(end);
  }

  bool IsWordBefore() const {
    return at_ > 0 &&
           (std::isalnum(static_cast<unsigned char>(in_[at_ - 1])) || in_[at_ - 1] == '_');
  }

  bool IsRawString() const { return Starts("R\"") && !IsWordBefore(); }

  // 1'000'000 is a number.
  bool IsCharLiteral() const { return in_[at_] == '\'' && !IsWordBefore(); }

  void BlankRawString() {
    const size_t open = in_.find('(', at_);
    const std::string close = ")" + std::string(in_.substr(at_ + 2, open - at_ - 2)) + "\"";
    at_ += 2;
    BlankTo(After(close, open) - 1);
    ++at_;
  }

  void BlankQuoted(char quote) {
    size_t end = ++at_;
    while (end < in_.size() && in_[end] != quote && in_[end] != '\n') {
      end += in_[end] == '\\' ? 2 : 1;
    }
    BlankTo(end);
    ++at_;
  }

  std::string_view in_;
  std::string out_;
  size_t at_ = 0;
  bool line_start_ = true;
};

enum class Block { kScope, kFunction, kMemberInitializer, kOther };

std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool space = std::isspace(static_cast<unsigned char>(c));
    if (!space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

// What a brace opens, judged by the words between the last statement's end and the brace.
Block Judge(const std::string& head) {
  static const RE2 scope(
      R"(^(?:inline\s+)?namespace\b|^extern\b\s*$|^(?:template\s*<.*>\s*)?(?:class|struct|union)\b[^()=]*$)");
  static const RE2 assigned(R"([^=!<>+\-*/|&^]=(?:[^=]|$))");
  static const RE2 named_operator(R"(operator\s*[=!<>+\-*/|&^]+\s*\()");
  static const RE2 after_parameters(
      R"(\)\s*(?:const|noexcept|override|final|mutable|&|->\s*[\w:<>,*&\s]+|\s)*$)");
  static const RE2 initialisers(R"(\)\s*(?:noexcept\s*)?:[^:])");
  if (RE2::PartialMatch(head, scope)) return Block::kScope;
  if (RE2::PartialMatch(head, R"(\benum\b)")) return Block::kOther;
  if (!RE2::PartialMatch(head, R"(\()")) return Block::kOther;
  const bool has_initialisers = RE2::PartialMatch(head, initialisers);
  if (has_initialisers && RE2::PartialMatch(head, R"([\w>]$)")) return Block::kMemberInitializer;
  if (has_initialisers || RE2::PartialMatch(head, named_operator)) return Block::kFunction;
  const std::string parameters_end = head.substr(0, head.find('('));
  if (RE2::PartialMatch(parameters_end + " ", assigned)) return Block::kOther;
  return RE2::PartialMatch(head, after_parameters) ? Block::kFunction : Block::kOther;
}

// Walks over code, and stops at each brace that is outside of functions.
class Walker {
 public:
  explicit Walker(std::string code) : code_(std::move(code)) {}

  std::vector<Function> Run() {
    for (at_ = 0; at_ < code_.size(); ++at_) {
      const char c = code_[at_];
      if (c == '(') ++parentheses_;
      if (c == ')') --parentheses_;
      if (parentheses_ > 0) continue;
      if (c == '{') Open();
      if (c == ';' || c == '}') head_ = at_ + 1;
      if (c == ':' && IsAccessLabel()) head_ = at_ + 1;
    }
    return std::move(functions_);
  }

 private:
  bool IsAccessLabel() const {
    return RE2::FullMatch(OneLine(std::string_view(code_).substr(head_, at_ - head_)),
                          R"(\s*(?:public|private|protected))");
  }

  void Open() {
    const std::string_view raw = std::string_view(code_).substr(head_, at_ - head_);
    const std::string head = OneLine(raw);
    switch (Judge(head)) {
      case Block::kScope:
        head_ = at_ + 1;
        return;
      case Block::kMemberInitializer:
        at_ = Close();  // the head goes on after it
        return;
      case Block::kFunction:
        functions_.push_back(Measure(raw, head));
        break;
      case Block::kOther:
        at_ = Close();
        break;
    }
    head_ = at_ + 1;
  }

  Function Measure(std::string_view raw, const std::string& head) {
    const size_t first = head_ + std::min(raw.find_first_not_of(" \t\n"), raw.size());
    at_ = Close();
    const int first_line = LineOf(first);
    return {head, first_line, LineOf(at_) - first_line + 1};
  }

  // The brace that closes the one at at_.
  size_t Close() const {
    int depth = 0;
    for (size_t i = at_; i < code_.size(); ++i) {
      if (code_[i] == '{') ++depth;
      if (code_[i] == '}' && --depth == 0) return i;
    }
    return code_.size() - 1;
  }

  int LineOf(size_t offset) const {
    return 1 + static_cast<int>(std::count(code_.begin(), code_.begin() + offset, '\n'));
  }

  std::string code_;
  std::vector<Function> functions_;
  size_t at_ = 0;
  size_t head_ = 0;
  int parentheses_ = 0;
};

}  // namespace

std::string CodeOnly(std::string_view text) { return Blanker(text).Run(); }

std::vector<Function> FunctionsOf(std::string_view text) { return Walker(CodeOnly(text)).Run(); }

int LineCount(std::string_view text) {
  const auto breaks = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  return text.empty() || text.back() == '\n' ? breaks : breaks + 1;
}

}  // namespace ieum::style
