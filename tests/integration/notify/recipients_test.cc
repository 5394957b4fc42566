// Goal: who is written to about an appointment is a client, and only who answers recipients learns
// who it is; where nothing is shown nothing can be asked. Method: each role at every door of the
// plan and the messages, and what the access log says of it. row:C36
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/base/uuid.h"
#include "tests/integration/notify/mail_server.h"
#include "tests/integration/notify/world.h"
#include "tests/support/centres.h"

namespace ieum::notify::testing {
namespace {

using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kClient[] = "018c0000-0000-7000-8000-0000000000c1";

void EnterOfIncheon(World& world, const std::string& rule) {
  std::string text;
  v1::CreateRuleRequest rule_request;
  for (const auto& [code, terms] : ScenarioRules("inc-2024")) {
    if (code != rule) continue;
    rule_request.set_rule_id(code);
    *rule_request.mutable_rule() = terms;
  }
  for (const auto& [code, wanted] : ScenarioTemplates("inc-2024")) {
    v1::CreateTemplateRequest request;
    request.set_template_id(code);
    *request.mutable_template_() = wanted;
    const auto made = world.Call<v1::Template>("TemplateService/CreateTemplate", request);
    ASSERT_TRUE(made.ok()) << code << ": " << made.status();
  }
  const auto made = world.Call<v1::Rule>("RuleService/CreateRule", rule_request);
  ASSERT_TRUE(made.ok()) << made.status();
}

// What a caller is shown of one message and of its reminder.
struct Shown {
  std::vector<std::string> persons;  // every one that is named, whichever door named it
  int hidden = 0;                    // answers that say that there is one who is not shown
  int answers = 0;
};

class Recipients : public ::testing::Test {
 protected:
  Recipients() {
    EnterOfIncheon(world_, "APPOINTMENT-D-1");
    for (const char* centre : {kCentreA, kCentreB}) {
      casemgmt::v1::AppointmentBooked event;
      event.mutable_appointment()->set_appointment_id(base::Uuid::NewV7().ToString());
      event.mutable_appointment()->set_person_id(kClient);
      event.mutable_appointment()->set_appointment_date("2023-04-10");
      event.mutable_appointment()->set_centre_id(centre);
      world_.Happen(event);
    }
    world_.SetClock("2023-04-09 09:00");
    world_.ReleaseOnly();
  }

  std::string NameOf(const std::string& table, const std::string& centre) {
    return absl::StrCat(
        table, "s/",
        world_.Ask(absl::StrCat("SELECT id FROM ", table, " WHERE centre_id = '", centre, "'")));
  }

  static void Take(const v1::Message& message, Shown* shown) {
    ++shown->answers;
    shown->hidden += message.person_hidden() ? 1 : 0;
    if (!message.person().empty()) shown->persons.push_back(message.person());
  }
  static void Take(const v1::Reminder& reminder, Shown* shown) {
    ++shown->answers;
    shown->hidden += reminder.persons_hidden() ? 1 : 0;
    for (const auto& person : reminder.persons()) shown->persons.push_back(person);
  }

  template <class Answer, class Request>
  Answer Ask(const std::string& method, const Request& request, rpc::Peer* as) {
    const auto answer = world_.Call<Answer>("MessageService/" + method, request, as);
    EXPECT_TRUE(answer.ok()) << method << ": " << answer.status();
    return answer.ok() ? *answer : Answer();
  }

  // What every door shows this caller of what lies in this centre.
  Shown Of(const std::string& token, const std::string& centre) {
    const auto peer = world_.PeerWith(token);
    Shown shown;
    v1::GetMessageRequest message;
    message.set_name(NameOf("message", centre));
    Take(Ask<v1::Message>("GetMessage", message, peer.get()), &shown);
    v1::GetReminderRequest reminder;
    reminder.set_name(NameOf("reminder", centre));
    Take(Ask<v1::Reminder>("GetReminder", reminder, peer.get()), &shown);
    v1::ListMessagesRequest messages;
    messages.set_filter(absl::StrCat("name = \"", message.name(), "\""));
    const auto page = Ask<v1::ListMessagesResponse>("ListMessages", messages, peer.get());
    for (const v1::Message& listed : page.messages()) Take(listed, &shown);
    v1::ListRemindersRequest reminders;
    reminders.set_filter(absl::StrCat("name = \"", reminder.name(), "\""));
    const auto plan = Ask<v1::ListRemindersResponse>("ListReminders", reminders, peer.get());
    for (const v1::Reminder& listed : plan.reminders()) Take(listed, &shown);
    return shown;
  }

  // Whether the caller may ask which messages went to her.
  std::string AskedForHer(const std::string& token, const char* field) {
    v1::ListMessagesRequest request;
    if (std::string(field) == "filter") {
      request.set_filter(absl::StrCat("person = \"persons/", kClient, "\""));
    } else {
      request.set_order_by("person");
    }
    return base::ReasonOf(world_
                              .Call<v1::ListMessagesResponse>("MessageService/ListMessages",
                                                              request, world_.PeerWith(token).get())
                              .status());
  }

  World world_{"2023-04-03 10:00"};
};

TEST_F(Recipients, AreShownToWhoAnswersThemAlone) {
  const std::string client = absl::StrCat("persons/", kClient);
  for (const char* token : {"programme", "auditor", "operator", "centre_head"}) {
    const Shown shown = Of(token, kCentreA);
    EXPECT_THAT(shown.persons, IsEmpty()) << token;
    EXPECT_EQ(shown.answers, 4) << token;
    EXPECT_EQ(shown.hidden, 4) << token;
    for (const char* field : {"filter", "order_by"}) {
      EXPECT_EQ(AskedForHer(token, field), "FILTER_INVALID") << token << " by " << field;
    }
  }
  // Nor do ids tell: the one that follows from her follows from a secret, too.
  const std::string reminder =
      NameOf("reminder", kCentreA).substr(std::string("reminders/").size());
  const auto id_from = [&](const std::string& seed, const std::string& label) {
    return absl::StrCat("messages/",
                        base::Uuid::Derive(*base::Uuid::Parse(seed), label).ToString());
  };
  const std::string message = NameOf("message", kCentreA);
  EXPECT_NE(id_from(reminder, absl::StrCat("message/", kClient)), message);
  EXPECT_EQ(id_from(world_.Ask("SELECT seed FROM message_seed"),
                    absl::StrCat("message/", reminder, "/", kClient)),
            message);
  // Their calls are rows of the access log that name nobody: they saw nobody.
  EXPECT_EQ(world_.Count(absl::StrCat("access_log WHERE '", client, "' = ANY(subjects)")), 0);
  for (const char* token : {"supervisor", "manager"}) {
    const Shown shown = Of(token, kCentreA);
    EXPECT_THAT(shown.persons, ElementsAre(client, client, client, client)) << token;
    EXPECT_EQ(shown.hidden, 0) << token;
    EXPECT_EQ(AskedForHer(token, "filter"), "") << token;
    EXPECT_EQ(world_.Count(absl::StrCat("access_log WHERE account = 'staff/", token, "' AND '",
                                        client, "' = ANY(subjects)")),
              5)
        << token;
  }
}

// A role shows recipients of its own centres, and what two roles allow does not add up.
TEST_F(Recipients, AreShownInTheCentreOfTheRoleThatAnswersThem) {
  EXPECT_EQ(Of("manager", kCentreB).hidden, 0);
  const auto supervisor = world_.PeerWith("supervisor");
  v1::GetMessageRequest elsewhere;
  elsewhere.set_name(NameOf("message", kCentreB));
  EXPECT_EQ(base::ReasonOf(
                world_.Call<v1::Message>("MessageService/GetMessage", elsewhere, supervisor.get())
                    .status()),
            "NOT_FOUND");
  // Who resolves a doubt by one role and answers recipients by another one is not shown whom.
  world_.Ask("UPDATE message SET state = 4 WHERE id = '" +
             NameOf("message", kCentreA).substr(std::string("messages/").size()) +
             "' RETURNING id");
  v1::ResolveMessageDoubtRequest found;
  found.set_name(NameOf("message", kCentreA));
  found.set_resolution(v1::DOUBT_RESOLUTION_GIVEN_UP);
  const auto resolved =
      Ask<v1::Message>("ResolveMessageDoubt", found, world_.PeerWith("centre-a").get());
  EXPECT_EQ(resolved.state(), v1::MESSAGE_STATE_EXPIRED);
  EXPECT_EQ(resolved.person(), "");
  EXPECT_TRUE(resolved.person_hidden());
}

// A rule is data, and whoever writes one must not learn by its plan who is a client.
TEST_F(Recipients, AreNotFoundOutByARule) {
  v1::CreateRuleRequest request;
  request.set_rule_id("SPY");
  for (const auto& [code, terms] : ScenarioRules("inc-2024")) {
    if (code == "APPOINTMENT-D-1") *request.mutable_rule() = terms;
  }
  const auto made = [&] {
    return base::ReasonOf(
        world_.Call<v1::Rule>("RuleService/CreateRule", request, world_.PeerWith("programme").get())
            .status());
  };
  v1::EventMatch* trigger = request.mutable_rule()->mutable_trigger();
  trigger->set_condition(absl::StrCat("appointment.person_id = \"", kClient, "\""));
  EXPECT_EQ(made(), "RULE_TELLS_PERSON");
  trigger->clear_condition();
  trigger->set_subject_field("appointment.person_id");
  EXPECT_EQ(made(), "RULE_TELLS_PERSON");
}

casemgmt::v1::ReferralRevoked Revoked(const std::string& contact,
                                      casemgmt::v1::ReferralRevokeReason reason) {
  casemgmt::v1::ReferralRevoked event;
  event.mutable_case_()->set_case_id(base::Uuid::NewV7().ToString());
  event.mutable_case_()->set_case_number("INC-2024-0007");
  event.mutable_case_()->set_centre_id(kCentreA);
  event.mutable_referral()->set_referral_id(base::Uuid::NewV7().ToString());
  event.mutable_referral()->set_sent_date("2024-03-04");
  event.mutable_referral()->set_recipient_contact_person_id(contact);
  event.set_revoked_date("2024-03-11");
  event.set_reason(reason);
  return event;
}

// The receiving desk hears that it has nothing more to do, and neither of whom nor why.
TEST(RevokedReferral, IsToldToTheDeskThatReceivedItInNeutralWords) {
  World world("2024-03-11 10:00");
  MailServer server;
  const auto sender = world.NewSender(server.url());
  EnterOfIncheon(world, "REFERRAL-REVOKED");
  world.Happen(Revoked(kContact, casemgmt::v1::REFERRAL_REVOKE_REASON_CONSENT_WITHDRAWN));
  // Whoever leads the case now knows; whom nobody named cannot be told.
  world.Happen(Revoked(kContact, casemgmt::v1::REFERRAL_REVOKE_REASON_OWNER_IS_RECIPIENT));
  world.Happen(Revoked("", casemgmt::v1::REFERRAL_REVOKE_REASON_NOT_NEEDED));
  world.Settle(*sender);
  ASSERT_THAT(server.Mails(), SizeIs(1));
  EXPECT_EQ(Header(server.Mails()[0], "Subject"), "[업무] 받으신 의뢰 한 건이 종료되었습니다");
  const std::string body = Body(server.Mails()[0]);
  EXPECT_THAT(body, HasSubstr("2024년 3월 11일(월)에 종료되었습니다"));
  for (const char* told : {"INC-2024", "동의", "상담"}) EXPECT_THAT(body, Not(HasSubstr(told)));
  const auto plan = world.Reminders();
  ASSERT_THAT(plan, SizeIs(2));
  EXPECT_THAT(world.Reminders("state = REMINDER_STATE_SKIPPED"), SizeIs(1));
  world.ExpectBalanced();
}

}  // namespace
}  // namespace ieum::notify::testing
