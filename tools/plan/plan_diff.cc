#include "tools/plan/plan_diff.h"

#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/util/message_differencer.h"
#include "platform/base/korea_time.h"
#include "tools/plan/date_words.h"

namespace ieum::plan {
namespace {

namespace v1 = ieum::registry::v1;
using google::protobuf::util::MessageDifferencer;

class Words {
 public:
  explicit Words(std::vector<std::string>* words) : words_(*words) {}

  void Changed(const std::string& what, const std::string& is, const std::string& wanted) {
    if (is == wanted) return;
    words_.push_back(absl::StrCat("~ ", what, ": ", is.empty() ? "none" : is, " → ",
                                  wanted.empty() ? "none" : wanted));
  }
  void Came(const std::string& what) { words_.push_back("+ " + what); }
  void Went(const std::string& what) { words_.push_back("- " + what); }

 private:
  std::vector<std::string>& words_;
};

// What has come, gone or changed in a list whose items have keys.
template <class Item, class Key, class Change>
void Compare(const google::protobuf::RepeatedPtrField<Item>& is,
             const google::protobuf::RepeatedPtrField<Item>& wanted, const std::string& what,
             Key key, Words& words, Change change) {
  std::map<std::string, const Item*> left;
  for (const Item& item : is) left[key(item)] = &item;
  for (const Item& item : wanted) {
    const auto known = left.find(key(item));
    if (known == left.end()) {
      words.Came(absl::StrCat(what, " ", key(item)));
      continue;
    }
    change(*known->second, item);
    left.erase(known);
  }
  for (const auto& [code, item] : left) words.Went(absl::StrCat(what, " ", code));
}

std::string Target(const v1::PlannedTarget& target) {
  std::string text = target.value().empty() ? "no target" : target.value();
  const std::string unit = v1::CountingUnit_Name(target.unit());  // "" of a newer registry's
  absl::StrAppend(&text, " ", absl::AsciiStrToLower(absl::StripPrefix(unit, "COUNTING_UNIT_")));
  if (!target.moment().empty()) absl::StrAppend(&text, " ", target.moment());
  if (target.position() != 0) absl::StrAppend(&text, " place ", target.position());
  return text;
}

std::string Date(const v1::PlannedDate& date) {
  std::string text = DateWords(date.start());
  if (date.has_end()) absl::StrAppend(&text, " to ", DateWords(date.end()));
  if (date.kind() == v1::PLANNED_DATE_KIND_CALL) absl::StrAppend(&text, ", a call");
  return text;
}

void CompareLines(const v1::ActivityLine& is, const v1::ActivityLine& wanted, Words& words) {
  const std::string of = absl::StrCat(" of ", wanted.code());
  words.Changed("name" + of, is.display_name(), wanted.display_name());
  words.Changed("English name" + of, is.display_name_en(), wanted.display_name_en());
  words.Changed("area" + of, is.area(), wanted.area());
  words.Changed("task" + of, v1::TaskKind_Name(is.task()), v1::TaskKind_Name(wanted.task()));
  words.Changed("campaign" + of, is.campaign(), wanted.campaign());
  Compare(
      is.targets(), wanted.targets(), "target",
      [](const auto& target) { return target.indicator(); }, words,
      [&](const auto& before, const auto& after) {
        words.Changed("target " + after.indicator(), Target(before), Target(after));
      });
  Compare(
      is.dates(), wanted.dates(), "date", [&](const auto& date) { return date.key() + of; }, words,
      [&](const auto& before, const auto& after) {
        words.Changed("date " + after.key() + of, Date(before), Date(after));
      });
}

std::string Instant(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(time.seconds()), base::Korea());
}

std::string Window(const v1::Campaign& campaign) {
  if (!campaign.has_window()) return "";
  return absl::StrCat(Instant(campaign.window().start_time()), " to ",
                      Instant(campaign.window().end_time()));
}

}  // namespace

v1::Edition Wanted(const v1::Edition& edition) {
  v1::Edition wanted;
  wanted.set_year(edition.year());
  wanted.set_budget_year(edition.budget_year());
  wanted.set_lead_organization(edition.lead_organization());
  wanted.set_manager(edition.manager());
  *wanted.mutable_lines() = edition.lines();
  for (v1::ActivityLine& line : *wanted.mutable_lines()) {
    for (v1::PlannedDate& date : *line.mutable_dates()) {
      date.clear_start_date();
      date.clear_end_date();
      date.clear_activity_id();
    }
  }
  return wanted;
}

std::vector<std::string> Differences(const v1::Programme& is, const v1::Programme& wanted) {
  std::vector<std::string> found;
  Words words(&found);
  words.Changed("name of the programme", is.display_name(), wanted.display_name());
  words.Changed("English name of the programme", is.display_name_en(), wanted.display_name_en());
  return found;
}

std::vector<std::string> Differences(const v1::Edition& is, const v1::Edition& wanted) {
  std::vector<std::string> found;
  Words words(&found);
  words.Changed("year", absl::StrCat(is.year()), absl::StrCat(wanted.year()));
  words.Changed("budget year", absl::StrCat(is.budget_year()), absl::StrCat(wanted.budget_year()));
  words.Changed("lead", is.lead_organization(), wanted.lead_organization());
  words.Changed("manager", is.manager(), wanted.manager());
  Compare(
      is.lines(), wanted.lines(), "line", [](const auto& line) { return line.code(); }, words,
      [&](const auto& before, const auto& after) { CompareLines(before, after, words); });
  if (found.empty() && !MessageDifferencer::Equals(Wanted(is), Wanted(wanted))) {
    found.push_back("~ the order of the lines");
  }
  return found;
}

std::vector<std::string> Differences(const v1::Campaign& is, const v1::Campaign& wanted) {
  std::vector<std::string> found;
  Words words(&found);
  const std::string of = absl::StrCat(" of campaign ", wanted.code());
  words.Changed("task" + of, v1::TaskKind_Name(is.task()), v1::TaskKind_Name(wanted.task()));
  words.Changed("admission" + of, v1::AdmissionMode_Name(is.admission()),
                v1::AdmissionMode_Name(wanted.admission()));
  words.Changed("name" + of, is.display_name(), wanted.display_name());
  words.Changed("window" + of, Window(is), Window(wanted));
  words.Changed("seats" + of, absl::StrCat(is.capacity()), absl::StrCat(wanted.capacity()));
  words.Changed("waiting list" + of, is.waiting_list() ? "yes" : "no",
                wanted.waiting_list() ? "yes" : "no");
  if (!MessageDifferencer::Equals(is.eligibility(), wanted.eligibility())) {
    words.Changed("rules of admission" + of, is.eligibility().ShortDebugString(),
                  wanted.eligibility().ShortDebugString());
  }
  return found;
}

}  // namespace ieum::plan
