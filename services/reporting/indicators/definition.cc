#include "services/reporting/indicators/definition.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "ieum/platform/v1/options.pb.h"
#include "ieum/reporting/v1/errors.pb.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "platform/filter/match.h"
#include "services/reporting/facts/fact.h"

namespace ieum::reporting {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

const base::Uuid kCodes = *base::Uuid::Parse("8b9d4c1e-5a70-8f3e-9a51-3c6de0b7f201");

// Who is expected, and who is written to, tells who is counselled: appointments and messages are
// counted by their ids, and figures of people by the tokens of cases and groups (C36).
bool TellsWhoIsCounselled(const FieldDescriptor& field) {
  constexpr const char* kHolders[] = {"ieum.casemgmt.v1.AppointmentFacts",
                                      "ieum.notify.v1.MessageFacts"};
  return field.name() == "person_id" &&
         std::find(std::begin(kHolders), std::end(kHolders),
                   field.containing_type()->full_name()) != std::end(kHolders);
}

std::vector<std::string> PathsIn(const filter::Expression& expression) {
  if (expression.kind == filter::Expression::Kind::kCompare) {
    return {expression.comparison.field()};
  }
  std::vector<std::string> paths;
  for (const filter::Expression& part : expression.parts) {
    for (std::string& path : PathsIn(part)) paths.push_back(std::move(path));
  }
  return paths;
}

struct Faults : base::FieldErrors {
  base::FieldErrors telling;  // those of them that tell who is counselled
};

// One rule's checks; paths as the caller sees them.
class RuleCheck {
 public:
  RuleCheck(std::string path, const std::string& event_type, Faults* errors,
            const std::string& named_by = "event_type")
      : path_(std::move(path)), type_(EventType(event_type)), errors_(errors) {
    if (type_ == nullptr) {
      errors_->Add(v1::ERROR_REASON_EVENT_TYPE_UNKNOWN, absl::StrCat(path_, ".", named_by),
                   "is no event that a service of the suite publishes");
    }
  }

  void Filter(const std::string& text) {
    if (type_ == nullptr) return;
    const std::string blamed = path_ + ".filter";
    auto expression = filter::Parse(text, blamed);
    const absl::Status status =
        expression.ok() ? filter::CheckFor(*expression, *type_, blamed) : expression.status();
    if (!status.ok()) {
      errors_->Add("FILTER_INVALID", blamed, std::string(status.message()));
      return;
    }
    for (const std::string& path : PathsIn(*expression)) Confide(blamed, path);
  }

  // A field that can be counted by: text, number or enum.
  void Path(const char* name, const std::string& path) {
    if (type_ == nullptr) return;
    const std::string blamed = absl::StrCat(path_, ".", name);
    if (FieldAt(*type_, path) != nullptr) return Confide(blamed, path);
    errors_->Add(v1::ERROR_REASON_FIELD_PATH_UNKNOWN, blamed,
                 absl::StrCat(type_->name(), " has no single field of that path"));
  }

  // What can be added up is a whole number.
  void SumPath(const std::string& path) {
    Path("sum_field", path);
    const FieldDescriptor* field = type_ == nullptr ? nullptr : FieldAt(*type_, path);
    if (field == nullptr) return;
    for (const auto whole : {FieldDescriptor::CPPTYPE_INT32, FieldDescriptor::CPPTYPE_INT64,
                             FieldDescriptor::CPPTYPE_UINT32, FieldDescriptor::CPPTYPE_UINT64}) {
      if (field->cpp_type() == whole) return;
    }
    errors_->Add(v1::ERROR_REASON_FIELD_PATH_UNKNOWN, absl::StrCat(path_, ".sum_field"),
                 "must be a whole number of the event");
  }

  // A civil date is text in ISO form.
  void DatePath(const char* name, const std::string& path) {
    Path(name, path);
    const FieldDescriptor* field = type_ == nullptr ? nullptr : FieldAt(*type_, path);
    if (field == nullptr || field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) return;
    errors_->Add(v1::ERROR_REASON_FIELD_PATH_UNKNOWN, absl::StrCat(path_, ".", name),
                 "must be a civil date of the event, a text field");
  }

 private:
  void Confide(const std::string& blamed, const std::string& path) {
    const FieldDescriptor* field = FieldAt(*type_, path);
    if (field == nullptr || !TellsWhoIsCounselled(*field)) return;
    for (base::FieldErrors* errors :
         {static_cast<base::FieldErrors*>(errors_), &errors_->telling}) {
      errors->Add("INVALID_FIELD", blamed,
                  "tells who is counselled, which no figure does: name the id of the appointment "
                  "or message, or count the participants of cases and groups");
    }
  }

  std::string path_;
  const Descriptor* type_;
  Faults* errors_;
};

void CheckRetractions(const v1::SourceRule& source, const std::string& path, Faults* errors) {
  if (source.retractions_size() > 0 && source.instance_key().empty()) {
    errors->Add("INVALID_FIELD", path + ".instance_key",
                "is needed when a retraction is named: it says which fact is taken back");
  }
  for (int i = 0; i < source.retractions_size(); ++i) {
    const v1::RetractionRule& rule = source.retractions(i);
    RuleCheck check(absl::StrCat(path, ".retractions[", i, "]"), rule.event_type(), errors);
    check.Filter(rule.filter());
    check.Path("instance_key", rule.instance_key());
    check.DatePath("date_field", rule.date_field());
  }
}

// All its events have all its paths, so that it does not matter which of them came last.
void CheckCohort(const v1::SourceRule& source, const std::string& path, Faults* errors) {
  const v1::CohortRule& cohort = source.cohort();
  for (int i = 0; i < cohort.event_types_size(); ++i) {
    RuleCheck check(path + ".cohort", cohort.event_types(i), errors,
                    absl::StrCat("event_types[", i, "]"));
    check.Filter(cohort.filter());
    check.Path("stay_key", cohort.stay_key());
    check.Path("member_key", cohort.member_key());
    check.Path("group_key", cohort.group_key());
    check.DatePath("start_field", cohort.start_field());
    check.DatePath("end_field", cohort.end_field());
  }
  if (source.sum_field().empty()) return;
  errors->Add("INVALID_FIELD", path + ".sum_field", "must be empty where a cohort is counted");
}

void CheckSource(const v1::SourceRule& source, const std::string& path, Faults* errors) {
  RuleCheck check(path, source.event_type(), errors);
  check.Filter(source.filter());
  check.Path("distinct_key", source.distinct_key());
  check.DatePath("date_field", source.date_field());
  check.Path("programme_field", source.programme_field());
  check.Path("edition_field", source.edition_field());
  if (!source.instance_key().empty()) check.Path("instance_key", source.instance_key());
  if (!source.sum_field().empty()) check.SumPath(source.sum_field());
  if (source.has_cohort()) CheckCohort(source, path, errors);
  CheckRetractions(source, path, errors);
}

using Sources = google::protobuf::RepeatedPtrField<v1::SourceRule>;

// All sources of a side add up a field, or none does; `wanted` where the aggregation says which.
void CheckSide(const Sources& sources, const std::string& path, std::optional<bool> wanted,
               Faults* errors) {
  for (int i = 0; i < sources.size(); ++i) {
    const std::string one = absl::StrCat(path, "[", i, "]");
    CheckSource(sources[i], one, errors);
    const bool sums = !sources[i].sum_field().empty();
    if (sums == wanted.value_or(!sources[0].sum_field().empty())) continue;
    errors->Add("INVALID_FIELD", one + ".sum_field",
                sums     ? "must be empty where distinct keys are counted"
                : wanted ? "is needed: it says which field is added up"
                         : "is needed, as the sources beside it name one");
  }
}

void CheckRatio(const v1::Indicator& indicator, Faults* errors) {
  const bool ratio = indicator.aggregation() == v1::AGGREGATION_RATIO;
  if (ratio && indicator.denominator_sources().empty()) {
    errors->Add("INVALID_FIELD", "indicator.denominator_sources",
                "is needed: it says by what a ratio divides");
  }
  if (!ratio && !indicator.denominator_sources().empty()) {
    errors->Add("INVALID_FIELD", "indicator.denominator_sources",
                "must be empty: only a ratio divides");
  }
  if (!ratio && indicator.ratio_factor() != 0) {
    errors->Add("INVALID_FIELD", "indicator.ratio_factor", "must be 0: only a ratio has one");
  }
}

Faults FaultsOf(const v1::Indicator& indicator) {
  Faults errors;
  std::optional<bool> sums;  // a ratio may do either, on each side
  if (indicator.aggregation() == v1::AGGREGATION_SUM) sums = true;
  if (indicator.aggregation() == v1::AGGREGATION_COUNT_DISTINCT) sums = false;
  CheckSide(indicator.sources(), "indicator.sources", sums, &errors);
  CheckSide(indicator.denominator_sources(), "indicator.denominator_sources", std::nullopt,
            &errors);
  CheckRatio(indicator, &errors);
  return errors;
}

}  // namespace

absl::Status CheckDefinition(const v1::Indicator& indicator) {
  return FaultsOf(indicator).ToStatus();
}

absl::Status CheckTellsNobody(const v1::Indicator& indicator) {
  return FaultsOf(indicator).telling.ToStatus();
}

const Descriptor* EventType(const std::string& full_name) {
  const Descriptor* type =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(full_name);
  return type != nullptr && type->options().HasExtension(platform::v1::event) ? type : nullptr;
}

v1::Indicator Canonical(const v1::Indicator& indicator) {
  v1::Indicator canonical = indicator;
  canonical.clear_version();
  canonical.clear_definition_hash();
  canonical.clear_create_time();
  canonical.clear_etag();
  return canonical;
}

std::string DefinitionHash(const v1::Indicator& indicator) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    Canonical(indicator).SerializeToCodedStream(&coded);
  }
  return absl::BytesToHexString(crypto::Hash(bytes));
}

base::Uuid IndicatorId(const std::string& code) {
  return base::Uuid::Derive(kCodes, "indicators/" + code);
}

base::Uuid FunnelId(const std::string& code) {
  return base::Uuid::Derive(kCodes, "funnelDefinitions/" + code);
}

std::string CodeOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

const std::vector<std::string>& ChangeableFields() {
  static const auto* fields = new std::vector<std::string>{
      "label_ko", "label_en",    "unit",    "counting_unit",       "direction",
      "decimals", "aggregation", "sources", "denominator_sources", "ratio_factor"};
  return *fields;
}

}  // namespace ieum::reporting
