// What a service holds of one person, as its rooms say it: kinds of records, and for each the
// statement that reads them. Whoever adds a table that names a person adds a kind here, or says why
// it is not told; a test in each service sees to that.
//
//   const db::Statement kVisits("held_visits", R"(
//     SELECT v.id::text AS key, v.centre_id, ($2::boolean OR v.centre_id = ANY($3::uuid[])) AS
//     seen,
//            v.created_at AS recorded_at, NULL::timestamptz AS from_at, NULL::timestamptz AS
//            until_at, v.visit_date, v.state
//     FROM visit v WHERE v.contact_person_id = $1)");
//   const Held kHeld = {.code = "visits", .label = "방문 상담", …, .statement = &kVisits,
//                       .columns = {Text("visit_date", "방문일"), Word<v1::VisitState>("state",
//                       "상태")}, .places = {"visit.contact_person_id"}};
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "platform/db/statement.h"
#include "platform/personal_data/reading.h"

namespace ieum::personal_data {

// What a column's text says to the person; "" = nothing, and the field is left out. `text` is what
// PostgreSQL answered, bytes where the column is sealed; never NULL.
using Tell = std::function<absl::StatusOr<std::string>(const std::string& text, Reading& reading)>;

struct Column {
  std::string code;   // stable word
  std::string label;  // in Korean
  Tell tell;          // empty = the text itself
  bool sealed = false;
};

Column Text(std::string code, std::string label);
// An opaque id below a collection: "organizations/" + id.
Column Resource(std::string code, std::string label, std::string collection);
// A value sealed with the person's key under this field's name.
Column Sealed(std::string code, std::string label);
// An account, told as the roles that it holds now: who did it is somebody else's data.
Column Role(std::string code, std::string label);
// The words of a protobuf enum's numbers: one number, or an array of them.
Column WordOf(std::string code, std::string label, const google::protobuf::EnumDescriptor* type);
template <class E>
Column Word(std::string code, std::string label) {
  return WordOf(std::move(code), std::move(label), google::protobuf::GetEnumDescriptor<E>());
}

// A kind of record. The statement takes the person's id as $1 and the caller's scope as $2
// (everywhere) and $3 (centres), both of which it uses, and answers `key` (text, unique within the
// kind), `centre_id` (NULL = the suite), `seen` (whether the row lies in the scope), `recorded_at`,
// `from_at`, `until_at`, and then the columns in their order.
struct Held {
  std::string code;       // stable word
  std::string label;      // the rest in Korean: what it is,
  std::string purpose;    // what it is held for,
  std::string basis;      // by what right,
  std::string retention;  // and how long
  const db::Statement* statement = nullptr;
  std::vector<Column> columns;
  std::vector<std::string> places;  // "table.column" where the person's id stands
  // True: being asked makes a record of this kind. They are told in the order of time, as far as
  // they were there when the first page was asked for: else an answer would never end.
  bool grows_when_asked = false;
};

// Why records are held, alike for the kinds of one file.
struct Ground {
  std::string purpose;
  std::string basis;
  std::string retention;

  Held Of(std::string code, std::string label, const db::Statement* statement,
          std::vector<Column> columns, std::vector<std::string> places) const;
};

// A place where a person's id stands and that is not told, and why.
struct Silence {
  std::string place;
  std::string why;
};

// Everything that one service holds.
struct Holdings {
  std::vector<Held> kinds;  // in the order in which they are told
  std::vector<Silence> silences;
};

}  // namespace ieum::personal_data
