// What is audited: the databases, the broker and the doors of a suite, and the witnesses beside it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/broker/connection.h"
#include "platform/db/database.h"
#include "platform/rpc/peer.h"

namespace ieum::audit {

struct ServiceOptions {
  std::string name;         // "registry"
  std::string conninfo;     // libpq
  std::string db_password;  // empty = none
  std::string grpc;         // host:port; empty = its door is not asked
};

struct SubjectOptions {
  std::vector<ServiceOptions> services;
  std::string nats_url;  // empty = streams are not looked at
  broker::Access nats_access;
  std::string token;      // bearer for the services' doors
  std::string journal;    // file of what clients asked and were answered; empty = none
  std::string mails;      // folder of what the mail server received; empty = none
  std::string processes;  // file of what a supervisor saw of the processes; empty = none
  // Wait for rest, at most this long, and judge lag. Zero: the suite goes on working, or is
  // stopped; what is on its way is no breach.
  absl::Duration rest = absl::Seconds(10);
  // The suite came to rest before it was stopped, or before its doors could not be asked.
  bool rested = false;
};

struct Service {
  std::string name;
  std::unique_ptr<db::Database> database;
  std::unique_ptr<rpc::Peer> peer;  // null = not asked
};

// One thread.
class Subject {
 public:
  // UNAVAILABLE that names the database or the broker that does not answer.
  static absl::StatusOr<std::unique_ptr<Subject>> Open(SubjectOptions options);

  const std::vector<Service>& services() const { return services_; }
  const Service* Find(const std::string& name) const;
  broker::Connection* broker() const { return broker_.get(); }  // null = not looked at
  const SubjectOptions& options() const { return options_; }

  // Everything that was committed has reached everybody: cursors can be asked to be at the end.
  bool at_rest() const { return at_rest_; }
  void set_at_rest(bool at_rest) { at_rest_ = at_rest; }

 private:
  explicit Subject(SubjectOptions options)
      : options_(std::move(options)), at_rest_(options_.rested) {}
  absl::Status OpenServices();
  absl::Status OpenBroker();

  const SubjectOptions options_;
  std::vector<Service> services_;
  std::unique_ptr<broker::Connection> broker_;
  bool at_rest_;
};

}  // namespace ieum::audit
