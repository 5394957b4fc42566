// The gRPC door of messages, reminders and balances.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/notify/v1/message_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"
#include "platform/telemetry/metrics.h"

namespace ieum::notify {

class MessageDoor {
 public:
  MessageDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key)
      : database_(database), ledger_(ledger), page_key_(page_key) {}
  void Serve(rpc::Router& router);
  // Shows the number of unbalanced lines and of messages in doubt at each scrape; −1 when they
  // could not be counted.
  void Watch(telemetry::Metrics& metrics);

 private:
  absl::StatusOr<v1::Message> GetMessage(rpc::Call& call, const v1::GetMessageRequest& request);
  absl::StatusOr<v1::ListMessagesResponse> ListMessages(rpc::Call& call,
                                                        const v1::ListMessagesRequest& request);
  absl::StatusOr<v1::Reminder> GetReminder(rpc::Call& call, const v1::GetReminderRequest& request);
  absl::StatusOr<v1::ListRemindersResponse> ListReminders(rpc::Call& call,
                                                          const v1::ListRemindersRequest& request);
  absl::StatusOr<v1::ListBalancesResponse> ListBalances(rpc::Call& call,
                                                        const v1::ListBalancesRequest& request);
  absl::StatusOr<v1::Message> ResolveDoubt(rpc::Call& call,
                                           const v1::ResolveMessageDoubtRequest& request);
  absl::StatusOr<v1::Message> Show(const rpc::Call& call, const std::string& name);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::notify
