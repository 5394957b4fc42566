// Goal: a name is known again however it is written: apart or together, in single jamo, in Latin
// letters of whichever spelling and order; and names that differ stay apart. Method: tables of
// spellings that are seen on cards and in passports; random names spelt by rule. row:R8
#include "services/registry/people/name_forms.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <vector>

#include "services/registry/people/family_names.h"

namespace ieum::registry {
namespace {

bool Share(const NameForms& a, const NameForms& b) {
  return std::any_of(a.skeletons.begin(), a.skeletons.end(),
                     [&](const std::string& one) { return b.skeletons.contains(one); });
}

bool Alike(const std::string& a, const std::string& b) { return Share(FormsOf(a), FormsOf(b)); }

TEST(NameLetters, AreTheSameHoweverTheyWerePutTogether) {
  const std::u32string letters = FormsOf("김민수").letters;
  EXPECT_EQ(letters, U"ㄱㅣㅁㅁㅣㄴㅅㅜ");
  for (const char* written : {
           "김 민 수",          // spaced
           "김　민수",          // an ideographic space
           "ㄱㅣㅁㅁㅣㄴㅅㅜ",  // single jamo, as a keyboard without its method types them
           "\u1100\u1175\u11B7\u1106\u1175\u11AB\u1109\u116E",  // conjoining jamo: NFD
           "\uFFA1\uFFDC\uFFB1\uFFB1\uFFDC\uFFA4\uFFB5\uFFD3",  // half-width jamo
           "김·민수",                                           // a middle dot
           "김민수\u200B",                                      // a space of no width
       }) {
    EXPECT_EQ(FormsOf(written).letters, letters) << written;
  }
}

TEST(NameLetters, TakeCompoundsApart) {
  EXPECT_EQ(FormsOf("과").letters, U"ㄱㅗㅏ");
  EXPECT_EQ(FormsOf("ㄱㅗㅏ").letters, U"ㄱㅗㅏ");
  EXPECT_EQ(FormsOf("삶").letters, U"ㅅㅏㄹㅁ");
  EXPECT_EQ(FormsOf("빛나").letters, U"ㅂㅣㅊㄴㅏ");
}

TEST(NameLetters, ForgetCaseAndAccents) {
  EXPECT_EQ(FormsOf("KIM Min-su").letters, U"kimminsu");
  EXPECT_EQ(FormsOf("Nguyễn Thị Đào").letters, U"nguyenthidao");
  EXPECT_EQ(FormsOf("ＫＩＭ").letters, U"kim");
}

// As the Revised Romanization spells each syllable.
TEST(Romanised, FollowsTheRuleOfTheLand) {
  const std::vector<std::pair<std::u32string, std::string>> table = {
      {U"김민수", "gimminsu"}, {U"최", "choe"},     {U"정", "jeong"}, {U"윤", "yun"},
      {U"권", "gwon"},         {U"황", "hwang"},    {U"의", "ui"},    {U"혜", "hye"},
      {U"석", "seok"},         {U"철", "cheol"},    {U"옷", "ot"},    {U"남궁", "namgung"},
      {U"쌍", "ssang"},        {U"은희", "eunhui"}, {U"규", "gyu"},   {U"왜", "wae"}};
  for (const auto& [hangul, latin] : table) EXPECT_EQ(Romanised(hangul), latin);
}

TEST(NameSkeleton, IsThatOfEveryUsualSpelling) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> table = {
      {"김민수", {"Kim Min-su", "MINSOO KIM", "Gim Minsu", "Kim, Min Soo", "KimMinsu"}},
      {"이영희",
       {"Lee Young-hee", "Yi Yeonghui", "Younghee Rhee", "RHEE YOUNG HEE", "I Yeong-hui"}},
      {"박지영", {"Park Ji-young", "Pak Chiyoung", "Bak Jiyeong", "JIYOUNG PARK"}},
      {"최수정", {"Choi Soo-jung", "Choe Sujeong", "Choi Su Jeong"}},
      {"정현우", {"Jung Hyun-woo", "Chung Hyunwoo", "Jeong Hyeonu"}},
      {"강경숙", {"Kang Kyung-sook", "Gang Gyeongsuk"}},
      {"조은정", {"Cho Eun-jung", "Jo Eunjeong"}},
      {"유선미", {"Yoo Sun-mi", "Ryu Seonmi", "You Sunmi", "Yu Seon Mi"}},
      {"류선미", {"Yoo Sun-mi", "Ryu Seonmi"}},
      {"임하늘", {"Lim Ha-neul", "Im Haneul", "Rim Haneul", "Yim Haneul"}},
      {"노은주", {"Roh Eun-joo", "Noh Eunju", "No Eun Ju"}},
      {"안소희", {"Ahn So-hee", "An Sohui"}},
      {"서연주", {"Suh Yeon-joo", "Seo Yeonju"}},
      {"허준", {"Hur Jun", "Heo Joon", "Huh Jun", "HER JUN"}},
      {"권미경", {"Kwon Mi-kyung", "Gwon Migyeong", "Kweon Mikyoung"}},
      {"오해인", {"Oh Hae-in", "O Haein"}},
      {"신혜진", {"Shin Hye-jin", "Sin Hyejin"}},
      {"백지원", {"Paik Ji-won", "Baek Jiwon", "Baik Chiwon"}},
      {"문성철", {"Moon Sung-chul", "Mun Seongcheol"}},
      {"우지아", {"Woo Ji-ah", "U Jia", "Wu Jia"}},
      {"남궁민", {"Namgung Min", "Namkoong Min", "MIN NAMGUNG"}},
      {"제갈은", {"Jegal Eun", "Chekal Eun"}},
      {"Nguyễn Thị Lan", {"NGUYEN THI LAN", "Lan Nguyen Thi"}},
  };
  for (const auto& [name, spellings] : table) {
    for (const std::string& spelling : spellings) {
      EXPECT_TRUE(Alike(name, spelling)) << name << " and " << spelling;
    }
  }
}

TEST(NameSkeleton, IsAnotherOfAnotherName) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"김민수", "박민수"}, {"김민수", "김민호"},       {"김민수", "Park Minsu"},
      {"이영희", "이영호"}, {"이영희", "Lee Young-ho"}, {"최수정", "최수진"},
      {"김민수", "민수"},   {"정은지", "정은주"},       {"박지영", "박지혜"}};
  for (const auto& [one, other] : table) EXPECT_FALSE(Alike(one, other)) << one << " " << other;
}

TEST(NameSkeleton, IsAtMostTwoAndStandsForHanjaAsTheyAre) {
  EXPECT_EQ(FormsOf("Min Jun Su").skeletons.size(), 2u) << "either end may be the family name";
  EXPECT_EQ(FormsOf("Kim Haneul").skeletons.size(), 1u);
  EXPECT_TRUE(Alike("金敏秀", "金 敏秀"));
  EXPECT_FALSE(Alike("金敏秀", "金敏洙"));
  EXPECT_TRUE(FormsOf("").skeletons.empty());
  EXPECT_TRUE(FormsOf("-, .").skeletons.empty());
}

TEST(FamilyNames, AreOneSyllableOrTwo) {
  EXPECT_EQ(FamilySyllables(U"남궁민"), 2u);
  EXPECT_EQ(FamilySyllables(U"황보관"), 2u);
  EXPECT_EQ(FamilySyllables(U"남궁"), 1u) << "somebody called Gung";
  EXPECT_EQ(FamilySyllables(U"김민수"), 1u);
  EXPECT_EQ(FamilySyllables(U""), 0u);
  EXPECT_EQ(FamilyName("park"), "bak");
  EXPECT_EQ(FamilyName("minsu"), "");
}

std::u32string RandomGiven() {
  std::u32string given;
  const int syllables = *rc::gen::inRange(1, 4);
  for (int at = 0; at < syllables; ++at) {
    given.push_back(static_cast<char32_t>(*rc::gen::inRange(0xAC00, 0xD7A4)));
  }
  return given;
}

std::string Utf8(const std::u32string& text) {
  std::string out;
  for (const char32_t c : text) {  // Hangul and Latin alone
    if (c < 0x80) {
      out.push_back(static_cast<char>(c));
      continue;
    }
    out.push_back(static_cast<char>(0xE0 | (c >> 12)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  }
  return out;
}

TEST(NameSkeleton, IsKnownAgainFromTheSpellingByRuleInEitherOrder) {
  EXPECT_TRUE(rc::check([] {
    const std::u32string families = U"김이박최정강조윤장임한오서신권황안송전홍유고문양";
    const size_t chosen = *rc::gen::inRange<size_t>(0, families.size());
    const std::u32string family = families.substr(chosen, 1);
    const std::u32string given = RandomGiven();
    const std::string hangul = Utf8(family + given);
    const std::string first = Romanised(family), last = Romanised(given);
    RC_ASSERT(Alike(hangul, first + " " + last));
    RC_ASSERT(Alike(hangul, last + " " + first));
  }));
}

TEST(NameLetters, AreTheSameForSingleJamoAndTheSyllablesThatTheyMake) {
  EXPECT_TRUE(rc::check([] {
    const NameForms whole = FormsOf(Utf8(RandomGiven()));
    const NameForms single = FormsOf(Utf8(whole.letters));
    RC_ASSERT(single.letters == whole.letters);
  }));
}

TEST(Likeness, IsOneForTheSameAndFallsWithEveryLetter) {
  EXPECT_DOUBLE_EQ(Likeness(U"", U""), 1);
  EXPECT_DOUBLE_EQ(Likeness(U"ㄱㅣㅁ", U"ㄱㅣㅁ"), 1);
  EXPECT_DOUBLE_EQ(Likeness(U"ㄱㅣㅁ", U""), 0);
  EXPECT_DOUBLE_EQ(Likeness(FormsOf("김민수").letters, FormsOf("김민주").letters), 0.875);
  EXPECT_TRUE(rc::check([] {
    const std::u32string a = FormsOf(Utf8(RandomGiven())).letters;
    const std::u32string b = FormsOf(Utf8(RandomGiven())).letters;
    RC_ASSERT(Likeness(a, b) == Likeness(b, a));
    RC_ASSERT(Likeness(a, b) >= 0 && Likeness(a, b) <= 1);
    RC_ASSERT((Likeness(a, b) == 1) == (a == b));
  }));
}

}  // namespace
}  // namespace ieum::registry
