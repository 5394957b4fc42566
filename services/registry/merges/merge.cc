#include "services/registry/merges/merge.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "google/protobuf/util/field_mask_util.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

constexpr const char* kTakeable[] = {"full_name", "latin_name",         "birth_year", "email",
                                     "phone",     "preferred_language", "basis"};

google::protobuf::FieldMask MaskOf(const std::vector<std::string>& fields) {
  google::protobuf::FieldMask mask;
  for (const std::string& field : fields) mask.add_paths(field);
  return mask;
}

// The day of birth comes with its year.
std::vector<std::string> WithWhatFollows(const std::vector<std::string>& fields) {
  std::vector<std::string> all = fields;
  if (std::find(fields.begin(), fields.end(), "birth_year") != fields.end()) {
    all.push_back("birth_date");
  }
  return all;
}

// From asking to the end; 0 for what neither lives nor has lived to the end.
int HowFar(v1::EnrolmentState state) {
  constexpr v1::EnrolmentState kCycle[] = {
      v1::ENROLMENT_STATE_APPLIED,   v1::ENROLMENT_STATE_WAITING, v1::ENROLMENT_STATE_OFFERED,
      v1::ENROLMENT_STATE_CONFIRMED, v1::ENROLMENT_STATE_ACTIVE,  v1::ENROLMENT_STATE_COMPLETED};
  const auto* at = std::find(std::begin(kCycle), std::end(kCycle), state);
  return at == std::end(kCycle) ? 0 : static_cast<int>(at - std::begin(kCycle)) + 1;
}

}  // namespace

std::string MergeName(const base::Uuid& id) { return "merges/" + id.ToString(); }

absl::Status CheckTakenFields(const std::vector<std::string>& fields) {
  std::set<std::string> seen;
  for (const std::string& field : fields) {
    const bool known =
        std::find(std::begin(kTakeable), std::end(kTakeable), field) != std::end(kTakeable);
    if (!known) {
      return base::InvalidField("INVALID_FIELD", "taken_fields",
                                "must be full_name, latin_name, birth_year, email, phone, "
                                "preferred_language or basis");
    }
    if (!seen.insert(field).second) {
      return base::InvalidField("INVALID_FIELD", "taken_fields", "must name each field once");
    }
  }
  return absl::OkStatus();
}

void Take(const std::vector<std::string>& fields, const v1::Person& from, v1::Person* person) {
  google::protobuf::util::FieldMaskUtil::MergeOptions replace;
  replace.set_replace_message_fields(true);
  const std::vector<std::string> all = WithWhatFollows(fields);
  for (const std::string& field : all) {
    // What the other does not have is taken, too.
    person->GetReflection()->ClearField(person, v1::Person::descriptor()->FindFieldByName(field));
  }
  google::protobuf::util::FieldMaskUtil::MergeMessageTo(from, MaskOf(all), replace, person);
}

std::vector<std::string> StillTaken(const std::vector<std::string>& fields,
                                    const v1::Person& survivor, const v1::Person& duplicate) {
  std::vector<std::string> still;
  for (const std::string& field : fields) {
    v1::Person changed = survivor;
    Take({field}, duplicate, &changed);
    if (changed.SerializeAsString() == survivor.SerializeAsString()) still.push_back(field);
  }
  return still;
}

absl::Status Undo(PersonMerge* merge, const std::string& undoer, const std::string& reason,
                  absl::Time now) {
  if (merge->state == v1::MERGE_STATE_UNDONE) {
    return base::Forbidden(v1::ERROR_REASON_MERGE_UNDONE, "the merge was undone already",
                           {{"merge", MergeName(merge->id)}});
  }
  merge->state = v1::MERGE_STATE_UNDONE;
  merge->undone_at = now;
  merge->undoer = undoer;
  merge->undo_reason = reason;
  return absl::OkStatus();
}

bool ExcludeEachOther(const Enrolment& one, const Enrolment& other) {
  return one.campaign_id == other.campaign_id && HowFar(one.state()) > 0 &&
         HowFar(other.state()) > 0;
}

bool Outranks(const Enrolment& one, const Enrolment& other) {
  const int far = HowFar(one.state()), other_far = HowFar(other.state());
  if (far != other_far) return far > other_far;
  return std::tie(one.applied_date, one.line) < std::tie(other.applied_date, other.line);
}

}  // namespace ieum::registry
