#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/notify/v1/message_service.pb.h"
#include "platform/base/status.h"
#include "tools/play/json_file.h"
#include "tools/play/list_all.h"
#include "tools/play/read_results.h"

namespace ieum::play {
namespace {

using namespace ieum::notify::v1;  // NOLINT: one contract only

constexpr char kService[] = "/ieum.notify.v1.MessageService/";

// The counts of one rule, by its resource name.
ReminderCounts& CountsOf(Results& results, const std::string& rule) {
  const std::string code = rule.substr(rule.rfind('/') + 1);
  auto found = std::find_if(results.reminders.begin(), results.reminders.end(),
                            [&](const ReminderCounts& counts) { return counts.rule == code; });
  if (found != results.reminders.end()) return *found;
  results.reminders.push_back({.rule = code});
  return results.reminders.back();
}

void Count(const Reminder& reminder, ReminderCounts& counts) {
  ++counts.planned;
  switch (reminder.state()) {
    case REMINDER_STATE_RELEASED:
      ++counts.released;
      break;
    case REMINDER_STATE_SKIPPED:
      ++counts.skipped;
      break;
    case REMINDER_STATE_CANCELLED:
      ++counts.cancelled;
      break;
    default:
      ++counts.pending;
  }
}

// What the scenario says of a person.
struct Recipient {
  bool consultant = false;
  bool english = false;
};

std::map<std::string, Recipient> Recipients(const Scenario& scenario) {
  std::map<std::string, Recipient> recipients;
  for (const Entry& person : scenario.Entries("people")) {
    const std::string role = TextAt(person.fields, "affiliation.role").value_or("");
    const std::string language = TextAt(person.fields, "preferred_language").value_or("");
    recipients[person.key] = {role == "AFFILIATION_ROLE_CONSULTANT", language == "LANGUAGE_EN"};
  }
  return recipients;
}

void Count(const Message& message, const Recipient& recipient, Results& results) {
  MessageCounts& counts = results.messages;
  if (message.state() != MESSAGE_STATE_HANDED_OVER && message.state() != MESSAGE_STATE_IN_DOUBT) {
    ++counts.other;
    return;
  }
  ++counts.total;
  if (message.state() == MESSAGE_STATE_IN_DOUBT) ++counts.in_doubt;
  if (message.kind() == MESSAGE_KIND_CHANGE_NOTICE) {
    ++counts.change_notices;
  } else {
    ++CountsOf(results, message.rule()).messages;
  }
  ++(recipient.consultant ? counts.to_consultants : counts.to_firm_contacts);
  // A message in doubt does not tell its language.
  const bool english =
      message.language_code().empty() ? recipient.english : message.language_code() == "en";
  ++(english ? counts.in_english : counts.in_korean);
}

absl::Status ReadPlan(Services& services, Results& results) {
  return ListAll<ListRemindersResponse>(services, "notify", absl::StrCat(kService, "ListReminders"),
                                        ListRemindersRequest(),
                                        [&](const ListRemindersResponse& page) {
                                          for (const Reminder& reminder : page.reminders()) {
                                            Count(reminder, CountsOf(results, reminder.rule()));
                                          }
                                        });
}

absl::Status ReadMessages(const Scenario& scenario, Services& services, const Names& names,
                          Results& results) {
  const auto recipients = Recipients(scenario);
  return ListAll<ListMessagesResponse>(
      services, "notify", absl::StrCat(kService, "ListMessages"), ListMessagesRequest(),
      [&](const ListMessagesResponse& page) {
        for (const Message& message : page.messages()) {
          const auto found = recipients.find(names.KeyOf(message.person()));
          Count(message, found == recipients.end() ? Recipient() : found->second, results);
        }
      });
}

absl::Status ReadBalance(Services& services, BalanceSum& sum) {
  return ListAll<ListBalancesResponse>(services, "notify", absl::StrCat(kService, "ListBalances"),
                                       ListBalancesRequest(),
                                       [&](const ListBalancesResponse& page) {
                                         for (const Balance& line : page.balances()) {
                                           sum.planned += line.planned();
                                           sum.handed_over += line.handed_over();
                                           sum.suppressed += line.suppressed();
                                           sum.expired += line.expired();
                                           sum.skipped += line.skipped();
                                           sum.cancelled += line.cancelled();
                                           sum.pending += line.pending();
                                           sum.in_doubt += line.in_doubt();
                                           if (!line.balanced()) ++sum.unbalanced_lines;
                                         }
                                       });
}

}  // namespace

absl::Status ReadReminders(const Scenario& scenario, Services& services, const Names& names,
                           Results& results) {
  for (const Entry& rule : scenario.Entries("rules")) {
    results.reminders.push_back(
        {.rule = rule.key, .display_name = TextAt(rule.fields, "display_name").value_or("")});
  }
  RETURN_IF_ERROR(ReadPlan(services, results));
  RETURN_IF_ERROR(ReadMessages(scenario, services, names, results));
  return ReadBalance(services, results.balance);
}

}  // namespace ieum::play
