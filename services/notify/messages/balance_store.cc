#include "services/notify/messages/balance_store.h"

#include "platform/base/korea_time.h"
#include "services/notify/rules/rule.h"

namespace ieum::notify {
namespace {

const db::Statement kWatch("balance_watch", R"(
  SELECT count(*) FILTER (WHERE NOT balanced), coalesce(sum(in_doubt), 0)::bigint FROM balance)");

}  // namespace

const filter::ListSpec& BalanceList() {
  static const auto* spec = new filter::ListSpec{
      .columns =
          "b.rule_code, b.due_date, b.planned, b.handed_over, b.suppressed, b.expired, "
          "b.skipped, b.cancelled, b.pending, b.in_doubt, b.balanced, b.centre_id",
      .from = "balance b",
      .fields = {{"line", filter::Text("(b.rule_code || ' ' || b.due_date || ' ' || "
                                       "coalesce(b.centre_id::text, ''))")
                              .NotNull()},
                 {"rule", filter::Text("('rules/' || b.rule_code)").NotNull()},
                 {"due_date", filter::Date("b.due_date").NotNull()},
                 {"balanced", filter::Bool("b.balanced").NotNull()},
                 {"centre", filter::Resource("b.centre_id", "organizations/{}")}},
      .key = "line",
      .default_order = "rule, due_date",
      .centres = {"b.centre_id"}};
  return *spec;
}

v1::Balance ReadBalanceRow(const db::Row& row) {
  v1::Balance balance;
  balance.set_rule(RuleName(db::AsText(row[0])));
  balance.set_due_date(base::FormatDay(db::AsDay(row[1])));
  balance.set_planned(row[2].as<int64_t>());
  balance.set_handed_over(row[3].as<int64_t>());
  balance.set_suppressed(row[4].as<int64_t>());
  balance.set_expired(row[5].as<int64_t>());
  balance.set_skipped(row[6].as<int64_t>());
  balance.set_cancelled(row[7].as<int64_t>());
  balance.set_pending(row[8].as<int64_t>());
  balance.set_in_doubt(row[9].as<int64_t>());
  balance.set_balanced(row[10].as<bool>());
  if (const auto centre = db::AsOptionalUuid(row[11])) {
    balance.set_centre("organizations/" + centre->ToString());
  }
  return balance;
}

BalanceWatch WatchBalance(db::Tx& tx) {
  const auto rows = tx.Exec(kWatch);
  return {rows[0][0].as<int64_t>(), rows[0][1].as<int64_t>()};
}

}  // namespace ieum::notify
