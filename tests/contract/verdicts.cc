// Says of requests what the platform's validator says, for tools/validate-diff.mjs to compare.
//
// Standard input: `<full name of the type> <payload in base64url>` a line. Standard output: for
// each line the fields to blame, in order and each once, with a space between; an empty line is a
// pass.
#include <cstdio>
#include <iostream>
#include <memory>
#include <set>
#include <sstream>

#include "absl/strings/str_join.h"
#include "google/protobuf/dynamic_message.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "platform/rpc/validation.h"
#include "tests/contract/contracts.h"

namespace ieum::contract {
namespace {

class Judge {
 public:
  absl::Status Learn() {
    for (const Descriptor* type : Requests()) {
      RETURN_IF_ERROR(validator_.Learn(type));
      types_[type->full_name()] = type;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> Verdict(const std::string& line) {
    std::istringstream words(line);
    std::string type, text;
    words >> type >> text;
    const auto found = types_.find(type);
    if (found == types_.end()) return absl::NotFoundError("no request is called " + type);
    ASSIGN_OR_RETURN(const std::string payload, crypto::FromBase64Url(text));
    const std::unique_ptr<google::protobuf::Message> message(
        factory_.GetPrototype(found->second)->New());
    if (!message->ParseFromString(payload)) return absl::DataLossError("unreadable: " + line);
    const std::vector<std::string> fields = base::FieldsOf(validator_.Check(*message));
    return absl::StrJoin(std::set<std::string>(fields.begin(), fields.end()), " ");
  }

 private:
  google::protobuf::DynamicMessageFactory factory_;
  rpc::Validator validator_;
  std::map<std::string, const Descriptor*> types_;
};

int JudgeInput() {
  Judge judge;
  absl::Status status = judge.Learn();
  for (std::string line; status.ok() && std::getline(std::cin, line);) {
    const auto verdict = judge.Verdict(line);
    status = verdict.status();
    if (verdict.ok()) std::cout << *verdict << '\n';
  }
  if (status.ok()) return 0;
  std::cerr << status << '\n';
  return 1;
}

}  // namespace
}  // namespace ieum::contract

int main() { return ieum::contract::JudgeInput(); }
