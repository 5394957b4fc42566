// Goal: every statement of the registry fits its schema.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/registry/world.h"
#include "tests/support/centre_statements.h"
#include "tests/support/statements.h"

namespace ieum::registry {
namespace {

TEST(Schema, PreparesEveryStatement) {
  testing::TestDatabase database(registry_migrations());
  EXPECT_THAT(testing::UnpreparableStatements(database), ::testing::IsEmpty());
}

// Statements and tables that ask for nobody's centre, each with its reason.
const testing::CentreExceptions kExceptions = {
    .statements =
        {{"enrolment_is_enrolled", "of a campaign found with the scope, behind its gate"},
         {"enrolment_first_in_line", "of a campaign found with the scope, behind its gate"},
         {"enrolment_find_by_application", "a reaction, which acts for the suite"},
         {"enrolment_is_person_enrolled", "of a campaign found with the scope, behind its gate"},
         {"enrolment_of_person", "of an employment, which is told wherever she takes part"},
         {"affiliation_employments", "of a person found with the scope: where she is counted"},
         {"guardianship_find", "of persons found with the scope"},
         {"guardianship_end", "of a person whom the caller keeps"},
         {"guardianship_birth", "of a person found with the scope: whether she is a child"},
         {"person_stood_for", "who stands for persons found in scope"},
         {"person_merge_insert", "of a person found in scope, and locked"},
         {"person_merge_later", "of a merge found in scope"},
         {"person_merge_guardian", "of two persons found in scope"},
         {"person_merge_pairs", "of two persons in scope, whoever keeps a third"},
         {"person_merge_pairs_back", "of a merge found in scope"},
         {"merge_double_enrolments", "of two persons in scope; who may change them is asked then"},
         {"merge_given_up", "of a merge found in scope; who may change them is asked then"},
         {"merge_asked_since", "of an enrolment that it gave up, in scope"},
         {"ownership_centre_at", "of an enrolment that is told about, wherever it is counted"},
         {"campaign_counts_then", "seats of campaigns found with the scope"},
         {"move_find_records", "of a move that the two centres see: what the giving one has"},
         {"move_find_enrolments_of_person", "of a move: what the giving centre has"},
         {"move_find_enrolments_of_firms", "of a move: what the giving centre has"},
         {"move_find_enrolment", "of a move: what the giving centre has"},
         {"move_find_leads", "of a move: what the giving centre has"},
         {"move_lead_in_the_way", "of a move: what the receiving centre has"},
         {"move_find_undecided", "of a move: what follows the persons that it takes along"},
         {"move_count_following", "counts, of persons that a move takes along"},
         {"move_hand_persons", "of a move that the receiving centre accepts, found before"},
         {"move_hand_enrolments", "of a move that the receiving centre accepts"},
         {"move_hand_leads", "of a move that the receiving centre accepts"},
         {"move_hand_affiliations", "of persons whom a move took along"},
         {"move_hand_guardianships", "of persons whom a move took along"},
         {"move_hand_consents", "of persons whom a move took along"},
         {"move_hand_holds", "of persons whom a move took along"},
         {"move_hand_changes", "of persons whom a move took along"},
         {"move_hand_pairs", "of persons whom a move took along, whoever keeps the other one"},
         {"move_hand_merges", "of persons whom a move took along"},
         {"enrolment_ended_offers", "a timer, which acts for the suite"},
         {"enrolment_count_ended_offers", "a timer, which acts for the suite"},
         {"change_request_seen", "a timer, which acts for the suite"},
         {"change_request_due", "a timer, which acts for the suite"},
         {"change_request_count_due", "a timer, which acts for the suite"},
         {"change_request_values", "of a request found with the scope"},
         {"change_request_waiting_for", "whether one waits for what the caller may change"},
         {"change_request_waiting_of", "of a person found in scope, who is erased"},
         {"change_request_forget", "of a person found in scope, who is erased"},
         {"change_request_reviewed", "of a history whose thing was found in scope"},
         {"lead_due", "a timer, which acts for the suite"},
         {"lead_count_due", "a timer, which acts for the suite"},
         {"lead_open_of", "of a deactivation, which is the suite's"},
         {"import_find_running", "of the centre that the caller chose among his"},
         {"duplicate_pair_known", "whether a pair was found before; its id says nothing"},
         {"duplicate_scan_persons", "counts everybody, for the suite"},
         {"duplicate_scan_next", "goes through everybody, for the suite"},
         {"duplicate_pair_open_of", "closed with a person in scope, whoever keeps the other one"},
         {"person_erased", "of a person found in scope"},
         {"affiliation_open_of", "of a person found in scope, who is erased"},
         {"erasure_obstacles", "of a person found in scope"},
         {"erasure_kept", "counts, of a person found in scope"},
         {"erasure_free_words", "counts, of a person found in scope"},
         {"legal_hold_forget_words", "of a person found in scope, who is erased"},
         {"person_merge_forget_words", "of a person found in scope, who is erased"},
         {"consent_receipt_forget_words", "of a person found in scope, who is erased"},
         {"person_gone", "of persons found in scope, behind their locks"},
         {"person_apart_free", "a timer, which acts for the suite"},
         {"person_apart_count_free", "a timer, which acts for the suite"},
         {"erasure_of_run", "of a run over all centres, which is the suite's"},
         {"retention_consent_ended", "goes through everybody, for the suite"},
         {"retention_affiliation_ended", "goes through everybody, for the suite"},
         {"retention_participation_ended", "goes through everybody, for the suite"},
         {"told_entry_forget", "what a producer never said, of nobody's centre"},
         {"enrolment_of_organization", "of a deactivation, which is the suite's"}},
    .tables = {{"data_export", "of a person, whose centre it is, whichever that is by now"},
               {"enrolment_transition", "read and written by ids of enrolments in scope"},
               {"withdrawn_application", "of forms not received yet; a reaction's memory"},
               {"ownership_move", "of two centres: asked for by from and to, or found by a timer"},
               {"contact_receipt", "never listed; read back by the question that made it"},
               {"consent_head", "read and written for persons found in scope; a gate, a timer"},
               {"import_row", "read and written by ids of imports in scope"},
               {"import_identity", "of keyed hashes with the centre in them"},
               {"person_apart", "of a person found in scope, or by a timer"},
               {"person_apart_look", "of a person found in scope, by functions of the database"},
               {"person_index_apart", "reached by functions of the database alone"},
               {"person_match_key_apart", "reached by functions of the database alone"},
               {"person_match_key", "over all centres; what is found is asked for with the scope"},
               {"subject", "accounts are the suite's"}},
    .other_meaning = {
        {"subject_grant", "where a role holds: what scopes are made of"},
        {"sensitive_field_set", "of whose data something is sensitive: everybody may know"}}};

// row:R23
TEST(Schema, AsksWhoseRowsMayBeTouched) {
  testing::TestDatabase database(registry_migrations());
  EXPECT_THAT(testing::CentreFaults(database, kExceptions), ::testing::IsEmpty());
}

TEST(Schema, ServesEveryMethodOfItsContract) {
  World world;
  v1::GetOrganizationRequest request;
  request.set_name("organizations/" + base::Uuid::NewV7().ToString());
  const auto missing = world.Call<v1::Organization>("OrganizationService/GetOrganization", request);
  EXPECT_EQ(base::ReasonOf(missing.status()), "NOT_FOUND");
}

}  // namespace
}  // namespace ieum::registry
