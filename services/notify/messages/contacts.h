// Asking registry how to reach the recipients of messages. What it answers lives only as long as
// the attempt.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "services/notify/messages/decision.h"
#include "services/notify/messages/mail_text.h"
#include "services/notify/messages/message.h"

namespace ieum::notify {

inline constexpr int kQuestionsMax = 256;  // of one call, as the contract says

// Asks registry. Blocking, any thread; called outside of any transaction.
using ContactAnswers = absl::StatusOr<registry::v1::BatchResolveContactsResponse>;
using ContactResolver =
    std::function<ContactAnswers(const registry::v1::BatchResolveContactsRequest&)>;

struct Contact {
  ContactAnswer answer = ContactAnswer::kRefused;
  std::string receipt_id;
  std::string email;
  Addressee addressee;
};

// For each message its contact, or why registry cannot answer for this one. An error when registry
// cannot be asked now; nobody is answered then. What registry has against one question does not
// keep the others from their answers. At most kQuestionsMax messages.
absl::StatusOr<std::vector<absl::StatusOr<Contact>>> AskContacts(
    const ContactResolver& resolver, absl::Span<const Message* const> messages);

}  // namespace ieum::notify
