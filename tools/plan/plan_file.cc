#include "tools/plan/plan_file.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "platform/base/decimal.h"
#include "platform/base/korea_time.h"
#include "re2/re2.h"
#include "tools/plan/date_words.h"
#include "tools/plan/yaml_reader.h"

namespace ieum::plan {
namespace {

namespace v1 = ieum::registry::v1;

constexpr char kCode[] = "[A-Z0-9][A-Z0-9_-]{0,39}";
constexpr char kShortCode[] = "[A-Z0-9][A-Z0-9_-]{0,19}";

// Reads one file; what it has read so far stands in the plan.
class Reader {
 public:
  Reader(Plan* plan, std::vector<Fault>* faults) : plan_(*plan), faults_(*faults) {}

  void Read(const YAML::Node& file) {
    Map map(file, "the plan", &faults_);
    Programme(map.Value("programme"));
    Edition(map.Value("edition"));
    const std::vector<YAML::Node> lines = map.List("lines");
    if (lines.empty()) map.Blame("lines", "must hold at least one line");
    for (const YAML::Node& line : lines) Line(line);
    map.Finish();
  }

 private:
  Map Part(const YAML::Node& node, const std::string& what) {
    if (!node.IsDefined()) faults_.push_back({0, absl::StrCat("the plan needs ", what)});
    return Map(node, what, &faults_);
  }

  void Remember(const std::string& path, int line) { plan_.lines.emplace(path, line); }

  // A code of the shape that the contract asks for.
  std::string Code(Map& map, const std::string& key, const char* shape, bool needed = true) {
    const std::string code = map.Text(key, needed);
    if (!code.empty() && !RE2::FullMatch(code, shape)) {
      map.Blame(key, "must be a code of capital letters, digits, hyphens and underlines");
    }
    return code;
  }

  void Once(std::set<std::string>* seen, const std::string& code, Map& map, const char* key) {
    if (code.empty() || seen->insert(code).second) return;
    map.Blame(key, absl::StrCat(code, " stands above already"));
  }

  // EDITION_STATE_PLANNED of "planned": the contract's word for what people write.
  template <class Enum>
  Enum Word(Map& map, const std::string& key, const std::string& prefix, bool needed) {
    const std::string text = map.Text(key, needed);
    if (text.empty()) return static_cast<Enum>(0);
    const auto* type = google::protobuf::GetEnumDescriptor<Enum>();
    const auto* value = type->FindValueByName(prefix + absl::AsciiStrToUpper(text));
    if (value != nullptr && value->number() != 0) return static_cast<Enum>(value->number());
    std::string known;
    for (int at = 1; at < type->value_count(); ++at) {
      absl::StrAppend(&known, known.empty() ? "" : ", ",
                      absl::AsciiStrToLower(type->value(at)->name().substr(prefix.size())));
    }
    map.Blame(key, absl::StrCat("must be one of ", known));
    return static_cast<Enum>(0);
  }

  void Programme(const YAML::Node& node) {
    Map map = Part(node, "the `programme`");
    plan_.programme_code = Code(map, "code", kShortCode);
    plan_.programme.set_display_name(map.Text("name", true));
    plan_.programme.set_display_name_en(map.Text("name_en"));
    Remember("programme", map.line());
    map.Finish();
  }

  void Edition(const YAML::Node& node) {
    Map map = Part(node, "the `edition`");
    plan_.edition_code = Code(map, "code", kShortCode);
    plan_.edition.set_year(map.Int("year", true));
    plan_.edition.set_budget_year(map.Int("budget_year"));
    if (plan_.edition.budget_year() == 0) plan_.edition.set_budget_year(plan_.edition.year());
    plan_.lead = Code(map, "lead", kCode, false);
    plan_.manager = map.Text("manager");
    Remember("edition", map.line());
    Remember("edition.lead_organization", map.LineOfValue("lead"));
    Remember("edition.manager", map.LineOfValue("manager"));
    map.Finish();
  }

  void Line(const YAML::Node& node) {
    const std::string path = absl::StrCat("edition.lines[", plan_.edition.lines_size(), "]");
    v1::ActivityLine& line = *plan_.edition.add_lines();
    Map map(node, "a line", &faults_);
    Remember(path, map.line());
    line.set_code(Code(map, "code", kCode));
    Once(&codes_, line.code(), map, "code");
    line.set_display_name(map.Text("name", true));
    line.set_display_name_en(map.Text("name_en"));
    line.set_area(Code(map, "area", kShortCode, false));
    line.set_task(Word<v1::TaskKind>(map, "task", "TASK_KIND_", false));
    for (const YAML::Node& target : map.List("targets")) Target(target, path, &line);
    std::set<std::string> keys;
    for (const YAML::Node& date : map.List("dates")) Date(date, path, &keys, &line);
    const YAML::Node campaign = map.Value("campaign");
    if (campaign.IsDefined()) Campaign(campaign, &line);
    map.Finish();
  }

  void Target(const YAML::Node& node, const std::string& line_path, v1::ActivityLine* line) {
    const std::string path = absl::StrCat(line_path, ".targets[", line->targets_size(), "]");
    v1::PlannedTarget& target = *line->add_targets();
    Map map(node, "a target", &faults_);
    Remember(path, map.line());
    target.set_indicator(Code(map, "indicator", kCode));
    Once(&indicators_, target.indicator(), map, "indicator");
    target.set_value(map.Text("target"));
    const auto value = base::Decimal::Parse(target.value());
    if (!target.value().empty() && (!value || *value <= base::Decimal(0))) {
      map.Blame("target", "must be a number above zero; without one the figure has no target");
    }
    target.set_unit(Word<v1::CountingUnit>(map, "unit", "COUNTING_UNIT_", true));
    target.set_moment(Code(map, "moment", kCode, false));
    target.set_position(map.Int("position"));
    map.Finish();
  }

  void Rule(Map& map, const std::string& key, const std::string& path, v1::DateRule* rule) {
    const std::string text = map.Text(key, true);
    Remember(path, map.LineOfValue(key));
    if (text.empty()) return;
    auto read = ReadDateWords(text);
    if (read.ok()) {
      *rule = *std::move(read);
    } else {
      map.Blame(key, std::string(read.status().message()));
    }
    if (!rule->date().empty() && !base::ParseDay(rule->date(), key).ok()) {
      map.Blame(key, "is no day of the calendar");
    }
  }

  void Date(const YAML::Node& node, const std::string& line_path, std::set<std::string>* keys,
            v1::ActivityLine* line) {
    const std::string path = absl::StrCat(line_path, ".dates[", line->dates_size(), "]");
    v1::PlannedDate& date = *line->add_dates();
    Map map(node, "a date", &faults_);
    Remember(path, map.line());
    date.set_key(Code(map, "key", kCode));
    Once(keys, date.key(), map, "key");
    date.set_kind(map.Bool("call") ? v1::PLANNED_DATE_KIND_CALL : v1::PLANNED_DATE_KIND_ACTIVITY);
    const bool one_day = map.Value("on").IsDefined();
    Rule(map, one_day ? "on" : "from", path + ".start", date.mutable_start());
    if (!one_day) Rule(map, "to", path + ".end", date.mutable_end());
    map.Finish();
  }

  // "2023-10-10 18:00" in Korea.
  void Instant(Map& map, const std::string& key, google::protobuf::Timestamp* instant) {
    static const RE2 written(R"(\d{4}-\d{2}-\d{2} \d{2}:\d{2})");  // not "infinite-future"
    const std::string text = map.Text(key, true);
    absl::Time time;
    std::string error;
    if (text.empty()) return;
    if (!RE2::FullMatch(text, written) ||
        !absl::ParseTime("%Y-%m-%d %H:%M", text, base::Korea(), &time, &error)) {
      map.Blame(key, "must be a time in Korea, written like 2023-10-10 18:00");
      return;
    }
    instant->set_seconds(absl::ToUnixSeconds(time));
  }

  void Admits(Map& map, v1::Campaign* campaign) {
    const YAML::Node node = map.Value("admits");
    if (!node.IsDefined()) return;
    const auto read = google::protobuf::util::JsonStringToMessage(ToJson(node).dump(),
                                                                  campaign->mutable_eligibility());
    if (!read.ok()) {
      map.Blame("admits", absl::StrCat("must hold fields of EligibilityRules: ",
                                       std::string(read.message())));
    }
  }

  void Campaign(const YAML::Node& node, v1::ActivityLine* line) {
    PlannedCampaign planned;
    v1::Campaign& campaign = planned.campaign;
    Map map(node, "a campaign", &faults_);
    planned.line = map.line();
    campaign.set_code(Code(map, "code", kCode));
    Once(&campaigns_, campaign.code(), map, "code");
    campaign.set_display_name(map.Text("name", true));
    campaign.set_task(line->task());
    if (line->task() == v1::TASK_KIND_UNSPECIFIED) {
      faults_.push_back({map.line(), "a line that opens a campaign needs a `task`"});
    }
    campaign.set_admission(Word<v1::AdmissionMode>(map, "admission", "ADMISSION_MODE_", true));
    if (map.Value("opens").IsDefined() || map.Value("closes").IsDefined()) {
      Instant(map, "opens", campaign.mutable_window()->mutable_start_time());
      Instant(map, "closes", campaign.mutable_window()->mutable_end_time());
      if (campaign.window().end_time().seconds() <= campaign.window().start_time().seconds()) {
        map.Blame("closes", "must be later than `opens`");
      }
    }
    campaign.set_capacity(map.Int("seats"));
    campaign.set_waiting_list(map.Bool("waiting_list"));
    Admits(map, &campaign);
    map.Finish();
    line->set_campaign(campaign.code());
    campaign.set_programme(plan_.programme_code);
    campaign.set_edition(plan_.edition_code);
    plan_.campaigns.push_back(std::move(planned));
  }

  Plan& plan_;
  std::vector<Fault>& faults_;
  std::set<std::string> codes_, indicators_, campaigns_;
};

}  // namespace

std::string Plan::programme_name() const { return absl::StrCat("programmes/", programme_code); }

std::string Plan::edition_name() const {
  return absl::StrCat(programme_name(), "/editions/", edition_code);
}

int Plan::LineOf(const std::string& path) const {
  for (std::string around = path; !around.empty();) {
    const auto known = lines.find(around);
    if (known != lines.end()) return known->second;
    const size_t cut = around.find_last_of(".[");
    around.resize(cut == std::string::npos ? 0 : cut);
  }
  return 0;
}

Plan ReadPlan(const std::string& text, std::vector<Fault>* faults) {
  Plan plan;
  const auto file = Parse(text, faults);
  if (!file) return plan;
  Reader(&plan, faults).Read(*file);
  std::stable_sort(faults->begin(), faults->end(),
                   [](const Fault& a, const Fault& b) { return a.line < b.line; });
  return plan;
}

std::string FaultText(const std::string& file, const std::vector<Fault>& faults) {
  std::string text;
  for (const Fault& fault : faults) {
    const std::string place = fault.line > 0 ? absl::StrCat(":", fault.line) : "";
    absl::StrAppend(&text, file, place, ": ", fault.what, "\n");
  }
  return text;
}

}  // namespace ieum::plan
