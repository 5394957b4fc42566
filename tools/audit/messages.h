// INV7: the plan is what the events ask for (plan_replay.h), messages are what the plan says, each
// once, and what was handed over has arrived. Three accounts of the same thing are compared:
// notify's plan, its messages, its events; and, when the mail server's folder is given, the mails
// themselves.
#pragma once

#include <map>
#include <string>

#include "absl/status/status.h"
#include "platform/base/uuid.h"
#include "tools/audit/subject.h"
#include "tools/audit/tally.h"

namespace ieum::audit {

// Numbers of ieum.notify.v1.MessageState that say something about mails.
enum class MailState { kNone, kMustBeThere, kMayBeThere };

// Pure: mails by their Message-ID's local part against messages by their id. Every message that was
// handed over has a mail, nobody has two, and no mail is there that nobody sent.
void JudgeMails(const std::map<std::string, int>& mails,
                const std::map<std::string, MailState>& messages, Tally& tally);

absl::Status CheckMessages(Subject& subject, Tally& tally);

}  // namespace ieum::audit
