#include "platform/base/decimal.h"

#include <algorithm>

namespace ieum::base {
namespace {

constexpr int kMaxScale = 9;
constexpr int kMaxDigits = 18;
using Wide = __int128;

Wide PowerOfTen(int n) {
  Wide power = 1;
  while (n-- > 0) power *= 10;
  return power;
}

// a/b rounded HALF_UP (away from zero); b > 0.
Wide DivideHalfUp(Wide a, Wide b) {
  const bool negative = a < 0;
  const Wide magnitude = negative ? -a : a;
  const Wide rounded = (2 * magnitude + b) / (2 * b);
  return negative ? -rounded : rounded;
}

std::string Format(Wide unscaled, int scale) {
  const bool negative = unscaled < 0;
  if (negative) unscaled = -unscaled;
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(unscaled % 10)));
    unscaled /= 10;
  } while (unscaled > 0);
  while (static_cast<int>(digits.size()) <= scale) digits.push_back('0');
  std::reverse(digits.begin(), digits.end());
  if (scale > 0) digits.insert(digits.size() - static_cast<size_t>(scale), 1, '.');
  return (negative ? "-" : "") + digits;
}

}  // namespace

std::optional<Decimal> Decimal::Parse(std::string_view text) {
  Decimal result;
  size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) at = 1;
  int digits = 0;
  bool point = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !point && digits > 0) {
      point = true;
      continue;
    }
    if (text[at] < '0' || text[at] > '9' || ++digits > kMaxDigits) return std::nullopt;
    result.unscaled_ = result.unscaled_ * 10 + (text[at] - '0');
    if (point) ++result.scale_;
  }
  if (digits == 0 || text.back() == '.' || result.scale_ > kMaxScale) return std::nullopt;
  if (negative) result.unscaled_ = -result.unscaled_;
  return result;
}

std::string Decimal::ToString() const { return Format(unscaled_, scale_); }

std::string Decimal::Round(int places) const {
  if (places >= scale_) return Format(Wide(unscaled_) * PowerOfTen(places - scale_), places);
  return Format(DivideHalfUp(unscaled_, PowerOfTen(scale_ - places)), places);
}

std::optional<std::string> Decimal::RoundRatio(const Decimal& numerator, const Decimal& denominator,
                                               int64_t factor, int places) {
  if (denominator.unscaled_ == 0) return std::nullopt;
  Wide top = Wide(numerator.unscaled_) * factor * PowerOfTen(places);
  Wide bottom = denominator.unscaled_;
  const int shift = denominator.scale_ - numerator.scale_;
  if (shift >= 0) {
    top *= PowerOfTen(shift);
  } else {
    bottom *= PowerOfTen(-shift);
  }
  if (bottom < 0) {
    top = -top;
    bottom = -bottom;
  }
  return Format(DivideHalfUp(top, bottom), places);
}

std::strong_ordering Decimal::CompareRatio(const Decimal& numerator, const Decimal& denominator,
                                           int64_t factor, const Decimal& bound) {
  // n/10^a × f / (d/10^b) ? c/10^e  ⇔  n × f × 10^(b+e) / d ? c × 10^a. The right product of the
  // other form, c × d × 10^a, would not fit; the quotient and what is left over do.
  const Wide left =
      Wide(numerator.unscaled_) * factor * PowerOfTen(denominator.scale_ + bound.scale_);
  const Wide right = Wide(bound.unscaled_) * PowerOfTen(numerator.scale_);
  const Wide quotient = left / denominator.unscaled_;  // towards zero
  if (quotient != right) return quotient <=> right;
  return left % denominator.unscaled_ <=> Wide(0);
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  return Wide(unscaled_) * PowerOfTen(other.scale_) <=> Wide(other.unscaled_) * PowerOfTen(scale_);
}

Decimal Decimal::operator+(const Decimal& other) const {
  Decimal sum;
  sum.scale_ = std::max(scale_, other.scale_);
  sum.unscaled_ = unscaled_ * static_cast<int64_t>(PowerOfTen(sum.scale_ - scale_)) +
                  other.unscaled_ * static_cast<int64_t>(PowerOfTen(sum.scale_ - other.scale_));
  return sum;
}

std::optional<Decimal> Decimal::Product(const Decimal& a, const Decimal& b) {
  const Wide unscaled = Wide(a.unscaled_) * b.unscaled_;
  const Wide bound = PowerOfTen(kMaxDigits);
  if (a.scale_ + b.scale_ > kMaxScale || unscaled >= bound || unscaled <= -bound) {
    return std::nullopt;
  }
  Decimal product;
  product.unscaled_ = static_cast<int64_t>(unscaled);
  product.scale_ = a.scale_ + b.scale_;
  return product;
}

}  // namespace ieum::base
