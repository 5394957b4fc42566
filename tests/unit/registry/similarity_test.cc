// Goal: two records are taken for one person for what they have in common, never for a common name;
// what nobody is asked about needs more than what somebody is. Method: a table of pairs with the
// scores worked out by hand; random pairs. row:R1 row:R2 row:R8
#include "services/registry/people/similarity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "platform/config/config.h"
#include "services/registry/people/match_keys.h"
#include "services/registry/people/match_settings.h"

namespace ieum::registry {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Words {
  std::string name, latin, phone, email;
  int birth_year = 0;
};

Person PersonOf(const Words& words) {
  Person person;
  person.full_name = words.name;
  person.latin_name = words.latin;
  person.birth_year = words.birth_year;
  person.email = words.email;
  if (!words.phone.empty()) person.phone = ReadPhone(words.phone, "phone").value();
  return person;
}

Verdict Judge(const Words& a, const Words& b, const Circumstances& circumstances = {}) {
  return Compare(TraitsOf(PersonOf(a)), TraitsOf(PersonOf(b)), circumstances, MatchRules());
}

constexpr char kPhone[] = "010-0000-1234", kOther[] = "010-0001-5678", kTail[] = "010-0002-1234";

TEST(Similarity, AddsUpWhatTheyHaveInCommon) {
  struct Case {
    Words a, b;
    int score;
    const char* why;
  };
  const std::vector<Case> table = {
      {{"김민수"}, {"김민수"}, 40, "a name is that of many"},
      {{.name = "김민수", .birth_year = 1984},
       {.name = "김민수", .birth_year = 1984},
       65,
       "40 + 25"},
      {{.name = "김민수", .birth_year = 1984},
       {.name = "김민수", .birth_year = 1985},
       50,
       "40 + 10"},
      {{.name = "김민수", .birth_year = 1984},
       {.name = "김민수", .birth_year = 1990},
       10,
       "40 − 30"},
      {{.name = "김민수", .birth_year = 1984}, {.name = "김민수"}, 40, "one does not say"},
      {{.name = "김민수", .phone = kPhone}, {.name = "김 민수", .phone = kPhone}, 75, "40 + 35"},
      {{.name = "김민수", .phone = kPhone}, {.name = "김민수", .phone = kTail}, 50, "40 + 10"},
      {{.name = "김민수", .phone = kPhone}, {.name = "김민수", .phone = kOther}, 30, "40 − 10"},
      {{.name = "김민수", .phone = kPhone, .birth_year = 1984},
       {.name = "김민수", .phone = kOther, .birth_year = 1984},
       55,
       "40 + 25 − 10: asked about, not queued"},
      {{.name = "김민수", .email = "a@b.test"},
       {.name = "김민수", .email = "A@B.test"},
       75,
       "40 + 35"},
      {{.name = "김민수", .phone = kPhone}, {.name = "Kim Minsu", .phone = kPhone}, 67, "32 + 35"},
      {{.name = "김민수", .phone = kPhone},
       {.name = "김민주", .phone = kPhone},
       45,
       "10 + 35: sisters with their mother's phone"},
      {{.name = "김민수", .phone = kPhone},
       {.name = "박지영", .phone = kPhone},
       10,
       "−25 + 35: a couple"},
      {{.name = "김민수", .phone = kPhone, .email = "a@b.test", .birth_year = 1984},
       {.name = "김민수", .phone = kPhone, .email = "a@b.test", .birth_year = 1984},
       100,
       "never more"},
      {{.name = "박지영", .birth_year = 1984},
       {.name = "김민수", .birth_year = 1999},
       0,
       "never less"},
      {{.name = "김민수", .latin = "KIM MINSU"}, {.name = "Minsu Kim"}, 32, "by her passport"},
      {{.name = "정수연", .latin = "JUNG SUYEON"},
       {.name = "정서연", .latin = "JUNG SUYEON"},
       10,
       "two Hangul names are what they are: similar"},
  };
  for (const Case& each : table) {
    EXPECT_EQ(Judge(each.a, each.b).score, each.score)
        << each.a.name << " and " << each.b.name << ": " << each.why;
  }
}

TEST(Similarity, SaysWhatItWas) {
  EXPECT_THAT(Judge({.name = "김민수", .phone = kPhone, .birth_year = 1984},
                    {.name = "Kim Min-su", .phone = kPhone, .birth_year = 1985})
                  .fields,
              ElementsAre(v1::MATCH_FIELD_ROMANISED_NAME, v1::MATCH_FIELD_NEAR_BIRTH_YEAR,
                          v1::MATCH_FIELD_PHONE));
  EXPECT_THAT(Judge({.name = "김민수", .phone = kPhone}, {.name = "김민수", .phone = kOther},
                    {.former_phone = true})
                  .fields,
              ElementsAre(v1::MATCH_FIELD_FULL_NAME, v1::MATCH_FIELD_FORMER_PHONE));
  EXPECT_THAT(Judge({.name = "김민수"}, {.name = "박지영"}).fields, IsEmpty());
}

TEST(Similarity, TakesANumberThatOneHadBeforeForLessThanOneThatBothHave) {
  EXPECT_EQ(Judge({.name = "김민수", .phone = kPhone}, {.name = "김민수", .phone = kOther},
                  {.former_phone = true})
                .score,
            65);
}

TEST(Similarity, HoldsACommonNameForLittle) {
  const Words many{.name = "김지영", .birth_year = 1984};
  EXPECT_EQ(Judge(many, many, {.common_name = true}).score, 45);
  EXPECT_LT(Judge(many, many, {.common_name = true}).score, MatchRules().ask_from);
  Words reached = many;
  reached.phone = kPhone;
  EXPECT_EQ(Judge(reached, reached, {.common_name = true}).score, 80) << "with a phone it is she";
}

// What acts unasked must be surer than what asks: the same name and year alone never act.
TEST(MatchRules, AskSoonerThanTheyAct) {
  const MatchRules rules;
  EXPECT_LT(rules.ask_from, rules.queue_from);
  EXPECT_LT(rules.queue_from, rules.act_from);
  const Words name_and_year{.name = "김민수", .birth_year = 1984};
  EXPECT_GE(Judge(name_and_year, name_and_year).score, rules.queue_from);
  EXPECT_LT(Judge(name_and_year, name_and_year).score, rules.act_from);
}

TEST(MatchRules, AreSetByTheEnvironmentInTheirOrder) {
  const auto read = [](const std::string& ask, MatchRules* rules) {
    config::Reader reader([&](const std::string& variable) -> std::optional<std::string> {
      if (variable == "IEUM_DUPLICATE_ASK_FROM") return ask;
      return std::nullopt;
    });
    ReadMatchSettings(reader, rules);
    return reader.Finish();
  };
  MatchRules rules;
  EXPECT_TRUE(read("40", &rules).ok());
  EXPECT_EQ(rules.ask_from, 40);
  EXPECT_EQ(rules.act_from, MatchRules().act_from);
  EXPECT_THAT(std::string(read("61", &rules).message()), HasSubstr("must not fall"));
  EXPECT_FALSE(read("0", &rules).ok());
}

Words RandomWords() {
  const auto one_of = [](std::vector<std::string> words) { return *rc::gen::elementOf(words); };
  return {one_of({"김민수", "김민주", "박지영", "Kim Minsu", "정수연"}),
          one_of({"", "KIM MINSU", "Park Jiyoung"}), one_of({"", kPhone, kOther, kTail}),
          one_of({"", "a@b.test", "c@d.test"}),
          *rc::gen::elementOf(std::vector<int>{0, 1984, 1985})};
}

TEST(Similarity, DoesNotDependOnWhoIsNamedFirst) {
  EXPECT_TRUE(rc::check([] {
    const Words a = RandomWords(), b = RandomWords();
    const Circumstances circumstances{*rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>()};
    const Verdict one = Judge(a, b, circumstances), other = Judge(b, a, circumstances);
    RC_ASSERT(one.score == other.score);
    RC_ASSERT(one.fields == other.fields);
    RC_ASSERT(one.score >= 0 && one.score <= 100);
  }));
}

bool HaveAKeyInCommon(const Person& looking, const Person& kept) {
  const std::vector<MatchKey> keys = KeysOf(kept);
  for (const MatchKey& wanted : KeysToLookFor(looking)) {
    if (std::find(keys.begin(), keys.end(), wanted) != keys.end()) return true;
  }
  return false;
}

// Nobody is missed: whoever would be queued is found under a key.
TEST(MatchKeys, LeadToEveryoneWhoWouldBeQueued) {
  EXPECT_TRUE(rc::check([] {
    const Words a = RandomWords(), b = RandomWords();
    const Verdict verdict = Judge(a, b);
    const bool by_letters = std::find(verdict.fields.begin(), verdict.fields.end(),
                                      v1::MATCH_FIELD_SIMILAR_NAME) != verdict.fields.end();
    if (verdict.score < MatchRules().queue_from || by_letters) return;
    RC_ASSERT(HaveAKeyInCommon(PersonOf(a), PersonOf(b)));
  }));
}

std::vector<MatchKind> KindsOf(const std::vector<MatchKey>& keys) {
  std::vector<MatchKind> kinds;
  for (const MatchKey& key : keys) kinds.push_back(key.kind);
  return kinds;
}

TEST(MatchKeys, ArePairsOfWhatIsKnown) {
  EXPECT_THAT(KindsOf(KeysOf(PersonOf({"김민수"}))), ElementsAre(MatchKind::kName));
  EXPECT_THAT(KeysToLookFor(PersonOf({"김민수"})), IsEmpty()) << "a name alone finds half of Korea";
  const Person whole =
      PersonOf({.name = "김민수", .phone = kPhone, .email = "a@b.test", .birth_year = 1984});
  EXPECT_THAT(KindsOf(KeysOf(whole)),
              ElementsAre(MatchKind::kName, MatchKind::kNameBirth, MatchKind::kNameTail,
                          MatchKind::kPhone, MatchKind::kEmail));
  EXPECT_THAT(KindsOf(KeysToLookFor(whole)),
              ElementsAre(MatchKind::kNameBirth, MatchKind::kNameBirth, MatchKind::kNameBirth,
                          MatchKind::kNameTail, MatchKind::kPhone, MatchKind::kFormerPhone,
                          MatchKind::kEmail));
  EXPECT_THAT(KindsOf(KeysOf(whole)), Not(Contains(MatchKind::kFormerPhone)));
}

TEST(MatchKeys, AreThoseOfTheLatinNameToo) {
  const Person person = PersonOf({.name = "阮氏兰", .latin = "NGUYEN THI LAN", .birth_year = 1990});
  EXPECT_TRUE(HaveAKeyInCommon(PersonOf({.name = "Nguyen Thi Lan", .birth_year = 1990}), person));
}

}  // namespace
}  // namespace ieum::registry
