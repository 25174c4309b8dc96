// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/iso_time.hh"

#include <algorithm>
#include <chrono>

namespace strata {

namespace {

// Takes text away from its front, as long as it is what it should be.
class Taker {
public:
  explicit Taker(std::string_view text) : rest_(text) {}

  // A number of DIGITS digits, at most MOST.
  int number(std::size_t digits, int most) {
    int result = 0;
    for (std::size_t i = 0; i < digits; ++i)
      result = result * 10 + digit();
    good_ = good_ && result <= most;
    return result;
  }

  // One of the characters in ALLOWED.
  char one_of(std::string_view allowed) {
    if (rest_.empty() || allowed.find(rest_[0]) == std::string_view::npos) {
      good_ = false;
      return 0;
    }
    char result = rest_[0];
    rest_.remove_prefix(1);
    return result;
  }

  void fraction() {
    if (!rest_.starts_with('.'))
      return;
    rest_.remove_prefix(1);
    digit();
    rest_.remove_prefix(
        std::min(rest_.size(), rest_.find_first_not_of("0123456789")));
  }

  bool at_end() const { return good_ && rest_.empty(); }

private:
  int digit() { return good_ ? one_of("0123456789") - '0' : 0; }

  std::string_view rest_;
  bool good_ = true;
};

} // namespace

std::optional<std::int64_t> parse_iso_time(std::string_view text) {
  using namespace std::chrono;
  Taker taker(text);
  year the_year(taker.number(4, 9999));
  taker.one_of("-");
  month the_month(static_cast<unsigned>(taker.number(2, 12)));
  taker.one_of("-");
  day the_day(static_cast<unsigned>(taker.number(2, 31)));
  taker.one_of("T ");
  std::int64_t seconds = taker.number(2, 23) * 3600;
  taker.one_of(":");
  seconds += taker.number(2, 59) * 60;
  taker.one_of(":");
  seconds += taker.number(2, 59);
  taker.fraction();
  if (char sign = taker.one_of("Z+-"); sign != 'Z') {
    int zone = taker.number(2, 23) * 3600;
    taker.one_of(":");
    zone += taker.number(2, 59) * 60;
    seconds += sign == '+' ? -zone : zone;
  }
  year_month_day date(the_year, the_month, the_day);
  if (!taker.at_end() || !date.ok())
    return {};
  seconds += sys_days(date).time_since_epoch() / days(1) * INT64_C(86400);
  return seconds >= 0 ? std::optional(seconds) : std::nullopt;
}

} // namespace strata
