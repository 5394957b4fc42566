// Goal: nothing is decided on a consent whose withdrawal has committed. Method: real concurrency
// over gRPC: people give and withdraw while others ask for their addresses, one by one and in
// batches. Every answer must name an entry that was the last one at some instant between question
// and answer. And a withdrawal halted right before its commit, while another process asks.
// row:X14
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <mutex>
#include <pqxx/pqxx>
#include <thread>

#include "absl/strings/str_cat.h"
#include "platform/crypto/seal.h"
#include "services/registry/consents/authorize_commands.h"
#include "services/registry/people/person_commands.h"
#include "tests/integration/registry/consent_world.h"
#include "tests/support/wait.h"

namespace ieum::registry {
namespace {

constexpr int kPersons = 4;
constexpr int kTurns = 24;  // each: given and withdrawn
constexpr int kAskers = 4;
constexpr auto kAdvertising = v1::CONSENT_PURPOSE_ADVERTISING;

// What one person's entries may be now, as seen from outside.
struct Bounds {
  std::atomic<int> answered{0};  // revision whose writing was answered
  std::atomic<int> begun{0};     // revision whose writing was begun
};

class ConsentRace : public ::testing::Test {
 protected:
  ConsentRace() {
    for (int at = 0; at < kPersons; ++at) persons_.push_back(consents_.Person());
  }

  // Gives and withdraws in turns: an odd revision is given, an even one withdrawn.
  void Speak(int person) {
    for (int revision = 1; revision <= 2 * kTurns; ++revision) {
      Bounds& bounds = bounds_[person];
      bounds.begun = revision;
      const bool done = revision % 2 == 1
                            ? consents_.Say(persons_[person], kAdvertising, text_).ok()
                            : consents_.Withdraw(persons_[person]).ok();
      if (!done) Complain("somebody was not heard");
      bounds.answered = revision;
    }
    --speaking_;
  }

  void Check(const v1::ContactResolution& answer, int earliest, int latest) {
    const int seen = answer.consent_revision();
    if (seen < earliest || seen > latest) {
      Complain(absl::StrCat("an answer by entry ", seen, " of ", earliest, "…", latest));
    }
    if (answer.has_contact() != (seen % 2 == 1)) {
      Complain(absl::StrCat("entry ", seen, answer.has_contact() ? " was given" : " was refused"));
    }
    ++(answer.has_contact() ? given_ : refused_);
  }

  void AskOne(int person) {
    const int earliest = bounds_[person].answered;
    const auto answer = consents_.Resolve(persons_[person], v1::CONTACT_PURPOSE_ADVERTISING,
                                          v1::CONTACT_CHANNEL_EMAIL);
    if (!answer.ok()) return Complain(std::string(answer.status().message()));
    Check(*answer, earliest, bounds_[person].begun);
  }

  void AskAll() {
    v1::BatchResolveContactsRequest request;
    std::vector<int> earliest;
    for (int person = 0; person < kPersons; ++person) {
      auto* question = request.add_questions();
      question->set_person(persons_[person]);
      question->set_purpose(v1::CONTACT_PURPOSE_ADVERTISING);
      question->set_message_reference("messages/1");
      earliest.push_back(bounds_[person].answered);
    }
    const auto answer = consents_.world.Call<v1::BatchResolveContactsResponse>(
        "PersonService/BatchResolveContacts", request, consents_.world.service.get());
    if (!answer.ok()) return Complain(std::string(answer.status().message()));
    for (int person = 0; person < kPersons; ++person) {
      Check(answer->answers(person).resolution(), earliest[person], bounds_[person].begun);
    }
  }

  void Complain(const std::string& what) {
    const std::lock_guard lock(mutex_);
    complaints_.push_back(what);
  }

  ConsentWorld consents_;
  const std::string text_ = consents_.Text(kAdvertising);
  std::vector<std::string> persons_;
  Bounds bounds_[kPersons];
  std::atomic<int> speaking_{kPersons}, given_{0}, refused_{0};
  std::mutex mutex_;
  std::vector<std::string> complaints_;
};

TEST_F(ConsentRace, IsNeverWonByAWithdrawnConsent) {
  std::barrier gate(kPersons + kAskers);
  std::vector<std::thread> threads;
  for (int person = 0; person < kPersons; ++person) {
    threads.emplace_back([&, person] {
      gate.arrive_and_wait();
      Speak(person);
    });
  }
  for (int asker = 0; asker < kAskers; ++asker) {
    threads.emplace_back([&, asker] {
      gate.arrive_and_wait();
      for (int turn = asker; speaking_ > 0; ++turn) {
        if (asker % 2 == 0) {
          AskOne(turn % kPersons);
        } else {
          AskAll();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(complaints_, ::testing::IsEmpty());
  EXPECT_GT(given_.load(), 0);
  EXPECT_GT(refused_.load(), 0);
  // The receipts say the same: each given one names an entry that gave.
  EXPECT_EQ(consents_.world.Ask("SELECT count(*) FROM contact_receipt r JOIN consent c "
                                "ON c.id = r.consent_id AND c.revision = r.consent_revision "
                                "WHERE (r.refusal = 0) <> (c.state = 1)"),
            "0");
  EXPECT_EQ(consents_.world.Ask("SELECT count(*) FROM contact_receipt WHERE refusal = 0"),
            absl::StrCat(given_.load()));
}

class GateBesideAWithdrawal : public ::testing::Test {
 protected:
  // So many transactions of this database stand before a lock.
  bool Waiting(int count) {
    return consents_.world.Ask(
               "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
               "wait_event_type = 'Lock'") == absl::StrCat(count);
  }

  // What the person gave is withdrawn; when all of that is written and nothing committed, another
  // process asks its gate. Fails when the gate does not wait for what will be committed.
  void AskMeanwhile(v1::ConsentPurpose purpose, ledger::Ledger::UseCase gate) {
    ASSERT_TRUE(consents_.Say(person_, purpose, consents_.Text(purpose)).ok());
    pqxx::connection halt(consents_.world.database.conninfo());
    pqxx::work halted(halt);
    halted.exec("SELECT 1 FROM outbox_shard FOR UPDATE");  // events are appended last of all
    std::thread withdrawing([&] { EXPECT_TRUE(consents_.Withdraw(person_, purpose).ok()); });
    EXPECT_TRUE(testing::WaitFor([&] { return Waiting(1); }));
    ledger::Ledger other(consents_.world.database.database(), consents_.world.clock, "registry");
    std::thread asking([&] {
      ledger::Command command{"Ask", base::Uuid::NewV7(), crypto::Hash("ask")};
      command.caller.actor = "service/notify";
      const auto answer = other.Run(command, gate);
      EXPECT_TRUE(answer.ok()) << answer.status();
    });
    EXPECT_TRUE(testing::WaitFor([&] { return Waiting(2); }));
    halted.commit();
    withdrawing.join();
    asking.join();
  }

  ConsentWorld consents_;
  const std::string person_ = consents_.Person();
  const base::Uuid id_ = *base::Uuid::Parse(IdOf(person_));
};

TEST_F(GateBesideAWithdrawal, GivesNoAddress) {
  AskMeanwhile(kAdvertising, [&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
    return ResolveContacts(
        work,
        {{.person = id_, .purpose = v1::CONTACT_PURPOSE_ADVERTISING, .message_reference = "m"}});
  });
  EXPECT_EQ(consents_.world.Ask("SELECT refusal || ' ' || consent_revision FROM contact_receipt"),
            absl::StrCat(int{v1::CONTACT_REFUSAL_CONSENT_WITHDRAWN}, " 2"));
}

TEST_F(GateBesideAWithdrawal, LetsNothingBePublished) {
  AskMeanwhile(v1::CONSENT_PURPOSE_PORTRAIT_PUBLICATION, [&](ledger::UnitOfWork& work) {
    return AuthorizePublication(work, {id_, v1::PUBLICATION_KIND_PHOTO});
  });
  EXPECT_EQ(consents_.world.Ask("SELECT refusal || ' ' || consent_revision FROM consent_receipt"),
            absl::StrCat(int{v1::CONSENT_REFUSAL_WITHDRAWN}, " 2"));
}

}  // namespace
}  // namespace ieum::registry
