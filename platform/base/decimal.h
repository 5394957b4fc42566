// Exact decimals for scores and rates. Never a float.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ieum::base {

// value = unscaled / 10^scale, 0 ≤ scale ≤ 9, |unscaled| < 10^18. Within these bounds every
// function is exact, with factors up to 100 and up to 6 places.
class Decimal {
 public:
  constexpr Decimal() = default;
  constexpr explicit Decimal(int64_t whole) : unscaled_(whole) {}
  // "599.5", "-3", "0.00"; nullopt when it is not such a number or too long.
  static std::optional<Decimal> Parse(std::string_view text);

  std::string ToString() const;
  // Rounded HALF_UP (away from zero at .5) to `places`, trailing zeros kept.
  std::string Round(int places) const;
  // numerator × factor / denominator, rounded HALF_UP once, to `places`; e.g. a rate in percent:
  // RoundRatio(actual, target, 100, 1). nullopt when the denominator is zero.
  static std::optional<std::string> RoundRatio(const Decimal& numerator, const Decimal& denominator,
                                               int64_t factor, int places);
  // Compares numerator × factor / denominator with `bound` exactly, without rounding.
  // The denominator must be positive.
  static std::strong_ordering CompareRatio(const Decimal& numerator, const Decimal& denominator,
                                           int64_t factor, const Decimal& bound);

  std::strong_ordering operator<=>(const Decimal& other) const;
  bool operator==(const Decimal& other) const { return (*this <=> other) == 0; }
  // Both terms, brought to the greater scale, and the sum must be within the bounds.
  Decimal operator+(const Decimal& other) const;
  // Exact; nullopt when the product is not within the bounds.
  static std::optional<Decimal> Product(const Decimal& a, const Decimal& b);
  bool zero() const { return unscaled_ == 0; }
  int64_t unscaled() const { return unscaled_; }
  int scale() const { return scale_; }

 private:
  int64_t unscaled_ = 0;
  int scale_ = 0;
};

}  // namespace ieum::base
