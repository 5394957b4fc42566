// Goal: messages that went out twice or never, a suite that does not come to rest, and answers that
// say too much are found and named; and the command says it as documented. Method: one fault in a
// copy of notify's database, of the mail folder, or of a journal; a consumer that is held up.
// law:INV7 law:INV8 law:INV9
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "tests/audit/planted_suite.h"

namespace ieum::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

namespace fs = std::filesystem;

class PlantedWitnesses : public PlantedSuite {
 protected:
  // A copy of what the mail server received.
  std::string MailsCopy() {
    const std::string folder = dir_.path() + "/mails";
    fs::copy(suite().mail_dir(), folder);
    return folder;
  }
  static fs::path AnyMailIn(const std::string& folder) {
    for (const auto& file : fs::directory_iterator(folder)) {
      if (file.path().extension() == ".eml") return file.path();
    }
    ADD_FAILURE() << "no mail was sent until the cut-off";
    return folder + "/none.eml";
  }
  audit::SubjectOptions WithMails(const std::string& folder) {
    audit::SubjectOptions options = Options();
    options.mails = folder;
    return options;
  }
  // A journal in which one refusal says this, to a caller of "seoul".
  std::string JournalSaying(const std::string& text) {
    const std::string path = JournalCopy();
    const auto writer = journal::Writer::Open(path);
    EXPECT_TRUE(writer.ok()) << writer.status();
    (*writer)->Mark({"planted-in-busan", "busan"});
    const std::string id = (*writer)->Begin(
        {.client = "reader", .service = "registry", .method = "/a.B/Get", .scope = "seoul"});
    (*writer)->End({.attempt = id, .code = "INTERNAL", .text = text});
    return path;
  }
};

TEST_F(PlantedWitnesses, ShowTwoMailsWithOneMessageId) {
  const std::string folder = MailsCopy();
  fs::copy_file(AnyMailIn(folder), folder + "/999999.eml");
  EXPECT_THAT(Breach("INV7", WithMails(folder)), HasSubstr("has 2 mails of it"));
}

TEST_F(PlantedWitnesses, ShowAMailThatNeverCame) {
  const std::string folder = MailsCopy();
  fs::remove(AnyMailIn(folder));
  EXPECT_THAT(Breach("INV7", WithMails(folder)), HasSubstr("has no mail of it"));
}

TEST_F(PlantedWitnesses, ShowAMailThatNobodyIntended) {
  const std::string folder = MailsCopy();
  std::ofstream(folder + "/999999.eml") << "Message-ID: <planted@localhost>\r\n\r\n";
  EXPECT_THAT(Breach("INV7", WithMails(folder)),
              AllOf(HasSubstr("planted"), HasSubstr("no message intended")));
}

TEST_F(PlantedWitnesses, ShowAMessageThatIsGone) {
  DatabaseCopy copy(suite(), "notify");
  copy.Do(
      "DELETE FROM message WHERE id = (SELECT id FROM message WHERE kind = 1 ORDER BY id LIMIT 1)");
  const auto finding = Look("INV7", With(copy));
  EXPECT_GE(finding.tally.breaches(), 3);  // the balance, the plan, its events
  EXPECT_THAT(finding.tally.first()->ToString(), HasSubstr("does not balance"));
}

TEST_F(PlantedWitnesses, ShowAMessageWhoseStateHasNoEvent) {
  DatabaseCopy copy(suite(), "notify");
  const std::string id = copy.Do(
      "UPDATE message SET state = 6, suppression_reason = 0 WHERE id = (SELECT id FROM message "
      "WHERE state = 3 ORDER BY id LIMIT 1) RETURNING id");
  EXPECT_THAT(Breach("INV7", With(copy)), AllOf(HasSubstr(id), HasSubstr("state 6")));
}

TEST_F(PlantedWitnesses, ShowAMessageThatNoPlanMade) {
  DatabaseCopy copy(suite(), "notify");
  const std::string id = copy.Do(
      "UPDATE message SET person_id = gen_random_uuid() WHERE id = "
      "(SELECT id FROM message WHERE kind = 1 ORDER BY id LIMIT 1) RETURNING id");
  EXPECT_THAT(Breach("INV7", With(copy)),
              AllOf(HasSubstr(id), HasSubstr("does not follow from what it is to say")));
}

TEST_F(PlantedWitnesses, ShowAReminderThatWasNeverPlanned) {
  DatabaseCopy copy(suite(), "notify");
  const std::string cause = copy.Do(R"(
    WITH one AS (SELECT r.id, r.rule_code, r.subject_id FROM reminder r
                 WHERE NOT EXISTS (SELECT 1 FROM reminder o JOIN message m ON m.reminder_id = o.id
                                   WHERE o.rule_code = r.rule_code AND o.subject_id = r.subject_id)
                   AND NOT EXISTS (SELECT 1 FROM change_notice n WHERE n.reminder_id = r.id)
                   AND occurrence = 1
                 ORDER BY r.id LIMIT 1),
    events AS (DELETE FROM event_log WHERE aggregate_id IN (SELECT id FROM one))
    DELETE FROM reminder r USING one
    WHERE r.rule_code = one.rule_code AND r.subject_id = one.subject_id
    RETURNING r.rule_code)");
  EXPECT_THAT(Breach("INV7", With(copy)),
              HasSubstr("asks for a reminder of rule " + cause + ", and none was planned"));
}

TEST_F(PlantedWitnesses, ShowAReminderThatIsThereTwice) {
  DatabaseCopy copy(suite(), "notify");
  const std::string id = copy.Do(R"(
    WITH last AS (SELECT DISTINCT ON (rule_code, subject_id) * FROM reminder
                  ORDER BY rule_code, subject_id, occurrence DESC),
    one AS (SELECT *, gen_random_uuid() AS other FROM last WHERE state IN (2, 3, 4)
            ORDER BY id LIMIT 1)
    INSERT INTO reminder SELECT other, rule_code, rule_version, subject_id, occurrence + 1, 3, 1,
      persons, template_code, template_version, notice_template, channel, law_class, anchor_date,
      due_date, due_at, expires_at, opened_at, cause_event_id, cause_at, correlation_id, facts, 0,
      NULL, created_at, updated_at FROM one RETURNING id)");
  EXPECT_THAT(Breach("INV7", With(copy)),
              AllOf(HasSubstr(id), HasSubstr("is not the next of its subject")));
}

TEST_F(PlantedWitnesses, ShowAReminderThatWasMovedByNothing) {
  DatabaseCopy copy(suite(), "notify");
  const std::string id = copy.Do(R"(
    UPDATE reminder SET due_at = due_at + interval '1 day', due_date = due_date + 1
    WHERE id = (SELECT r.id FROM reminder r
                WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.reminder_id = r.id)
                ORDER BY r.id LIMIT 1) RETURNING id)");
  EXPECT_THAT(Breach("INV7", With(copy)),
              AllOf(HasSubstr(id), HasSubstr("is due at another time than event")));
}

TEST_F(PlantedWitnesses, ShowAReminderForSomebodyElse) {
  DatabaseCopy copy(suite(), "notify");
  const std::string id = copy.Do(R"(
    UPDATE reminder SET persons = ARRAY[gen_random_uuid()]
    WHERE id = (SELECT id FROM reminder WHERE cardinality(persons) > 0 ORDER BY id LIMIT 1)
    RETURNING id)");
  EXPECT_THAT(Breach("INV7", With(copy)),
              AllOf(HasSubstr(id), HasSubstr("is for other people than event")));
}

TEST_F(PlantedWitnesses, ShowAnothersDataInAnAnswer) {
  const std::string breach = Breach("INV9", WithJournal(leak()));
  EXPECT_THAT(breach, AllOf(HasSubstr("stranger/"), HasSubstr("GetOrganization"),
                            HasSubstr("the answer OK shows what belongs to another scope"),
                            Not(HasSubstr("라온"))));
}

TEST_F(PlantedWitnesses, ShowAnSqlStatementInARefusal) {
  const std::string breach =
      Breach("INV9", WithJournal(JournalSaying("ERROR in SELECT secret FROM person_key")));
  EXPECT_THAT(breach, AllOf(HasSubstr("reader/"), HasSubstr("an SQL statement"),
                            Not(HasSubstr("person_key"))));
}

TEST_F(PlantedWitnesses, ShowAPathAndAnothersDataInARefusal) {
  EXPECT_THAT(Breach("INV9", WithJournal(JournalSaying("cannot open /var/lib/ieum/vault"))),
              HasSubstr("a path of the machine"));
  EXPECT_THAT(Breach("INV9", WithJournal(JournalSaying("firm planted-in-busan"))),
              HasSubstr("another scope"));
}

TEST_F(PlantedWitnesses, ShowAProcessThatEndedUnasked) {
  audit::SubjectOptions options = Options();
  options.processes = dir_.path() + "/processes.jsonl";
  std::ofstream(options.processes)
      << R"({"kind":"process","service":"notify","pid":7,"event":"started"})"
      << "\n"
      << R"({"kind":"process","service":"notify","pid":7,"event":"exited","code":139})"
      << "\n";
  EXPECT_THAT(Breach("INV8", std::move(options)),
              AllOf(HasSubstr("notify"), HasSubstr("process 7: ended unasked with code 139")));
}

TEST_F(PlantedWitnesses, ShowAConsumerThatDoesNotCatchUp) {
  for (const std::string& service : kServices) suite().StartService(service);
  ASSERT_TRUE(year().services().SetClock(year().scenario().cut_off).ok());
  // All is taken that came before: the one event behind is the one below.
  ASSERT_EQ(Look("INV8", SubjectOf(suite())).tally.breaches(), 0);
  {
    pqxx::connection hold(suite().DatabaseOf("reporting"));
    pqxx::work work(hold);
    work.exec("LOCK TABLE inbox_cursor IN EXCLUSIVE MODE");
    registry::v1::DeactivateOrganizationRequest request;
    request.set_name("organizations/" + recorded().organization);
    request.set_reason(registry::v1::DEACTIVATION_REASON_CLOSED_DOWN);
    registry::v1::Organization answer;
    const absl::Status deactivated =
        suite()
            .driver("registry")
            .Call("/ieum.registry.v1.OrganizationService/DeactivateOrganization", request, &answer);
    EXPECT_TRUE(deactivated.ok()) << deactivated;
    audit::SubjectOptions options = SubjectOf(suite());
    options.rest = absl::Milliseconds(500);
    EXPECT_THAT(Breach("INV8", options),
                AllOf(HasSubstr("registry/"), HasSubstr("reporting is 1 events behind")));
  }
  EXPECT_EQ(Look("INV8", SubjectOf(suite())).tally.breaches(), 0);
  EXPECT_EQ(suite().StopService("notify"), 0);
  audit::SubjectOptions impatient = SubjectOf(suite());
  impatient.rest = absl::Milliseconds(100);
  EXPECT_THAT(Breach("INV8", impatient), AllOf(HasSubstr("notify"), HasSubstr("does not answer")));
  suite().StartService("notify");
  Stop();
}

}  // namespace
}  // namespace ieum::testing
