#include "platform/access/grant_book.h"

#include <set>
#include <utility>

#include "platform/access/subject_id.h"
#include "platform/base/status.h"
#include "platform/flow/instant.h"
#include "platform/telemetry/log.h"

namespace ieum::access {
namespace {

constexpr absl::Duration kRetry = absl::Seconds(1);  // for callers, while the book is not known

// What is held in a centre is held in those below it. An emergency is one in the centre that it was
// called in.
void AddLowerCentres(const CentresBelow& below, std::vector<rpc::Grant>* grants) {
  if (below.empty()) return;
  std::set<std::pair<std::string, std::string>> have;
  for (const rpc::Grant& grant : *grants) have.emplace(grant.role, grant.centre);
  for (size_t at = 0, held = grants->size(); at < held; ++at) {
    const rpc::Grant upper = (*grants)[at];
    const auto found = below.find(upper.centre);
    if (found == below.end() || upper.role == rpc::kBreakGlassRole) continue;
    for (const std::string& centre : found->second) {
      if (have.emplace(upper.role, centre).second) grants->push_back({upper.role, centre});
    }
  }
}

}  // namespace

GrantBook::GrantBook(db::Database& database, const base::Clock& clock, telemetry::Metrics& metrics)
    : database_(database), clock_(clock) {
  auto& age = metrics.Gauge("access_book_age_seconds",
                            "Since the grants were last compared with the database; -1 = never");
  auto& grants = metrics.Gauge("access_grants", "Grants that hold");
  metrics.OnScrape([this, &age, &grants] {
    std::lock_guard lock(mutex_);
    age.Set(shelf_ == nullptr ? -1 : absl::ToDoubleSeconds(flow::MonotonicNow() - looked_at_));
    grants.Set(shelf_ == nullptr ? 0 : static_cast<double>(shelf_->grants));
  });
}

GrantBook::~GrantBook() { Stop(); }

void GrantBook::Start() {
  Refresh().IgnoreError();  // if it fails, the loop will say so
  thread_ = std::thread([this] { Loop(); });
}

void GrantBook::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void GrantBook::Loop() {
  bool failing = false;
  std::unique_lock lock(mutex_);
  do {
    lock.unlock();
    const absl::Status read = Refresh();
    if (!read.ok() && !failing) {
      telemetry::Warn("grants cannot be read", {{"reason", std::string(read.message())}});
    }
    failing = !read.ok();
    lock.lock();
  } while (
      !stopped_.wait_for(lock, absl::ToChronoMilliseconds(kLook), [this] { return stopping_; }));
}

absl::Status GrantBook::Refresh() {
  std::lock_guard one_at_a_time(refreshing_);
  const absl::Duration looked = flow::MonotonicNow();
  std::shared_ptr<const Shelf> shelf = Current();
  int64_t revision = 0;
  RETURN_IF_ERROR(database_.ReadOne("access_revision", [&](db::Tx& tx) {
    revision = BookRevision(tx);
    return absl::OkStatus();
  }));
  if (shelf == nullptr || shelf->revision != revision) {
    auto fresh = std::make_shared<Shelf>();
    RETURN_IF_ERROR(database_.Read("access_book", [&](db::Tx& tx) {
      *fresh = ReadBook(tx);
      return absl::OkStatus();
    }));
    shelf = std::move(fresh);
  }
  std::lock_guard lock(mutex_);
  shelf_ = std::move(shelf);
  looked_at_ = looked;
  return absl::OkStatus();
}

std::shared_ptr<const Shelf> GrantBook::Current() const {
  std::lock_guard lock(mutex_);
  return shelf_;
}

absl::Status GrantBook::Complete(rpc::Identity* identity) const {
  if (rpc::IsService(identity->subject)) return absl::OkStatus();
  std::shared_ptr<const Shelf> shelf;
  {
    std::lock_guard lock(mutex_);
    if (flow::MonotonicNow() - looked_at_ < kCountsFor) shelf = shelf_;
  }
  if (shelf == nullptr) {
    return base::Unavailable("it is not known at the moment who may do what", kRetry);
  }
  const auto found = shelf->subjects.find(SubjectId(identity->subject));
  if (found != shelf->subjects.end() && found->second.closed) {
    identity->grants.clear();
    return absl::OkStatus();
  }
  if (found != shelf->subjects.end()) AddHeld(found->second, identity);
  AddLowerCentres(shelf->below, &identity->grants);
  return absl::OkStatus();
}

void GrantBook::AddHeld(const HeldBySubject& held, rpc::Identity* identity) const {
  const absl::StatusOr<absl::Time> now = clock_.Now();
  for (const HeldGrant& grant : held.grants) {
    const bool holds = !grant.expires_at || (now.ok() && *now < *grant.expires_at);
    if (holds) identity->grants.push_back({grant.role, grant.centre});
  }
}

}  // namespace ieum::access
