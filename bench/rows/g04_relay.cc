// G4: how fast the relay carries a backlog into a stream that lost everything, against publishing
// messages of the same size as fast as the broker takes them, without any of the relay's promises.
#include <nats/nats.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "bench/harness/machine.h"
#include "bench/harness/waiting.h"
#include "bench/rows/backlog.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"

namespace ieum::bench {
namespace {

constexpr int kInFlight = 512;           // as the relay
constexpr int64_t kMessageBytes = 1000;  // until one of ours was seen
constexpr int kBodyBytes = 120;
constexpr int kHeaders = 12;
constexpr const char* kNames[kHeaders] = {"Raw-01", "Raw-02", "Raw-03", "Raw-04",
                                          "Raw-05", "Raw-06", "Raw-07", "Raw-08",
                                          "Raw-09", "Raw-10", "Raw-11", "Raw-12"};

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

  // Messages a second, the last one stored. As many headers as an event has, of names that mean
  // nothing to the broker: neither a chain nor ids to remember.
  double PublishRaw(int64_t count, int64_t bytes) {
    const std::string body(static_cast<size_t>(kBodyBytes), 'x');
    const std::string value(static_cast<size_t>((bytes - kBodyBytes) / kHeaders - 10), 'y');
    const double begin = Now();
    for (int64_t at = 0; at < count; ++at) {
      const std::string subject = fmt::format("raw.s{:02}", at % 16);
      natsMsg* message = nullptr;
      (void)natsMsg_Create(&message, subject.c_str(), nullptr, body.data(), kBodyBytes);
      for (int header = 0; header < kHeaders; ++header) {
        (void)natsMsgHeader_Set(message, kNames[header], value.c_str());
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
  if (!WaitFor([&] { return (first = broker.Held("EV_REGISTRY").first) > 0; }, 30)) {
    Die("the relay does not come back to an empty broker");
  }
  const double begin = Now();
  if (!WaitFor([&] { return broker.Held("EV_REGISTRY").first >= events; }, 120, 0.005)) {
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
  int64_t bytes = kMessageBytes;
  std::map<std::string, double> cpu;
  const Rounds rounds = Alternate(
      bench, bench.options().rounds,
      [&] {
        const CpuMeter meter(suite.Pids());
        const double rate = MeasureRelay(suite, all);
        cpu = meter.Read();
        cpu["nats"] = CpuSeconds(suite.nats().pid());  // its life began with the backlog
        const auto [held, held_bytes] = Broker(suite.nats().url()).Held("EV_REGISTRY");
        bytes = held_bytes / held;
        return rate;
      },
      [&] {
        Broker broker(suite.nats().url());
        broker.MakeRawStream();
        return broker.PublishRaw(all, bytes);
      });
  const double thousands = static_cast<double>(all) / 1000;
  Line line{.row = "G4",
            .what = fmt::format("relay, a backlog of {} events into an empty stream", all),
            .unit = "/s",
            .limit_is = fmt::format("raw pipelined publish of {} bytes", bytes),
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
