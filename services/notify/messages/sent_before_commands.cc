#include "services/notify/messages/sent_before_commands.h"

#include "platform/base/status.h"
#include "services/notify/messages/message_commands.h"
#include "services/notify/messages/sent_before_store.h"

namespace ieum::notify {
namespace {

constexpr int kAtOnce = 64;
constexpr char kHow[] = "known from the mail server after a restore";

}  // namespace

absl::StatusOr<bool> SentBefore::RecordSome(const base::Uuid& sender) {
  if (any_ && !*any_) return false;
  std::vector<Message> messages;
  RETURN_IF_ERROR(ledger_.database().Read("sent_before", [&](db::Tx& tx) {
    any_ = AnySentBefore(tx);
    messages = *any_ ? FindSentBefore(tx, kAtOnce) : std::vector<Message>();
    return absl::OkStatus();
  }));
  if (messages.empty()) return false;
  ASSIGN_OR_RETURN(const auto claimed, RecordAndClaim(ledger_, sender, {}, messages));
  std::vector<Attempted> attempts;
  for (Message& message : messages) {
    if (!claimed.contains(message.id)) continue;
    ++message.attempt_count;
    Outcome outcome;
    outcome.kind = Outcome::Kind::kHandedOver;
    outcome.failure = kHow;
    attempts.push_back({std::move(message), std::move(outcome)});
  }
  RETURN_IF_ERROR(RecordAndClaim(ledger_, sender, attempts, {}).status());
  return true;
}

}  // namespace ieum::notify
