#include "platform/base/failpoint.h"

#if IEUM_FAILPOINTS

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ieum::base::failpoint {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLookAgain(2);  // at the file, at the earliest

enum class Action { kKill9, kError, kUnavailable, kPause, kOn };

struct Rule {
  std::string text;
  std::string name;
  std::optional<std::string> key;
  Action action = Action::kKill9;
  std::chrono::milliseconds pause{0};
  int64_t nth = 0;  // 0 = every time
  int64_t reached = 0;
};

std::optional<Action> ActionOf(const std::string& word, std::chrono::milliseconds* pause) {
  if (word == "kill9") return Action::kKill9;
  if (word == "error") return Action::kError;
  if (word == "unavailable") return Action::kUnavailable;
  if (word == "on") return Action::kOn;
  int64_t millis = 0;
  if (!word.starts_with("pause(") || !word.ends_with(")") ||
      !absl::SimpleAtoi(word.substr(6, word.size() - 7), &millis)) {
    return std::nullopt;
  }
  *pause = std::chrono::milliseconds(millis);
  return Action::kPause;
}

// Nothing for words that cannot be read: a test that wrote them sees that nothing happens.
std::optional<Rule> RuleOf(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  Rule rule;
  rule.text = text;
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  const std::vector<std::string> name = absl::StrSplit(parts[0], absl::MaxSplits('[', 1));
  rule.name = name[0];
  if (name.size() == 2) rule.key = name[1].substr(0, name[1].find(']'));
  const auto action = ActionOf(parts[1], &rule.pause);
  if (!action || (parts.size() == 3 && !absl::SimpleAtoi(parts[2], &rule.nth))) return std::nullopt;
  rule.action = *action;
  return rule;
}

std::vector<std::string> WordsOf(const std::string& text) {
  return absl::StrSplit(text, absl::ByAnyChar(";\n"), absl::SkipEmpty());
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<Rule> RulesOf(const std::string& text) {
  std::vector<Rule> rules;
  for (const std::string& word : WordsOf(text)) {
    if (auto rule = RuleOf(word)) rules.push_back(*std::move(rule));
  }
  return rules;
}

std::string TextOf(const char* variable) {
  const char* text = std::getenv(variable);
  return text == nullptr ? "" : text;
}

class Settings {
 public:
  static Settings& Get() {
    static auto* settings = new Settings();  // never destroyed: threads may outlive main
    return *settings;
  }

  // The rule that acts now, if any; counts the visit.
  std::optional<Rule> Visit(std::string_view name, std::string_view key) {
    if (idle_) return std::nullopt;
    std::lock_guard<std::mutex> lock(mutex_);
    LookAtFile();
    for (Rule& rule : rules_) {
      if (rule.name != name || (rule.key && *rule.key != key)) continue;
      ++rule.reached;
      if (rule.nth == 0 || rule.nth == rule.reached) return rule;
    }
    return std::nullopt;
  }

  [[noreturn]] void Kill(const Rule& rule) {
    if (!file_.empty()) TakeOut(rule);
    kill(getpid(), SIGKILL);
    std::abort();  // not reached
  }

 private:
  Settings()
      : file_(TextOf("IEUM_FAILPOINTS_FILE")),
        rules_(RulesOf(TextOf("IEUM_FAILPOINTS"))),
        idle_(file_.empty() && rules_.empty()) {}

  void TakeOut(const Rule& rule) {
    std::ostringstream rest;
    for (const std::string& word : WordsOf(ReadFile(file_))) {
      if (word != rule.text) rest << word << '\n';
    }
    std::ofstream(file_) << rest.str();
  }

  void LookAtFile() {
    if (file_.empty() || Clock::now() < next_look_) return;
    next_look_ = Clock::now() + kLookAgain;
    struct stat now {};
    if (stat(file_.c_str(), &now) != 0) now = {};
    if (now.st_ino == seen_.st_ino && now.st_size == seen_.st_size &&
        now.st_mtim.tv_sec == seen_.st_mtim.tv_sec &&
        now.st_mtim.tv_nsec == seen_.st_mtim.tv_nsec) {
      return;
    }
    seen_ = now;
    rules_ = RulesOf(ReadFile(file_));
  }

  const std::string file_;
  std::mutex mutex_;
  std::vector<Rule> rules_;
  const bool idle_;
  Clock::time_point next_look_{};
  struct stat seen_ {};
};

void Halt(std::chrono::milliseconds time) {
  std::mutex mutex;
  std::unique_lock<std::mutex> lock(mutex);
  std::condition_variable().wait_for(lock, time, [] { return false; });
}

absl::Status Act(const Rule& rule) {
  switch (rule.action) {
    case Action::kKill9:
      Settings::Get().Kill(rule);
    case Action::kPause:
      Halt(rule.pause);
      return absl::OkStatus();
    case Action::kError:
      return absl::InternalError(absl::StrCat("failpoint ", rule.name));
    case Action::kUnavailable:
      return absl::UnavailableError(absl::StrCat("failpoint ", rule.name));
    case Action::kOn:
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

}  // namespace

void Reach(std::string_view name) { (void)Check(name, ""); }

absl::Status Check(std::string_view name, std::string_view key) {
  const std::optional<Rule> rule = Settings::Get().Visit(name, key);
  return rule ? Act(*rule) : absl::OkStatus();
}

bool On(std::string_view name) {
  const std::optional<Rule> rule = Settings::Get().Visit(name, "");
  return rule && rule->action == Action::kOn;
}

}  // namespace ieum::base::failpoint

#endif
