// Goal: every statement fits the schema. Method: each one that the process registers is prepared
// against a migrated database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pqxx/pqxx>

#include "platform/db/statement.h"
#include "tests/support/centre_statements.h"
#include "tests/support/postgres.h"

namespace ieum {
db::MigrationSet casemgmt_migrations();
}

namespace ieum::casemgmt {
namespace {

// Whoever adds one says why nobody's scope bounds it.
const ieum::testing::CentreExceptions kExceptions = {
    .statements = {{"campaign_reference_take", "a reaction, which acts for the suite"},
                   {"campaign_reference_keep", "a reaction, which acts for the suite"},
                   {"campaign_reference_forget", "a reaction, which acts for the suite"},
                   {"application_drafts", "a reaction, which acts for the suite"},
                   {"application_of_engagement", "a reaction, which acts for the suite"},
                   {"engagement_hand_over", "a reaction, which acts for the suite"},
                   {"visit_hand_over", "a reaction, which acts for the suite"},
                   {"application_hand_over", "a reaction, which acts for the suite"},
                   {"activity_forget_plan_versions", "a reaction, which acts for the suite"},
                   {"case_next_number", "a counter, of the centre whose case is taken in"},
                   {"case_ownership_keep", "of a case that was found in reach"},
                   {"case_update", "of a case that was found in reach"},
                   {"case_find_open", "answers whether there is one, of whatever centre"},
                   {"case_of_person", "a reaction, which acts for the suite"},
                   {"case_forget", "a reaction, which acts for the suite"},
                   {"case_open_of_persons", "a reaction, which acts for the suite"},
                   {"erased_persons_still_named", "due work, which acts for the suite"},
                   {"case_same_person_alone", "due work, which acts for the suite"},
                   {"case_same_person_alone_count", "due work, which acts for the suite"},
                   {"case_template_for", "of the centre whose case begins"},
                   {"case_task_find", "of an aggregate that was found in reach"},
                   {"case_task_update", "of an aggregate that was found in reach"},
                   {"case_task_open_of_many", "of cases that are locked; each was found in reach"},
                   {"case_task_of_ids", "of a case that was found in reach"},
                   {"case_find_many", "for many callers at once; Reaches asks of each row"},
                   {"case_task_open", "of a case that was found in reach"},
                   {"case_task_untold", "due work, which acts for the suite"},
                   {"case_task_untold_count", "due work, which acts for the suite"},
                   {"case_reassignment_save", "due work, which acts for the suite"},
                   {"case_reassignment_open", "due work, which acts for the suite"},
                   {"case_reassignment_count_open", "due work, which acts for the suite"},
                   {"appointment_find", "of a session or meeting that was found in reach"},
                   {"appointment_save", "of a session or meeting that was found in reach"},
                   {"appointment_of_person", "a reaction, which acts for the suite"},
                   {"retention_check_of_case", "of a case that was found in reach"},
                   {"referral_find", "SideOf asks it of the row, which two centres see"},
                   {"transfer_find", "IsOfGiver and IsOfReceiver ask it of the row"},
                   {"referral_note_consent_lost", "a reaction, which acts for the suite"},
                   {"referral_link_find", "by a token, which is nobody's centre's"},
                   {"referral_unanswered", "due work, which acts for the suite"},
                   {"referral_count_unanswered", "due work, which acts for the suite"},
                   {"referral_ended_grants", "due work, which acts for the suite"},
                   {"referral_count_ended_grants", "due work, which acts for the suite"},
                   {"referral_without_consent", "due work, which acts for the suite"},
                   {"referral_count_without_consent", "due work, which acts for the suite"},
                   {"referral_open_of", "of a case that was found in reach"},
                   {"referral_find_open", "of a case that was found in reach"},
                   {"referral_save", "of a referral whose side was asked"},
                   {"referral_give", "of a case that was found in reach"},
                   {"referral_save_answer", "of a referral whose side was asked"},
                   {"referral_save_result", "of a referral whose side was asked"},
                   {"referral_forget_words", "a reaction, which acts for the suite"},
                   {"referral_forget_contact", "a reaction, which acts for the suite"},
                   {"attachment_of_person", "a reaction, which acts for the suite"},
                   {"peer_group_save", "of a group that was found in reach"},
                   {"training_list_with", "a reaction, which acts for the suite"},
                   {"attendance_of_erased", "a reaction, which acts for the suite"}},
    .tables = {{"participant", "tokens of the suite, found by a person's id or by themselves"},
               {"consent_heard", "what registry says of a person, whose case is in reach"},
               {"engagement_transition", "read and written by ids of engagements in scope"},
               {"scheme_adoption", "read and written by ids of engagements in scope"},
               {"recommendation", "read and written by ids of engagements in scope"},
               {"training", "read and written by ids of activities in scope"},
               {"attachment", "read beside its parent's centre; written when found in reach"},
               {"group_member", "read and written by ids of groups in reach"},
               {"receipt_counter", "of the campaign of a form in scope"},
               {"external_receipt", "of the campaign of a form in scope"}}};

TEST(Statements, FitTheSchema) {
  ieum::testing::TestDatabase database(casemgmt_migrations());
  pqxx::connection connection(database.conninfo());
  int prepared = 0;
  for (const db::Statement* statement : db::Statement::All()) {
    try {
      connection.prepare(statement->name(), statement->sql());
      connection.prepare_now(statement->name());
      ++prepared;
    } catch (const std::exception& failure) {
      ADD_FAILURE() << statement->name() << ": " << failure.what();
    }
  }
  EXPECT_GT(prepared, 30);
}

// row:R23
TEST(Statements, AskWhoseRowsMayBeTouched) {
  ieum::testing::TestDatabase database(casemgmt_migrations());
  EXPECT_THAT(ieum::testing::CentreFaults(database, kExceptions), ::testing::IsEmpty());
}

}  // namespace
}  // namespace ieum::casemgmt
