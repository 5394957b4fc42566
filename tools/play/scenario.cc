#include "tools/play/scenario.h"

#include <algorithm>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "tools/play/faults.h"
#include "tools/play/json_file.h"
#include "tools/play/masters.h"
#include "tools/play/scenario_check.h"

namespace ieum::play {
namespace {

using nlohmann::json;

std::string TextOr(const json& file, std::string_view field, const std::string& name,
                   Faults& faults) {
  const absl::StatusOr<std::string> text = TextAt(file, field);
  if (text.ok()) return *text;
  faults.Add(name, text.status());
  return "";
}

absl::Time InstantOr(const std::string& text, const std::string& place, Faults& faults) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    faults.Add(place, absl::StrCat("`", text, "` is no instant: ", error));
  } else if (!text.ends_with("+09:00")) {
    faults.Add(place, absl::StrCat("`", text, "` is not written in Korea time (+09:00)"));
  }
  return time;
}

// The file's content, or an empty object and a fault.
json FileOr(const Scenario& scenario, const std::string& name, Faults& faults) {
  auto file = ReadJsonFile(absl::StrCat(scenario.folder, "/", name));
  if (file.ok()) return *std::move(file);
  faults.Add(scenario.folder, file.status());
  return json::object();
}

void ReadHead(Scenario& scenario, Faults& faults) {
  const std::string name = "scenario.json";
  const json file = FileOr(scenario, name, faults);
  scenario.key = TextOr(file, "key", name, faults);
  scenario.title_ko = TextOr(file, "title.ko", name, faults);
  scenario.title_en = TextOr(file, "title.en", name, faults);
  scenario.programme = TextOr(file, "programme", name, faults);
  scenario.edition = TextOr(file, "edition", name, faults);
  scenario.set_up_at = InstantOr(TextOr(file, "set_up_at", name, faults), name, faults);
  scenario.cut_off = InstantOr(TextOr(file, "cut_off", name, faults), name, faults);
  scenario.last_day = file.value("last_day", base::FormatDay(base::KoreaDay(scenario.cut_off)));
}

// What the file leaves to the scenario's head.
void Complete(const Scenario& scenario, const MasterList& list, Entry& entry) {
  if (list.list == "campaigns") {
    entry.fields["programme"] = scenario.programme;
    entry.fields["edition"] = scenario.edition;
  } else if (list.list == "targets") {
    entry.fields["name"] = fmt::format("programmes/{}/editions/{}/targets/{}", scenario.programme,
                                       scenario.edition, entry.key);
  }
}

void Complete(const Scenario& scenario, Action& action) {
  if (action.verb != "case.open" && action.verb != "group.form") return;
  action.fields["programme"] = scenario.programme;
  action.fields["edition"] = scenario.edition;
}

std::vector<Entry> ReadMasters(const Scenario& scenario, const MasterList& list, Faults& faults) {
  std::vector<Entry> entries;
  if (list.may_be_absent && !std::filesystem::exists(scenario.folder + "/" + list.file)) {
    return entries;
  }
  const json file = FileOr(scenario, list.file, faults);
  const json* rows = ValueAt(file, list.list);
  if (rows == nullptr || !rows->is_array()) {
    faults.Add(list.file, absl::StrCat("there is no list `", list.list, "`"));
    return entries;
  }
  for (const json& row : *rows) {
    const std::string place = absl::StrCat(list.file, ", entry ", entries.size() + 1);
    Entry entry{list.file, TextOr(row, list.key, place, faults), row};
    Complete(scenario, list, entry);
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<std::string> DayFiles(const Scenario& scenario, Faults& faults) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(scenario.folder + "/days", error)) {
    if (file.path().extension() == ".json") {
      names.push_back("days/" + file.path().filename().string());
    }
  }
  if (error) faults.Add("days", absl::StrCat("cannot be read: ", error.message()));
  std::sort(names.begin(), names.end());
  return names;
}

void ReadActions(Scenario& scenario, const std::string& name, Faults& faults) {
  const json file = FileOr(scenario, name, faults);
  const json* rows = ValueAt(file, "actions");
  if (rows == nullptr || !rows->is_array()) {
    faults.Add(name, "there is no list `actions`");
    return;
  }
  for (const json& row : *rows) {
    const std::string place = absl::StrCat(name, ", action ", &row - &rows->front() + 1);
    Action action{.file = name};
    action.at = TextOr(row, "at", place, faults);
    action.verb = TextOr(row, "do", place, faults);
    action.time = InstantOr(action.at, place, faults);
    action.fields = row;
    action.fields.erase("at");
    action.fields.erase("do");
    action.as = action.fields.value("as", "");
    action.fields.erase("as");
    Complete(scenario, action);
    scenario.actions.push_back(std::move(action));
  }
}

void ReadExpected(Scenario& scenario, Faults& faults) {
  if (!std::filesystem::exists(scenario.folder + "/expected.json")) return;
  scenario.expected = FileOr(scenario, "expected.json", faults);
}

}  // namespace

const std::vector<Entry>& Scenario::Entries(std::string_view list) const {
  const auto& lists = Masters();
  const auto found = std::find_if(lists.begin(), lists.end(),
                                  [&](const MasterList& one) { return one.list == list; });
  return masters.at(found - lists.begin());
}

absl::StatusOr<Scenario> LoadScenario(const std::string& folder) {
  if (!std::filesystem::is_directory(folder)) {
    return absl::NotFoundError(absl::StrCat(folder, ": there is no such folder"));
  }
  Scenario scenario{.folder = folder};
  Faults faults;
  ReadHead(scenario, faults);
  for (const MasterList& list : Masters()) {
    scenario.masters.push_back(ReadMasters(scenario, list, faults));
  }
  for (const std::string& name : DayFiles(scenario, faults)) ReadActions(scenario, name, faults);
  ReadExpected(scenario, faults);
  RETURN_IF_ERROR(faults.ToStatus());  // the rest would only repeat it
  CheckScenario(scenario, faults);
  RETURN_IF_ERROR(faults.ToStatus());
  return scenario;
}

}  // namespace ieum::play
