// Goal: what is due reaches its people once, in their language, and the ledger of messages says
// what became of it. Method: events in, a real database, a real mail server that keeps what it
// took.
#include "services/notify/messages/sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/notify/messages/decision.h"
#include "tests/integration/notify/mail_server.h"
#include "tests/integration/notify/world.h"

namespace ieum::notify::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(Sender, HandsOverWhatIsDueInTheRecipientsLanguage) {
  World world;
  MailServer server;
  const auto sender = world.NewSender(server.url());
  world.MakeOneDue();
  EXPECT_EQ(sender->CountDue(world.clock.Now().value()).value(), 1);
  world.Settle(*sender);
  const auto mails = server.Mails();
  ASSERT_THAT(mails, SizeIs(1));
  const auto message = world.Messages()[0];
  EXPECT_EQ(message.state(), v1::MESSAGE_STATE_HANDED_OVER);
  EXPECT_EQ(message.language_code(), "ko");
  EXPECT_EQ(message.attempt_count(), 1);
  EXPECT_FALSE(message.receipt_id().empty());
  EXPECT_EQ(Header(mails[0], "Subject"), "[부산 일·생활균형] 2023년 4월 10일(월) 방문 안내");
  EXPECT_EQ(Header(mails[0], "Message-ID"),
            absl::StrCat("<", message.name().substr(9), "@ieum.test>"));
  EXPECT_EQ(Header(mails[0], "X-Envelope-To"), "kim@hanbit.test");
  EXPECT_EQ(Header(mails[0], "Auto-Submitted"), "auto-generated");
  EXPECT_THAT(Header(mails[0], "To"), HasSubstr("김철수"));
  EXPECT_THAT(Body(mails[0]), HasSubstr("컨설턴트가 한빛정밀을(를) 방문합니다."));
  EXPECT_THAT(world.EventTypes("Message"), ElementsAre("MessageHandedOver"));
  world.ExpectBalanced();
}

TEST(Sender, AsksRegistryForThePurposeOutsideOfAnyTransactionAndBeforeItClaims) {
  World world;
  MailServer server;
  const auto sender = world.NewSender(server.url());
  world.MakeOneDue();
  world.when_asked = [&] {
    EXPECT_EQ(world.Count("pg_stat_activity WHERE datname = current_database() AND state LIKE "
                          "'idle in transaction%'"),
              0);
    EXPECT_EQ(world.Count("message WHERE state = 1"), 1);  // who dies now leaves nothing in doubt
  };
  world.Settle(*sender);
  ASSERT_THAT(world.asked, SizeIs(1));
  ASSERT_THAT(world.asked[0].questions(), SizeIs(1));
  const auto& question = world.asked[0].questions(0);
  EXPECT_EQ(question.person(), absl::StrCat("persons/", kContact));
  EXPECT_EQ(question.purpose(), registry::v1::CONTACT_PURPOSE_SERVICE_NOTICE);
  EXPECT_EQ(question.message_reference(), world.Messages()[0].name());
  EXPECT_EQ(question.organization(), absl::StrCat("organizations/", kFirm));
}

TEST(Sender, SendsEachOfTwoRecipientsOneMessageInTheirLanguages) {
  World world;
  MailServer server;
  const auto sender = world.NewSender(server.url());
  world.EnterScenario();
  world.Happen(FormDrafted("2023-05-31"));
  world.SetClock("2023-05-24 09:00");
  world.Settle(*sender);
  ASSERT_THAT(server.Mails(), SizeIs(2));
  EXPECT_THAT(world.Messages("state = MESSAGE_STATE_HANDED_OVER"), SizeIs(2));
  EXPECT_EQ(world.Count("message WHERE language = 'en'"), 1);
  EXPECT_EQ(world.Count("message WHERE language = 'ko'"), 1);
}

TEST(Sender, TellsBothDatesInAChangeNotice) {
  World world;
  MailServer server;
  const auto sender = world.NewSender(server.url());
  world.MakeOneDue();
  world.Settle(*sender);
  world.SetClock("2023-04-09 15:00");
  world.Happen(VisitMoved("2023-04-10", "2023-04-20"));
  world.Settle(*sender);
  const auto mails = server.Mails();
  ASSERT_THAT(mails, SizeIs(2));
  EXPECT_EQ(Header(mails[1], "Subject"),
            "[부산 일·생활균형] 방문 날짜가 2023년 4월 20일(목)로 바뀌었습니다");
  EXPECT_THAT(Body(mails[1]), HasSubstr("2023년 4월 10일(월)에서 2023년 4월 20일(목)로"));
  const auto notices = world.Messages("kind = MESSAGE_KIND_CHANGE_NOTICE");
  ASSERT_THAT(notices, SizeIs(1));
  EXPECT_EQ(notices[0].due_date(), "2023-04-09");
  EXPECT_EQ(notices[0].template_(), "templates/VISIT-CHANGED");
  world.ExpectBalanced();
}

// row:N27
TEST(Sender, KeepsNeitherAddressNorNameNorText) {
  World world;
  MailServer server;
  const auto sender = world.NewSender(server.url());
  world.MakeOneDue();
  world.Settle(*sender);
  ASSERT_THAT(server.Mails(), SizeIs(1));
  for (const char* table : {"message", "message_step", "reminder", "change_notice", "event_log"}) {
    for (const char* secret : {"hanbit", "김철수", "한빛", "컨설턴트"}) {
      const std::string where = std::string(table) == "event_log"
                                    ? absl::StrCat("event_log t WHERE position(convert_to('",
                                                   secret, "', 'UTF8') IN t.payload) > 0")
                                    : absl::StrCat(table, " t WHERE t::text LIKE '%", secret, "%'");
      EXPECT_EQ(world.Count(where), 0) << table << " has " << secret;
    }
  }
}

// row:N29, law:L31
TEST(Sender, SuppressesWithTheReasonWhatHasNobodyToGoTo) {
  for (const auto& [person, reason] :
       {std::pair(Known{"김철수", ""}, v1::SUPPRESSION_REASON_NO_ADDRESS),
        std::pair(Known{"김철수", "no address"}, v1::SUPPRESSION_REASON_NO_ADDRESS),
        std::pair(Known{.full_name = "김철수", .email = "k@h.test", .refused = true},
                  v1::SUPPRESSION_REASON_CONTACT_REFUSED)}) {
    World world;
    MailServer server;
    const auto sender = world.NewSender(server.url());
    world.MakeOneDue();
    world.people[kContact] = person;  // also after it was queued: asked at send time
    world.Settle(*sender);
    EXPECT_EQ(world.Messages()[0].suppression_reason(), reason);
    EXPECT_FALSE(world.Messages()[0].receipt_id().empty());
    EXPECT_THAT(server.Mails(), SizeIs(0));
    EXPECT_THAT(world.EventTypes("Message"), ElementsAre("MessageSuppressed"));
    world.ExpectBalanced();
  }
}

TEST(Sender, SuppressesWhatGoesToAnUnknownPerson) {
  World world;
  MailServer server;
  const auto sender = world.NewSender(server.url());
  world.MakeOneDue();
  world.people.clear();
  world.Settle(*sender);
  EXPECT_EQ(world.Messages()[0].suppression_reason(), v1::SUPPRESSION_REASON_PERSON_UNKNOWN);
}

// row:N8
TEST(Sender, SuppressesWhatItsTemplateCannotSay) {
  World world;
  MailServer server;
  const auto sender = world.NewSender(server.url());
  world.MakeOneDue();
  world.organization_name = "";
  world.Settle(*sender);
  EXPECT_EQ(world.Messages()[0].suppression_reason(), v1::SUPPRESSION_REASON_TEMPLATE_ERROR);
  EXPECT_THAT(server.Mails(), SizeIs(0));
}

// row:N19
TEST(Sender, LetsExpireWhatWasNotTakenInItsUsefulTime) {
  World world;
  MailServer server;
  const auto sender = world.NewSender(server.url());
  world.MakeOneDue();
  world.registry = absl::UnavailableError("away");
  world.RunOnce(*sender);
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_PENDING");
  world.registry = absl::OkStatus();
  world.SetClock("2023-04-10 09:01");
  world.Settle(*sender);
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_EXPIRED");
  EXPECT_THAT(server.Mails(), SizeIs(0));
  EXPECT_THAT(world.EventTypes("Message"), ElementsAre("MessageExpired"));
  world.ExpectBalanced();
}

TEST(Sender, WaitsForARegistryThatIsAwayAndCountsTheMessageAsDue) {
  World world;
  MailServer server;
  const auto sender = world.NewSender(server.url());
  world.MakeOneDue();
  world.registry = absl::UnavailableError("away");
  world.RunOnce(*sender);
  EXPECT_EQ(sender->CountDue(world.clock.Now().value()).value(), 1);
  EXPECT_THAT(world.Metrics(), HasSubstr("notify_registry_failures_total 1\n"));
  world.registry = absl::OkStatus();
  world.Settle(*sender);  // real time passes, business time stands still
  EXPECT_EQ(world.OnlyState(), "MESSAGE_STATE_HANDED_OVER");
  EXPECT_EQ(world.Messages()[0].attempt_count(), 1);  // it was not tried while nobody could say
  EXPECT_THAT(server.Mails(), SizeIs(1));
}

TEST(Sender, KeepsBackOnlyTheMessageThatRegistryCannotAnswer) {
  World world;
  MailServer server;
  const auto sender = world.NewSender(server.url());
  world.EnterScenario();
  const std::string faulty = "018c0000-0000-7000-8000-0000000000a9";
  world.SetClock("2023-04-08 10:00");
  world.Happen(VisitPlanned("2023-04-10"));
  world.Happen(VisitPlanned("2023-04-10", faulty));
  world.SetClock("2023-04-09 09:00");
  // Each time the faulty one is among those asked for, registry fails for a reason that does not
  // pass by itself.
  world.when_asked = [&] {
    const std::string name = world.Ask(
        absl::StrCat("SELECT 'messages/' || id FROM message WHERE subject_id = '", faulty, "'"));
    world.registry = absl::OkStatus();
    for (const auto& question : world.asked.back().questions()) {
      if (question.message_reference() == name) world.registry = absl::InternalError("broken");
    }
  };
  world.RunOnce(*sender);  // without a pause: one run of steps serves the other
  EXPECT_THAT(server.Mails(), SizeIs(1));
  EXPECT_EQ(world.Count("message WHERE state = 3"), 1);
  EXPECT_EQ(world.Ask("SELECT subject_id FROM message WHERE state = 1"), faulty);
  world.SetClock("2023-04-10 09:01");
  world.Settle(*sender);
  EXPECT_EQ(world.Count("message WHERE state = 6"), 1);  // told as expired, not forgotten
  world.ExpectBalanced();
}

// row:N7
TEST(Sender, UsesTheTemplateVersionThatWasTheNewestAtPlanning) {
  World world;
  MailServer server;
  const auto sender = world.NewSender(server.url());
  world.EnterScenario();
  world.SetClock("2023-04-08 10:00");
  world.Happen(VisitPlanned("2023-04-10"));
  v1::UpdateTemplateRequest change;
  change.mutable_template_()->set_name("templates/VISIT-REMINDER");
  change.mutable_template_()->mutable_ko()->set_subject("새 제목");
  change.mutable_template_()->mutable_ko()->set_body("새 본문");
  change.mutable_update_mask()->add_paths("ko");
  ASSERT_TRUE(world.Call<v1::Template>("TemplateService/UpdateTemplate", change).ok());
  const std::string other = "018c0000-0000-7000-8000-0000000000a2";
  world.Happen(VisitPlanned("2023-04-10", other));
  world.SetClock("2023-04-09 09:00");
  world.Settle(*sender);
  for (const auto& message : world.Messages()) {
    EXPECT_EQ(message.template_version(), message.subject_id() == other ? 2 : 1);
  }
  std::vector<std::string> subjects;
  for (const std::string& mail : server.Mails()) subjects.push_back(Header(mail, "Subject"));
  EXPECT_THAT(subjects, ::testing::UnorderedElementsAre(
                            "새 제목", "[부산 일·생활균형] 2023년 4월 10일(월) 방문 안내"));
}

// row:N12, row:N28, row:X9
TEST(Sender, KeepsEveryStepWithWhatItWasDecidedOn) {
  World world;
  MailServer server;
  const auto sender = world.NewSender(server.url());
  world.MakeOneDue();
  world.people[kContact].refused = true;
  world.Settle(*sender);
  EXPECT_EQ(world.Ask("SELECT string_agg(state::text, ' ' ORDER BY place) FROM message_step"),
            "1 2 5");
  const auto inputs = DecisionInputsFrom(
      world.Ask("SELECT detail -> 'decided_on' FROM message_step WHERE state = 5"));
  ASSERT_TRUE(inputs.has_value());
  EXPECT_EQ(Decide(*inputs).reason, v1::SUPPRESSION_REASON_CONTACT_REFUSED);
}

TEST(Sender, DoesNothingBeforeItsInstant) {
  World world;
  const auto sender = world.NewSender("smtp://127.0.0.1:1");
  world.EnterScenario();
  world.SetClock("2023-04-08 10:00");
  world.Happen(VisitPlanned("2023-04-10"));
  world.SetClock("2023-04-09 08:59");
  EXPECT_EQ(sender->CountDue(world.clock.Now().value()).value(), 0);
  EXPECT_FALSE(sender->Step(world.clock.Now().value()).value());
  EXPECT_EQ(world.Count("message"), 0);
}

// Measured, not judged; the mail server writes each mail to disk before it answers.
TEST(Sender, SaysHowManyMessagesASecondItHandsOver) {
  constexpr int kMessages = 300;
  World world;
  MailServer server;
  const auto sender = world.NewSender(server.url());
  world.EnterScenario();
  world.SetClock("2023-06-01 10:00");
  for (int n = 0; n < kMessages; ++n) {
    world.Happen(Confirmed("2023-06-01", base::Uuid::NewV7().ToString()));
  }
  const absl::Time began = absl::Now();
  world.Settle(*sender);
  const double seconds = absl::ToDoubleSeconds(absl::Now() - began);
  EXPECT_THAT(server.Mails(), SizeIs(kMessages));
  RecordProperty("messages_per_second", static_cast<int>(kMessages / seconds));
  std::printf("%d messages/s\n", static_cast<int>(kMessages / seconds));
}

}  // namespace
}  // namespace ieum::notify::testing
