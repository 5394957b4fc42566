#include "tests/flows/played_year.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "tools/play/read_results.h"

namespace ieum::testing {

namespace {

play::Scenario YearOf(const std::string& name) {
  auto scenario = play::LoadScenario(IEUM_SOURCE_DIR "/scenarios/" + name);
  if (scenario.ok()) return *std::move(scenario);
  std::fprintf(stderr, "%s\n", std::string(scenario.status().message()).c_str());
  std::abort();
}

}  // namespace

play::Scenario BusanYear() { return YearOf("bsn-2023"); }
play::Scenario IncheonYear() { return YearOf("inc-2024"); }

play::Scenario BusanYearUntil(const std::string& cut_off) {
  play::Scenario scenario = BusanYear();
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, cut_off, &scenario.cut_off, &error)) {
    ADD_FAILURE() << error;
  }
  std::erase_if(scenario.actions,
                [&](const play::Action& action) { return action.time >= scenario.cut_off; });
  scenario.expected = nullptr;
  return scenario;
}

PlayedYear::PlayedYear(play::Scenario scenario, absl::Duration patience)
    : scenario_(std::move(scenario)) {
  auto services = play::Services::Open(suite_.file(), patience);
  if (services.ok()) {
    services_.emplace(*std::move(services));
  } else {
    ADD_FAILURE() << services.status();
  }
}

bool PlayedYear::Play(play::PlayerHooks hooks) {
  if (!services_) return false;
  player_ = std::make_unique<play::Player>(scenario_, *services_, std::move(hooks));
  const absl::Status played = player_->Play();
  EXPECT_TRUE(played.ok()) << played;
  return played.ok();
}

play::Results PlayedYear::Read() {
  auto results = play::ReadResults(scenario_, *services_, *player_);
  if (results.ok()) return *std::move(results);
  ADD_FAILURE() << results.status();
  return {};
}

}  // namespace ieum::testing
