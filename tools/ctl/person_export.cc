#include "tools/ctl/person_export.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/status.h"
#include "tools/ctl/output.h"

namespace ieum::ctl {
namespace {

using nlohmann::ordered_json;
using platform::v1::ExportPersonalDataRequest;
using platform::v1::ExportPersonalDataResponse;
using platform::v1::PersonalDataKind;
using platform::v1::PersonalDataRecord;

constexpr char kMethod[] = "/ieum.platform.v1.PersonalDataService/ExportPersonalData";
constexpr char kKeeper[] = "registry";  // that knows which records are hers
constexpr int kPage = 500;
constexpr absl::Duration kPatience = absl::Seconds(30);

absl::Status NeedAll(const Doors& doors) {
  const std::vector<std::string> named = doors.names();
  std::vector<std::string> missing;
  for (const std::string& service : KnownServices()) {
    if (std::find(named.begin(), named.end(), service) == named.end()) missing.push_back(service);
  }
  if (missing.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "every service is to be asked, and the address of ", absl::StrJoin(missing, ", "),
      " is not known; give --at SERVICE=HOST:PORT or --suite. Nothing was written"));
}

absl::StatusOr<HeldPart> Ask(Doors& doors, const std::string& service, const std::string& record) {
  HeldPart part{service, record, {}};
  ExportPersonalDataRequest request;
  request.set_person(record);
  request.set_page_size(kPage);
  do {
    ExportPersonalDataResponse page;
    const absl::Status asked = doors.Call(service, kMethod, request, &page, kPatience);
    if (absl::IsPermissionDenied(asked)) {
      return absl::PermissionDeniedError(
          absl::StrCat(service, " lets only who holds supervisor ask for that"));
    }
    if (!asked.ok()) {
      return absl::Status(asked.code(), absl::StrCat(std::string(asked.message()),
                                                     ". Nothing was written: ", service,
                                                     " is part of a whole answer"));
    }
    request.set_page_token(page.next_page_token());
    page.clear_next_page_token();
    part.held.MergeFrom(page);
  } while (!request.page_token().empty());
  return part;
}

// A service that has not heard of the erasure yet, or could not take it in, still has what the
// proof says is gone.
absl::Status NeedErased(const HeldPart& proof, const HeldPart& part) {
  if (!proof.held.has_erasure() || part.held.has_erasure()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      part.service, " has not destroyed yet what ", proof.held.erasure().erasure(),
      " says is gone: look for dead letters there, and ask again. Nothing was written"));
}

// Follows a record that lost in a merge to the one that stands for it.
absl::StatusOr<HeldPart> Standing(Doors& doors, const std::string& person) {
  std::set<std::string> seen;
  std::string record = person;
  while (seen.insert(record).second) {
    ASSIGN_OR_RETURN(HeldPart part, Ask(doors, kKeeper, record));
    if (part.held.merged_into().empty()) return part;
    record = part.held.merged_into();
  }
  return absl::AbortedError("the records of the person change just now; ask again");
}

const PersonalDataKind* KindOf(const HeldPart& part, const std::string& code) {
  for (const PersonalDataKind& kind : part.held.kinds()) {
    if (kind.code() == code) return &kind;
  }
  return nullptr;
}

ordered_json JsonOf(const PersonalDataRecord& record) {
  ordered_json json = {{"id", record.record_id()}};
  if (!record.centre().empty()) json["centre"] = record.centre();
  if (record.has_record_time()) json["recorded"] = KoreaTime(record.record_time());
  if (record.has_from_time()) json["from"] = KoreaTime(record.from_time());
  if (record.has_until_time()) json["until"] = KoreaTime(record.until_time());
  json["fields"] = ordered_json::array();
  for (const auto& field : record.fields()) {
    json["fields"].push_back(
        {{"code", field.code()}, {"label", field.label()}, {"value", field.value()}});
  }
  return json;
}

ordered_json KindJson(const HeldPart& part, const PersonalDataKind& kind) {
  ordered_json json = {{"code", kind.code()},           {"label", kind.label()},
                       {"purpose", kind.purpose()},     {"basis", kind.basis()},
                       {"retention", kind.retention()}, {"records", ordered_json::array()}};
  for (const PersonalDataRecord& record : part.held.records()) {
    if (record.kind() == kind.code()) json["records"].push_back(JsonOf(record));
  }
  return json;
}

ordered_json PartJson(const HeldPart& part) {
  ordered_json json = {{"service", part.service}, {"record", part.record}};
  if (part.held.has_erasure()) {
    json["erasure"] = {{"proof", part.held.erasure().erasure()},
                       {"erased", KoreaTime(part.held.erasure().erase_time())},
                       {"destroyed_here", KoreaTime(part.held.erasure().destroy_time())}};
    return json;
  }
  json["kinds"] = ordered_json::array();
  json["nothing_held"] = ordered_json::array();
  for (const PersonalDataKind& kind : part.held.kinds()) {
    ordered_json told = KindJson(part, kind);
    if (told["records"].empty()) {
      json["nothing_held"].push_back(kind.label());
    } else {
      json["kinds"].push_back(std::move(told));
    }
  }
  for (const auto& left_out : part.held.left_out()) {
    const PersonalDataKind* kind = KindOf(part, left_out.kind());
    json["held_by_other_centres"].push_back({{"kind", left_out.kind()},
                                             {"label", kind == nullptr ? "" : kind->label()},
                                             {"records", left_out.records()},
                                             {"centres", left_out.centres()}});
  }
  return json;
}

// What each service holds of the record, in their order.
absl::Status AddPartsOf(Doors& doors, const HeldPart& standing, const std::string& record,
                        std::vector<HeldPart>* parts) {
  HeldPart kept = standing;
  if (record != standing.record) {
    ASSIGN_OR_RETURN(kept, Ask(doors, kKeeper, record));
  }
  for (const std::string& service : KnownServices()) {
    if (service == kKeeper) {
      parts->push_back(kept);
      continue;
    }
    ASSIGN_OR_RETURN(HeldPart part, Ask(doors, service, record));
    RETURN_IF_ERROR(NeedErased(kept, part));
    parts->push_back(std::move(part));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PersonExport> GatherPerson(Doors& doors, const std::string& person) {
  RETURN_IF_ERROR(NeedAll(doors));
  PersonExport gathered;
  gathered.asked_for = absl::StartsWith(person, "persons/") ? person : "persons/" + person;
  ASSIGN_OR_RETURN(const HeldPart standing, Standing(doors, gathered.asked_for));
  gathered.person = standing.record;
  gathered.records = {standing.record};
  for (const std::string& merged : standing.held.merged_persons()) {
    gathered.records.push_back(merged);
  }
  for (const std::string& record : gathered.records) {
    RETURN_IF_ERROR(AddPartsOf(doors, standing, record, &gathered.parts));
  }
  return gathered;
}

int64_t RecordsIn(const PersonExport& gathered) {
  int64_t records = 0;
  for (const HeldPart& part : gathered.parts) records += part.held.records_size();
  return records;
}

int64_t LeftOutOf(const PersonExport& gathered) {
  int64_t records = 0;
  for (const HeldPart& part : gathered.parts) {
    for (const auto& left_out : part.held.left_out()) records += left_out.records();
  }
  return records;
}

std::string ErasureOf(const PersonExport& gathered) {
  for (const HeldPart& part : gathered.parts) {
    if (part.service == kKeeper && part.held.has_erasure()) return part.held.erasure().erasure();
  }
  return "";
}

ordered_json JsonOf(const PersonExport& gathered, const ExportNote& note) {
  ordered_json json = {{"person", gathered.person},
                       {"asked_for", gathered.asked_for},
                       {"records_of_the_person", gathered.records},
                       {"made", note.made_at},
                       {"reason", note.reason},
                       {"records", RecordsIn(gathered)},
                       {"records_of_other_centres_left_out", LeftOutOf(gathered)},
                       {"services", ordered_json::array()}};
  for (const HeldPart& part : gathered.parts) json["services"].push_back(PartJson(part));
  return json;
}

}  // namespace ieum::ctl
