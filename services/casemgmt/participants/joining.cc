#include "services/casemgmt/participants/joining.h"

#include <algorithm>
#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "platform/base/korea_time.h"
#include "services/casemgmt/participants/participant_store.h"

namespace ieum::casemgmt {
namespace {

std::vector<base::Uuid> Concerned(db::Tx& tx, const std::vector<base::Uuid>& records) {
  std::vector<base::Uuid> all = records;
  for (const base::Uuid& record : records) {
    const auto same = RecordsOf(tx, record);
    all.insert(all.end(), same.begin(), same.end());
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

// The token that stands for all of one person: of the record that stands for the others, else the
// first.
std::map<base::Uuid, base::Uuid> Standing(db::Tx& tx, const std::vector<Participant>& tokens) {
  std::map<base::Uuid, base::Uuid> standing;  // by survivor
  for (const Participant& each : tokens) {
    const base::Uuid survivor = SurvivorOf(tx, *each.person);
    if (*each.person == survivor || !standing.contains(survivor)) {
      standing[survivor] = each.token;
    }
  }
  return standing;
}

template <class Event>
void Tell(ledger::UnitOfWork& work, const Participant& of, const base::Uuid& into,
          const base::Uuid& joining) {
  Event event;
  event.set_participant_id(into.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_joined_participant_id(of.token.ToString());
  event.set_joining_id(joining.ToString());
  // The token that joins and parts again keeps the order of both.
  work.Append(of.token, "participant", absl::StrCat("participants/", of.token.ToString()), event);
}

void Place(ledger::UnitOfWork& work, Participant token, const base::Uuid& standing) {
  std::optional<base::Uuid> into;
  if (standing != token.token) into = standing;
  if (into == token.joined_into) return;
  if (token.joined_into) {
    Tell<v1::ParticipantsParted>(work, token, *token.joined_into, *token.joining);
  }
  token.joined_into = into;
  token.joining.reset();
  if (into) {
    token.joining = work.DeriveId(absl::StrCat("joining/", token.token.ToString()));
    Tell<v1::ParticipantsJoined>(work, token, *into, *token.joining);
  }
  SaveJoining(work.tx(), token);
}

}  // namespace

absl::Status KeepAndJoin(ledger::UnitOfWork& work, const std::vector<base::Uuid>& records,
                         const std::vector<base::Uuid>& besides,
                         const std::function<void(db::Tx&)>& keep) {
  const auto before = Concerned(work.tx(), records);
  const auto seen = TokensOf(work.tx(), before);
  std::vector<base::Uuid> ids = besides;
  for (const Participant& each : seen) ids.push_back(each.token);
  work.Lock(std::move(ids));
  keep(work.tx());
  auto concerned = Concerned(work.tx(), records);
  concerned.insert(concerned.end(), before.begin(), before.end());
  const auto tokens = TokensOf(work.tx(), concerned);
  // A token that was made meanwhile is not locked yet.
  if (tokens.size() != seen.size()) db::Conflict();
  const auto standing = Standing(work.tx(), tokens);
  for (const Participant& each : tokens) {
    Place(work, each, standing.at(SurvivorOf(work.tx(), *each.person)));
  }
  return absl::OkStatus();
}

}  // namespace ieum::casemgmt
