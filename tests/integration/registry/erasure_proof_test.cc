// Goal: a proof of erasure is numbered, chained, given once, confirmed by who did it, and seen by
// who may. row:R25
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "services/registry/erasures/erasure_store.h"
#include "services/registry/erasures/hold_store.h"
#include "tests/integration/registry/erasure_world.h"
#include "tests/support/centres.h"
#include "tests/support/list_plans.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;

using ErasureProofs = Erasures;

TEST_F(ErasureProofs, AreNumberedAndChained) {
  std::vector<std::string> people;
  for (int n = 0; n < 6; ++n) people.push_back(world_.Person());
  std::vector<std::thread> callers;
  for (const std::string& person : people) {
    callers.emplace_back([&, person] { EXPECT_EQ(Why(world_.Erase(person)), "OK"); });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(world_.Ask("SELECT string_agg(number::text, ' ' ORDER BY number) FROM erasure_record"),
            "1 2 3 4 5 6");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM erasure_faults()"), "0");
  EXPECT_ANY_THROW(world_.Ask("UPDATE erasure_record SET eraser = 'x' RETURNING 1"));
  EXPECT_ANY_THROW(world_.Ask("DELETE FROM erasure_record WHERE number = 3 RETURNING 1"));
  world_.Ask(
      "ALTER TABLE erasure_record DISABLE TRIGGER ALL; UPDATE erasure_record SET "
      "eraser = 'somebody' WHERE number = 3 RETURNING 1");
  EXPECT_THAT(world_.Ask("SELECT string_agg(f::text, ' ') FROM erasure_faults() f"), "3");
}

// Whoever comes first decides, and never both.
TEST_F(ErasureProofs, AreGivenOrHeldBack) {
  for (int n = 0; n < 12; ++n) {
    const std::string person = world_.Person();
    std::string erased, held;
    std::thread eraser([&] { erased = Why(world_.Erase(person)); });
    std::thread holder([&] { held = Why(world_.Hold(person)); });
    eraser.join();
    holder.join();
    const bool first = erased == "OK";
    EXPECT_EQ(erased, first ? "OK" : "LEGAL_HOLD");
    EXPECT_EQ(held, first ? "PERSON_ERASED" : "OK");
  }
}

// Proofs are kept for ever.
TEST_F(ErasureProofs, AreFoundByIndexesWhenThereAreMany) {
  world_.Ask(
      "SET session_replication_role = replica; INSERT INTO erasure_record SELECT md5('e' || "
      "n)::uuid, "
      "n, md5('p' || n)::uuid, CASE n % 50 WHEN 0 THEN '" +
      std::string(ieum::testing::kCentreA) +
      "'::uuid END, 1, '', NULL, now() - n * interval '1 hour', 'staff/kim', '{}', '' FROM "
      "generate_series(1, 20000) n; INSERT INTO legal_hold SELECT id, person_id, centre_id, 'x', "
      "NULL, erased_at, 'staff/kim' FROM erasure_record; INSERT INTO aggregate (id, kind, version) "
      "SELECT id, 'legal_hold', 1 FROM legal_hold; ANALYZE; SELECT 1");
  auto& database = world_.world.database.database();
  const std::string somebody = "person = \"persons/" + base::Uuid::NewV7().ToString() + "\"";
  for (const std::string& filter : {std::string(), somebody, std::string("number = 7"),
                                    std::string("erase_time > \"2100-01-01T00:00:00Z\"")}) {
    for (const base::Scope& scope :
         {base::Scope::Everywhere(), base::Scope::Of({ieum::testing::kCentreA})}) {
      EXPECT_THAT(
          ieum::testing::PlanOf(database, ieum::testing::FirstPage(ErasureList(), scope, filter)),
          ::testing::Not(::testing::HasSubstr("Seq Scan")))
          << filter;
    }
  }
  EXPECT_THAT(
      ieum::testing::PlanOf(
          database, ieum::testing::FirstPage(LegalHoldList(), base::Scope::Everywhere(), somebody)),
      ::testing::Not(::testing::HasSubstr("Seq Scan")));
}

TEST_F(ErasureProofs, AreAnsweredByRequestIdOnce) {
  const std::string person = Somebody();
  v1::ErasePersonRequest request;
  request.set_name(person);
  request.set_reason(v1::ERASURE_REASON_REQUEST);
  request.set_etag(world_.Get(person)->etag());
  request.set_request_id(base::Uuid::NewV7().ToString());
  v1::ErasePersonRequest stale = request;
  stale.set_etag("\"1\"");
  stale.set_request_id(base::Uuid::NewV7().ToString());
  EXPECT_EQ(Why(world_.Door<v1::Erasure>("ErasePerson", stale)), "STALE_ETAG");
  const auto first = world_.Door<v1::Erasure>("ErasePerson", request);
  const auto second = world_.Door<v1::Erasure>("ErasePerson", request);
  ASSERT_TRUE(first.ok() && second.ok()) << first.status() << second.status();
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM erasure_record"), "1");
  EXPECT_EQ(Why(world_.Erase(world_.Person(), v1::ERASURE_REASON_RETENTION)), "INVALID_FIELD");
}

TEST_F(ErasureProofs, AreConfirmedByEachServiceForItselfAndOnce) {
  const auto erased = world_.Erase(Somebody());
  ASSERT_TRUE(erased.ok());
  v1::ConfirmErasureRequest request;
  request.set_name(erased->name());
  request.mutable_destroy_time()->set_seconds(1723428000);
  request.set_key_destroyed(true);
  EXPECT_EQ(Why(world_.Door<v1::ConfirmErasureResponse>("ConfirmErasure", request)),
            "PERMISSION_DENIED");
  for (int turn = 0; turn < 2; ++turn) {
    const auto said = world_.Door<v1::ConfirmErasureResponse>("ConfirmErasure", request,
                                                              world_.world.service.get());
    EXPECT_TRUE(said.ok()) << said.status();
  }
  v1::GetErasureRequest get;
  get.set_name(erased->name());
  const auto confirmed = world_.Door<v1::Erasure>("GetErasure", get);
  ASSERT_TRUE(confirmed.ok());
  ASSERT_EQ(confirmed->confirmations_size(), 2);
  EXPECT_EQ(confirmed->confirmations(1).service(), "notify");
  EXPECT_EQ(confirmed->confirmations(1).destroy_time().seconds(), 1723428000);
  EXPECT_THAT(confirmed->missing_services(), ElementsAre("casemgmt", "reporting"));
  EXPECT_EQ(confirmed->record_hash(), erased->record_hash());
  EXPECT_THAT(world_.world.EventTypes(erased->name()), ElementsAre("ErasureConfirmed"));
  request.set_name("erasures/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(Why(world_.Door<v1::ConfirmErasureResponse>("ConfirmErasure", request,
                                                        world_.world.service.get())),
            "NOT_FOUND");
}

TEST_F(ErasureProofs, AreListedWithHoldsByCentreAndFilter) {
  const std::string person = Somebody(), other = world_.Person();
  ASSERT_TRUE(world_.Erase(person).ok());
  ASSERT_TRUE(world_.Erase(other, v1::ERASURE_REASON_ENTERED_IN_ERROR).ok());
  v1::ListErasuresRequest list;
  list.set_order_by("number desc");
  list.set_page_size(1);
  const auto page = world_.Door<v1::ListErasuresResponse>("ListErasures", list);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->erasures(0).number(), 2);
  list.set_page_token(page->next_page_token());
  EXPECT_EQ(world_.Door<v1::ListErasuresResponse>("ListErasures", list)->erasures(0).number(), 1);
  list.clear_page_token();
  list.set_filter("person = \"" + person + "\" AND reason = ERASURE_REASON_REQUEST");
  list.set_page_size(10);
  EXPECT_EQ(world_.Door<v1::ListErasuresResponse>("ListErasures", list)->erasures_size(), 1);
  const std::string held = world_.Person();
  const auto hold = world_.Hold(held);
  ASSERT_TRUE(hold.ok());
  v1::ListLegalHoldsRequest holds;
  holds.set_filter("person = \"" + held + "\"");
  EXPECT_EQ(world_.Door<v1::ListLegalHoldsResponse>("ListLegalHolds", holds)->legal_holds_size(),
            1);
  const auto centre = world_.world.PeerWith("centre-a");
  v1::GetLegalHoldRequest get;
  get.set_name(hold->name());
  EXPECT_EQ(Why(world_.Door<v1::LegalHold>("GetLegalHold", get, centre.get())), "NOT_FOUND");
  EXPECT_EQ(Why(world_.Erase(held, v1::ERASURE_REASON_REQUEST, false, centre.get())), "NOT_FOUND");
  EXPECT_EQ(Why(world_.Erase(held, v1::ERASURE_REASON_REQUEST, true, centre.get())), "NOT_FOUND");
  list.clear_filter();
  EXPECT_EQ(
      world_.Door<v1::ListErasuresResponse>("ListErasures", list, centre.get())->erasures_size(),
      0);
}

}  // namespace
}  // namespace ieum::registry
