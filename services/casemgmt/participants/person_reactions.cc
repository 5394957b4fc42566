#include "services/casemgmt/participants/person_reactions.h"

#include "ieum/registry/v1/events.pb.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "services/casemgmt/activities/attendance_store.h"
#include "services/casemgmt/activities/training_commands.h"
#include "services/casemgmt/activities/training_store.h"
#include "services/casemgmt/cases/same_person_commands.h"
#include "services/casemgmt/cases/same_person_store.h"
#include "services/casemgmt/erasures/forgetting.h"
#include "services/casemgmt/names.h"
#include "services/casemgmt/participants/joining.h"
#include "services/casemgmt/references/consent_heard.h"
#include "services/casemgmt/referrals/provision_store.h"

namespace ieum::casemgmt {
namespace {

namespace registry = ieum::registry::v1;
using flow::ReceivedEvent;
using ledger::UnitOfWork;

template <class Event>
absl::StatusOr<Merge> MergeOf(const Event& event) {
  Merge merge;
  ASSIGN_OR_RETURN(merge.id, base::ParseUuid(event.merge_id(), "merge_id"));
  ASSIGN_OR_RETURN(merge.survivor,
                   base::ParseUuid(event.survivor_person_id(), "survivor_person_id"));
  ASSIGN_OR_RETURN(merge.duplicate,
                   base::ParseUuid(event.duplicate_person_id(), "duplicate_person_id"));
  return merge;
}

HeardAt PlaceOf(const ReceivedEvent& received) {
  return {received.envelope.shard(), received.envelope.position()};
}

template <class Event>
void FollowMerge(flow::Subscriptions& on, void (*keep)(db::Tx&, const Merge&, const HeardAt&)) {
  on.React<Event>(
      [keep](UnitOfWork& work, const Event& event, const ReceivedEvent& received) -> absl::Status {
        ASSIGN_OR_RETURN(const Merge merge, MergeOf(event));
        const std::vector<base::Uuid> records = {merge.survivor, merge.duplicate};
        const auto trainings = TrainingsWith(work.tx(), records);
        const auto cases = OpenCasesOf(work.tx(), records);
        std::vector<base::Uuid> besides = trainings;
        besides.insert(besides.end(), cases.begin(), cases.end());
        RETURN_IF_ERROR(KeepAndJoin(work, records, besides, [&](db::Tx& tx) {
          for (const base::Uuid& record : records) WaitForWriters(tx, record);
          HoldOpenings(tx, records);
          // She came to another one, or a case was opened, between the look and the locks.
          if (TrainingsWith(tx, records) != trainings) db::Conflict();
          if (OpenCasesOf(tx, records) != cases) db::Conflict();
          keep(tx, merge, PlaceOf(received));
        }));
        RecountTrainings(work, trainings);
        TellSamePerson(work, cases);
        return absl::OkStatus();
      });
}

template <class Event>
absl::StatusOr<HeardConsent> ConsentOf(const Event& event) {
  HeardConsent heard{.purpose = event.purpose(), .revision = event.revision()};
  ASSIGN_OR_RETURN(heard.person, base::ParseUuid(event.person_id(), "person_id"));
  ASSIGN_OR_RETURN(heard.receiver,
                   ChosenId(event.receiver_organization_id(), "receiver_organization_id"));
  return heard;
}

absl::StatusOr<HeardConsent> HeardOf(const ReceivedEvent& received) {
  if (received.Is<registry::ConsentRefused>()) {
    return ConsentOf(received.As<registry::ConsentRefused>());
  }
  if (received.Is<registry::ConsentWithdrawn>()) {
    return ConsentOf(received.As<registry::ConsentWithdrawn>());
  }
  if (received.Is<registry::ConsentExpired>()) {
    return ConsentOf(received.As<registry::ConsentExpired>());
  }
  const auto& given = received.As<registry::ConsentGiven>();
  ASSIGN_OR_RETURN(HeardConsent heard, ConsentOf(given));
  heard.given = true;
  if (given.has_expire_time()) heard.expires_at = base::InstantOf(given.expire_time());
  return heard;
}

// What rests on a consent that ended is shared no more from this transaction on.
void EndSharing(db::Tx& tx, const HeardConsent& heard) {
  if (heard.given || !heard.receiver) return;
  HoldConsentOf(tx, heard.person);
  NoteConsentLost(tx, heard.person, *heard.receiver);
}

absl::Status KeepConsents(db::Tx& tx, absl::Span<const ReceivedEvent> events) {
  for (const ReceivedEvent& received : events) {
    ASSIGN_OR_RETURN(const HeardConsent heard, HeardOf(received));
    KeepConsent(tx, heard);
    EndSharing(tx, heard);
  }
  return absl::OkStatus();
}

// As a consumer hands it over; without a message when it is none of these.
template <class... Event>
ReceivedEvent ReadAs(const platform::v1::LedgerEvent& event) {
  ReceivedEvent received{.envelope = event};
  const auto read = [&](auto message) {
    if (event.type() != message->GetDescriptor()->full_name()) return;
    if (message->ParseFromString(event.payload())) received.message = std::move(message);
  };
  (read(std::make_shared<Event>()), ...);
  return received;
}

}  // namespace

void ListenToPeople(flow::Subscriptions& on) {
  FollowMerge<registry::PersonsMerged>(on, KeepMerge);
  FollowMerge<registry::PersonsUnmerged>(on, KeepUndoneMerge);
  on.Sink<registry::ConsentGiven, registry::ConsentRefused, registry::ConsentWithdrawn,
          registry::ConsentExpired>(KeepConsents);
  on.React<registry::PersonErased>(
      [](UnitOfWork& work, const registry::PersonErased& event, const auto&) -> absl::Status {
        ASSIGN_OR_RETURN(const base::Uuid person, base::ParseUuid(event.person_id(), "person_id"));
        return ForgetPerson(work, person);
      });
}

absl::StatusOr<bool> HearConsentAgain(db::Tx& tx, const platform::v1::LedgerEvent& event) {
  const ReceivedEvent received =
      ReadAs<registry::ConsentGiven, registry::ConsentRefused, registry::ConsentWithdrawn,
             registry::ConsentExpired>(event);
  if (!received.message) return false;
  ASSIGN_OR_RETURN(const HeardConsent heard, HeardOf(received));
  if (WasErased(tx, heard.person) || !KeepConsent(tx, heard)) return false;
  EndSharing(tx, heard);
  return true;
}

void ForgetVanishedWords(db::Tx& tx, const flow::Rewind& rewind) {
  ForgetConsentRevisions(tx);
  for (int shard = 0; shard < base::Uuid::kShards; ++shard) {
    ForgetMergesBehind(tx, {shard, rewind.kept[shard]});
  }
}

}  // namespace ieum::casemgmt
