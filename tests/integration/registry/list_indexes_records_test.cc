// Goal: lists of what was decided about people, grants and files, lists of one parent, and what was
// known then touch few rows, whatever they are filtered by and for whomever. Method: as in
// list_indexes_test.cc.
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/ledger/history_store.h"
#include "services/registry/access/access_store.h"
#include "services/registry/changes/sensitive_store.h"
#include "services/registry/consents/consent_text_store.h"
#include "services/registry/enrolments/enrolment_store.h"
#include "services/registry/erasures/erasure_store.h"
#include "services/registry/erasures/hold_store.h"
#include "services/registry/erasures/retention_store.h"
#include "services/registry/exports/data_export_store.h"
#include "services/registry/imports/import_store.h"
#include "services/registry/merges/merge_store.h"
#include "services/registry/moves/move_store.h"
#include "services/registry/organizations/dated_record_store.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/people/person_then_store.h"
#include "services/registry/reference/reference_store.h"
#include "services/registry/timelines/timeline_store.h"
#include "tests/integration/registry/list_indexes.h"

namespace ieum::registry {
namespace {

constexpr char kFirm[] = "dbe6f205-3432-e7bb-ad00-02735339d7be";    // the organization with n = 77
constexpr char kImport[] = "975db0ed-fb8e-1730-71b2-314b35263f40";  // the import with n = 77

TEST_F(ListIndexes, FindMerges) {
  ExpectIndexes({"ListMerges",
                 &MergeList(),
                 {{"name", "name = \"6e664637-7720-c210-c269-981ef9827fc0\""},
                  {"survivor", Named("survivor", "persons/", kPerson)},
                  {"duplicate", Named("duplicate", "persons/", kPerson)},
                  {"state", "state = MERGE_STATE_UNDONE"},
                  {"state", "state = MERGE_STATE_MERGED"},
                  {"merger", "merger = \"staff/rare\""},
                  {"merger", "merger = \"staff/kim\""},
                  {"create_time", After("create_time", 10'000)},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindMoves) {
  ExpectIndexes({"ListMoves",
                 &MoveList(),
                 {{"name", "name = \"3f6bca06-3294-43aa-08c5-532fc5e0e749\""},
                  {"kind", "kind = MOVE_KIND_ENROLMENT"},
                  {"kind", "kind = MOVE_KIND_PERSON"},
                  {"state", "state = MOVE_STATE_DECLINED"},
                  {"state", "state = MOVE_STATE_ACCEPTED"},
                  {"person", Named("person", "persons/", kPerson)},
                  {"organization", absl::StrCat("organization = ", kOrganization)},
                  {"from_centre", absl::StrCat("from_centre = ", kCentre)},
                  {"to_centre", absl::StrCat("to_centre = ", kCentre)},
                  {"create_time", After("create_time", 10'000)},
                  {"expire_time", After("expire_time", 10'000)}}});
}

TEST_F(ListIndexes, FindErasures) {
  ExpectIndexes({"ListErasures",
                 &ErasureList(),
                 {{"name", "name = \"7e733ef5-289d-1810-74cd-c101b5345252\""},
                  {"number", "number = 77"},
                  {"number", "number > 9980"},
                  {"person", Named("person", "persons/", kPerson)},
                  {"reason", "reason = ERASURE_REASON_ENTERED_IN_ERROR"},
                  {"reason", "reason = ERASURE_REASON_REQUEST"},
                  {"rule", "rule = RARE"},
                  {"erase_time", After("erase_time", 10'000)},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindLegalHolds) {
  ExpectIndexes({"ListLegalHolds",
                 &LegalHoldList(),
                 {{"name", "name = \"22fb3155-b8fc-d7ce-2979-6892744e5804\""},
                  {"person", Named("person", "persons/", kPerson)},
                  {"end_date", "end_date > \"2001-01-01\""},
                  {"place_time", After("place_time", 20'000)},
                  {"release_time", After("release_time", 20'000)},
                  {"release_time", "NOT release_time:*"},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindGrants) {
  ExpectIndexes({"ListGrants",
                 &GrantList(),
                 {{"name", "name = \"86213bed-48dc-344c-9e5c-cf70162c5fff\""},
                  {"account", "account = \"staff/77\""},
                  {"role", "role = rare"},
                  {"role", "role = role0"},
                  {"centre", absl::StrCat("centre = ", kCentre)},
                  {"kind", "kind = GRANT_KIND_BREAK_GLASS"},
                  {"kind", "kind = GRANT_KIND_GIVEN"},
                  {"end", "end = GRANT_END_EXPIRED"},
                  {"end", "end = GRANT_END_UNSPECIFIED"},
                  {"giver", "giver = \"staff/rare\""},
                  {"give_time", After("give_time", 20'000)},
                  {"end_time", After("end_time", 20'000, 3000)}}});
}

TEST_F(ListIndexes, FindDataExports) {
  ExpectIndexes({"ListDataExports",
                 &DataExportList(),
                 {{"name", "name = \"81833c66-eb40-e013-fcfe-96990cb98cb7\""},
                  {"person", Named("person", "persons/", kPerson)},
                  {"received_date", "received_date > \"2005-06-20\""},
                  {"due_date", "due_date > \"2005-06-30\""},
                  {"outcome", "outcome = DATA_EXPORT_OUTCOME_UNSPECIFIED"},
                  {"outcome", "outcome = DATA_EXPORT_OUTCOME_HANDED_OVER"},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindConsentTexts) {
  ExpectIndexes({"ListConsentTexts",
                 &ConsentTextList(),
                 {{"name", "name = \"83f1535f-99ab-0bf4-e9d0-2dfd85d3e3f7\""},
                  {"code", "code = T77"},
                  {"version", "version = 99"},
                  {"version", "version = 1"},
                  {"language", "language = LANGUAGE_EN"},
                  {"language", "language = LANGUAGE_KO"},
                  {"purpose", "purpose = CONSENT_PURPOSE_NIGHT_ADVERTISING"},
                  {"recipient", absl::StrCat("recipient = ", kCentre)},
                  {"create_time", After("create_time", 10'000)}}});
}

TEST_F(ListIndexes, FindImportsAndTheirRows) {
  ExpectIndexes({"ListImports",
                 &ImportList(),
                 {{"name", absl::StrCat("name = \"", kImport, "\"")},
                  {"kind", "kind = IMPORT_KIND_PEOPLE"},
                  {"kind", "kind = IMPORT_KIND_FIRMS"},
                  {"state", "state = IMPORT_STATE_RUNNING"},
                  {"state", "state = IMPORT_STATE_COMPLETED"},
                  {"content_hash",
                   "content_hash = "
                   "\"a88a7902cb4ef697ba0b6759c50e8c10297ff58f942243de19b984841bfe1f73\""},
                  {"centre", absl::StrCat("centre = ", kCentre)},
                  {"create_time", After("create_time", 10'000)}}});
  ExpectIndexes({"ListImportRows",
                 &ImportRowList(),
                 {{"number", "number = 77"},
                  {"outcome", "outcome = IMPORT_OUTCOME_REVIEW"},
                  {"outcome", "outcome = IMPORT_OUTCOME_REFUSED"},
                  {"field", "field = rare"},
                  {"field", "field = \"person.phone\""},
                  {"error_reason", "error_reason = RARE"},
                  {"error_reason", "error_reason = PHONE_INVALID"}},
                 "r.import_id = {}::uuid",
                 {kImport}});
}

TEST_F(ListIndexes, FindRecordsOfOneOrganization) {
  const std::optional<absl::Time> instants[] = {std::nullopt, absl::Now()};
  for (const std::optional<absl::Time>& instant : instants) {
    const filter::ListSpec labels = LabelList(instant), terms = TermList(instant),
                           facts = FactsList(instant);
    ExpectIndexes({"ListOrganizationLabels",
                   &labels,
                   {{"label", "label = \"FAMILY_FRIENDLY 2003-01-01\""},
                    {"code", "code = FAMILY_FRIENDLY"},
                    {"valid_from", "valid_from > \"2003-01-01\""},
                    {"valid_until", "valid_until:*"},
                    {"revoked_date", "revoked_date:*"}},
                   "l.organization_id = {}::uuid",
                   {kFirm}});
    ExpectIndexes({"ListCouncilTerms",
                   &terms,
                   {{"start_date", "start_date > \"2003-01-01\""},
                    {"end_date", "end_date:*"},
                    {"sector", "sector = COUNCIL_SECTOR_MEDIA"},
                    {"representative", "representative = true"}},
                   "t.organization_id = {}::uuid",
                   {kFirm}});
    ExpectIndexes({"ListOrganizationFacts",
                   &facts,
                   {{"valid_from", "valid_from > \"2022-06-01\""}},
                   "f.organization_id = {}::uuid",
                   {kFirm}});
  }
}

// "ListPersonChanges" and "ListOrganizationChanges" are one list of the ledger.
TEST_F(ListIndexes, FindChangesOfOneRecord) {
  const filter::ListSpec changes = ledger::HistoryList("");
  ExpectIndexes({"ListPersonChanges",
                 &changes,
                 {{"version", "version = 2"},
                  {"change_time", "change_time > \"2023-01-01T00:00:00Z\""},
                  {"actor", "actor = \"staff/kim\""},
                  {"request_id", "request_id = none"}},
                 "e.aggregate_id = {}::uuid",
                 {kPerson}});
}

TEST_F(ListIndexes, FindWhatHappenedWithOneRecord) {
  const struct {
    TimelineOf of;
    const char* subject;
  } subjects[] = {{TimelineOf::kPerson, kPerson}, {TimelineOf::kOrganization, kFirm}};
  for (const auto& [of, subject] : subjects) {
    ExpectIndexes({"ListTimelineEntries",
                   &TimelineList(of),
                   {{"entry", "entry = none"},
                    {"entry_time", "entry_time > \"2023-01-02T00:00:00Z\""},
                    {"kind", "kind = TIMELINE_KIND_VISIT"},
                    {"kind", "kind = TIMELINE_KIND_LEAD"},
                    {"event_date", "event_date > \"2003-01-01\""}},
                   "t.subject_id = ANY({}::uuid[])",
                   {absl::StrCat("{", subject, "}")}});
  }
}

TEST_F(ListIndexes, FindEnrolmentsAsTheyWereKnown) {
  const filter::ListSpec then = EnrolmentListThen(absl::Now());
  ExpectIndexes(
      {.title = "ListEnrolments then",
       .spec = &then,
       .asked = {{"name", "name = \"81833c66-eb40-e013-fcfe-96990cb98cb7\""},
                 {"organization", absl::StrCat("organization = ", kOrganization)},
                 {"person", Named("person", "persons/", kPerson)},
                 {"employer", absl::StrCat("employer = ", kOrganization)},
                 {"state", "state = ENROLMENT_STATE_DENIED"},
                 {"application",
                  Named("application", "applications/", "068815e0-86d6-7013-e830-0188e50513e8")},
                 {"applied_date", "applied_date = \"2003-01-15\""},
                 {"create_time", After("create_time", 30'000)},
                 {"programme", "programme = RARE"},
                 {"edition", "edition = RARE"}},
       // A rare state of then, too: an index of steps by state would be written with every step.
       .walks = {{"offer_expire_time", "an offer of the past is looked for with its campaign"},
                 {"centre", "whose it was then; whose it is now narrows the list before"}}});
}

// Of one person; of everybody what was said of affiliations is walked through as far as it goes
// back.
TEST_F(ListIndexes, FindAffiliationsOfAPersonAsTheyWereKnown) {
  const filter::ListSpec then = AffiliationListThen(absl::Now());
  ExpectIndexes({"ListAffiliations then",
                 &then,
                 {{"name", "name = \"983c3d29-3460-a155-240e-bae608c5cb71\""},
                  {"organization", absl::StrCat("organization = ", kOrganization)},
                  {"role", "role = AFFILIATION_ROLE_REPRESENTATIVE"},
                  {"start_date", "start_date > \"2001-01-01\""},
                  {"end_date", "end_date > \"2001-01-01\""}},
                 "f.person_id = {}::uuid",
                 {kPerson}});
}

// Data of the release, a few hundred rows at most, and one row a centre.
TEST_F(ListIndexes, ReadReferenceDataWhole) {
  ExpectSmall({"ListRegions",
               &RegionList(),
               {{"code", "code = \"26110\""},
                {"province_code", "province_code = \"26\""},
                {"valid_from", "valid_from > \"2024-01-01\""},
                {"valid_to", "valid_to:*"}}});
  ExpectSmall({"ListKsicCodes",
               &KsicList(),
               {{"name", "name = \"10-28\""},
                {"revision", "revision = 11"},
                {"code", "code = \"28\""},
                {"section", "section = C"}}});
  ExpectSmall({"ListIndustrialComplexes",
               &ComplexList(),
               {{"code", "code = K01"},
                {"kind", "kind = INDUSTRIAL_COMPLEX_KIND_NATIONAL"},
                {"region_code", "region_code = \"26440\""}}});
  ExpectSmall({"ListSchemes", &SchemeList(), {{"code", "code = FLEX"}}});
  ExpectSmall({"ListHolidays", &HolidayList(), {{"date", "date > \"2024-01-01\""}}});
  ExpectSmall({"ListSensitiveFieldSets",
               &FieldSetList(),
               {{"name", absl::StrCat("name = \"", kImport, "\"")},
                {"centre", absl::StrCat("centre = ", kCentre)}}});
  ExpectSmall({"ListRetentionRules",
               &RetentionRuleList(),
               {{"code", "code = CONSENT_ENDED"},
                {"trigger", "trigger = RETENTION_TRIGGER_CONSENT_ENDED"},
                {"review_required", "review_required = true"}}});
}

}  // namespace
}  // namespace ieum::registry
