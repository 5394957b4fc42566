// Goal: decimal arithmetic agrees with plain arithmetic on digits, over the whole promised range.
// Method: a naive big integer (digits, schoolbook rules) decides what the right answer is; it
// never divides, so a rounded quotient is checked from both sides.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <stdlib.h>

#include <algorithm>
#include <string>

#include "platform/base/decimal.h"

namespace ieum::base {
namespace {

// Overflows hide at the ends of the range, so more cases are tried than the library's hundred.
[[maybe_unused]] const int many_cases = setenv("RC_PARAMS", "max_success=3000", 0);

// A whole number without sign: decimal digits, the lowest first, no zeros at the top.
class Natural {
 public:
  explicit Natural(std::string text) {
    std::reverse(text.begin(), text.end());
    for (char c : text) {
      if (c >= '0' && c <= '9') digits_.push_back(c - '0');
    }
    Trim();
  }
  explicit Natural(int64_t value) : Natural(std::to_string(value < 0 ? -value : value)) {}

  Natural Times(const Natural& other) const {
    Natural product{int64_t{0}};
    product.digits_.assign(digits_.size() + other.digits_.size() + 1, 0);
    for (size_t i = 0; i < digits_.size(); ++i) {
      for (size_t j = 0; j < other.digits_.size(); ++j) {
        product.digits_[i + j] += digits_[i] * other.digits_[j];
      }
    }
    product.Carry();
    return product;
  }
  Natural Plus(const Natural& other) const {
    Natural sum{int64_t{0}};
    sum.digits_.assign(std::max(digits_.size(), other.digits_.size()) + 1, 0);
    for (size_t i = 0; i < digits_.size(); ++i) sum.digits_[i] += digits_[i];
    for (size_t i = 0; i < other.digits_.size(); ++i) sum.digits_[i] += other.digits_[i];
    sum.Carry();
    return sum;
  }
  Natural Shifted(int places) const {
    Natural shifted = *this;
    shifted.digits_.insert(shifted.digits_.begin(), static_cast<size_t>(places), 0);
    shifted.Trim();
    return shifted;
  }
  bool Zero() const { return digits_.empty(); }
  // -1, 0, 1.
  int Compare(const Natural& other) const {
    if (digits_.size() != other.digits_.size())
      return digits_.size() < other.digits_.size() ? -1 : 1;
    for (size_t i = digits_.size(); i-- > 0;) {
      if (digits_[i] != other.digits_[i]) return digits_[i] < other.digits_[i] ? -1 : 1;
    }
    return 0;
  }

 private:
  void Carry() {
    for (size_t i = 0; i + 1 < digits_.size(); ++i) {
      digits_[i + 1] += digits_[i] / 10;
      digits_[i] %= 10;
    }
    Trim();
  }
  void Trim() {
    while (!digits_.empty() && digits_.back() == 0) digits_.pop_back();
  }
  std::vector<int> digits_;
};

// A decimal as text of up to 18 digits with the point somewhere; the longest as likely as any
// other.
rc::Gen<Decimal> AnyDecimal() {
  return rc::gen::resize(rc::kNominalSize, rc::gen::exec([] {
                           const int size = *rc::gen::element(1, 2, 3, 9, 17, 18, 18);
                           std::string digits = *rc::gen::container<std::string>(
                               size, rc::gen::inRange<char>('0', '9' + 1));
                           const int scale = *rc::gen::inRange(0, std::min(size, 10));
                           if (scale > 0) digits.insert(digits.size() - size_t(scale), ".");
                           if (*rc::gen::arbitrary<bool>()) digits.insert(0, "-");
                           return Decimal::Parse(digits).value();
                         }));
}

rc::Gen<Decimal> NonZero() {
  return rc::gen::suchThat(AnyDecimal(), [](const Decimal& d) { return !d.zero(); });
}

rc::Gen<Decimal> Positive() {
  return rc::gen::suchThat(AnyDecimal(), [](const Decimal& d) { return d.unscaled() > 0; });
}

bool Negative(const Decimal& d) { return d.unscaled() < 0; }

// `printed` = top/bottom rounded HALF_UP to `places`, and `negative` is the quotient's sign.
bool IsRoundedQuotient(const std::string& printed, const Natural& top, const Natural& bottom,
                       bool negative) {
  const Natural rounded(printed);
  const Natural two(int64_t{2}), twice_top = top.Times(two).Plus(bottom);
  // rounded ≤ top/bottom + 1/2 < rounded + 1, all times 2 × bottom.
  const Natural low = rounded.Times(two).Times(bottom);
  const Natural high = rounded.Plus(Natural(int64_t{1})).Times(two).Times(bottom);
  const bool sign = printed[0] == '-';
  return low.Compare(twice_top) <= 0 && twice_top.Compare(high) < 0 &&
         sign == (negative && !rounded.Zero());
}

size_t PlacesOf(const std::string& printed) {
  const size_t point = printed.find('.');
  return point == std::string::npos ? 0 : printed.size() - point - 1;
}

TEST(DecimalProperty, RoundIsHalfUp) {
  EXPECT_TRUE(rc::check([] {
    const Decimal value = *AnyDecimal();
    const int places = *rc::gen::inRange(0, 10);
    const std::string printed = value.Round(places);
    RC_ASSERT(PlacesOf(printed) == static_cast<size_t>(places));
    RC_ASSERT(IsRoundedQuotient(printed, Natural(value.unscaled()).Shifted(places),
                                Natural(int64_t{1}).Shifted(value.scale()), Negative(value)));
  }));
}

TEST(DecimalProperty, RoundRatioIsHalfUpOfTheExactQuotient) {
  EXPECT_TRUE(rc::check([] {
    const Decimal top = *AnyDecimal(), bottom = *NonZero();
    const int64_t factor = *rc::gen::inRange(1, 101);
    const int places = *rc::gen::inRange(0, 7);
    const std::string printed = Decimal::RoundRatio(top, bottom, factor, places).value();
    RC_ASSERT(PlacesOf(printed) == static_cast<size_t>(places));
    const Natural exact_top =
        Natural(top.unscaled()).Times(Natural(factor)).Shifted(bottom.scale() + places);
    const Natural exact_bottom = Natural(bottom.unscaled()).Shifted(top.scale());
    RC_ASSERT(
        IsRoundedQuotient(printed, exact_top, exact_bottom, Negative(top) != Negative(bottom)));
  }));
}

int SignedCompare(const Natural& a, bool a_negative, const Natural& b, bool b_negative) {
  if (a.Zero() && b.Zero()) return 0;
  if (a_negative != b_negative && !a.Zero() && !b.Zero()) return a_negative ? -1 : 1;
  if (a.Zero()) return b_negative ? 1 : -1;
  if (b.Zero()) return a_negative ? -1 : 1;
  return a_negative ? -a.Compare(b) : a.Compare(b);
}

int Sign(std::strong_ordering order) { return order < 0 ? -1 : (order > 0 ? 1 : 0); }

TEST(DecimalProperty, CompareRatioIsExact) {
  EXPECT_TRUE(rc::check([] {
    const Decimal top = *AnyDecimal(), bottom = *Positive(), bound = *AnyDecimal();
    const int64_t factor = *rc::gen::inRange(1, 101);
    const Natural left =
        Natural(top.unscaled()).Times(Natural(factor)).Shifted(bottom.scale() + bound.scale());
    const Natural right =
        Natural(bound.unscaled()).Times(Natural(bottom.unscaled())).Shifted(top.scale());
    RC_ASSERT(Sign(Decimal::CompareRatio(top, bottom, factor, bound)) ==
              SignedCompare(left, Negative(top), right, Negative(bound)));
  }));
}

TEST(DecimalProperty, ComparesAndPrintsAsItsDigitsDo) {
  EXPECT_TRUE(rc::check([] {
    const Decimal a = *AnyDecimal(), b = *AnyDecimal();
    RC_ASSERT(Sign(a <=> b) == SignedCompare(Natural(a.unscaled()).Shifted(b.scale()), Negative(a),
                                             Natural(b.unscaled()).Shifted(a.scale()),
                                             Negative(b)));
    RC_ASSERT(Decimal::Parse(a.ToString()).value() == a);
    RC_ASSERT((a == b) == (a.Round(9) == b.Round(9)));
  }));
}

TEST(DecimalProperty, AddsInAnyOrder) {
  EXPECT_TRUE(rc::check([] {
    // Money and scores: both terms and their sum stay in the promised range.
    const auto term = rc::gen::map(rc::gen::inRange<int64_t>(-99'999'999, 100'000'000),
                                   [](int64_t n) { return Decimal(n); });
    const Decimal a = *term, b = *term;
    const Decimal thousandth = Decimal::Parse("0.001").value();
    RC_ASSERT(a + b == b + a);
    RC_ASSERT((a + thousandth) + b == a + (thousandth + b));
    RC_ASSERT((a + b).unscaled() == a.unscaled() + b.unscaled());
  }));
}

}  // namespace
}  // namespace ieum::base
