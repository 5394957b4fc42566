#include "tests/faults/bad_weather.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tests/faults/restart.h"
#include "tests/faults/tcp_proxy.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kCalm = absl::Seconds(2);  // for what a service says undisturbed
constexpr absl::Duration kCaughtUpWithin = absl::Seconds(30);
constexpr int64_t kMostTimes = 3;
// Making a connection anew costs some bytes that say nothing of calls, and a second's load is not
// the next one's.
constexpr int64_t kBytesSlack = 256 << 10;
constexpr char kBroker[] = "the broker";
constexpr char kDatabase[] = "PostgreSQL";

struct Way {
  std::string service, to;  // a service, the broker or PostgreSQL
  std::string words;
  Weather weather;
  absl::Duration time;
};

std::string TargetOf(World& world, const std::string& to) {
  if (to == kDatabase) return world.PostgresSocket();
  return to == kBroker ? world.suite().nats().url() : world.AddressOf(to);
}

// Sends the service over the proxy, or straight again when there is no port.
void Lead(World& world, const Way& way, int port) {
  testing::Suite& suite = world.suite();
  const std::string place = absl::StrCat("127.0.0.1:", port);
  if (way.to == kDatabase) {
    const std::string over =
        port == 0 ? "" : absl::StrCat(" host=127.0.0.1 port=", port, " sslmode=disable");
    world.SetEnvironment(way.service, "IEUM_DB", suite.DatabaseOf(way.service) + over);
  } else if (way.to == kBroker) {
    world.SetEnvironment(way.service, "IEUM_NATS_URL",
                         port == 0 ? suite.nats().url() : "nats://" + place);
  } else {
    world.SetEnvironment(way.service, "IEUM_PEER_" + absl::AsciiStrToUpper(way.to),
                         port == 0 ? world.AddressOf(way.to) : place);
  }
}

struct Said {
  absl::Time at = absl::Now();
  int64_t bytes = 0;
};

absl::Status Judge(const Said& begin, const Said& calm, const Said& end, const Way& way) {
  const double share = absl::FDivDuration(end.at - calm.at, calm.at - begin.at);
  const double expected = static_cast<double>(calm.bytes - begin.bytes) * share;
  const int64_t said = end.bytes - calm.bytes;
  if (static_cast<double>(said) <= kMostTimes * expected + kBytesSlack) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat(way.service, " said ", said, " bytes to ", way.to, " in bad weather, ",
                   static_cast<int64_t>(expected), " would be its way"));
}

absl::Status Suffer(World& world, const Way& way, TcpProxy& proxy) {
  const Said begin{absl::Now(), proxy.traffic().bytes_up};
  (void)world.Pass(kCalm);
  const Said calm{absl::Now(), proxy.traffic().bytes_up};
  proxy.Set(way.weather);
  (void)world.Pass(way.time);
  proxy.Set({});
  ASSIGN_OR_RETURN(const World::Positions ledgers, world.LedgerPositions());
  RETURN_IF_ERROR(world.WaitCaughtUp(ledgers, kCaughtUpWithin).status());
  return Judge(begin, calm, {absl::Now(), proxy.traffic().bytes_up}, way);
}

absl::Status Run(Scene& scene, const Way& way, const Dice& dice) {
  TcpProxy proxy(TargetOf(scene.world, way.to), dice);
  Lead(scene.world, way, proxy.port());
  absl::Status status = RestartGracefully(scene.world, way.service);
  if (status.ok()) status = Suffer(scene.world, way, proxy);
  Lead(scene.world, way, 0);
  status.Update(RestartGracefully(scene.world, way.service));
  return status;
}

Way DrawWay(Dice& dice) {
  static const auto* ways = new std::vector<std::pair<std::string, std::string>>{
      {"registry", kBroker},    {"casemgmt", kBroker},    {"reporting", kBroker},
      {"notify", kBroker},      {"registry", kDatabase},  {"casemgmt", kDatabase},
      {"reporting", kDatabase}, {"notify", kDatabase},    {"casemgmt", "registry"},
      {"notify", "registry"},   {"reporting", "registry"}};
  const auto& [service, to] = dice.Pick(*ways);
  Way way{service, to, "", {}, dice.Millis(2000, 6000)};
  const absl::Duration delay = dice.Millis(50, 200);
  switch (dice.Between(0, 3)) {
    case 0:
      way.weather.delay = delay;
      way.weather.jitter = delay / 2;
      way.words = absl::StrCat("takes ", absl::FormatDuration(delay), " and up to half as much");
      return way;
    case 1:
      way.weather.cut = 0.01 * static_cast<double>(dice.Between(1, 5));
      way.words = absl::StrCat("breaks off at ", way.weather.cut * 100, " % of all pieces");
      return way;
    case 2:
      way.weather.stall_up = true;
      way.words = "brings nothing there";
      return way;
    default:
      way.weather.stall_down = true;
      way.words = "brings nothing back";
      return way;
  }
}

}  // namespace

Strike DrawBadWeather(Dice& dice) {
  const Way way = DrawWay(dice);
  const Dice own = dice.Fork();
  return {absl::StrCat("the way from ", way.service, " to ", way.to, " ", way.words, " for ",
                       absl::FormatDuration(way.time)),
          way.time + kCalm + absl::Seconds(3), [=](Scene& scene) { return Run(scene, way, own); }};
}

}  // namespace ieum::faults
