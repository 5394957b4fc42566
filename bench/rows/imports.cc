// Imports: rows a second of firms with facts, and of people with the search for duplicates, chunk
// after chunk through gRPC; against COPY of the same rows into the same tables with all their
// indexes and triggers. And by how much the registry's memory grows meanwhile.
#include <atomic>
#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/harness/machine.h"
#include "bench/harness/waiting.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"
#include "ieum/registry/v1/import_service.pb.h"
#include "tests/support/korean_people.h"

namespace ieum::bench {
namespace {

namespace registry = ieum::registry::v1;

constexpr char kService[] = "/ieum.registry.v1.ImportService/";
constexpr int kChunkRows = 500;
constexpr int kAtOnce = 4;

// "1000000012" and so on, with their check digits.
std::string BusinessNumber(int64_t n) {
  const std::string nine = fmt::format("{:09}", 100'000'000 + n);
  constexpr int kWeights[] = {1, 3, 7, 1, 3, 7, 1, 3, 5};
  int sum = (nine[8] - '0') * 5 / 10;
  for (int at = 0; at < 9; ++at) sum += (nine[at] - '0') * kWeights[at];
  return nine + static_cast<char>('0' + (10 - sum % 10) % 10);
}

registry::RowToImport FirmRow(int64_t n) {
  registry::RowToImport row;
  row.set_number(n);
  auto& organization = *row.mutable_organization();
  organization.set_kind(registry::ORGANIZATION_KIND_FIRM);
  organization.set_display_name(fmt::format("(주)가상산업 {}", n));
  organization.set_business_registration_number(BusinessNumber(n));
  auto& facts = *row.mutable_facts();
  facts.set_valid_from("2023-03-14");
  facts.set_total_headcount(static_cast<int>(n % 300) + 10);
  facts.set_women_headcount(static_cast<int>(n % 10));
  facts.set_regular_headcount(static_cast<int>(n % 300) + 5);
  facts.set_ksic_code(fmt::format("{}", 10 + n % 20));
  facts.set_region_code("26440");
  return row;
}

registry::RowToImport PersonRow(int64_t n, const testing::MadePerson& made) {
  registry::RowToImport row;
  row.set_number(n);
  auto& person = *row.mutable_person();
  person.set_full_name(made.full_name);
  person.set_birth_year(made.birth_year);
  person.set_phone(made.phone);
  person.set_email(made.email);
  person.set_basis(registry::LEGAL_BASIS_CONTRACT);
  return row;
}

using Chunks = std::vector<registry::UploadImportRowsRequest>;

Chunks ChunksOf(int64_t rows, const std::function<registry::RowToImport(int64_t)>& row) {
  Chunks chunks;
  for (int64_t n = 1; n <= rows; ++n) {
    if (chunks.empty() || chunks.back().rows_size() == kChunkRows) {
      chunks.emplace_back().set_chunk(static_cast<int>(chunks.size()));
    }
    *chunks.back().add_rows() = row(n);
  }
  return chunks;
}

template <class Response>
Response Say(Suite& suite, const char* method, const google::protobuf::Message& request) {
  Response response;
  const absl::Status status =
      suite.peer("registry")
          .Call(absl::StrCat(kService, method), request, &response, absl::Seconds(30));
  if (!status.ok()) Die(absl::StrCat(method, ": ", std::string(status.message())));
  return response;
}

// Rows a second, from the first chunk to the end of the import.
double Import(Suite& suite, registry::ImportKind kind, int64_t rows, Chunks chunks) {
  registry::CreateImportRequest create;
  create.mutable_import()->set_kind(kind);
  create.mutable_import()->set_duplicate_policy(registry::DUPLICATE_POLICY_LINK);
  create.mutable_import()->set_content_hash(std::string(64, 'b'));
  const double begin = Now();
  const auto import = Say<registry::Import>(suite, "CreateImport", create);
  std::atomic<size_t> next = 0;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kAtOnce; ++caller) {
    callers.emplace_back([&] {
      for (size_t at = next++; at < chunks.size(); at = next++) {
        chunks[at].set_parent(import.name());
        Say<registry::UploadImportRowsResponse>(suite, "UploadImportRows", chunks[at]);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  registry::CompleteImportRequest complete;
  complete.set_name(import.name());
  complete.set_chunk_count(static_cast<int>(chunks.size()));
  const auto done = Say<registry::Import>(suite, "CompleteImport", complete);
  if (done.row_count() != rows || done.refused_count() > 0) Die("an import did not take all rows");
  return static_cast<double>(rows) / (Now() - begin);
}

// What can be copied of a table: not what the database makes itself.
std::string ColumnsOf(Suite& suite, const std::string& table) {
  return suite.Ask("registry", absl::StrCat("SELECT string_agg(column_name, ', ' ORDER BY "
                                            "ordinal_position) FROM information_schema.columns "
                                            "WHERE table_schema = 'public' AND table_name = '",
                                            table, "' AND is_generated = 'NEVER'"));
}

// Rows a second when the tables as they are now are copied into empty ones of the same schema.
double Copy(Suite& suite, int64_t rows, const std::vector<std::string>& tables) {
  std::vector<std::string> copies;
  for (const std::string& table : tables) {
    const std::string path = suite.postgres().folder() + "/" + table;
    const std::string columns = ColumnsOf(suite, table);
    suite.Ask("registry", absl::StrCat("COPY ", table, " (", columns, ") TO '", path, "'"));
    copies.push_back(absl::StrCat("COPY ", table, " (", columns, ") FROM '", path, "'"));
  }
  const std::string limit = LimitDatabase("registry");
  suite.postgres().Ask(limit, absl::StrCat("TRUNCATE ", absl::StrJoin(tables, ", "), " CASCADE"));
  const double begin = Now();
  for (const std::string& copy : copies) suite.postgres().Ask(limit, copy);
  return static_cast<double>(rows) / (Now() - begin);
}

Line Measure(Bench& bench, Suite& suite, registry::ImportKind kind, const Chunks& chunks,
             const std::vector<std::string>& tables) {
  const bool firms = kind == registry::IMPORT_KIND_FIRMS;
  int64_t rows = 0;
  for (const auto& chunk : chunks) rows += chunk.rows_size();
  suite.postgres().Settle();
  const int64_t before = ResidentBytes(suite.pid("registry"));
  const CpuMeter meter(suite.Pids());
  Line line{.row = "imports",
            .what = fmt::format("{} {} imported through gRPC", rows, firms ? "firms" : "people"),
            .unit = "/s",
            .ours = Import(suite, kind, rows, chunks),
            .limit_is = "COPY of the same rows",
            .goal = {Goal::Of::kRatio, 0.25, std::nullopt}};
  double cpu = 0;
  for (const auto& [process, seconds] : meter.Read()) cpu += seconds;
  line.cpu = fmt::format("{:.2f}", cpu / static_cast<double>(rows) * 1000);
  const int64_t grown = ResidentBytes(suite.pid("registry")) - before;
  line.note = fmt::format("registry's memory +{} MB", grown >> 20);
  suite.postgres().Settle();
  line.limit = Copy(suite, rows, tables);
  bench.Say(
      fmt::format("{}: {:.0f}/s, COPY {:.0f}/s, {}", line.what, line.ours, *line.limit, line.note));
  return line;
}

}  // namespace

std::vector<Line> RunImports(Bench& bench) {
  const int64_t firms = bench.options().quick ? 20'000 : 100'000;
  const int64_t people = bench.options().quick ? 5'000 : 50'000;
  std::vector<Line> lines;
  {
    Suite suite;
    suite.Start({"registry"});
    lines.push_back(Measure(bench, suite, registry::IMPORT_KIND_FIRMS, ChunksOf(firms, FirmRow),
                            {"aggregate", "organization", "organization_claim",
                             "organization_facts", "event_log", "import_row"}));
  }
  Suite suite;
  suite.Start({"registry"});
  testing::KoreanPeople made(20231104);
  const auto row = [&](int64_t n) { return PersonRow(n, made.Next()); };
  lines.push_back(Measure(bench, suite, registry::IMPORT_KIND_PEOPLE, ChunksOf(people, row),
                          {"aggregate", "person", "person_key", "person_match_key",
                           "import_identity", "event_log", "import_row"}));
  return lines;
}

}  // namespace ieum::bench
