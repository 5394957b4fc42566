// Goal: what consumers took twice, not at all or otherwise, and projections that are not what the
// ledgers give, are found and named. Method: one fault planted into a copy of a consumer's
// database. law:INV5 law:INV6
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "tests/audit/planted_suite.h"

namespace ieum::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class PlantedEffects : public PlantedSuite {};

TEST_F(PlantedEffects, ShowACursorThatWentBack) {
  DatabaseCopy copy(suite(), "reporting");
  const std::string place = copy.Do(R"(
    UPDATE inbox_cursor SET pos = pos - 1 WHERE (producer, shard) = (
      SELECT producer, shard FROM inbox_cursor WHERE pos > 1 ORDER BY producer, shard LIMIT 1)
    RETURNING producer || '/' || shard || '/' || pos + 1)");
  EXPECT_THAT(Breach("INV5", With(copy)),
              AllOf(HasSubstr(place), HasSubstr("reporting stands at")));
}

TEST_F(PlantedEffects, ShowACursorThatRanAhead) {
  DatabaseCopy copy(suite(), "notify");
  const std::string place = copy.Do(R"(
    UPDATE inbox_cursor SET pos = pos + 1 WHERE (producer, shard) = (
      SELECT producer, shard FROM inbox_cursor ORDER BY producer, shard LIMIT 1)
    RETURNING producer || '/' || shard || '/' || pos)");
  EXPECT_THAT(Breach("INV5", With(copy)),
              AllOf(HasSubstr(place), HasSubstr("notify says that it took")));
}

TEST_F(PlantedEffects, ShowWhatWasTakenOtherwise) {
  DatabaseCopy copy(suite(), "casemgmt");
  const std::string shard = copy.Do(R"(
    UPDATE inbox_cursor SET check_hash = check_hash # 1 WHERE (producer, shard) = (
      SELECT producer, shard FROM inbox_cursor WHERE pos > 0 ORDER BY producer, shard LIMIT 1)
    RETURNING producer || '/' || shard || '/')");
  EXPECT_THAT(Breach("INV5", With(copy)),
              AllOf(HasSubstr(shard), HasSubstr("casemgmt took something else")));
}

TEST_F(PlantedEffects, ShowAnEffectThatIsGone) {
  DatabaseCopy copy(suite(), "reporting");
  const std::string place = copy.Do(R"(
    DELETE FROM fact WHERE (producer, shard, pos) = (
      SELECT producer, shard, pos FROM fact WHERE producer = 'casemgmt' ORDER BY shard, pos LIMIT 1)
    RETURNING producer || '/' || shard || '/' || pos)");
  EXPECT_THAT(Breach("INV5", With(copy)), AllOf(HasSubstr(place), HasSubstr("keeps no fact")));
  EXPECT_THAT(Breach("INV6", With(copy)), AllOf(HasSubstr(place), HasSubstr("does not keep")));
}

TEST_F(PlantedEffects, ShowAnEffectThatIsThereTwice) {
  DatabaseCopy copy(suite(), "reporting");
  const std::string event = copy.Do(R"(
    UPDATE fact f SET event_id = g.event_id FROM fact g
    WHERE f.producer = 'registry' AND g.producer = 'registry' AND f.shard = g.shard
      AND g.pos = 1 AND f.pos = 2 AND f.generation = g.generation
      AND f.shard = (SELECT shard FROM fact WHERE producer = 'registry' AND pos = 2
                     ORDER BY shard LIMIT 1)
    RETURNING f.event_id)");
  EXPECT_THAT(Breach("INV5", With(copy)), AllOf(HasSubstr(event), HasSubstr("is there twice")));
}

TEST_F(PlantedEffects, ShowAnEffectBeyondTheCursor) {
  DatabaseCopy copy(suite(), "reporting");
  copy.Do(R"(
    INSERT INTO fact SELECT generation, producer, shard, pos + 1000, gen_random_uuid(), type,
      aggregate_id, aggregate_version, subject, occurred_at, fields
    FROM fact WHERE producer = 'registry' ORDER BY shard, pos LIMIT 1)");
  const auto finding = Look("INV5", With(copy));
  EXPECT_GE(finding.tally.breaches(), 2);  // its cause is nowhere, and the cursor is before it
}

TEST_F(PlantedEffects, ShowAnEffectWithoutACause) {
  DatabaseCopy copy(suite(), "notify");
  const std::string cause = copy.Do(R"(
    UPDATE reminder SET cause_event_id = gen_random_uuid()
    WHERE id = (SELECT id FROM reminder ORDER BY id LIMIT 1) RETURNING cause_event_id)");
  EXPECT_THAT(Breach("INV5", With(copy)),
              AllOf(HasSubstr(cause), HasSubstr("is the cause of a reminder")));
}

TEST_F(PlantedEffects, ShowADeadLetterThatHasItsEffectAllTheSame) {
  DatabaseCopy copy(suite(), "reporting");
  const std::string place = copy.Do(R"(
    WITH one AS (SELECT * FROM fact WHERE producer = 'registry' ORDER BY shard, pos LIMIT 1),
    letter AS (INSERT INTO dead_letter
                 (producer, epoch, shard, pos, aggregate_id, attempts, error, event)
               SELECT producer, 1, shard, pos, aggregate_id, 3, 'PLANTED', '' FROM one)
    INSERT INTO parked (producer, aggregate_id, reason)
    SELECT producer, aggregate_id, 'PLANTED' FROM one
    RETURNING (SELECT producer || '/' || shard || '/' || pos FROM one))");
  const auto finding = Look("INV5", With(copy));
  EXPECT_GE(finding.tally.breaches(), 2);  // its event is not what was put aside, and it has a fact
  EXPECT_THAT(finding.tally.first()->ToString(), HasSubstr(place));
}

TEST_F(PlantedEffects, ShowADeadLetterWhoseAggregateGoesOn) {
  DatabaseCopy copy(suite(), "reporting");
  copy.Do(R"(
    INSERT INTO dead_letter (producer, epoch, shard, pos, aggregate_id, attempts, error, event)
    SELECT producer, 1, shard, pos, aggregate_id, 3, 'PLANTED', '' FROM fact
    WHERE producer = 'registry' ORDER BY shard, pos LIMIT 1)");
  EXPECT_THAT(Breach("INV5", With(copy)), HasSubstr("its aggregate goes on"));
}

TEST_F(PlantedEffects, ShowAChangedFact) {
  DatabaseCopy copy(suite(), "reporting");
  const std::string place = copy.Do(R"(
    UPDATE fact SET fields = fields || '{"planted": "1"}' WHERE (producer, shard, pos) = (
      SELECT producer, shard, pos FROM fact WHERE producer = 'registry'
      ORDER BY shard DESC, pos DESC LIMIT 1)
    RETURNING producer || '/' || shard || '/' || pos || ' event ' || event_id)");
  EXPECT_THAT(Breach("INV6", With(copy)), AllOf(HasSubstr(place), HasSubstr("another fact")));
}

TEST_F(PlantedEffects, ShowAChangedReference) {
  DatabaseCopy copy(suite(), "casemgmt");
  const std::string id = copy.Do(R"(
    UPDATE organization_reference SET kind = kind + 1
    WHERE id = (SELECT id FROM organization_reference ORDER BY id LIMIT 1) RETURNING id)");
  EXPECT_THAT(Breach("INV6", With(copy)), AllOf(HasSubstr(id), HasSubstr("another organization")));
}

TEST_F(PlantedEffects, ShowAChangedEnrolment) {
  DatabaseCopy copy(suite(), "registry");
  const std::string id = copy.Do(R"(
    UPDATE enrolment_transition SET day = day + 1 WHERE (enrolment_id, step) = (
      SELECT enrolment_id, step FROM enrolment_transition WHERE step > 1
      ORDER BY enrolment_id, step LIMIT 1) RETURNING enrolment_id)");
  EXPECT_THAT(Breach("INV6", With(copy)), AllOf(HasSubstr(id), HasSubstr("another enrolment")));
}

// What a merge wrote into an enrolment no event of the enrolment tells: the merge has to.
TEST_F(PlantedEffects, ShowAPersonWhomNoMergePutThere) {
  for (const char* fault :
       {"DELETE FROM merge_move WHERE place = 'enrolment.person_id' RETURNING row_key",
        "UPDATE person_merge SET state = 2, undone_at = now() WHERE state = 1 RETURNING ("
        "SELECT row_key FROM merge_move v WHERE v.merge_id = person_merge.id "
        "AND v.place = 'enrolment.person_id')"}) {
    DatabaseCopy copy(suite(), "registry");
    const std::string id = copy.Do(fault);
    ASSERT_NE(id, "");
    EXPECT_THAT(Breach("INV6", With(copy)), HasSubstr("another enrolment")) << fault;
  }
}

TEST_F(PlantedEffects, ShowAnEmployerWhomNobodyTold) {
  DatabaseCopy copy(suite(), "registry");
  const std::string id = copy.Do(R"(
    UPDATE enrolment SET employer_id = NULL WHERE attribution = 1 AND state = 4 RETURNING id)");
  ASSERT_NE(id, "") << "the merge counts her for another employer";
  EXPECT_THAT(Breach("INV6", With(copy)), AllOf(HasSubstr(id), HasSubstr("another enrolment")));
}

TEST_F(PlantedEffects, ShowASeatThatNobodyHas) {
  DatabaseCopy copy(suite(), "registry");
  const std::string id = copy.Do(R"(
    UPDATE campaign SET seats_taken = seats_taken + 1 WHERE code = 'PLANTED' RETURNING id)");
  EXPECT_THAT(Breach("INV6", With(copy)), AllOf(HasSubstr(id), HasSubstr("seats taken")));
}

// A form that was received, that registry has passed, and of which it made nothing.
TEST_F(PlantedEffects, ShowAFormWithoutItsEnrolment) {
  const base::Uuid form = base::Uuid::NewV7();
  casemgmt::v1::ApplicationReceived received;
  received.mutable_application()->set_application_id(form.ToString());
  received.mutable_application()->set_campaign_id(recorded().campaign);
  received.mutable_application()->set_admission(registry::v1::ADMISSION_MODE_RULES);
  DatabaseCopy casemgmt(suite(), "casemgmt"), registry(suite(), "registry");
  casemgmt.Do(absl::StrCat(R"(
    WITH place AS (UPDATE outbox_shard SET last_pos = last_pos + 1 WHERE shard = )",
                           form.shard(), R"( RETURNING shard, last_pos)
    INSERT INTO event_log (shard, pos, event_id, aggregate_id, version, type, subject, occurred_at,
                           actor, correlation_id, causation_id, traceparent, payload)
    SELECT p.shard, p.last_pos, gen_random_uuid(), ')",
                           form.ToString(), R"(', 1, 'ieum.casemgmt.v1.ApplicationReceived',
           'applications/planted', now(), l.actor, l.correlation_id, l.causation_id, l.traceparent,
           decode(')",
                           absl::BytesToHexString(received.SerializeAsString()), R"(', 'hex')
    FROM place p, (SELECT * FROM event_log LIMIT 1) l)"));
  registry.Do(absl::StrCat("UPDATE inbox_cursor SET pos = pos + 1 WHERE producer = 'casemgmt' AND ",
                           "shard = ", form.shard()));
  audit::SubjectOptions options = With(casemgmt);
  for (auto& service : options.services) {
    if (service.name == "registry") service.conninfo = registry.conninfo();
  }
  EXPECT_THAT(Breach("INV6", options), AllOf(HasSubstr("casemgmt/"), HasSubstr(form.ToString()),
                                             HasSubstr("registry made no enrolment of it")));
}

TEST_F(PlantedEffects, ShowALostAndAnInventedReference) {
  DatabaseCopy copy(suite(), "casemgmt");
  const std::string id = copy.Do(
      "UPDATE campaign_reference SET id = gen_random_uuid() WHERE id = "
      "(SELECT id FROM campaign_reference ORDER BY id LIMIT 1) "
      "RETURNING id");
  const auto finding = Look("INV6", With(copy));
  EXPECT_EQ(finding.tally.breaches(), 2);
  EXPECT_THAT(finding.tally.first()->ToString(),
              AllOf(HasSubstr(id), HasSubstr("no event told of")));
}

}  // namespace
}  // namespace ieum::testing
