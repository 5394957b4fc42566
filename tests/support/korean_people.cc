#include "tests/support/korean_people.h"

#include <array>
#include <cstdio>
#include <vector>

namespace ieum::testing {
namespace {

struct Family {
  const char* name;
  double percent;
};
// The first ten hold 64 of a hundred; what is left is spread over the others, the first most.
constexpr std::array<Family, 10> kFamilies = {{{"김", 21.5},
                                               {"이", 14.7},
                                               {"박", 8.4},
                                               {"최", 4.7},
                                               {"정", 4.3},
                                               {"강", 2.4},
                                               {"조", 2.1},
                                               {"윤", 2.1},
                                               {"장", 2.0},
                                               {"임", 1.7}}};
constexpr std::array<const char*, 40> kRarer = {
    "한", "오", "서", "신", "권", "황", "안", "송", "전", "홍", "유", "고",  "문", "양",
    "손", "배", "백", "허", "남", "심", "노", "하", "곽", "성", "차", "주",  "우", "구",
    "민", "나", "진", "지", "엄", "원", "천", "방", "공", "현", "함", "남궁"};

constexpr std::array<const char*, 40> kFirst = {
    "지", "민", "서", "은", "수", "현", "영", "정", "미", "혜", "경", "선", "유", "주",
    "하", "예", "윤", "소", "진", "승", "재", "성", "상", "동", "준", "태", "우", "가",
    "나", "다", "연", "희", "인", "보", "채", "효", "규", "병", "종", "광"};
constexpr std::array<const char*, 40> kSecond = {
    "영", "수", "연", "희", "은", "진", "현", "민", "정", "아", "경", "숙", "미", "주",
    "원", "호", "우", "준", "지", "윤", "선", "혜", "린", "훈", "석", "빈", "철", "환",
    "섭", "름", "솔", "별", "슬", "람", "늘", "결", "봄", "율", "찬", "혁"};

// The r-th most common is held by 1 ÷ (r + 4) as many.
std::vector<double> Falling(size_t count) {
  std::vector<double> weights;
  for (size_t at = 0; at < count; ++at) weights.push_back(1.0 / (static_cast<double>(at) + 4));
  return weights;
}

std::vector<double> FamilyWeights() {
  std::vector<double> weights;
  double held = 0;
  for (const Family& family : kFamilies) {
    weights.push_back(family.percent);
    held += family.percent;
  }
  const std::vector<double> falling = Falling(kRarer.size());
  double sum = 0;
  for (const double weight : falling) sum += weight;
  for (const double weight : falling) weights.push_back((100 - held) * weight / sum);
  return weights;
}

}  // namespace

MadePerson KoreanPeople::Next() {
  static const std::vector<double> families = FamilyWeights(), given = Falling(kFirst.size());
  std::discrete_distribution<size_t> family(families.begin(), families.end());
  std::discrete_distribution<size_t> syllable(given.begin(), given.end());
  std::uniform_int_distribution<int> year(1960, 2003);
  MadePerson person;
  const size_t chosen = family(random_);
  person.full_name =
      chosen < kFamilies.size() ? kFamilies[chosen].name : kRarer[chosen - kFamilies.size()];
  person.full_name += kFirst[syllable(random_)];
  person.full_name += kSecond[syllable(random_)];
  person.birth_year = year(random_);
  char text[40];
  std::snprintf(text, sizeof text, "010-%04d-%04d", static_cast<int>(made_ / 10'000 % 1000),
                static_cast<int>(made_ * 7919 % 10'000));
  person.phone = text;
  std::snprintf(text, sizeof text, "p%lld@people.test", static_cast<long long>(made_));
  person.email = text;
  ++made_;
  return person;
}

}  // namespace ieum::testing
