#include "tests/flows/strikes.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <random>
#include <vector>

#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

constexpr char kBroker[] = "broker";
constexpr char kPostgres[] = "postgresql";
constexpr int kMailWatches = 8;
constexpr std::chrono::minutes kMailPatience(2);

std::vector<std::string> Victims() {
  std::vector<std::string> victims = kServices;
  victims.push_back(kBroker);
  victims.push_back(kPostgres);
  return victims;
}

}  // namespace

Strikes::Strikes(Suite& suite, Sightings& sightings, size_t actions, uint64_t seed)
    : suite_(suite), sightings_(sightings) {
  std::mt19937_64 random(seed);
  std::vector<size_t> places(actions);
  std::iota(places.begin(), places.end(), size_t{0});
  std::shuffle(places.begin(), places.end(), random);
  size_t next = 0;
  for (const std::string& victim : Victims()) {
    during_[places.at(next++)] = victim;
    after_[places.at(next++)] = victim;
  }
  for (int watch = 0; watch < kMailWatches; ++watch) mail_watches_.insert(places.at(next++));
}

// The kill falls somewhere into the call: before it, in it, or behind it.
void Strikes::BeforeCall(size_t index) {
  if (mail_watches_.contains(index)) WatchMails();
  const auto found = during_.find(index);
  if (found == during_.end()) return;
  Finish();
  ++kills_[found->second];
  recovery_ = std::async(std::launch::async, [this, victim = found->second] {
    Kill(victim);
    StartAgain(victim);
  });
}

// The kill comes before anything that follows from the call was consumed.
void Strikes::AfterCall(size_t index) {
  const auto found = after_.find(index);
  if (found == after_.end()) return;
  Finish();
  ++kills_[found->second];
  Kill(found->second);
  recovery_ =
      std::async(std::launch::async, [this, victim = found->second] { StartAgain(victim); });
}

void Strikes::Finish() {
  if (recovery_.valid()) recovery_.get();
}

void Strikes::End() {
  mail_watch_ = {};
  Finish();
}

// The file is there before the mail server answers: the kill comes into the middle of the mail.
void Strikes::WatchMails() {
  mail_watch_ = std::jthread([this, before = suite_.Mails()](const std::stop_token& stop) {
    WaitFor([&] { return stop.stop_requested() || suite_.Mails() > before; }, kMailPatience);
    if (suite_.Mails() == before) return;
    Kill("notify");
    StartAgain("notify");
    ++mail_kills_;
  });
}

void Strikes::Kill(const std::string& victim) {
  std::lock_guard<std::mutex> lock(hand_);
  if (victim == kBroker) {
    suite_.nats().KillNine();
  } else if (victim == kPostgres) {
    suite_.postgres().KillNine();
  } else {
    sightings_.Note(victim);
    suite_.KillService(victim);
  }
}

void Strikes::StartAgain(const std::string& victim) {
  std::lock_guard<std::mutex> lock(hand_);
  if (victim == kBroker) {
    suite_.nats().Start();
  } else if (victim == kPostgres) {
    suite_.postgres().StartAgain();
  } else {
    suite_.StartService(victim);
  }
}

}  // namespace ieum::testing
