#include "services/registry/changes/proposal.h"

#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/field_mask_util.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"
#include "platform/ledger/field_changes.h"
#include "services/registry/changes/sensitive_fields.h"
#include "services/registry/dates.h"
#include "services/registry/json_columns.h"
#include "services/registry/organizations/dated_record_store.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/organizations/organization_wire.h"
#include "services/registry/people/person_store.h"

namespace ieum::registry {
namespace {

using google::protobuf::FieldMask;
using google::protobuf::Message;

// The fields of a mask, without what stands before each.
FieldMask MaskOf(const std::vector<std::string>& fields, std::string_view prefix) {
  FieldMask mask;
  for (const std::string& field : fields) mask.add_paths(field.substr(prefix.size()));
  return mask;
}

// `to` has these fields from `from`; what is not given there is not given here either.
void TakeFields(const FieldMask& mask, const Message& from, Message* to) {
  google::protobuf::util::FieldMaskUtil::MergeOptions replace;
  replace.set_replace_message_fields(true);
  for (const std::string& path : mask.paths()) {
    to->GetReflection()->ClearField(to, to->GetDescriptor()->FindFieldByName(path));
  }
  google::protobuf::util::FieldMaskUtil::MergeMessageTo(from, mask, replace, to);
}

template <class Resource>
std::string Only(const FieldMask& mask, const Resource& resource) {
  Resource kept;
  TakeFields(mask, resource, &kept);
  return ToJson(kept);
}

template <class Resource>
Resource Read(const std::string& json) {
  Resource resource;
  if (!json.empty()) FromJson(json, &resource);
  return resource;
}

std::string PartOf(const v1::OrganizationLabel& label) {
  return absl::StrCat(label.code(), " ", label.valid_from());
}

absl::Status Empty() {
  return base::Error(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_CHANGE_EMPTY,
                     "everything is as wanted already; there is nothing to approve");
}

Proposal ProposalOf(ChangeKind kind, const base::Uuid& target, const Organization* owner) {
  Proposal proposal;
  proposal.change.kind = kind;
  proposal.change.target = target;
  if (owner != nullptr) {
    proposal.change.centre = CentreOf(*owner);
    proposal.everybodys = !proposal.change.centre;
  }
  return proposal;
}

struct Proposing {
  ledger::UnitOfWork& work;
  const db::PersonKeys& keys;

  absl::StatusOr<Proposal> operator()(const UpdateOrganizationInput& input) const {
    ASSIGN_OR_RETURN(OrganizationUpdate update, PlanUpdate(work, input));
    RETURN_IF_ERROR(CheckClaims(work.tx(), update));
    Proposal proposal = ProposalOf(ChangeKind::kOrganization, input.id, &update.before);
    proposal.change.fields = Below(kOrganizationFields, update.changed);
    const FieldMask mask = MaskOf(update.changed, "");
    proposal.change.before = Only(mask, RecordedPart(update.before));
    proposal.change.after = Only(mask, RecordedPart(update.after));
    proposal.make = [&work = work, update] { return MakeUpdate(work, update); };
    return proposal;
  }

  absl::StatusOr<Proposal> operator()(const RecordFactsInput& input) const {
    ASSIGN_OR_RETURN(FactsUpdate update, PlanFacts(work, input));
    const v1::OrganizationFacts before = FactsBefore(work.tx(), update);
    Proposal proposal = ProposalOf(ChangeKind::kFacts, input.id, &update.organization);
    proposal.change.fields = ChangedFacts(before, update.facts);
    proposal.change.part = update.facts.valid_from();
    proposal.change.before = ToJson(before);
    proposal.change.after = ToJson(update.facts);
    proposal.make = [&work = work, update] {
      MakeFacts(work, update);
      return absl::OkStatus();
    };
    return proposal;
  }

  absl::StatusOr<Proposal> operator()(const RecordLabelInput& input) const {
    ASSIGN_OR_RETURN(LabelUpdate update, PlanLabel(work, input));
    Proposal proposal = ProposalOf(ChangeKind::kLabel, input.id, &update.organization);
    if (!ledger::FieldChanges(update.before, update.after).empty()) {
      proposal.change.fields = {kLabelsField};
    }
    proposal.change.part = PartOf(update.after);
    proposal.change.before = ToJson(update.before);
    proposal.change.after = ToJson(update.after);
    proposal.make = [&work = work, update] {
      MakeLabel(work, update);
      return absl::OkStatus();
    };
    return proposal;
  }

  absl::StatusOr<Proposal> operator()(const UpdatePersonInput& input) const {
    ASSIGN_OR_RETURN(PersonUpdate update, PlanUpdate(work, keys, input));
    Proposal proposal = ProposalOf(ChangeKind::kPerson, input.id, nullptr);
    proposal.change.centre = update.before.centre;
    proposal.change.fields = Below(kPersonFields, update.changed);
    const FieldMask mask = MaskOf(update.changed, "");
    proposal.change.before = Only(mask, PersonalOf(update.before));
    proposal.change.after = Only(mask, PersonalOf(update.after));
    proposal.make = [&work = work, &keys = keys, update] { return MakeUpdate(work, keys, update); };
    return proposal;
  }
};

// Where the fields of a change stand now, as in `before`.
absl::StatusOr<std::string> ValuesNow(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                      const Change& change) {
  if (change.of_person()) {
    ASSIGN_OR_RETURN(const Person person, FindPerson(work.tx(), work.scope(), keys, change.target));
    return Only(MaskOf(change.fields, kPersonFields), PersonalOf(person));
  }
  if (change.kind == ChangeKind::kFacts) {
    ASSIGN_OR_RETURN(const absl::CivilDay day, ReadDate(change.part, "facts.valid_from"));
    return ToJson(FindFacts(work.tx(), change.target, day).value_or(v1::OrganizationFacts()));
  }
  if (change.kind == ChangeKind::kLabel) {
    const auto after = Read<v1::OrganizationLabel>(change.after);
    return ToJson(FindLabel(work.tx(), change.target, after.code(), after.valid_from()));
  }
  const auto organization = FindOrganization(work.tx(), change.target);
  if (!organization) return base::NotFound(OrganizationName(change.target));
  return Only(MaskOf(change.fields, kOrganizationFields), RecordedPart(*organization));
}

template <class Resource>
std::vector<ledger::FieldChange> Differences(const std::string& before, const std::string& after,
                                             std::string_view prefix) {
  return ledger::FieldChanges(Read<Resource>(before), Read<Resource>(after), prefix,
                              ledger::PersonalFields::kMarked);
}

std::vector<ledger::FieldChange> DifferencesOf(const Change& change, const std::string& before,
                                               const std::string& after) {
  switch (change.kind) {
    case ChangeKind::kOrganization:
      return Differences<v1::Organization>(before, after, kOrganizationFields);
    case ChangeKind::kFacts:
      return Differences<v1::OrganizationFacts>(before, after,
                                                absl::StrCat("facts[", change.part, "]."));
    case ChangeKind::kLabel:
      return Differences<v1::OrganizationLabel>(before, after,
                                                absl::StrCat("labels[", change.part, "]."));
    case ChangeKind::kPerson:
      return Differences<v1::Person>(before, after, kPersonFields);
  }
  return {};
}

}  // namespace

ChangeKind KindOf(const WantedChange& wanted) {
  if (std::holds_alternative<RecordFactsInput>(wanted)) return ChangeKind::kFacts;
  if (std::holds_alternative<RecordLabelInput>(wanted)) return ChangeKind::kLabel;
  if (std::holds_alternative<UpdatePersonInput>(wanted)) return ChangeKind::kPerson;
  return ChangeKind::kOrganization;
}

base::Uuid TargetOf(const WantedChange& wanted) {
  return std::visit([](const auto& input) { return input.id; }, wanted);
}

std::vector<base::Uuid> LocksOf(ledger::UnitOfWork& work, const WantedChange& wanted) {
  const auto* update = std::get_if<UpdateOrganizationInput>(&wanted);
  if (update != nullptr) return LocksOf(work, *update);
  return {TargetOf(wanted)};
}

absl::StatusOr<Proposal> Propose(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                 const WantedChange& wanted) {
  ASSIGN_OR_RETURN(Proposal proposal, std::visit(Proposing{work, keys}, wanted));
  if (proposal.change.fields.empty()) return Empty();
  return proposal;
}

absl::StatusOr<WantedChange> WantedOf(const Change& change) {
  switch (change.kind) {
    case ChangeKind::kFacts:
      return RecordFactsInput{change.target, "", Read<v1::OrganizationFacts>(change.after)};
    case ChangeKind::kLabel:
      return RecordLabelInput{change.target, "", Read<v1::OrganizationLabel>(change.after)};
    case ChangeKind::kPerson: {
      UpdatePersonInput input;
      input.id = change.target;
      input.change = [mask = MaskOf(change.fields, kPersonFields),
                      after = Read<v1::Person>(change.after)](v1::Person* person) {
        TakeFields(mask, after, person);
        return absl::OkStatus();
      };
      return input;
    }
    case ChangeKind::kOrganization:
      break;
  }
  UpdateOrganizationInput input;
  input.id = change.target;
  const auto after = Read<v1::Organization>(change.after);
  const FieldMask mask = MaskOf(change.fields, kOrganizationFields);
  for (const std::string& path : mask.paths()) input.places = input.places || path == "parent";
  ASSIGN_OR_RETURN(input.parent, CentreIn(after.parent(), "organization.parent"));
  input.change = [mask, after](v1::Organization* organization) {
    TakeFields(mask, after, organization);
    return absl::OkStatus();
  };
  return input;
}

absl::StatusOr<std::vector<std::string>> StaleFields(ledger::UnitOfWork& work,
                                                     const db::PersonKeys& keys,
                                                     const Change& change) {
  ASSIGN_OR_RETURN(const std::string now, ValuesNow(work, keys, change));
  std::vector<std::string> stale;
  for (const auto& difference : DifferencesOf(change, change.before, now)) {
    stale.push_back(difference.field);
  }
  return stale;
}

std::vector<v1::ProposedValue> ValuesOf(const Change& change) {
  std::vector<v1::ProposedValue> values;
  if (change.before.empty() && change.after.empty()) return values;
  for (const auto& difference : DifferencesOf(change, change.before, change.after)) {
    v1::ProposedValue value;
    value.set_field(difference.field);
    value.set_old_value(difference.from);
    value.set_new_value(difference.to);
    values.push_back(std::move(value));
  }
  return values;
}

}  // namespace ieum::registry
