#include "platform/rpc/disclosure.h"

#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "ieum/platform/v1/options.pb.h"
#include "platform/base/status.h"
#include "platform/base/uuid.h"
#include "platform/crypto/seal.h"
#include "platform/filter/field_value.h"
#include "platform/rpc/canonical.h"

namespace ieum::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Path = std::vector<const FieldDescriptor*>;

constexpr size_t kFingerprintBytes = 16;

absl::StatusOr<Path> PathIn(const Descriptor* type, absl::string_view words) {
  Path path;
  for (const absl::string_view word : absl::StrSplit(words, '.')) {
    const FieldDescriptor* field =
        type == nullptr ? nullptr : type->FindFieldByName(std::string(word));
    if (field == nullptr || field->is_map()) {
      return absl::InvalidArgumentError(absl::StrCat(words, " leads nowhere"));
    }
    path.push_back(field);
    type = field->message_type();
  }
  if (path.back()->type() == FieldDescriptor::TYPE_STRING) return path;
  return absl::InvalidArgumentError(absl::StrCat(words, " is no text"));
}

void Collect(const Message& message, absl::Span<const FieldDescriptor* const> path,
             std::vector<std::string>* names);

void CollectValue(const filter::FieldValue& value, absl::Span<const FieldDescriptor* const> rest,
                  std::vector<std::string>* names) {
  if (!rest.empty()) return Collect(value.Sub(), rest, names);
  std::string name = value.Text();
  if (!name.empty()) names->push_back(std::move(name));
}

void Collect(const Message& message, absl::Span<const FieldDescriptor* const> path,
             std::vector<std::string>* names) {
  const FieldDescriptor& field = *path.front();
  if (!field.is_repeated()) {
    return CollectValue({message, field}, path.subspan(1), names);
  }
  const int size = message.GetReflection()->FieldSize(message, &field);
  for (int at = 0; at < size; ++at) {
    CollectValue({message, field, at}, path.subspan(1), names);
  }
}

// "persons/0190…", "persons/-", "0190…".
bool IsMadeOfIds(std::string_view name) {
  const std::vector<std::string> parts =
      absl::StrSplit(absl::string_view(name.data(), name.size()), '/');
  for (size_t at = parts.size() == 1 ? 0 : 1; at < parts.size(); at += 2) {
    if (parts[at] != "-" && !base::Uuid::Parse(parts[at])) return false;
  }
  for (size_t at = 0; parts.size() > 1 && at < parts.size(); at += 2) {
    for (const char c : parts[at]) {
      if (!absl::ascii_isalpha(c)) return false;
    }
  }
  return parts.size() == 1 || parts.size() % 2 == 0;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Disclosure>> Disclosure::Of(
    const google::protobuf::MethodDescriptor& method) {
  if (!method.options().HasExtension(platform::v1::discloses)) return nullptr;
  auto disclosure = std::make_shared<Disclosure>();
  for (const std::string& subject :
       method.options().GetExtension(platform::v1::discloses).subjects()) {
    absl::string_view rest = subject;
    if (absl::ConsumePrefix(&rest, "request.")) {
      ASSIGN_OR_RETURN(disclosure->in_request_.emplace_back(), PathIn(method.input_type(), rest));
    } else if (absl::ConsumePrefix(&rest, "answer.")) {
      ASSIGN_OR_RETURN(disclosure->in_answer_.emplace_back(), PathIn(method.output_type(), rest));
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat(subject, " begins neither with request nor with answer"));
    }
  }
  if (!disclosure->in_request_.empty() || !disclosure->in_answer_.empty()) return disclosure;
  return absl::InvalidArgumentError("discloses names no subjects");
}

std::vector<std::string> Disclosure::Subjects(const Message& request, const Message* answer) const {
  std::vector<std::string> names;
  for (const Path& path : in_request_) Collect(request, path, &names);
  if (answer == nullptr) {
    std::erase_if(names, [](const std::string& name) { return !IsMadeOfIds(name); });
  } else {
    for (const Path& path : in_answer_) Collect(*answer, path, &names);
  }
  std::set<std::string> seen;
  std::erase_if(names, [&](const std::string& name) { return !seen.insert(name).second; });
  return names;
}

std::string QueryFingerprint(const Message& request) {
  const auto* size = request.GetDescriptor()->FindFieldByName("page_size");
  const auto* token = request.GetDescriptor()->FindFieldByName("page_token");
  if (size == nullptr || token == nullptr) return "";
  const std::unique_ptr<Message> question(request.New());
  question->CopyFrom(request);
  question->GetReflection()->ClearField(question.get(), size);
  question->GetReflection()->ClearField(question.get(), token);
  const std::string hash = crypto::Hash(CanonicalBytes(*question));
  return absl::BytesToHexString(hash.substr(0, kFingerprintBytes));
}

// Calls of neighbouring seconds overtake each other; a late one does not begin its second anew.
bool RefusalAllowance::Take(const std::string& account, absl::Time now) {
  const int64_t second = absl::ToUnixSeconds(now);
  std::lock_guard lock(mutex_);
  if (second > second_ || second + 1 < second_) {
    second_ = second;
    taken_ = 0;
    of_one_.clear();
  }
  if (taken_ >= kOfAll) return false;
  int& of_one = of_one_[account];
  if (of_one >= kOfOne) return false;
  ++of_one;
  ++taken_;
  return true;
}

}  // namespace ieum::rpc
