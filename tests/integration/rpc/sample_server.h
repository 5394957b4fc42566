// A real server of the sample service over loopback, and clients of it.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "grpcpp/grpcpp.h"
#include "ieum/sample/v1/sample_service.grpc.pb.h"
#include "platform/base/clock.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/server.h"
#include "platform/telemetry/metrics.h"
#include "tests/integration/rpc/thing_door.h"
#include "tests/support/postgres.h"

namespace ieum::rpc {

// HoldThing calls wait here until the test lets their word go.
class Gate {
 public:
  absl::Status Enter(const std::string& word);
  void WaitUntilEntered(const std::string& word);
  bool Entered(const std::string& word);
  void Open(const std::string& word);
  void OpenAll();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> entered_, open_;
  bool all_ = false;
};

// What came back, metadata too.
struct Result {
  grpc::Status status;
  std::string reason;
  std::vector<std::string> fields;
  std::multimap<std::string, std::string> initial, trailing;

  std::string Header(const std::string& key) const;
};

// Of all tests of this process that do not look at its rows.
testing::TestDatabase& SharedDatabase();

class SampleServer {
 public:
  explicit SampleServer(ServerOptions options = {},
                        testing::TestDatabase& database = SharedDatabase());
  ~SampleServer();

  using Stub = sample::v1::SampleService::Stub;
  Stub& stub() { return *stub_; }
  std::shared_ptr<grpc::Channel> channel() { return channel_; }
  // Another connection.
  std::shared_ptr<grpc::Channel> NewChannel(int port) const;

  // Calls a stub's method with `token` and a deadline; no deadline when infinite.
  template <class Request, class Response>
  Result Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
              const Request& request, Response* response, const std::string& token = "all",
              absl::Duration timeout = absl::Seconds(20)) {
    grpc::ClientContext context;
    Prepare(&context, token, timeout);
    const grpc::Status status = (stub_.get()->*method)(&context, request, response);
    return Finished(status, context);
  }
  Result Hold(const std::string& word, absl::Duration timeout = absl::Seconds(20));
  // Bytes as they are, to any method.
  Result Raw(const std::string& method, const std::string& bytes, std::string* answer = nullptr);

  static void Prepare(grpc::ClientContext* context, const std::string& token,
                      absl::Duration timeout);
  static Result Finished(const grpc::Status& status, const grpc::ClientContext& context);

  testing::TestDatabase& test_database;
  base::SystemClock clock;
  ledger::Ledger ledger{test_database.database(), clock, "sample"};
  telemetry::Metrics metrics{"sample"};
  Gate gate;
  ThingDoor door{test_database.database(), ledger, crypto::Key()};
  Router router;
  std::optional<Server> server;

 private:
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Stub> stub_;
};

// A call on a thread of its own.
class HeldCall {
 public:
  HeldCall(SampleServer& server, const std::string& word,
           absl::Duration timeout = absl::Seconds(20));
  ~HeldCall();
  void Cancel() { context_.TryCancel(); }
  const Result& Wait();

 private:
  grpc::ClientContext context_;
  Result result_;
  std::thread thread_;
};

// True as soon as so many calls wait for a thread.
bool Waiting(SampleServer& server, int calls);

sample::v1::CreateThingRequest CreateRequest(const std::string& display_name, int size = 1);

}  // namespace ieum::rpc
