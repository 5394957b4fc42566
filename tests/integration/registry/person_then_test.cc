// Goal: Get and List answer what was known of people at any instant, and nothing once their key is
// gone. Method: worked cases; random histories over gRPC, read back at random instants and compared
// with a replay of the commands up to them; a program of an older release that writes beside.
// row:R22 row:R25
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "absl/strings/str_cat.h"
#include "platform/db/person_keys.h"
#include "services/registry/instants.h"
#include "tests/integration/registry/world.h"
#include "tests/support/centres.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

absl::StatusOr<v1::Person> GetThen(World& world, const std::string& name, absl::Time instant,
                                   rpc::Peer* as = nullptr) {
  v1::GetPersonRequest request;
  request.set_name(name);
  *request.mutable_read_time() = ToTimestamp(instant);
  return world.Call<v1::Person>("PersonService/GetPerson", request, as);
}

std::vector<v1::Affiliation> AffiliationsThen(World& world, const std::string& parent,
                                              absl::Time instant, int page_size = 0,
                                              const std::string& filter = "") {
  v1::ListAffiliationsRequest request;
  request.set_parent(parent);
  request.set_page_size(page_size);
  request.set_filter(filter);
  *request.mutable_read_time() = ToTimestamp(instant);
  std::vector<v1::Affiliation> all;
  do {
    const auto page =
        world.Call<v1::ListAffiliationsResponse>("PersonService/ListAffiliations", request);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return all;
    all.insert(all.end(), page->affiliations().begin(), page->affiliations().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return all;
}

absl::StatusOr<v1::Person> Change(World& world, const std::string& name, const v1::Person& to,
                                  const std::vector<std::string>& fields) {
  v1::UpdatePersonRequest request;
  *request.mutable_person() = to;
  request.mutable_person()->set_name(name);
  for (const std::string& field : fields) request.mutable_update_mask()->add_paths(field);
  return world.Call<v1::Person>("PersonService/UpdatePerson", request);
}

absl::StatusOr<v1::Affiliation> Affiliate(World& world, const std::string& person,
                                          const std::string& firm, const std::string& start) {
  v1::CreateAffiliationRequest request;
  request.set_parent(person);
  request.mutable_affiliation()->set_organization(firm);
  request.mutable_affiliation()->set_role(v1::AFFILIATION_ROLE_CONTACT);
  request.mutable_affiliation()->set_start_date(start);
  return world.Call<v1::Affiliation>("PersonService/CreateAffiliation", request);
}

absl::StatusOr<v1::Affiliation> EndIt(World& world, const std::string& name,
                                      const std::string& day) {
  v1::EndAffiliationRequest request;
  request.set_name(name);
  request.set_end_date(day);
  return world.Call<v1::Affiliation>("PersonService/EndAffiliation", request);
}

class PeopleThen : public ::testing::Test {
 protected:
  void Mail(const std::string& name, const std::string& email) {
    v1::Person to;
    to.set_email(email);
    const auto changed = Change(world_, name, to, {"email"});
    ASSERT_TRUE(changed.ok()) << changed.status();
  }

  World world_{"2023-05-02 11:00"};
};

TEST_F(PeopleThen, AnswersWhatWasKnownAndNothingBefore) {
  const std::string person = world_.Person("윤건우");
  world_.SetClock("2023-05-03 11:00");
  Mail(person, "first@g001.firms.test");
  world_.SetClock("2023-05-04 11:00");
  Mail(person, "second@g001.firms.test");
  const auto at = [&](const std::string& when) { return GetThen(world_, person, Korea(when)); };
  EXPECT_EQ(at("2023-05-02 11:00")->email(), "");
  EXPECT_EQ(at("2023-05-02 11:00")->full_name(), "윤건우");
  EXPECT_EQ(at("2023-05-02 11:00")->etag(), "\"1\"");
  EXPECT_EQ(at("2023-05-03 10:59")->email(), "");
  EXPECT_EQ(at("2023-05-03 11:00")->email(), "first@g001.firms.test");
  EXPECT_EQ(at("2023-05-03 11:00")->etag(), "\"2\"");
  EXPECT_EQ(at("2023-05-04 11:00")->email(), "second@g001.firms.test");
  EXPECT_EQ(base::ReasonOf(at("2023-05-02 10:59").status()), "NOT_FOUND");
  EXPECT_THAT(base::FieldsOf(at("2023-05-04 11:01").status()), ElementsAre("read_time"));
}

TEST_F(PeopleThen, KeepsNoVersionOfWhatNobodySaid) {
  const std::string person = world_.Person("윤건우");
  world_.Ask("UPDATE person SET match_form = 0, email_index = NULL RETURNING 1");
  v1::Person same;
  same.set_full_name("윤건우");
  ASSERT_TRUE(Change(world_, person, same, {"full_name"}).ok());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person_version"), "0");
}

// row:R28
TEST_F(PeopleThen, KeepsVersionsUnderTheKeyAlone) {
  const std::string person = world_.Person("윤건우");
  Mail(person, "planted@g001.firms.test");
  Mail(person, "planted2@g001.firms.test");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM person_version"), "2");
  for (const char* value : {"planted", "firms.test", "윤건우"}) {
    EXPECT_EQ(
        world_.Ask(absl::StrCat("SELECT count(*) FROM person_version t WHERE t::text LIKE '%",
                                value, "%' OR position('", value, "'::bytea IN email_box) > 0")),
        "0");
  }
}

// Every version goes with the key: nothing has to be found and deleted.
TEST_F(PeopleThen, ReadsNothingOnceTheKeyIsDestroyed) {
  const std::string person = world_.Person("윤건우");
  world_.SetClock("2023-05-03 11:00");
  Mail(person, "first@g001.firms.test");
  ASSERT_TRUE(world_.database.database()
                  .Write("destroy",
                         [&](db::Tx& tx) {
                           db::PersonKeys(world_.vault())
                               .Destroy(tx, *base::Uuid::Parse(IdOf(person)), absl::Now());
                           return absl::OkStatus();
                         })
                  .ok());
  for (const char* when : {"2023-05-02 11:00", "2023-05-03 10:59", "2023-05-03 11:00"}) {
    EXPECT_EQ(base::ReasonOf(GetThen(world_, person, Korea(when)).status()), "PERSON_ERASED");
  }
  v1::ListPersonChangesRequest request;
  request.set_parent(person);
  const auto changes =
      world_.Call<v1::ListPersonChangesResponse>("PersonService/ListPersonChanges", request);
  ASSERT_TRUE(changes.ok()) << changes.status();
  ASSERT_EQ(changes->changes_size(), 2);
  EXPECT_THAT(changes->changes(0).fields(), IsEmpty()) << "only her e-mail changed";
  EXPECT_THAT(changes->changes(1).ShortDebugString(), Not(HasSubstr("full_name")));
}

TEST_F(PeopleThen, ListsAffiliationsAsTheyWereKnown) {
  const std::string person = world_.Person("윤건우"), other = world_.Person("이서연");
  const std::string firm = world_.Firm(1);
  world_.SetClock("2023-05-03 11:00");
  const std::string name = Affiliate(world_, person, firm, "2023-01-02")->name();
  world_.SetClock("2023-05-04 11:00");
  ASSERT_TRUE(EndIt(world_, name, "2023-04-30").ok());
  ASSERT_TRUE(Affiliate(world_, other, firm, "2023-05-01").ok());
  world_.SetClock("2023-05-05 11:00");
  EXPECT_THAT(AffiliationsThen(world_, person, Korea("2023-05-03 10:59")), IsEmpty());
  const auto before = AffiliationsThen(world_, person, Korea("2023-05-04 10:59"));
  ASSERT_EQ(before.size(), 1u);
  EXPECT_EQ(before[0].end_date(), "");
  EXPECT_EQ(before[0].etag(), "\"2\"");
  EXPECT_EQ(AffiliationsThen(world_, person, Korea("2023-05-04 11:00"))[0].end_date(),
            "2023-04-30");
  EXPECT_EQ(AffiliationsThen(world_, "persons/-", Korea("2023-05-04 11:00"), 1).size(), 2u);
  EXPECT_EQ(AffiliationsThen(world_, "persons/-", Korea("2023-05-04 10:59"), 1,
                             "organization = \"" + firm + "\" AND NOT end_date:*")
                .size(),
            1u);
}

// Looking back gives no right that the caller does not have today.
TEST_F(PeopleThen, IsForThoseWhoMaySeeThePersonNow) {
  const std::string person = world_.Person("윤건우");  // the suite's
  const auto staff = world_.PeerWith("centre-a");
  EXPECT_EQ(
      base::ReasonOf(GetThen(world_, person, Korea("2023-05-02 11:00"), staff.get()).status()),
      "NOT_FOUND");
  EXPECT_EQ(base::ReasonOf(
                GetThen(world_, person, Korea("2023-05-02 11:00"), world_.nobody.get()).status()),
            "PERMISSION_DENIED");
}

// A release of before wrote without versions; the database keeps them for it.
TEST_F(PeopleThen, KeepsWhatAnOlderProgramWrites) {
  const std::string person = world_.Person("윤건우"), id = IdOf(person);
  const std::string name = Affiliate(world_, person, world_.Firm(1), "2023-01-02")->name();
  world_.SetClock("2023-05-04 11:00");
  world_.Ask(absl::StrCat("UPDATE person SET basis = 2, updated_at = '2023-05-03 11:00+09' WHERE ",
                          "id = '", id, "' RETURNING 1"));
  world_.Ask(absl::StrCat("UPDATE affiliation SET end_date = '2023-05-01' WHERE id = '", IdOf(name),
                          "' RETURNING 1"));
  Mail(person, "ours@g001.firms.test");
  const auto basis = [&](const std::string& when) {
    return GetThen(world_, person, Korea(when))->basis();
  };
  EXPECT_EQ(basis("2023-05-03 10:59"), v1::LEGAL_BASIS_CONTRACT);
  EXPECT_EQ(basis("2023-05-03 11:00"), v1::LEGAL_BASIS_DUTY);
  EXPECT_EQ(GetThen(world_, person, Korea("2023-05-03 11:00"))->email(), "");
  EXPECT_EQ(GetThen(world_, person, Korea("2023-05-04 11:00"))->email(), "ours@g001.firms.test");
  EXPECT_EQ(AffiliationsThen(world_, person, Korea("2023-05-03 11:00"))[0].end_date(), "");
  EXPECT_EQ(AffiliationsThen(world_, person, Korea("2023-05-04 11:00"))[0].end_date(),
            "2023-05-01");
}

// What was said of one person, with the instant from which it is known.
struct Said {
  absl::Time from;
  v1::Person person;
  std::map<std::string, v1::Affiliation> affiliations;  // by name
};

struct PersonHistory {
  std::string name;
  std::vector<Said> said;

  // The last one known at the instant; null: none.
  const Said* At(absl::Time instant) const {
    const Said* last = nullptr;
    for (const Said& each : said) {
      if (each.from <= instant) last = &each;
    }
    return last;
  }
};

// A random step; what is refused or changes nothing is one, too.
void Step(World& world, const std::vector<std::string>& firms, absl::Time now,
          PersonHistory* history) {
  Said next = history->said.back();
  next.from = now;
  const int kind = *rc::gen::inRange(0, 8);
  if (kind < 5) {
    v1::Person to;
    to.set_email(absl::StrCat("m", *rc::gen::inRange(0, 3), "@firms.test"));
    to.set_phone(absl::StrCat("010-0000-000", *rc::gen::inRange(1, 5)));
    to.set_full_name(*rc::gen::elementOf(std::vector<std::string>{"윤건우", "윤 건우", "김하나"}));
    to.set_birth_year(*rc::gen::elementOf(std::vector<int>{0, 1984, 1990}));
    to.set_basis(*rc::gen::elementOf(
        std::vector<v1::LegalBasis>{v1::LEGAL_BASIS_CONTRACT, v1::LEGAL_BASIS_DUTY}));
    const std::string field = *rc::gen::elementOf(
        std::vector<std::string>{"email", "phone", "full_name", "birth_year", "basis"});
    const auto changed = Change(world, history->name, to, {field});
    RC_ASSERT(changed.ok());
    next.person = *changed;
  } else if (kind < 7) {
    const auto made = Affiliate(world, history->name, *rc::gen::elementOf(firms), "2023-01-02");
    RC_ASSERT(made.ok());
    next.affiliations[made->name()] = *made;
  } else if (!next.affiliations.empty()) {
    auto& [name, affiliation] = *next.affiliations.begin();
    const auto ended = EndIt(world, name, "2023-03-31");
    if (ended.ok()) affiliation = *ended;
  }
  history->said.push_back(next);
}

// Etags apart, which count other events, too.
std::string Bare(v1::Person person) {
  person.clear_etag();
  return person.SerializeAsString();
}

std::map<std::string, std::string> Bare(const std::map<std::string, v1::Affiliation>& said) {
  std::map<std::string, std::string> bare;
  for (const auto& [name, affiliation] : said) {
    bare[name] = absl::StrCat(affiliation.organization(), " ", affiliation.end_date());
  }
  return bare;
}

void ExpectReplayed(World& world, const PersonHistory& history, absl::Time instant) {
  const Said* expected = history.At(instant);
  const auto known = GetThen(world, history.name, instant);
  if (expected == nullptr) {
    RC_ASSERT(base::ReasonOf(known.status()) == "NOT_FOUND");
    return;
  }
  RC_ASSERT(known.ok());
  RC_ASSERT(Bare(*known) == Bare(expected->person));
  const std::string until = absl::FormatTime(absl::RFC3339_full, instant, absl::UTCTimeZone());
  RC_ASSERT(known->etag() == absl::StrCat("\"",
                                          world.Ask(absl::StrCat(
                                              "SELECT count(*) FROM event_log WHERE subject = '",
                                              history.name, "' AND occurred_at <= '", until, "'")),
                                          "\""));
  std::map<std::string, v1::Affiliation> listed;
  for (const auto& affiliation : AffiliationsThen(world, history.name, instant)) {
    RC_ASSERT(listed.emplace(affiliation.name(), affiliation).second);
    RC_ASSERT(affiliation.etag() == known->etag());
  }
  RC_ASSERT(Bare(listed) == Bare(expected->affiliations));
}

TEST(PeopleThenProperty, IsWhatAReplayOfWhatWasSaidUpToTheInstantGives) {
  World world("2023-05-02 11:00");
  absl::Time now = Korea("2023-05-02 11:00");
  const std::vector<std::string> firms = {world.Firm(1), world.Firm(2), world.Firm(3)};
  EXPECT_TRUE(rc::check("as-of reads of people equal a replay", [&] {
    const absl::Time start = now += absl::Minutes(2);
    RC_ASSERT(world.clock.Set(now).ok());
    PersonHistory history{.name = world.Person("윤건우")};
    v1::GetPersonRequest get;
    get.set_name(history.name);
    history.said.push_back(
        {now, world.Call<v1::Person>("PersonService/GetPerson", get).value(), {}});
    const int steps = *rc::gen::inRange(1, 12);
    for (int step = 0; step < steps; ++step) {
      now += absl::Minutes(*rc::gen::inRange(0, 3));  // several changes of one instant, too
      RC_ASSERT(world.clock.Set(now).ok());
      Step(world, firms, now, &history);
    }
    const int minutes = static_cast<int>((now - start) / absl::Minutes(1));
    for (int look = 0; look < 5; ++look) {
      ExpectReplayed(world, history, start + absl::Minutes(*rc::gen::inRange(-1, minutes + 1)));
    }
  }));
}

}  // namespace
}  // namespace ieum::registry
