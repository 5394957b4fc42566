// Goal: Get and List answer what was known at any instant, and facts of any day. Method: worked
// cases; random histories over gRPC, read back at random instants and compared with a replay of the
// ledger up to them; a program of an older release that writes beside. row:R22
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/organization_store.h"
#include "tests/integration/registry/world.h"
#include "tests/support/list_plans.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

absl::StatusOr<v1::Organization> GetThen(World& world, const std::string& name, absl::Time instant,
                                         const std::string& facts_date = "") {
  v1::GetOrganizationRequest request;
  request.set_name(name);
  *request.mutable_read_time() = ToTimestamp(instant);
  request.set_facts_date(facts_date);
  return world.Call<v1::Organization>("OrganizationService/GetOrganization", request);
}

class Then : public ::testing::Test {
 protected:
  void Rename(const std::string& name, const std::string& display_name) {
    v1::UpdateOrganizationRequest request;
    request.mutable_organization()->set_name(name);
    request.mutable_organization()->set_display_name(display_name);
    request.mutable_update_mask()->add_paths("display_name");
    ASSERT_TRUE(Call("UpdateOrganization", request).ok());
  }
  void Record(const std::string& name, const std::string& day, const std::string& region) {
    v1::RecordOrganizationFactsRequest request;
    request.set_name(name);
    request.mutable_facts()->set_valid_from(day);
    request.mutable_facts()->set_region_code(region);
    ASSERT_TRUE(Call("RecordOrganizationFacts", request).ok());
  }
  absl::StatusOr<v1::Organization> Call(const std::string& method,
                                        const google::protobuf::Message& request) {
    auto answer = world_.Call<v1::Organization>("OrganizationService/" + method, request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer;
  }
  std::vector<std::string> ListThen(absl::Time instant, const std::string& filter,
                                    bool show_deactivated = false) {
    v1::ListOrganizationsRequest request;
    *request.mutable_read_time() = ToTimestamp(instant);
    request.set_filter(filter);
    request.set_order_by("external_code");
    request.set_show_deactivated(show_deactivated);
    const auto page = world_.Call<v1::ListOrganizationsResponse>(
        "OrganizationService/ListOrganizations", request);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> names;
    if (!page.ok()) return names;
    for (const auto& found : page->organizations()) names.push_back(found.display_name());
    return names;
  }

  World world_{"2023-05-02 11:00"};
};

TEST_F(Then, AnswersWhatWasKnownAndNothingBefore) {
  const std::string firm = world_.Firm(1);
  world_.SetClock("2023-05-03 11:00");
  Rename(firm, "새 이름");
  EXPECT_EQ(GetThen(world_, firm, Korea("2023-05-03 10:59"))->display_name(), "동백정밀 1");
  EXPECT_EQ(GetThen(world_, firm, Korea("2023-05-03 11:00"))->display_name(), "새 이름");
  EXPECT_EQ(GetThen(world_, firm, Korea("2023-05-02 11:00"))->etag(), "\"1\"");
  EXPECT_EQ(base::ReasonOf(GetThen(world_, firm, Korea("2023-05-02 10:59")).status()), "NOT_FOUND");
  EXPECT_THAT(base::FieldsOf(GetThen(world_, firm, Korea("2023-05-03 11:01")).status()),
              ElementsAre("read_time"));
}

TEST_F(Then, KeepsApartWhatIsKnownAndWhatHolds) {
  const std::string firm = world_.Firm(1);  // 26110 from 2023-01-01
  world_.SetClock("2023-06-01 09:00");
  Record(firm, "2023-03-01", "26140");  // heard of late
  const auto region = [&](const std::string& known, const std::string& holds) {
    return GetThen(world_, firm, Korea(known), holds)->facts().region_code();
  };
  EXPECT_EQ(region("2023-06-01 09:00", ""), "26140");
  EXPECT_EQ(region("2023-06-01 09:00", "2023-02-28"), "26110");
  EXPECT_EQ(region("2023-05-31 09:00", "2023-03-01"), "26110");
  EXPECT_EQ(region("2023-05-31 09:00", "2022-12-31"), "");
  v1::GetOrganizationRequest now;
  now.set_name(firm);
  now.set_facts_date("2023-02-28");
  EXPECT_EQ(Call("GetOrganization", now)->facts().region_code(), "26110");
}

TEST_F(Then, ListsFiltersAndPagesWhatWasKnown) {
  const std::string one = world_.Firm(1), two = world_.Firm(2);
  world_.SetClock("2023-05-03 11:00");
  Rename(one, "바뀐 이름");
  v1::DeactivateOrganizationRequest end;
  end.set_name(two);
  end.set_reason(v1::DEACTIVATION_REASON_CLOSED_DOWN);
  ASSERT_TRUE(Call("DeactivateOrganization", end).ok());
  const absl::Time before = Korea("2023-05-03 10:00"), after = Korea("2023-05-03 12:00");
  world_.SetClock("2023-05-03 12:00");
  EXPECT_THAT(ListThen(before, ""), ElementsAre("동백정밀 1", "동백정밀 2"));
  EXPECT_THAT(ListThen(after, ""), ElementsAre("바뀐 이름"));
  EXPECT_THAT(ListThen(after, "", true), ElementsAre("바뀐 이름", "동백정밀 2"));
  EXPECT_THAT(ListThen(before, "external_code = \"F002\""), ElementsAre("동백정밀 2"));
  EXPECT_THAT(ListThen(before, "facts.region_code = \"26110\" AND kind = ORGANIZATION_KIND_FIRM"),
              ElementsAre("동백정밀 1", "동백정밀 2"));
}

// A release of before wrote without versions; its writes count, and hide nothing of ours.
TEST_F(Then, KeepsWhatAnOlderProgramWrites) {
  const std::string firm = world_.Firm(1), id = IdOf(firm);
  world_.SetClock("2023-05-04 11:00");
  world_.Ask(
      absl::StrCat("UPDATE organization SET display_name = 'older', updated_at = "
                   "'2023-05-03 11:00+09' WHERE id = '",
                   id, "' RETURNING 1"));
  world_.Ask(absl::StrCat(
      "INSERT INTO organization_facts (organization_id, valid_from, region_code, size_class, "
      "size_band) VALUES ('",
      id,
      "', '2023-01-01', '26140', 0, 0) ON CONFLICT (organization_id, "
      "valid_from) DO UPDATE SET region_code = excluded.region_code RETURNING 1"));
  Rename(firm, "ours");
  EXPECT_EQ(GetThen(world_, firm, Korea("2023-05-03 12:00"))->display_name(), "older");
  EXPECT_EQ(GetThen(world_, firm, Korea("2023-05-03 12:00"))->etag(), "");
  EXPECT_EQ(GetThen(world_, firm, Korea("2023-05-04 11:00"))->display_name(), "ours");
  EXPECT_EQ(GetThen(world_, firm, Korea("2023-05-04 11:00"))->facts().region_code(), "26110")
      << "it said no instant, so the database's own clock did, which is later";
  EXPECT_EQ(world_.Ask(absl::StrCat("SELECT string_agg(coalesce(version::text, '-'), ' ' ORDER BY "
                                    "seq) FROM organization_version WHERE id = '",
                                    id, "'")),
            "1 - 2");
}

// What the ledger says of one organization up to an instant; it knows no names.
struct Replayed {
  std::string number, code, parent;
  int64_t version = 0;
  v1::OrganizationState state = v1::ORGANIZATION_STATE_UNSPECIFIED;
  std::map<std::string, std::string> regions;  // by first day

  std::string RegionOn(const std::string& day) const {
    auto next = regions.upper_bound(day);
    return next == regions.begin() ? "" : std::prev(next)->second;
  }
};

void Apply(const Told& told, Replayed* state) {
  ++state->version;
  if (told.type == "OrganizationRegistered") {
    const auto event = told.As<v1::OrganizationRegistered>();
    state->state = v1::ORGANIZATION_STATE_ACTIVE;
    state->number = event.business_registration_number();
    state->code = event.external_code();
    state->parent = event.parent_id();
    if (event.has_facts()) state->regions[event.facts().valid_from()] = event.facts().region_code();
  } else if (told.type == "OrganizationUpdated") {
    const auto event = told.As<v1::OrganizationUpdated>();
    state->number = event.business_registration_number();
    state->code = event.external_code();
    state->parent = event.parent_id();
  } else if (told.type == "OrganizationFactsChanged") {
    const auto event = told.As<v1::OrganizationFactsChanged>();
    state->regions[event.facts().valid_from()] = event.facts().region_code();
  } else if (told.type == "OrganizationDeactivated") {
    state->state = v1::ORGANIZATION_STATE_INACTIVE;
  }
}

Replayed Replay(World& world, const std::string& name, absl::Time instant) {
  Replayed state;
  // Events of one organization are in the order of their positions.
  const std::string until = absl::FormatTime(absl::RFC3339_full, instant, absl::UTCTimeZone());
  const int64_t count =
      std::stoll(world.Ask(absl::StrCat("SELECT count(*) FROM event_log WHERE subject = '", name,
                                        "' AND occurred_at <= '", until, "'")));
  const auto events = world.Events(name);
  for (int64_t at = 0; at < count; ++at) Apply(events[at], &state);
  return state;
}

// Firms of one random history; numbers and codes are its own.
struct History {
  int first = 0;  // number of its first firm
  std::vector<std::string> firms;
};

// A random step; refusals are steps, too.
void Step(World& world, const History& history) {
  const std::string name = *rc::gen::elementOf(history.firms);
  const auto ask = [&](const std::string& method, const google::protobuf::Message& request) {
    world.Call<v1::Organization>("OrganizationService/" + method, request).status().IgnoreError();
  };
  const int kind = *rc::gen::inRange(0, 8);
  if (kind == 0) {
    v1::DeactivateOrganizationRequest request;
    request.set_name(name);
    request.set_reason(v1::DEACTIVATION_REASON_CLOSED_DOWN);
    ask("DeactivateOrganization", request);
  } else if (kind < 4) {
    v1::RecordOrganizationFactsRequest request;
    request.set_name(name);
    request.mutable_facts()->set_valid_from(absl::StrCat("2023-0", *rc::gen::inRange(1, 6), "-01"));
    request.mutable_facts()->set_region_code(
        *rc::gen::elementOf(std::vector<std::string>{"26110", "26140", "26170", "28"}));
    ask("RecordOrganizationFacts", request);
  } else {
    v1::UpdateOrganizationRequest request;
    v1::Organization& organization = *request.mutable_organization();
    organization.set_name(name);
    organization.set_external_code(absl::StrCat("X", history.first, "-", *rc::gen::inRange(0, 3)));
    organization.set_business_registration_number(
        BusinessNumber(history.first + *rc::gen::inRange(0, 5)));
    organization.set_parent(*rc::gen::elementOf(history.firms));
    request.mutable_update_mask()->add_paths(*rc::gen::elementOf(
        std::vector<std::string>{"external_code", "business_registration_number", "parent"}));
    ask("UpdateOrganization", request);
  }
}

// The one of that name in the list as it was known, found by its number.
v1::Organization ListedThen(World& world, const v1::Organization& known, absl::Time instant,
                            const std::string& day) {
  v1::ListOrganizationsRequest request;
  request.set_filter(absl::StrCat("business_registration_number = \"",
                                  known.business_registration_number(), "\""));
  *request.mutable_read_time() = ToTimestamp(instant);
  request.set_facts_date(day);
  request.set_show_deactivated(true);
  const auto page =
      world.Call<v1::ListOrganizationsResponse>("OrganizationService/ListOrganizations", request);
  if (!page.ok()) return {};
  for (const v1::Organization& found : page->organizations()) {
    if (found.name() == known.name()) return found;
  }
  return {};
}

void ExpectReplayed(World& world, const std::string& firm, absl::Time instant,
                    const std::string& day) {
  const Replayed expected = Replay(world, firm, instant);
  const auto known = GetThen(world, firm, instant, day);
  RC_ASSERT(known.ok());
  RC_ASSERT(known->state() == expected.state);
  RC_ASSERT(known->external_code() == expected.code);
  std::string digits = known->business_registration_number();
  std::erase(digits, '-');
  RC_ASSERT(digits == expected.number);
  RC_ASSERT(known->parent() == (expected.parent.empty() ? "" : "organizations/" + expected.parent));
  RC_ASSERT(known->facts().region_code() == expected.RegionOn(day));
  RC_ASSERT(known->etag() == absl::StrCat("\"", expected.version, "\""));
  RC_ASSERT(ListedThen(world, *known, instant, day).SerializeAsString() ==
            known->SerializeAsString());
}

TEST(ThenProperty, IsWhatAReplayOfTheLedgerUpToTheInstantGives) {
  World world("2023-05-02 11:00");
  absl::Time now = Korea("2023-05-02 11:00");
  int firms = 0;
  EXPECT_TRUE(rc::check("as-of reads equal a replay", [&] {
    const absl::Time start = now += absl::Minutes(1);
    RC_ASSERT(world.clock.Set(now).ok());
    History history{.first = firms};
    history.firms = {world.Firm(firms), world.Firm(firms + 1)};
    firms += 5;
    const int steps = *rc::gen::inRange(1, 12);
    for (int step = 0; step < steps; ++step) {
      now += absl::Minutes(*rc::gen::inRange(0, 3));  // several changes of one instant, too
      RC_ASSERT(world.clock.Set(now).ok());
      Step(world, history);
    }
    const int minutes = static_cast<int>((now - start) / absl::Minutes(1));
    for (int look = 0; look < 4; ++look) {
      const absl::Time instant = start + absl::Minutes(*rc::gen::inRange(0, minutes + 1));
      const std::string day = absl::StrCat("2023-0", *rc::gen::inRange(1, 7), "-15");
      for (const std::string& firm : history.firms) ExpectReplayed(world, firm, instant, day);
    }
  }));
}

// 10,000 organizations, each with a version of before.
void AddMany(testing::TestDatabase& database) {
  database.Ask(R"(WITH made AS (INSERT INTO organization (id, kind, display_name, business_number,
      external_code, state, created_at, updated_at)
    SELECT gen_random_uuid(), 1, 'x' || n, lpad(n::text, 10, '0'), 'C' || n, 1,
      '2023-01-01'::timestamptz + n * interval '1 minute', now()
    FROM generate_series(1, 10000) n RETURNING id)
    , known AS (INSERT INTO aggregate (id, kind, version) SELECT id, 'organization', 1 FROM made
      RETURNING 1) SELECT count(*) FROM known)");
  database.Ask(
      "WITH u AS (UPDATE organization SET updated_at = now() + interval '1 hour' "
      "RETURNING 1) SELECT count(*) FROM u");
  database.Ask("ANALYZE");
}

TEST(OrganizationPlans, FindEveryPageByAnIndex) {
  testing::TestDatabase database(registry_migrations());
  AddMany(database);
  const absl::CivilDay day(2023, 5, 2);
  const struct {
    const char* filter;
    const char* index;  // of the list of now
    const char* then;   // and of then; null: read in order
  } rows[] = {{"", "organization_pkey", "organization_version_"},
              {"business_registration_number = \"0000000077\"", "organization_number",
               "organization_version_number"},
              {"external_code = \"C77\"", "organization_code", "organization_version_code"},
              {"external_code = \"C777*\"", "organization_code", "organization_version_code"},
              {"kind = ORGANIZATION_KIND_CENTRE", "organization_kind", nullptr},
              {"parent = \"organizations/0190b0c0-0000-7000-8000-000000000001\"",
               "organization_parent", "organization_version_parent"},
              {"create_time > \"2023-01-07T22:00:00Z\"", "organization_created", nullptr}};
  const filter::ListSpec now = OrganizationList(day), then = OrganizationListThen(day, absl::Now());
  const auto plan = [&](const filter::ListSpec& spec, const char* filter) {
    return testing::PlanOf(database.database(),
                           testing::FirstPage(spec, base::Scope::Everywhere(), filter));
  };
  for (const auto& row : rows) {
    EXPECT_THAT(plan(now, row.filter), HasSubstr(row.index)) << row.filter;
    EXPECT_THAT(plan(now, row.filter), Not(HasSubstr("Seq Scan on organization o"))) << row.filter;
    if (row.then == nullptr) continue;
    EXPECT_THAT(plan(then, row.filter), HasSubstr(row.then)) << row.filter;
    EXPECT_THAT(plan(then, row.filter), Not(HasSubstr("Seq Scan on organization_version")))
        << row.filter;
  }
}

}  // namespace
}  // namespace ieum::registry
