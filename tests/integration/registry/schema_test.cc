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

// row:R23
TEST(Schema, AsksWhoseRowsMayBeTouched) {
  testing::TestDatabase database(registry_migrations());
  const testing::CentreExceptions exceptions = {
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
           {"merge_double_enrolments",
            "of two persons in scope; who may change them is asked then"},
           {"merge_given_up", "of a merge found in scope; who may change them is asked then"},
           {"merge_asked_since", "of an enrolment that it gave up, in a campaign in scope"},
           {"enrolment_ended_offers", "a timer, which acts for the suite"},
           {"enrolment_count_ended_offers", "a timer, which acts for the suite"},
           {"lead_due", "a timer, which acts for the suite"},
           {"lead_count_due", "a timer, which acts for the suite"},
           {"import_find_running", "of the centre that the caller chose among his"},
           {"duplicate_pair_known", "whether a pair was found before; its id says nothing"},
           {"duplicate_scan_persons", "counts everybody, for the suite"},
           {"duplicate_scan_next", "goes through everybody, for the suite"},
           {"duplicate_pair_open_of", "closed with a person in scope, whoever keeps the other one"},
           {"person_erased", "of a person found in scope"},
           {"affiliation_open_of", "of a person found in scope, who is erased"},
           {"erasure_obstacles", "of a person found in scope"},
           {"erasure_kept", "counts, of a person found in scope"},
           {"erasure_of_run", "of a run over all centres, which is the suite's"},
           {"retention_consent_ended", "goes through everybody, for the suite"},
           {"retention_affiliation_ended", "goes through everybody, for the suite"},
           {"retention_participation_ended", "goes through everybody, for the suite"},
           {"told_entry_forget", "what a producer never said, of nobody's centre"},
           {"enrolment_of_organization", "of a deactivation, which is the suite's"}},
      .tables = {{"enrolment_transition", "read and written by ids of enrolments in scope"},
                 {"withdrawn_application", "of forms not received yet; a reaction's memory"},
                 {"contact_receipt", "never listed; read back by the question that made it"},
                 {"consent_head", "read and written for persons found in scope; a gate, a timer"},
                 {"import_row", "read and written by ids of imports in scope"},
                 {"import_identity", "of keyed hashes with the centre in them"},
                 {"person_match_key",
                  "over all centres; what is found is asked for with the scope"},
                 {"subject", "accounts are the suite's"}},
      .other_meaning = {{"subject_grant", "where a role holds: what scopes are made of"}}};
  EXPECT_THAT(testing::CentreFaults(database, exceptions), ::testing::IsEmpty());
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
