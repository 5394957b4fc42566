#include "platform/rpc/call_context.h"

#include "absl/strings/str_cat.h"
#include "ieum/platform/v1/errors.pb.h"
#include "ieum/platform/v1/options.pb.h"
#include "platform/base/status.h"
#include "platform/base/uuid.h"
#include "platform/crypto/seal.h"
#include "platform/rpc/canonical.h"

namespace ieum::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kRehearsed[] = "ieum.rpc/rehearsed";

std::string TextOf(const Message& request, const std::string& name) {
  const auto* field = request.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->type() != FieldDescriptor::TYPE_STRING) return "";
  return request.GetReflection()->GetString(request, field);
}

bool ValidateOnly(const Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("validate_only");
  return field != nullptr && field->type() == FieldDescriptor::TYPE_BOOL &&
         request.GetReflection()->GetBool(request, field);
}

// Everything but the effect: the use case decides, and is then refused, so that nothing stays.
absl::StatusOr<ledger::Answer> Rehearse(ledger::Ledger& ledger, const ledger::Command& command,
                                        ledger::Ledger::UseCase use_case) {
  ledger::Answer answer;
  const auto run =
      ledger.Run(command, [&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
        ASSIGN_OR_RETURN(const ledger::Done done, use_case(work));
        answer.name = done.name;
        answer.etag = work.Version(done.aggregate_id);
        absl::Status undo = absl::CancelledError("rehearsed");
        undo.SetPayload(kRehearsed, absl::Cord("1"));
        return undo;
      });
  if (run.status().GetPayload(kRehearsed)) return answer;
  return run;
}

}  // namespace

Scope CallContext::ScopeWith(const std::vector<std::string_view>& also) const {
  std::vector<std::string_view> all = also;
  const std::string& own = descriptor_.options().GetExtension(platform::v1::permission);
  all.push_back(own);
  return roles_.ScopeOfAll(identity_.grants, all);
}

absl::StatusOr<ledger::Command> CallContext::CommandOf(const Message& request) const {
  ledger::Command command;
  command.name = descriptor_.name().c_str();
  command.request_id = base::Uuid::NewV7();
  const std::string wanted = TextOf(request, "request_id");
  if (!wanted.empty()) {
    ASSIGN_OR_RETURN(const base::Uuid id, base::ParseUuid(wanted, "request_id"));
    // A rehearsal neither takes an id nor hears what was done under it.
    if (!ValidateOnly(request)) command.request_id = id;
  }
  // With the caller in it nobody hears what was done for somebody else.
  command.request_hash =
      crypto::Hash(absl::StrCat(path_, "\n", identity_.subject, "\n", CanonicalBytes(request)));
  command.caller.actor = identity_.subject;
  command.caller.scope = scope_;
  command.caller.correlation_id = command.request_id.ToString();
  command.caller.traceparent = traceparent_;
  command.deadline = deadline_;
  command.alone = ValidateOnly(request);  // refused in the end, after all its writes
  return command;
}

absl::StatusOr<ledger::Answer> CallContext::Write(ledger::Ledger& ledger, const Message& request,
                                                  ledger::Ledger::UseCase use_case) {
  if (absl::Now() >= deadline_) {
    return base::Error(absl::StatusCode::kDeadlineExceeded,
                       platform::v1::ERROR_REASON_DEADLINE_EXCEEDED,
                       "the time given ran out before anything was written");
  }
  ASSIGN_OR_RETURN(const ledger::Command command, CommandOf(request));
  if (ValidateOnly(request)) return Rehearse(ledger, command, use_case);
  ASSIGN_OR_RETURN(const ledger::Answer answer, ledger.Run(command, use_case));
  SetHeaders(ledger, answer);
  return answer;
}

void CallContext::SetHeaders(const ledger::Ledger& ledger, const ledger::Answer& answer) {
  headers_.clear();
  headers_.emplace_back("ieum-etag", ledger::FormatEtag(answer.etag));
  if (answer.position.pos == 0) return;
  headers_.emplace_back("ieum-position", absl::StrCat(ledger.service(), "/", answer.position.shard,
                                                      "/", answer.position.pos));
}

}  // namespace ieum::rpc
