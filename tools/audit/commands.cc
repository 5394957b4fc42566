#include "tools/audit/commands.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tools/audit/command_reader.h"
#include "tools/audit/event_ids.h"

namespace ieum::audit {
namespace {

using journal::Certainty;

class Judge {
 public:
  Judge(const CommandStory& story, Tally& tally) : story_(story), tally_(tally) {}
  void Run();

 private:
  bool SameAnswers();
  bool RefusedAfterwards();
  bool StoredAsAnswered(const journal::Answer& answer);
  bool RightEvents();
  bool Happened() const { return story_.stored || !story_.events.empty(); }
  bool Breach(std::string what);

  const CommandStory& story_;
  Tally& tally_;
  const Told* done_ = nullptr;  // the first that was answered OK
  std::optional<int> expected_;
  bool open_ = false;  // some outcome is not known
};

bool Judge::Breach(std::string what) {
  Offender offender{.service = story_.service,
                    .what = absl::StrCat("request ", story_.request_id.ToString(), ": ", what)};
  if (!story_.events.empty()) {
    const FoundEvent& event = story_.events.begin()->second;
    offender.shard = event.shard;
    offender.pos = event.pos;
    offender.event_id = event.event_id.ToString();
    offender.aggregate = event.aggregate.ToString();
  } else if (story_.stored && story_.stored->pos > 0) {
    offender.shard = story_.stored->shard;
    offender.pos = story_.stored->pos;
  }
  tally_.Breach(std::move(offender));
  return false;
}

bool Judge::SameAnswers() {
  for (const Told& told : story_.told) {
    if (told.code() != "OK") continue;
    if (told.answer->etag != done_->answer->etag ||
        told.answer->position != done_->answer->position) {
      return Breach(absl::StrCat("was answered ", done_->answer->position, " ", done_->answer->etag,
                                 " and then ", told.answer->position, " ", told.answer->etag));
    }
    if (told.attempt.body_hash != done_->attempt.body_hash) {
      return Breach("two different requests were done under one id");
    }
  }
  return true;
}

// Who was told that it is done must not be told afterwards that it cannot be done. What is refused
// at the door (load, identity) says nothing of the command.
bool Judge::RefusedAfterwards() {
  for (const Told& told : story_.told) {
    const std::string code = told.code();
    if (code != "ABORTED" && code != "FAILED_PRECONDITION" && code != "ALREADY_EXISTS" &&
        code != "NOT_FOUND") {
      continue;
    }
    if (told.attempt.body_hash != done_->attempt.body_hash) continue;
    if (told.attempt.begin.ns <= done_->answer->end.ns) continue;
    Breach(absl::StrCat("was answered OK and afterwards refused with ", code));
    return true;
  }
  return false;
}

bool Judge::StoredAsAnswered(const journal::Answer& answer) {
  if (!story_.stored) {
    if (story_.may_be_pruned) return true;
    return Breach("was answered OK, but the ledger keeps no answer of it");
  }
  const StoredAnswer& stored = *story_.stored;
  if (answer.etag != absl::StrCat("\"", stored.etag, "\"")) {
    return Breach(
        absl::StrCat("was answered ", answer.etag, ", the ledger keeps version ", stored.etag));
  }
  const std::string position =
      stored.pos == 0 ? "" : absl::StrCat(story_.service, "/", stored.shard, "/", stored.pos);
  if (answer.position != position) {
    return Breach(absl::StrCat("was answered position '", answer.position, "', the ledger keeps '",
                               position, "'"));
  }
  const std::string& hash = done_->attempt.body_hash;
  if (hash.size() == stored.request_hash.size() && hash != stored.request_hash) {
    return Breach("the ledger keeps the answer of a different request under this id");
  }
  return true;
}

// All events of the request, each once, and the stored answer names the right one of them.
bool Judge::RightEvents() {
  int next = 0;
  bool named = !story_.stored || story_.stored->pos == 0;
  for (const auto& [index, event] : story_.events) {
    if (index < next) return Breach(absl::StrCat("its event number ", index, " is there twice"));
    if (index > next) return Breach(absl::StrCat("its event number ", next, " is missing"));
    ++next;
    if (story_.stored && event.shard == story_.stored->shard && event.pos == story_.stored->pos) {
      named = event.version == story_.stored->etag;
    }
  }
  if (!named) return Breach("the kept answer names a place that holds no event of this request");
  const int found = static_cast<int>(story_.events.size());
  if (expected_ && found != *expected_) {
    return Breach(absl::StrCat("must have made ", *expected_, " events and made ", found));
  }
  if (found > 0 && !story_.stored && !story_.may_be_pruned) {
    return Breach("made events, but the ledger keeps no answer of it");
  }
  return true;
}

void Judge::Run() {
  tally_.Checked();
  if (story_.vanished) return;  // told apart, not judged: what was promised is known to be lost
  for (const Told& told : story_.told) {
    if (told.attempt.events) expected_ = told.attempt.events;
    const Certainty certainty = journal::CertaintyOf(told.code());
    if (certainty == Certainty::kDone && done_ == nullptr) done_ = &told;
    open_ |= certainty == Certainty::kUnknown;
  }
  if (done_ != nullptr) {
    (void)(SameAnswers() && !RefusedAfterwards() && StoredAsAnswered(*done_->answer) &&
           RightEvents());
  } else if (Happened() && !open_) {
    Breach(absl::StrCat("was refused (", story_.told.front().code(), "), yet it happened"));
  } else if (Happened()) {
    RightEvents();
  }
}

}  // namespace

void JudgeCommand(const CommandStory& story, Tally& tally) { Judge(story, tally).Run(); }

namespace {

// Without a journal: every kept answer names an event that its request made, and every event that
// a caller caused has its kept answer.
absl::Status CheckKeptAnswers(const Service& service, Tally& tally) {
  RETURN_IF_ERROR(EachKeptAnswer(service, [&](const KeptAnswer& kept) {
    tally.Checked();
    if (kept.answer.pos == 0) return;
    Offender offender{service.name, kept.answer.shard, kept.answer.pos, "", "", ""};
    if (!kept.event) {
      offender.what = absl::StrCat("the kept answer of request ", kept.request_id.ToString(),
                                   " names an event that is not there");
      return tally.Breach(std::move(offender));
    }
    offender.event_id = kept.event->event_id.ToString();
    offender.aggregate = kept.event->aggregate.ToString();
    if (IndexOf(service.name, kept.request_id, kept.event->event_id) < 0 ||
        kept.event->version != kept.answer.etag) {
      offender.what = absl::StrCat("the kept answer of request ", kept.request_id.ToString(),
                                   " names an event that it did not make");
      tally.Breach(std::move(offender));
    }
  }));
  return EachEventWithoutAnswer(service, [&](const EventKey& key) {
    tally.Breach({service.name, key.shard, key.pos, key.event_id.ToString(),
                  key.aggregate.ToString(), "no answer is kept of the command that made it"});
  });
}

}  // namespace

absl::Status CheckCommands(Subject& subject, Tally& tally) {
  for (const Service& service : subject.services()) {
    RETURN_IF_ERROR(CheckKeptAnswers(service, tally));
  }
  if (subject.options().journal.empty()) {
    tally.Note("no journal was given: only kept answers and events were compared");
    return absl::OkStatus();
  }
  int64_t vanished = 0;
  RETURN_IF_ERROR(EachStory(subject, tally, [&](const CommandStory& story) {
    vanished += story.vanished;
    JudgeCommand(story, tally);
  }));
  if (vanished > 0) {
    tally.Note(
        absl::StrCat(vanished, " commands were lost in a restore that an operator declared"));
  }
  return absl::OkStatus();
}

}  // namespace ieum::audit
