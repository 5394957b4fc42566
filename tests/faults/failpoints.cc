#include "tests/faults/failpoints.h"

namespace ieum::faults {
namespace {

const std::vector<std::string> kAll = {"registry", "casemgmt", "reporting", "notify"};
const std::vector<std::string> kCommanded = {"registry", "casemgmt", "reporting"};
const std::vector<std::string> kWriters = {"registry", "casemgmt", "notify"};
const std::vector<std::string> kConsumers = {"registry", "casemgmt", "reporting", "notify"};
const std::vector<std::string> kNotify = {"notify"};

}  // namespace

const std::vector<Failpoint>& Failpoints() {
  static const auto* all = new std::vector<Failpoint>{
      // A command, in its order.
      {"command.before_dedup_read", kCommanded},
      {"command.after_dedup_read", kCommanded},
      {"work.before_locks", kWriters},
      {"work.after_locks", kWriters},
      {"work.before_append", kWriters},
      {"work.after_append", kWriters},
      {"command.before_answer_stored", kCommanded},
      {"command.before_commit", kCommanded},
      {"command.after_commit", kCommanded},
      {"answer.before_send", kAll},
      {"answer.after_send", kAll},
      // A publish.
      {"publish.before", kAll},
      {"publish.after", kAll},
      {"publish.before_ack_taken", kAll},
      {"publish.after_ack_taken", kAll},
      {"relay.before_take_over", kAll},
      {"belief.before_write", kAll},
      {"belief.before_commit", kAll},
      {"lease.before_renewal", kAll},
      // An effect.
      {"effect.before_tx", kConsumers},
      {"effect.before_cursor", kConsumers},
      {"effect.after_cursor", kConsumers},
      {"effect.before_commit", kConsumers},
      {"effect.after_commit", kConsumers},
      {"park.before_commit", {}},  // only poison comes by
      // The bytes of an attachment: tests/integration/casemgmt/attachment_kill_test.cc comes by.
      {"attachment.before_sync", {}},
      {"attachment.before_rename", {}},
      {"attachment.after_rename", {}},
      {"attachment.cleanup_deleted", {}},
      // A reminder and its hand-over.
      {"reminder.before_release", kNotify},
      {"reminder.after_release", kNotify},
      {"hand_over.before_claim", kNotify},
      {"hand_over.after_claim", kNotify},
      {"hand_over.before_smtp", kNotify},
      {"hand_over.after_smtp", kNotify},
      {"hand_over.before_outcome", kNotify},
      {"hand_over.after_outcome", kNotify},
  };
  return *all;
}

const std::vector<std::string>& Switches() {
  static const auto* all =
      new std::vector<std::string>{"attachment.write", "effect.apply", "lease.forced"};
  return *all;
}

}  // namespace ieum::faults
