#include "tests/integration/registry/merge_world.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ieum::registry {
namespace {

// Tables of the ledger and of histories, which grow with a merge and with its end.
constexpr char kTables[] = R"(
  SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT IN ('aggregate', 'event_log',
    'outbox_shard', 'command_dedup', 'person_merge', 'merge_move', 'person_version',
    'affiliation_version', 'person_key') AND c.relname NOT LIKE 'outbox%'
    AND c.relname NOT LIKE 'access%' AND c.relname NOT LIKE 'lease%')";

constexpr char kRows[] = R"(
  SELECT coalesce(string_agg(row, E'\n' ORDER BY row), '') FROM (
    SELECT (SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(to_jsonb(t)) e
            WHERE e.key NOT LIKE '%\_box' AND e.key NOT IN ('version', 'known_from',
                                                            'attribution'))::text AS row
    FROM $0 t) r)";

}  // namespace

std::string MergeWorld::Register(const std::string& full_name, const std::string& phone,
                                 const std::string& centre) {
  v1::CreatePersonRequest request;
  v1::Person& person = *request.mutable_person();
  person.set_full_name(full_name);
  person.set_phone(phone);
  person.set_centre(centre);
  person.set_basis(v1::LEGAL_BASIS_CONTRACT);
  const auto made = world.Call<v1::Person>("PersonService/CreatePerson", request);
  EXPECT_TRUE(made.ok()) << made.status();
  return made.ok() ? made->name() : "";
}

absl::StatusOr<v1::Person> MergeWorld::Get(const std::string& person, rpc::Peer* as) {
  v1::GetPersonRequest request;
  request.set_name(person);
  return world.Call<v1::Person>("PersonService/GetPerson", request, as);
}

v1::Person MergeWorld::Known(const std::string& person) {
  const auto known = Get(person);
  EXPECT_TRUE(known.ok()) << known.status();
  return known.ok() ? *known : v1::Person();
}

absl::StatusOr<v1::Person> MergeWorld::SetPhone(const std::string& person,
                                                const std::string& phone) {
  v1::UpdatePersonRequest request;
  request.mutable_person()->set_name(person);
  request.mutable_person()->set_phone(phone);
  request.mutable_update_mask()->add_paths("phone");
  return world.Call<v1::Person>("PersonService/UpdatePerson", request);
}

v1::MergePersonsRequest MergeWorld::Wanted(const std::string& survivor,
                                           const std::string& duplicate,
                                           const std::vector<std::string>& taken) {
  v1::MergePersonsRequest request;
  request.set_survivor(survivor);
  request.set_duplicate(duplicate);
  request.mutable_taken_fields()->Assign(taken.begin(), taken.end());
  request.set_reason("both came with one form");
  return request;
}

absl::StatusOr<v1::Merge> MergeWorld::Merge(const v1::MergePersonsRequest& request, rpc::Peer* as) {
  return world.Call<v1::Merge>("MergeService/MergePersons", request, as);
}

absl::StatusOr<v1::Merge> MergeWorld::Merge(const std::string& survivor,
                                            const std::string& duplicate,
                                            const std::vector<std::string>& taken) {
  return Merge(Wanted(survivor, duplicate, taken));
}

absl::StatusOr<v1::Merge> MergeWorld::Undo(const std::string& merge, rpc::Peer* as) {
  v1::UndoMergeRequest request;
  request.set_name(merge);
  request.set_reason("they are sisters");
  return world.Call<v1::Merge>("MergeService/UndoMerge", request, as);
}

std::string MergeWorld::Affiliate(const std::string& person, const std::string& firm,
                                  v1::AffiliationRole role) {
  v1::CreateAffiliationRequest request;
  request.set_parent(person);
  request.mutable_affiliation()->set_organization(firm);
  request.mutable_affiliation()->set_role(role);
  request.mutable_affiliation()->set_start_date("2023-01-02");
  const auto made = world.Call<v1::Affiliation>("PersonService/CreateAffiliation", request);
  EXPECT_TRUE(made.ok()) << made.status();
  return made.ok() ? made->name() : "";
}

absl::StatusOr<v1::Affiliation> MergeWorld::Employ(const std::string& person,
                                                   const std::string& firm, const std::string& from,
                                                   const std::string& to) {
  v1::CreateAffiliationRequest request;
  request.set_parent(person);
  request.mutable_affiliation()->set_organization(firm);
  request.mutable_affiliation()->set_role(v1::AFFILIATION_ROLE_EMPLOYEE);
  request.mutable_affiliation()->set_start_date(from);
  request.mutable_affiliation()->set_end_date(to);
  return world.Call<v1::Affiliation>("PersonService/CreateAffiliation", request);
}

std::vector<v1::Affiliation> MergeWorld::Affiliations(const std::string& person) {
  v1::ListAffiliationsRequest request;
  request.set_parent(person);
  const auto page =
      world.Call<v1::ListAffiliationsResponse>("PersonService/ListAffiliations", request);
  EXPECT_TRUE(page.ok()) << page.status();
  if (!page.ok()) return {};
  return {page->affiliations().begin(), page->affiliations().end()};
}

absl::StatusOr<v1::Enrolment> MergeWorld::Enrol(const std::string& campaign,
                                                const std::string& person) {
  v1::CreateEnrolmentRequest request;
  request.set_parent(campaign);
  request.mutable_enrolment()->set_person(person);
  return world.Call<v1::Enrolment>("EnrolmentService/CreateEnrolment", request);
}

absl::StatusOr<v1::Lead> MergeWorld::Lead(const std::string& firm, const std::string& contact) {
  v1::CreateLeadRequest request;
  v1::Lead& lead = *request.mutable_lead();
  lead.set_organization(firm);
  lead.set_programme("BSN");
  lead.set_edition("2024");
  lead.set_contact_person(contact);
  return world.Call<v1::Lead>("LeadService/CreateLead", request);
}

std::map<std::string, std::string> MergeWorld::Rows() {
  std::map<std::string, std::string> rows;
  const std::vector<std::string> tables = absl::StrSplit(world.Ask(kTables), ' ');
  for (const std::string& table : tables) {
    std::string sql = kRows;
    sql.replace(sql.find("$0"), 2, table);
    rows[table] = world.Ask(sql);
  }
  return rows;
}

}  // namespace ieum::registry
