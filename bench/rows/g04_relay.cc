// G4: how fast the relay carries a backlog into a stream that lost everything, against publishing
// messages of the same size as fast as the broker takes them, without any of the relay's promises.
#include <nats/nats.h>

#include <cstdlib>
#include <cstring>
#include <memory>

#include "absl/strings/str_cat.h"
#include "bench/harness/machine.h"
#include "bench/harness/waiting.h"
#include "bench/rows/backlog.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"
#include "platform/flow/flow_limits.h"

namespace ieum::bench {
namespace {

constexpr int kInFlight = flow::RelayLimits{}.max_in_flight;  // as the relay
constexpr char kRelayed[] = "EV_REGISTRY";

// What one of the relay's messages is made of; the raw ones are made the same.
struct Shape {
  size_t body = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // of names that mean nothing
};

// A connection of the benchmark's own to the suite's broker.
class Broker {
 public:
  explicit Broker(const std::string& url) {
    jsOptions options;
    jsOptions_Init(&options);
    options.PublishAsync.MaxPending = kInFlight;
    if (natsConnection_ConnectTo(&connection_, url.c_str()) != NATS_OK ||
        natsConnection_JetStream(&js_, connection_, &options) != NATS_OK) {
      Die("the benchmark cannot connect to the broker");
    }
  }
  ~Broker() {
    jsCtx_Destroy(js_);
    natsConnection_Destroy(connection_);
  }
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  // Messages and bytes of a stream; zeros when it is not there.
  std::pair<int64_t, int64_t> Held(const char* stream) {
    jsStreamInfo* info = nullptr;
    if (js_GetStreamInfo(&info, js_, stream, nullptr, nullptr) != NATS_OK) return {0, 0};
    const std::pair<int64_t, int64_t> held = {static_cast<int64_t>(info->State.Msgs),
                                              static_cast<int64_t>(info->State.Bytes)};
    jsStreamInfo_Destroy(info);
    return held;
  }

  void MakeRawStream() {
    (void)js_DeleteStream(js_, "RAW", nullptr, nullptr);
    jsStreamConfig config;
    jsStreamConfig_Init(&config);
    const char* subjects[] = {"raw.*"};
    config.Name = "RAW";
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.Storage = js_FileStorage;
    config.Duplicates = int64_t{120} * 1'000'000'000;
    jsStreamInfo* info = nullptr;
    if (js_AddStream(&info, js_, &config, nullptr, nullptr) != NATS_OK) Die("no raw stream");
    jsStreamInfo_Destroy(info);
  }

  // Of the stream's last message: as many headers, names and values as long, a body of its size.
  Shape LastShape(const char* stream) {
    jsStreamInfo* info = nullptr;
    natsMsg* message = nullptr;
    const char** names = nullptr;
    int count = 0;
    if (js_GetStreamInfo(&info, js_, stream, nullptr, nullptr) != NATS_OK ||
        js_GetMsg(&message, js_, stream, info->State.LastSeq, nullptr, nullptr) != NATS_OK ||
        natsMsgHeader_Keys(message, &names, &count) != NATS_OK) {
      Die("the relay's last message cannot be read");
    }
    Shape shape{static_cast<size_t>(natsMsg_GetDataLength(message)), {}};
    for (int at = 0; at < count; ++at) {
      const char* value = nullptr;
      (void)natsMsgHeader_Get(message, names[at], &value);
      std::string name = fmt::format("Raw-{:02}", at);
      name.resize(std::max(name.size(), std::strlen(names[at])), 'x');
      shape.headers.emplace_back(name, std::string(std::strlen(value), 'y'));
    }
    free(static_cast<void*>(names));
    natsMsg_Destroy(message);
    jsStreamInfo_Destroy(info);
    return shape;
  }

  // Messages a second, the last one stored: neither a chain nor ids to remember.
  double PublishRaw(int64_t count, const Shape& shape) {
    const std::string body(shape.body, 'x');
    const double begin = Now();
    for (int64_t at = 0; at < count; ++at) {
      const std::string subject = fmt::format("raw.s{:02}", at % 16);
      natsMsg* message = nullptr;
      (void)natsMsg_Create(&message, subject.c_str(), nullptr, body.data(),
                           static_cast<int>(body.size()));
      for (const auto& [name, value] : shape.headers) {
        (void)natsMsgHeader_Set(message, name.c_str(), value.c_str());
      }
      (void)js_PublishMsgAsync(js_, &message, nullptr);
      natsMsg_Destroy(message);
    }
    (void)js_PublishAsyncComplete(js_, nullptr);
    return static_cast<double>(count) / (Now() - begin);
  }

 private:
  natsConnection* connection_ = nullptr;
  jsCtx* js_ = nullptr;
};

// Begins when the stream is there and holds something, so that finding the broker again is not
// counted; ends when it holds all.
double MeasureRelay(Suite& suite, int64_t events) {
  suite.nats().Stop();
  suite.nats().WipeStore();
  suite.nats().Start();
  Broker broker(suite.nats().url());
  int64_t first = 0;
  if (!WaitFor([&] { return (first = broker.Held(kRelayed).first) > 0; }, 30)) {
    Die("the relay does not come back to an empty broker");
  }
  const double begin = Now();
  if (!WaitFor([&] { return broker.Held(kRelayed).first >= events; }, 120, 0.005)) {
    Die("the relay did not carry its backlog within two minutes");
  }
  return static_cast<double>(events - first) / (Now() - begin);
}

}  // namespace

std::vector<Line> RunRelay(Bench& bench) {
  Suite suite;
  suite.Start({"registry"});
  const int64_t events = bench.options().quick ? 20'000 : 100'000;
  bench.Say(fmt::format("writing a ledger of {} events", events));
  FillOrganizations(suite, events, Fill::kWithEvents);
  const int64_t all =
      std::atoll(suite.Ask("registry", "SELECT sum(last_pos) FROM outbox_shard").c_str());
  int64_t bytes = 0;
  Shape shape;
  std::map<std::string, double> cpu;
  const Rounds rounds = Alternate(
      bench, bench.options().rounds,
      [&] {
        const CpuMeter meter(suite.Pids());
        const double rate = MeasureRelay(suite, all);
        cpu = meter.Read();
        cpu["nats"] = CpuSeconds(suite.nats().pid());  // its life began with the backlog
        Broker broker(suite.nats().url());
        const auto [held, held_bytes] = broker.Held(kRelayed);
        bytes = held_bytes / held;
        shape = broker.LastShape(kRelayed);
        return rate;
      },
      [&] {
        Broker broker(suite.nats().url());
        broker.MakeRawStream();
        return broker.PublishRaw(all, shape);
      });
  const double thousands = static_cast<double>(all) / 1000;
  Line line{.row = "G4",
            .what = fmt::format("relay, a backlog of {} events into an empty stream", all),
            .unit = "/s",
            .limit_is = fmt::format("raw pipelined publish of {} bytes in {} headers and a body",
                                    bytes, shape.headers.size()),
            .goal = {Goal::Of::kRatio, 0.6, 0.85},
            .cpu = fmt::format("registry {:.3f}, nats {:.3f}, postgres {:.3f}",
                               cpu["registry"] / thousands, cpu["nats"] / thousands,
                               cpu["postgres"] / thousands)};
  SetRounds(rounds, &line);
  Line absolute{.row = "G4",
                .what = "the same, events a second",
                .unit = "/s",
                .goal = {Goal::Of::kAtLeast, 20'000, 40'000}};
  SetRounds({rounds.ours, {}}, &absolute);
  return {line, absolute};
}

}  // namespace ieum::bench
