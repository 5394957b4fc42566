// A page of a list: filter, order, keyset and limit as one SELECT. The store declares what its list
// is, the door makes the query from the request (platform/rpc/paging.h), the store reads the page:
//
//   const filter::ListSpec& ThingStore::List() {
//     static const auto* spec = new filter::ListSpec{
//         .columns = "t.id, t.display_name, t.state",
//         .from = "thing t",
//         .fields = {{"name", filter::Resource("t.id", "things/{}").NotNull()},
//                    {"display_name", filter::Text("t.display_name").NotNull()}},
//         .key = "name"};
//     return *spec;
//   }
//   filter::Cursor ThingStore::Read(db::Tx& tx, const filter::ListQuery& query, Things* things) {
//     return query.Read(tx, [&](const db::Row& row) { things->push_back(FromRow(row)); });
//   }
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/base/scope.h"
#include "platform/filter/fields.h"
#include "platform/filter/order_by.h"
#include "platform/filter/sql.h"

namespace ieum::filter {

struct ListSpec {
  std::string columns;         // what the store reads from a row, in its order
  std::string from;            // "thing t JOIN …"
  FieldMap fields;             // what callers may filter and order by
  std::string key;             // the field that is unique and never NULL; ends every order
  std::string default_order;   // "create_time desc"; empty = by the key
  std::string fixed = "TRUE";  // a condition that holds for every row of the list
  // Columns with the centre that a row belongs to: it is listed for who acts for one of them, rows
  // without a centre for the whole suite's staff only. Empty = the list is everybody's.
  std::vector<std::string> centres = {};
};

// Where a page ended: the ordering values of its last row, as text. Empty = there is no more.
using Cursor = std::vector<std::optional<std::string>>;

class ListQuery {
 public:
  // `after`: the cursor that the page before ended with; empty for the first page. FILTER_INVALID
  // blames `filter` or `order_by`. `scope`: whose rows are listed, if they are of centres; without
  // one, nobody's. `spec` must outlive the query.
  static absl::StatusOr<ListQuery> Make(const ListSpec& spec, std::string_view filter,
                                        std::string_view order_by, int page_size, Cursor after,
                                        const base::Scope& scope = {});

  // A condition of the door's own, `{}` for each value: Where("t.owner_id = {}::uuid", {id}).
  void Where(std::string_view condition, const std::vector<std::string>& values = {});

  // The statement; it asks for one row more than the page holds, with the cursor's values in the
  // columns behind the store's.
  Sql ToSql() const;

  // Runs the statement, gives each row of the page to `read` and answers where the page ended.
  // `Tx` is db::Tx.
  template <class Tx, class ReadRow>
  Cursor Read(Tx& tx, ReadRow read) const {
    const Sql sql = ToSql();
    const auto rows = tx.RunDynamic(sql.text, {sql.params.begin(), sql.params.end()});
    const int count = static_cast<int>(rows.size());
    for (int at = 0; at < count && at < page_size_; ++at) read(rows[at]);
    Cursor cursor;
    if (count <= page_size_) return cursor;
    const auto last = rows[page_size_ - 1];
    const int columns = static_cast<int>(last.size());
    for (int at = columns - static_cast<int>(order_.size()); at < columns; ++at) {
      const auto field = last[at];
      if (field.is_null()) {
        cursor.push_back(std::nullopt);
      } else {
        cursor.push_back(std::string(field.c_str(), field.size()));
      }
    }
    return cursor;
  }

  int page_size() const { return page_size_; }

 private:
  ListQuery(const ListSpec& spec, int page_size) : spec_(&spec), page_size_(page_size) {}
  void Within(const base::Scope& scope);
  std::string Keyset(Sql* sql) const;

  const ListSpec* spec_;
  int page_size_;
  std::vector<OrderTerm> order_;
  Cursor after_;
  Sql condition_;  // filter and Where, parameters from $1
};

}  // namespace ieum::filter
