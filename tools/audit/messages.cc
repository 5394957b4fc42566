#include "tools/audit/messages.h"

#include "absl/strings/str_cat.h"
#include "ieum/notify/v1/types.pb.h"
#include "platform/base/status.h"
#include "tools/audit/mail_folder.h"
#include "tools/audit/plan_replay.h"

namespace ieum::audit {

namespace v1 = ieum::notify::v1;

void JudgeMails(const std::map<std::string, int>& mails,
                const std::map<std::string, MailState>& messages, Tally& tally) {
  for (const auto& [id, state] : messages) {
    tally.Checked();
    const auto found = mails.find(id);
    const int count = found == mails.end() ? 0 : found->second;
    std::string what;
    if (count == 0 && state == MailState::kMustBeThere) {
      what = "was handed over, but the mail server has no mail of it";
    } else if (count > 0 && state == MailState::kNone) {
      what = "was never handed over, yet the mail server has a mail of it";
    } else if (count > 1) {
      what = absl::StrCat("the mail server has ", count, " mails of it");
    } else {
      continue;
    }
    tally.Breach({.service = "notify", .aggregate = id, .what = std::move(what)});
  }
  for (const auto& [id, count] : mails) {
    if (messages.contains(id)) continue;
    tally.Breach({.service = "notify",
                  .aggregate = id,
                  .what = "the mail server has a mail that no message intended"});
  }
}

namespace {

// Each gives rows that should not be there: the aggregate (uuid or empty), and what is wrong.
struct Account {
  const char* counted;  // how many things it looks at
  const char* wrong;
};

constexpr Account kAccounts[] = {
    // The balance of every rule and day.
    {"SELECT count(*) FROM balance",
     R"(SELECT '', 'rule ' || rule_code || ' on ' || due_date || ' does not balance: planned '
               || planned || ', became something: ' || handed_over + suppressed + expired + skipped
               + cancelled + pending + in_doubt
        FROM balance WHERE NOT balanced ORDER BY due_date, rule_code)"},
    // A released row of the plan made as many messages as it says.
    {"SELECT count(*) FROM reminder",
     R"(SELECT r.id, 'reminder was released with ' || r.message_count || ' messages and has '
               || coalesce(m.n, 0)
        FROM reminder r
        LEFT JOIN (SELECT reminder_id, count(*) AS n FROM message WHERE kind = 1
                   GROUP BY reminder_id) m ON m.reminder_id = r.id
        WHERE coalesce(m.n, 0) <> CASE WHEN r.state = 2 THEN r.message_count ELSE 0 END
        ORDER BY r.id)"},
    // Every notice that is owed is a message, and the other way.
    {"SELECT count(*) FROM change_notice",
     R"(SELECT coalesce(m.id::text, n.reminder_id::text),
               CASE WHEN m.id IS NULL THEN 'a change notice is owed and there is no message of it'
                    ELSE 'a change notice that nobody owes' END
        FROM change_notice n
        FULL JOIN (SELECT * FROM message WHERE kind = 2) m
          ON m.template_code = n.template_code AND m.cause_event_id = n.event_id
             AND m.person_id = n.person_id
        WHERE m.id IS NULL OR n.event_id IS NULL ORDER BY 1)"},
    // The last event of every message says what its row says.
    {"SELECT count(*) FROM message",
     R"(SELECT coalesce(m.id, e.aggregate_id), CASE
               WHEN m.id IS NULL THEN 'has events, but there is no such message'
               WHEN e.type IS NULL THEN 'is in state ' || m.state || ' without an event'
               ELSE 'is in state ' || m.state || ', its last event is ' || e.type END
        FROM message m
        FULL JOIN (SELECT DISTINCT ON (aggregate_id) aggregate_id, type FROM event_log
                   WHERE type LIKE 'ieum.notify.v1.Message%'
                   ORDER BY aggregate_id, version DESC) e ON e.aggregate_id = m.id
        WHERE m.id IS NULL OR NOT CASE m.state
          WHEN 3 THEN e.type IN ('ieum.notify.v1.MessageHandedOver',
                                 'ieum.notify.v1.MessageDoubtResolved')
          WHEN 4 THEN e.type IN ('ieum.notify.v1.MessageInDoubt',
                                 'ieum.notify.v1.MessageDoubtResolved')
          WHEN 5 THEN e.type = 'ieum.notify.v1.MessageSuppressed'
          WHEN 6 THEN e.type = 'ieum.notify.v1.MessageExpired'
          WHEN 7 THEN e.type = 'ieum.notify.v1.MessageCancelled'
          ELSE e.type IS NULL END IS TRUE
        ORDER BY 1)"},
    // Nothing was handed over twice.
    {"SELECT count(*) FROM event_log WHERE type = 'ieum.notify.v1.MessageHandedOver'",
     R"(SELECT aggregate_id, 'was handed over ' || count(*) || ' times' FROM event_log
        WHERE type = 'ieum.notify.v1.MessageHandedOver'
        GROUP BY aggregate_id HAVING count(*) > 1 ORDER BY aggregate_id)"},
    // The last event of every row of the plan says what the row says.
    {"SELECT count(*) FROM event_log WHERE type = 'ieum.notify.v1.ReminderPlanned'",
     R"(SELECT coalesce(r.id, e.aggregate_id), CASE
               WHEN r.id IS NULL THEN 'has events, but there is no such reminder'
               WHEN e.type IS NULL THEN 'reminder has no event'
               ELSE 'reminder is in state ' || r.state || ', its last event is ' || e.type END
        FROM reminder r
        FULL JOIN (SELECT DISTINCT ON (aggregate_id) aggregate_id, type FROM event_log
                   WHERE type LIKE 'ieum.notify.v1.Reminder%'
                   ORDER BY aggregate_id, version DESC) e ON e.aggregate_id = r.id
        WHERE r.id IS NULL OR NOT CASE r.state
          WHEN 1 THEN e.type IN ('ieum.notify.v1.ReminderPlanned', 'ieum.notify.v1.ReminderMoved')
          WHEN 2 THEN e.type = 'ieum.notify.v1.ReminderReleased'
          WHEN 3 THEN e.type = 'ieum.notify.v1.ReminderSkipped'
          WHEN 4 THEN e.type = 'ieum.notify.v1.ReminderCancelled' END IS TRUE
        ORDER BY 1)"},
};

absl::Status CheckAccounts(const Service& notify, Tally& tally) {
  return notify.database->Read("audit_message_accounts", [&](db::Tx& tx) {
    for (const Account& account : kAccounts) {
      tally.Checked(tx.RunDynamic(account.counted, {})[0][0].as<int64_t>());
      for (const auto& row : tx.RunDynamic(account.wrong, {})) {
        tally.Breach(
            {.service = notify.name, .aggregate = db::AsText(row[0]), .what = db::AsText(row[1])});
      }
    }
    return absl::OkStatus();
  });
}

// An intent's id follows from the row and the person, or from the move that is told: whoever plans
// the same again finds it there already. Without the seed, as releases did that knew of none.
base::Uuid IntendedId(const db::Row& row, const std::optional<base::Uuid>& seed) {
  const bool reminder = row[1].as<int>() == v1::MESSAGE_KIND_REMINDER;
  const base::Uuid of = db::AsUuid(row[reminder ? 2 : 4]);
  const std::string of_seed = seed ? of.ToString() + "/" : "";
  const std::string text = reminder ? "" : db::AsText(row[5]) + "/";
  return base::Uuid::Derive(seed.value_or(of), absl::StrCat(reminder ? "message/" : "notice/",
                                                            of_seed, text, db::AsText(row[3])));
}

// nullopt = of a release that knew of none.
std::optional<base::Uuid> SeedOf(db::Tx& tx) {
  if (!tx.RunDynamic("SELECT to_regclass('message_seed') IS NOT NULL", {})[0][0].as<bool>()) {
    return std::nullopt;
  }
  return db::AsUuid(tx.RunDynamic("SELECT seed FROM message_seed", {})[0][0]);
}

MailState MailStateOf(int state) {
  switch (state) {
    case v1::MESSAGE_STATE_HANDED_OVER:
      return MailState::kMustBeThere;
    case v1::MESSAGE_STATE_SENDING:
    case v1::MESSAGE_STATE_IN_DOUBT:
      return MailState::kMayBeThere;
    default:
      return MailState::kNone;
  }
}

constexpr int64_t kChunkRows = 5000;

const db::Statement kMessages("audit_messages", R"(
  SELECT id, kind, reminder_id, person_id, cause_event_id, template_code, state FROM message
  WHERE $1::uuid IS NULL OR id > $1::uuid ORDER BY id LIMIT $2::bigint)");

// Mails that went out after the backup which this database came back from: an operator said so.
absl::Status AddSentBefore(const Service& notify, std::map<std::string, MailState>* messages) {
  return notify.database->Read("audit_sent_before", [&](db::Tx& tx) {
    if (!tx.RunDynamic("SELECT to_regclass('sent_before') IS NOT NULL", {})[0][0].as<bool>()) {
      return absl::OkStatus();
    }
    for (const auto& row : tx.RunDynamic("SELECT message_id FROM sent_before", {})) {
      messages->emplace(db::AsUuid(row[0]).ToString(), MailState::kMayBeThere);
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<std::map<std::string, MailState>> CheckIds(const Service& notify, Tally& tally) {
  std::map<std::string, MailState> messages;
  std::optional<base::Uuid> last;
  for (bool more = true; more;) {
    RETURN_IF_ERROR(notify.database->Read("audit_messages", [&](db::Tx& tx) {
      const db::Rows rows = tx.Exec(kMessages, last, kChunkRows);
      more = static_cast<int64_t>(rows.size()) == kChunkRows;
      const std::optional<base::Uuid> seed = SeedOf(tx);
      for (const auto& row : rows) {
        tally.Checked();
        last = db::AsUuid(row[0]);
        messages[last->ToString()] = MailStateOf(row[6].as<int>());
        if (IntendedId(row, seed) == *last || IntendedId(row, std::nullopt) == *last) continue;
        tally.Breach({.service = notify.name,
                      .aggregate = last->ToString(),
                      .what = "its id does not follow from what it is to say"});
      }
      return absl::OkStatus();
    }));
  }
  return messages;
}

}  // namespace

absl::Status CheckMessages(Subject& subject, Tally& tally) {
  const Service* notify = subject.Find("notify");
  if (notify == nullptr) {
    tally.NotChecked("notify was not given");
    return absl::OkStatus();
  }
  // Mails before messages: what arrives meanwhile is in neither.
  std::map<std::string, int> mails;
  const std::string& folder = subject.options().mails;
  if (!folder.empty()) {
    ASSIGN_OR_RETURN(mails, MailsById(folder));
  }
  RETURN_IF_ERROR(ReplayPlan(subject, *notify, tally));
  RETURN_IF_ERROR(CheckAccounts(*notify, tally));
  ASSIGN_OR_RETURN(auto messages, CheckIds(*notify, tally));
  RETURN_IF_ERROR(AddSentBefore(*notify, &messages));
  if (folder.empty()) {
    tally.Note("no folder of mails was given: messages were not compared with what arrived");
  } else if (!subject.at_rest()) {
    tally.Note("mails are compared at rest only");
  } else {
    JudgeMails(mails, messages, tally);
  }
  return absl::OkStatus();
}

}  // namespace ieum::audit
